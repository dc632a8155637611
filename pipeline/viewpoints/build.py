"""From tables to viewpoints: embed, group per kind, match with the previous run, label, place on the map."""

from __future__ import annotations

from collections.abc import Sequence
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
from pipeline.viewpoints.hold import hold
from pipeline.viewpoints.label import essence, make_keywords, make_labels
from pipeline.viewpoints.match import Identity, describe_changes, match_groups, new_id
from pipeline.viewpoints.space import Embedder, Space, fit_embedder, unit_meaning
from pipeline.viewpoints.support import Support
from pipeline.viewpoints.themes import add_themes
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
    core, fresh = _group(corpus, config)
    labels = hold(fresh, arguments, corpus.space, before=before.viewpoints, homes=homes)
    core = core if labels is fresh else labels
    groups = _groups(corpus, core, labels)
    identities = match_groups(
        [[arguments[row].argument_id for row in rows] for rows in groups.members],
        [arguments[rows[0]].kind for rows in groups.members],
        before=before.viewpoints,
        homes=homes,
    )
    names = sorted({simplify(s.name) for s in tables.speakers if s.kind == "person" and len(s.name) > 1})
    leaves = _describe(corpus, groups, identities, support=Support(tables), embedder=embedder, names=names)
    memberships = _memberships(corpus, labels, groups, leaves)
    now = {m.argument_id: m.viewpoint_id for m in memberships if m.viewpoint_id is not None}
    viewpoints = add_themes(leaves, groups.means, before=before.viewpoints)
    return ViewpointResult(
        viewpoints, memberships, describe_changes(before.viewpoints, viewpoints, homes=homes, now=now)
    )


def _group(corpus: _Corpus, config: ViewpointsConfig) -> tuple[Labels, Labels]:
    """Return the viewpoint number of every argument, of the close members alone and of all; -1 for outliers."""
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
            found = place_outliers(part, close, config.max_outliers)
            tight = place_outliers(part, close, 1.0)
            # A group that has no close member (tiny corpora) counts all of its members as close.
            pairs = dict(zip(tight[tight >= 0].tolist(), found[tight >= 0].tolist(), strict=True))
            core[rows] = (
                [count + pairs[t] if t >= 0 else -1 for t in tight.tolist()]
                if pairs
                else np.where(found >= 0, found + count, -1)
            )
            labels[rows] = np.where(found >= 0, found + count, -1)
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
    names: Sequence[str],
) -> list[Viewpoint]:
    """Return the viewpoints, one per group, in the order of the groups."""
    texts = [[corpus.texts[row] for row in rows] for rows in groups.close]
    kinds = [corpus.arguments[rows[0]].kind for rows in groups.members]
    kept = [identity.label for identity in identities]
    headings = make_labels(texts, groups.means, kinds, kept, embedder, names)
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
    corpus: _Corpus, labels: Labels, groups: _Groups, viewpoints: Sequence[Viewpoint]
) -> tuple[Membership, ...]:
    places = layout.project(unit_meaning(corpus.space))
    for index, rows in enumerate(groups.members):
        places[rows] = layout.around(np.asarray([viewpoints[index].x, viewpoints[index].y]), len(rows))
    return tuple(
        Membership(
            argument.argument_id,
            viewpoints[labels[row]].viewpoint_id if labels[row] >= 0 else None,
            round(float(groups.fit[row]), 4),
            float(places[row, 0]),
            float(places[row, 1]),
        )
        for row, argument in enumerate(corpus.arguments)
    )
