"""Viewpoints of a corpus too large to fit at once: a sample is fitted, the rest is assigned, a part at a time.

Memory holds the sample and some numbers per argument; records of the rest pass by twice.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.config import ViewpointsConfig
from pipeline.records import Argument, Article, Membership, Speaker, Tables, Viewpoint
from pipeline.tables import TableWriter, read_parts
from pipeline.viewpoints import build_viewpoints
from pipeline.viewpoints.encode import Cut
from pipeline.viewpoints.layout import SPREAD
from pipeline.viewpoints.match import describe_changes
from pipeline.viewpoints.sample import Assigner, Nearest, Support, is_sampled, place, recount, sampling_rates

_GOLDEN = math.pi * (3 - math.sqrt(5))
_TURN = (math.sqrt(5) - 1) / 2
_PAIR = np.dtype([("leaf", "<i8"), ("person", "<u8")])


@dataclass(frozen=True, slots=True)
class Spread:
    """Viewpoints with the support of all arguments, rows written to memberships, changes, and how many were fitted."""

    viewpoints: tuple[Viewpoint, ...]
    n_memberships: int
    changes: str
    n_fitted: int


def fit_and_spread(
    folder: Path,
    config: ViewpointsConfig,
    writer: TableWriter,
    *,
    counts: Mapping[str, int],
    cut: Cut,
    previous: Callable[[frozenset[str]], Tables],
) -> Spread:
    """Group a sample of the arguments in `folder`, assign the others, and write the memberships of all.

    Parameters
    ----------
    folder : Path
        Tables `articles`, `speakers` and `arguments`.
    config : ViewpointsConfig
        `max_fitted` is the size of the sample.
    writer : TableWriter
        Takes the table `memberships`.
    counts : mapping of str to int
        Arguments per kind.
    cut : callable
        Cuts text in simplified script into words.
    previous : callable
        Returns the viewpoints of the previous run and the memberships of the given arguments.
    """
    rates = sampling_rates({kind: counts.get(kind, 0) for kind in config.kinds}, config.max_fitted)
    fitted = _sample(folder, rates)
    before = previous(frozenset(a.argument_id for a in fitted.arguments))
    result = build_viewpoints(fitted, config, cut=cut, previous=before)
    assigner = Assigner(fitted.arguments, result, config, cut=cut)
    known = {m.argument_id: m for m in result.memberships}
    near, joined = _assign(folder, assigner, known, frozenset(rates))
    tally = _Tally(len(assigner.homes))
    n_memberships = 0
    members = _Places(assigner, known)
    for arguments, home, copies, persons, outlets in _placed(folder, frozenset(rates), near, joined):
        part = slice(n_memberships, n_memberships + len(arguments))
        n_memberships += len(arguments)
        tally.add(arguments, home, copies, persons, outlets=outlets)
        writer.write("memberships", members.rows(arguments, Nearest(near.home[part], near.fit[part]), joined[part]))
    viewpoints = recount(result.viewpoints, assigner.homes, tally.found())
    homes = {m.argument_id: m.viewpoint_id for m in before.memberships if m.viewpoint_id is not None}
    now = {m.argument_id: m.viewpoint_id for m in result.memberships if m.viewpoint_id is not None}
    changes = describe_changes(before.viewpoints, viewpoints, homes=homes, now=now)
    return Spread(viewpoints, n_memberships, changes, len(fitted.arguments))


def _sample(folder: Path, rates: Mapping[str, float]) -> Tables:
    articles: list[Article] = []
    speakers: list[Speaker] = []
    arguments: list[Argument] = []
    for part in read_parts(folder, ("articles", "speakers", "arguments")):
        originals = {a.article_id for a in part.articles if a.repeat_of is None}
        chosen = [
            a
            for a in part.arguments
            if a.article_id in originals and a.kind in rates and is_sampled(a.article_id, rates[a.kind])
        ]
        used = {a.article_id for a in chosen}
        articles += [replace(a, text="") for a in part.articles if a.article_id in used]
        speakers += [s for s in part.speakers if s.article_id in used]
        arguments += chosen
    return Tables(articles=tuple(articles), speakers=tuple(speakers), arguments=tuple(arguments))


def _assign(
    folder: Path, assigner: Assigner, known: Mapping[str, Membership], kinds: frozenset[str]
) -> tuple[Nearest, npt.NDArray[np.bool_]]:
    """Return for every grouped argument, in order, its viewpoint or the nearest one, and whether it is a member."""
    numbers = {home.viewpoint_id: index for index, home in enumerate(assigner.homes)}
    homes: list[npt.NDArray[np.int64]] = []
    fits: list[npt.NDArray[np.float64]] = []
    named: list[npt.NDArray[np.int8]] = []
    order = sorted(kinds)
    fresh: list[npt.NDArray[np.bool_]] = []
    for part in read_parts(folder, ("arguments",)):
        arguments = [a for a in part.arguments if a.kind in kinds]
        rest = np.array([a.argument_id not in known for a in arguments], dtype=bool)
        near = assigner.nearest([a for a in arguments if a.argument_id not in known])
        given = [known[a.argument_id] for a in arguments if a.argument_id in known]
        home = np.full(len(arguments), -1, dtype=np.int64)
        fit = np.zeros(len(arguments))
        home[rest], fit[rest] = near.home, near.fit
        home[~rest] = [numbers.get(m.viewpoint_id or "", -1) for m in given]
        fit[~rest] = [m.similarity for m in given]
        homes.append(home)
        fits.append(fit)
        fresh.append(rest)
        named.append(np.array([order.index(a.kind) for a in arguments], dtype=np.int8))
    all_homes, all_fits = np.concatenate(homes), np.concatenate(fits)
    rest, kind_of = np.concatenate(fresh), np.concatenate(named)
    joined = all_homes >= 0
    for number, kind in enumerate(order):
        rows = np.flatnonzero(rest & joined & (kind_of == number))
        all_homes[rows], joined[rows] = assigner.settle(kind, all_homes[rows], all_fits[rows])
    return Nearest(all_homes, all_fits), joined


def _placed(
    folder: Path, kinds: frozenset[str], near: Nearest, joined: npt.NDArray[np.bool_]
) -> Iterator[tuple[list[Argument], npt.NDArray[np.int64], list[bool], list[str], list[str]]]:
    """Yield, part by part: arguments, their viewpoints (-1: none), whether in a copy, whose, the outlet (or "")."""
    done = 0
    for part in read_parts(folder, ("articles", "speakers", "arguments")):
        arguments = [a for a in part.arguments if a.kind in kinds]
        rows = slice(done, done + len(arguments))
        done += len(arguments)
        copies = {a.article_id for a in part.articles if a.repeat_of is not None}
        persons = {(s.article_id, s.speaker_id): s.person_id for s in part.speakers}
        outlets = {a.article_id: a.outlet or "" for a in part.articles}
        yield (
            arguments,
            np.where(joined[rows], near.home[rows], -1),
            [a.article_id in copies for a in arguments],
            [persons.get((a.article_id, a.speaker_id), a.speaker_id) for a in arguments],
            [outlets.get(a.article_id, "") for a in arguments],
        )


class _Tally:
    """Counts who stands behind each leaf; copies of articles do not count again."""

    def __init__(self, n_leaves: int) -> None:
        self._n = n_leaves
        self._counts = np.zeros((4, n_leaves), dtype=np.int64)  # arguments, articles, for, against
        self._pairs = np.zeros(0, dtype=_PAIR)
        self._outlets: set[tuple[int, str]] = set()

    def add(
        self,
        arguments: Sequence[Argument],
        home: npt.NDArray[np.int64],
        copies: Sequence[bool],
        persons: Sequence[str],
        *,
        outlets: Sequence[str],
    ) -> None:
        """Count one part; all arguments of an article are in the same one."""
        rows = np.flatnonzero((home >= 0) & ~np.asarray(copies, dtype=bool))
        leaves = home[rows]
        chosen = [arguments[i] for i in rows.tolist()]
        of_article = [leaf for leaf, _ in {(int(leaf), a.article_id) for leaf, a in zip(leaves, chosen, strict=True)}]
        sides = [np.array([a.stance == side for a in chosen], dtype=bool) for side in ("pro", "con")]
        for row, found in enumerate((leaves, np.array(of_article, np.int64), *(leaves[side] for side in sides))):
            self._counts[row] += np.bincount(found, minlength=self._n)
        pairs = np.zeros(len(rows), dtype=_PAIR)
        pairs["leaf"] = leaves
        pairs["person"] = [_number(persons[i]) for i in rows.tolist()]
        named = ((int(leaf), outlets[i]) for leaf, i in zip(leaves.tolist(), rows.tolist(), strict=True))
        self._outlets.update((leaf, outlet) for leaf, outlet in named if outlet)
        self._pairs = np.unique(np.concatenate([self._pairs, pairs]))

    def found(self) -> Support:
        """Return the counts."""
        size, articles, pro, con = self._counts
        outlets = np.bincount(np.array([leaf for leaf, _ in self._outlets], np.int64), minlength=self._n)
        speakers = np.bincount(self._pairs["leaf"], minlength=self._n)
        return Support(size, articles, speakers, pro, con, outlets)


class _Places:
    """Places assigned arguments on the map, within the circle of the fitted members of their viewpoint."""

    def __init__(self, assigner: Assigner, known: Mapping[str, Membership]) -> None:
        self._homes = assigner.homes
        self._known = known
        sizes: dict[str, int] = {}
        for membership in known.values():
            if membership.viewpoint_id is not None:
                sizes[membership.viewpoint_id] = sizes.get(membership.viewpoint_id, 0) + 1
        self._radii = [SPREAD * math.sqrt(sizes.get(leaf.viewpoint_id, 1)) for leaf in self._homes]
        self._given = [0] * len(self._homes)

    def rows(self, arguments: Sequence[Argument], near: Nearest, joined: npt.NDArray[np.bool_]) -> list[Membership]:
        """Return the memberships of one part: of the fitted arguments as they are, of the others with a new place."""
        places = np.array([self._next(home) for home in near.home.tolist()]).reshape(-1, 2)
        found = place(arguments, self._homes, near, joined, places)
        return [self._known.get(row.argument_id, row) for row in found]

    def _next(self, leaf: int) -> tuple[float, float]:
        if leaf < 0:
            return 0.0, 0.0
        rank = self._given[leaf]
        self._given[leaf] += 1
        radius = self._radii[leaf] * math.sqrt(rank * _TURN % 1.0)
        x = self._homes[leaf].x + radius * math.cos(rank * _GOLDEN)
        return round(x, 4), round(self._homes[leaf].y + radius * math.sin(rank * _GOLDEN), 4)


def _number(person: str) -> int:
    digest = hashlib.blake2b(person.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
