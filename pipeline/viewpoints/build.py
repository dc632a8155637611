"""From tables to viewpoints: encode, group per kind, match with the previous run, label, place on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.config import ViewpointsConfig
from pipeline.records import Argument, Membership, Tables, Viewpoint
from pipeline.script import simplify
from pipeline.viewpoints import layout
from pipeline.viewpoints.cluster import Labels, by_kind, centroids, group, place_outliers
from pipeline.viewpoints.encode import Cut, Matrix, encode_tfidf
from pipeline.viewpoints.label import make_keywords, make_labels
from pipeline.viewpoints.match import describe_changes, match_groups, new_id

MIN_SIZE = 2  # one argument alone is no recurring point
THRESHOLD = 0.75  # cosine distance at granularity 1; read by hand on the development articles
EXEMPLARS = 3
GROUPED_KINDS = frozenset({"cause", "risk", "benefit", "strategy", "forecast", "claim"})  # evidence backs a point


@dataclass(frozen=True, slots=True)
class ViewpointResult:
    """Viewpoints, the membership of every grouped argument, and what changed since the previous run (Markdown)."""

    viewpoints: tuple[Viewpoint, ...]
    memberships: tuple[Membership, ...]
    changes: str


def build_viewpoints(
    tables: Tables, config: ViewpointsConfig, *, cut: Cut, previous: Tables | None = None
) -> ViewpointResult:
    """Group the arguments of a run into viewpoints.

    Parameters
    ----------
    tables : Tables
        Articles (with `repeat_of`), speakers and arguments of the run.
    config : ViewpointsConfig
        Method, vectors, granularity and the largest share of outliers.
    cut : callable
        Cuts text in simplified script into words.
    previous : Tables, optional
        The result of the previous run: viewpoints that persist keep id and heading.

    Returns
    -------
    ViewpointResult
        Viewpoints by falling size; memberships in the order of the arguments. Evidence backs points and makes none,
        so it has no membership.
    """
    arguments = [a for a in tables.arguments if a.kind in GROUPED_KINDS]
    texts = [simplify(a.text) for a in arguments]
    before = previous or Tables()
    homes = {m.argument_id: m.viewpoint_id for m in before.memberships if m.viewpoint_id is not None}
    if not arguments:
        return ViewpointResult((), (), describe_changes(before.viewpoints, (), homes=homes, now={}))
    vectors = encode_tfidf(texts, cut)
    labels = _group(vectors, [a.kind for a in arguments], config)
    centres = centroids(vectors, labels)
    members = _members(vectors, labels, centres)
    groups = [[arguments[i].argument_id for i in rows] for rows in members]
    kinds = [arguments[rows[0]].kind for rows in members]
    identities = match_groups(groups, kinds, before=before.viewpoints, homes=homes)
    headings = _headings([[texts[i] for i in rows] for rows in members], cut)
    words = make_keywords([[texts[i] for i in rows] for rows in members], cut)
    points = layout.project(centres)
    support = _Support(tables)
    taken = {i.viewpoint_id for i in identities if i.viewpoint_id is not None}
    viewpoints = []
    for index, rows in enumerate(members):
        label = identities[index].label or headings[index]
        identity = identities[index].viewpoint_id or new_id(kinds[index], label, taken)
        taken.add(identity)
        x, y = (float(v) for v in points[index])
        counts = support.count([arguments[i] for i in rows])
        exemplars = support.exemplars([arguments[i] for i in rows])
        viewpoints.append(Viewpoint(identity, kinds[index], label, words[index], *counts, exemplars, None, x, y))
    memberships = _memberships(arguments, vectors, labels, members=members, viewpoints=viewpoints, centres=centres)
    ranked = tuple(sorted(viewpoints, key=lambda v: (-v.size, -v.n_articles, v.viewpoint_id)))
    now = {m.argument_id: m.viewpoint_id for m in memberships if m.viewpoint_id is not None}
    return ViewpointResult(ranked, memberships, describe_changes(before.viewpoints, ranked, homes=homes, now=now))


def _group(vectors: Matrix, kinds: Sequence[str], config: ViewpointsConfig) -> Labels:
    """Return the viewpoint number of every argument, -1 for outliers; kinds are grouped apart."""
    labels = np.full(len(vectors), -1, dtype=np.int64)
    threshold = float(np.clip(THRESHOLD / config.granularity, 0.0, 1.0))
    offset = 0
    for _, rows in sorted(by_kind(kinds).items()):
        found = place_outliers(
            vectors[rows], group(vectors[rows], threshold), min_size=MIN_SIZE, max_outliers=config.max_outliers
        )
        labels[rows] = np.where(found >= 0, found + offset, -1)
        offset += int(found.max(initial=-1)) + 1
    return labels


def _members(vectors: Matrix, labels: Labels, centres: Matrix) -> list[list[int]]:
    """Return the rows of every viewpoint, nearest to the centre first."""
    members: list[list[int]] = [[] for _ in range(len(centres))]
    for row in np.flatnonzero(labels >= 0):
        members[labels[row]].append(int(row))
    for index, rows in enumerate(members):
        scores = np.round(vectors[rows] @ centres[index], 4)
        rows[:] = [row for _, row in sorted(zip((-scores).tolist(), rows, strict=True))]
    return members


def _headings(texts: Sequence[Sequence[str]], cut: Cut) -> list[str]:
    """Return a heading per viewpoint."""
    return make_labels(texts, cut=cut, encode=lambda phrases: encode_tfidf(phrases, cut))


def _memberships(
    arguments: Sequence[Argument],
    vectors: Matrix,
    labels: Labels,
    *,
    members: Sequence[Sequence[int]],
    viewpoints: Sequence[Viewpoint],
    centres: Matrix,
) -> tuple[Membership, ...]:
    places = layout.project(vectors)
    for index, rows in enumerate(members):
        centre = np.asarray([viewpoints[index].x, viewpoints[index].y])
        places[list(rows)] = layout.around(centre, len(rows))
    result = []
    for row, argument in enumerate(arguments):
        index = int(labels[row])
        identity = viewpoints[index].viewpoint_id if index >= 0 else None
        similarity = round(float(vectors[row] @ centres[index]), 4) if index >= 0 else 0.0
        result.append(
            Membership(argument.argument_id, identity, similarity, float(places[row, 0]), float(places[row, 1]))
        )
    return tuple(result)


class _Support:
    """Counts who stands behind a set of arguments; copies of an article count once."""

    def __init__(self, tables: Tables) -> None:
        self._copies = {a.article_id for a in tables.articles if a.repeat_of is not None}
        self._persons = {(s.article_id, s.speaker_id): s.person_id for s in tables.speakers}

    def person(self, argument: Argument) -> str:
        """Return the id of the voice across articles."""
        return self._persons.get((argument.article_id, argument.speaker_id), argument.speaker_id)

    def count(self, arguments: Sequence[Argument]) -> tuple[int, int, int, int, int]:
        """Return arguments, articles, speakers, arguments for and arguments against, without copies."""
        own = [a for a in arguments if a.article_id not in self._copies] or list(arguments)
        return (
            len(own),
            len({a.article_id for a in own}),
            len({self.person(a) for a in own}),
            sum(a.stance == "pro" for a in own),
            sum(a.stance == "con" for a in own),
        )

    def exemplars(self, arguments: Sequence[Argument]) -> tuple[str, ...]:
        """Return the ids of up to three arguments, of different speakers first, no copies where avoidable."""
        own = [a for a in arguments if a.article_id not in self._copies] or list(arguments)
        first: dict[str, Argument] = {}
        for argument in own:
            first.setdefault(self.person(argument), argument)
        chosen = list(first.values())[:EXEMPLARS]
        chosen += [a for a in own if a not in chosen][: EXEMPLARS - len(chosen)]
        return tuple(a.argument_id for a in chosen)
