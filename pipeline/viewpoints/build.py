"""From tables to viewpoints: embed, group per kind, match with the previous run, label, place on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.config import ViewpointsConfig
from pipeline.records import Argument, Membership, Tables, Viewpoint
from pipeline.script import simplify
from pipeline.viewpoints import layout
from pipeline.viewpoints.cluster import Clusterer, Labels, link, place_outliers
from pipeline.viewpoints.density import pca_hdbscan, umap_hdbscan
from pipeline.viewpoints.encode import Cut
from pipeline.viewpoints.hold import Past, hold
from pipeline.viewpoints.label import Offers, essence, make_keywords, make_labels
from pipeline.viewpoints.match import Identity, describe_changes, match_groups, new_id
from pipeline.viewpoints.naming import named_groups
from pipeline.viewpoints.rest import find_crowd, nouns_of, shared_nouns, theme_fits
from pipeline.viewpoints.space import Embedder, Space, fit_embedder, unit_meaning
from pipeline.viewpoints.support import Support
from pipeline.viewpoints.themes import MAX_THEMED, Theme, make_themes, with_themes
from pipeline.viewpoints.vectors import load_encoder

CLUSTERERS: dict[str, Clusterer] = {"default": link, "bertopic": pca_hdbscan, "umap": umap_hdbscan}


@dataclass(frozen=True, slots=True)
class ViewpointResult:
    """Viewpoints, the membership of every grouped argument, and what changed since the previous run (Markdown)."""

    viewpoints: tuple[Viewpoint, ...]
    memberships: tuple[Membership, ...]
    changes: str


@dataclass(frozen=True)
class _Corpus:
    """The grouped arguments with their texts and points."""

    arguments: Sequence[Argument]
    texts: Sequence[str]
    space: Space


def build_viewpoints(
    tables: Tables, config: ViewpointsConfig, *, cut: Cut, previous: Tables | None = None
) -> ViewpointResult:
    """Group the arguments of a run into viewpoints.

    Parameters
    ----------
    tables : Tables
        Articles (with `repeat_of`), speakers and arguments of the run.
    config : ViewpointsConfig
        Method, vectors, kinds, granularity and the largest share of outliers.
    cut : callable
        Cuts text in simplified script into words.
    previous : Tables, optional
        The result of the previous run: viewpoints that persist keep id and heading.

    Returns
    -------
    ViewpointResult
        Viewpoints by falling support, themes (parents of viewpoints) last; memberships in the order of the arguments.
        Arguments of other kinds than `config.kinds` have none.

    Raises
    ------
    ConfigError
        If the vectors or the method cannot be loaded.
    """
    with threadpool_limits(limits=1):  # sums in several threads differ in their last digits
        return _build(tables, config, cut=cut, before=previous or Tables())


def _build(tables: Tables, config: ViewpointsConfig, *, cut: Cut, before: Tables) -> ViewpointResult:
    encoder = load_encoder(config.vectors)
    arguments = [a for a in tables.arguments if a.kind in config.kinds]
    homes = {m.argument_id: m.viewpoint_id for m in before.memberships if m.viewpoint_id is not None}
    if not arguments:
        return ViewpointResult((), (), describe_changes(before.viewpoints, (), homes=homes, now={}))
    texts = [essence(simplify(a.text)) for a in arguments]
    embedder = fit_embedder(texts, cut, encoder)
    corpus = _Corpus(arguments, texts, embedder(texts))
    offers = Offers(cut)
    core, fresh = named_groups(
        arguments, texts, corpus.space, *_group(corpus, config), offers=offers, embedder=embedder
    )
    past = Past.of(before)
    labels, held = hold(fresh, arguments, corpus.space, past=past)
    core = core if labels is fresh else labels
    groups = _groups(corpus, core, labels)
    identities = match_groups(
        [[arguments[row].argument_id for row in rows] for rows in groups.members],
        [arguments[rows[0]].kind for rows in groups.members],
        before=before.viewpoints,
        homes=past.leaf_homes,
    )
    names = sorted({simplify(s.name) for s in tables.speakers if s.kind == "person" and len(s.name) > 1})
    support = Support(tables)
    leaves = _describe(corpus, groups, identities, support=support, embedder=embedder, offers=offers, names=names)
    crowd = find_crowd(arguments, labels, config.max_outliers)
    themes = make_themes(
        leaves,
        crowd,
        {row: nouns_of(texts[row], cut) for lone in crowd.values() for row in lone.rows},
        held_nouns=[shared_nouns([texts[row] for row in rows], cut) for rows in groups.close],
        ids=[a.argument_id for a in arguments],
        weight=embedder.weight,
        past=past,
        held=held,
    )
    joined = theme_fits(corpus.space, themes, groups.means)
    memberships = _memberships(corpus, labels, groups, leaves, themes=themes, joined=joined)
    now = {m.argument_id: m.viewpoint_id for m in memberships if m.viewpoint_id is not None}
    own = {i: support.count([arguments[row] for row in theme.rows]) for i, theme in enumerate(themes) if theme.rows}
    viewpoints = with_themes(leaves, themes, own)
    return ViewpointResult(
        viewpoints, memberships, describe_changes(before.viewpoints, viewpoints, homes=homes, now=now)
    )


def _group(corpus: _Corpus, config: ViewpointsConfig) -> tuple[Labels, Labels]:
    """Return the viewpoint number of every argument, of the close members alone and of all; -1 for none.

    They differ only where a kind has no themes that could take what shares no point with anything.
    """
    core = np.full(len(corpus.arguments), -1, dtype=np.int64)
    labels = core.copy()
    cluster = CLUSTERERS[config.method]
    count = 0
    for kind in config.kinds:
        rows = np.asarray([i for i, a in enumerate(corpus.arguments) if a.kind == kind], dtype=np.int64)
        if len(rows):
            part = corpus.space.take(rows)
            close = cluster(
                part, _follows([corpus.arguments[i] for i in rows]), granularity=config.granularity, seed=config.seed
            )
            tight = place_outliers(part, close, 1.0)
            themed = 0 <= int(tight.max(initial=-1)) < MAX_THEMED
            found = tight if themed else place_outliers(part, close, config.max_outliers)
            labels[rows] = np.where(found >= 0, found + count, -1)
            core[rows] = np.where(tight >= 0, labels[rows], -1) if tight.max(initial=-1) >= 0 else labels[rows]
            count += int(found.max(initial=-1)) + 1
    return core, labels


def _follows(arguments: Sequence[Argument]) -> list[bool]:
    """Return for every argument whether it goes on where the one before it stopped."""
    return [False] + [
        (a.article_id, a.speaker_id, a.segment + 1) == (b.article_id, b.speaker_id, b.segment)
        for a, b in pairwise(arguments)
    ]


@dataclass(frozen=True)
class _Groups:
    """Rows of every viewpoint, nearest to its mean first, and the means."""

    members: list[list[int]]
    close: list[list[int]]
    means: Space
    fit: np.ndarray  # similarity of every argument to the mean of its viewpoint


def _groups(corpus: _Corpus, core: Labels, labels: Labels) -> _Groups:
    count = int(labels.max(initial=-1)) + 1
    empty = sorted(set(range(count)) - set(core[core >= 0].tolist()))
    core = np.where(np.isin(labels, empty), labels, core)
    means = corpus.space.means(core, count)
    fit = np.zeros(len(labels))
    members: list[list[int]] = []
    for index in range(count):
        rows = np.flatnonzero(labels == index)
        fit[rows] = corpus.space.take(rows).similarity(means.take([index]))[:, 0]
        members.append([int(row) for row in rows[np.lexsort((rows, -fit[rows]))]])
    close = [[row for row in rows if core[row] == index] for index, rows in enumerate(members)]
    return _Groups(members, close, means, fit)


def _describe(
    corpus: _Corpus,
    groups: _Groups,
    identities: Sequence[Identity],
    *,
    support: Support,
    embedder: Embedder,
    offers: Offers,
    names: Sequence[str],
) -> list[Viewpoint]:
    """Return the viewpoints, one per group, in the order of the groups."""
    texts = [[corpus.texts[row] for row in rows] for rows in groups.close]
    kinds = [corpus.arguments[rows[0]].kind for rows in groups.members]
    kept = [identity.label for identity in identities]
    headings = make_labels(texts, groups.means, kinds, kept, embedder, offers=offers, names=names)
    words = make_keywords(texts, embedder)
    points = layout.project(unit_meaning(groups.means))
    taken = {identity.viewpoint_id for identity in identities if identity.viewpoint_id is not None}
    viewpoints = []
    for index, rows in enumerate(groups.members):
        identity = identities[index].viewpoint_id or new_id(kinds[index], headings[index], taken)
        taken.add(identity)
        arguments = [corpus.arguments[row] for row in rows]
        viewpoints.append(
            Viewpoint(
                identity, kinds[index], headings[index], words[index], *support.count(arguments),
                support.exemplars(arguments), None, float(points[index, 0]), float(points[index, 1]),
                support.outlets(arguments),
            )
        )  # fmt: skip
    return viewpoints


def _memberships(
    corpus: _Corpus,
    labels: Labels,
    groups: _Groups,
    viewpoints: Sequence[Viewpoint],
    *,
    themes: Sequence[Theme],
    joined: Mapping[int, tuple[int, float]],
) -> tuple[Membership, ...]:
    places = layout.project(unit_meaning(corpus.space))
    for index, rows in enumerate(groups.members):
        places[rows] = layout.around(np.asarray([viewpoints[index].x, viewpoints[index].y]), len(rows))
    homes = [viewpoints[label].viewpoint_id if label >= 0 else None for label in labels.tolist()]
    fit = groups.fit.copy()
    for theme in themes:
        rows = list(theme.rows)
        places[rows] = layout.around(np.asarray([theme.row.x, theme.row.y]), len(rows))
    for row, (index, near) in joined.items():
        homes[row], fit[row] = themes[index].row.viewpoint_id, near
    return tuple(
        Membership(
            argument.argument_id,
            homes[row],
            round(float(fit[row]), 4),
            float(places[row, 0]),
            float(places[row, 1]),
        )
        for row, argument in enumerate(corpus.arguments)
    )
