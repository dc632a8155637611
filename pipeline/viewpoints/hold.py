"""An added article adds; it does not stir: arguments of the previous run stay where they were.

A fresh grouping of the whole corpus says where new arguments belong and which viewpoints have grown together; the
rest of it is not taken over. When settings or most of the corpus have changed, the fresh grouping stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.records import Argument, Tables, Viewpoint
from pipeline.viewpoints.cluster import Labels, renumber
from pipeline.viewpoints.match import match_groups
from pipeline.viewpoints.space import Space

AGREE = 0.7  # an added article moves one old argument in ten of a fresh grouping, granularity 1.5 half of them
TOGETHER = 2 / 3  # two viewpoints grow together when this share of each lies in one fresh group
MERGE = 0.35  # and when they are this similar: between what joins two arguments (.15) and two sentences alike (.5)


@dataclass(frozen=True)
class Past:
    """The previous run: its viewpoints and themes, and where every argument was."""

    viewpoints: tuple[Viewpoint, ...]
    homes: Mapping[str, str]  # argument id to viewpoint or theme; who stood alone is absent
    leaf_homes: Mapping[str, str]  # those in a viewpoint
    seen: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """Viewpoints and themes."""
        return frozenset(v.viewpoint_id for v in self.viewpoints)

    @property
    def alone(self) -> frozenset[str]:
        """Arguments that stood alone."""
        return self.seen - self.homes.keys()

    @classmethod
    def of(cls, tables: Tables) -> Past:
        """Return the past that the tables of a run tell."""
        parents = {v.parent_id for v in tables.viewpoints}
        homes = {m.argument_id: m.viewpoint_id for m in tables.memberships if m.viewpoint_id is not None}
        leaf_homes = {argument: home for argument, home in homes.items() if home not in parents}
        return cls(tables.viewpoints, homes, leaf_homes, frozenset(m.argument_id for m in tables.memberships))


def hold(fresh: Labels, arguments: Sequence[Argument], space: Space, *, past: Past) -> tuple[Labels, bool]:
    """Return the fresh grouping with every argument of the previous run back in its viewpoint.

    An argument that shared its point with no other then joins others now only where a new one makes that point.

    Parameters
    ----------
    fresh : array of int, shape (n,)
        Fresh group of every argument, -1 for none.
    arguments : sequence of Argument
        The arguments, in the order of `fresh`.
    space : Space
        Their points.
    past : Past
        The previous run.

    Returns
    -------
    array of int, shape (n,)
        `fresh` itself where nothing is held or nothing has moved.
    bool
        Whether the previous grouping is held.
    """
    ids = [a.argument_id for a in arguments]
    homes = past.leaf_homes
    kinds = {v.viewpoint_id: v.kind for v in past.viewpoints}
    old = [homes[i] if kinds.get(homes.get(i, "")) == a.kind else None for i, a in zip(ids, arguments, strict=True)]
    known = sum(home is not None for home in old)
    if not known or _moved(fresh, ids, arguments, before=past.viewpoints, homes=homes) > (1 - AGREE) * known:
        return fresh, False
    number = {home: index for index, home in enumerate(sorted({home for home in old if home is not None}))}
    result = np.asarray([-1 if home is None else number[home] for home in old], dtype=np.int64)
    free = _free(fresh, result, arguments, past)
    votes: dict[int, Counter[int]] = {}
    for row, label in enumerate(fresh.tolist()):
        if label >= 0 and (result[row] >= 0 or free[row]):
            votes.setdefault(label, Counter())[int(result[row])] += 1
    count = len(number)
    for row, label in enumerate(fresh.tolist()):
        if free[row] and label >= 0:
            heirs = sorted((-n, home) for home, n in votes[label].items() if home >= 0)
            newcomers = votes[label][-1]
            # A group of newcomers is a new viewpoint; they join an old one where it holds at least as many.
            result[row] = heirs[0][1] if heirs and -heirs[0][0] >= newcomers - 1 else count + label
    held = renumber(_merge(result, fresh, space, count))
    return fresh if np.array_equal(held, renumber(fresh)) else held, True


def _free(fresh: Labels, result: Labels, arguments: Sequence[Argument], past: Past) -> list[bool]:
    """Return which rows may join a group: new ones, and those without a viewpoint that a new one groups with."""
    led = {arguments[row].kind for row in np.flatnonzero(result >= 0).tolist()}
    new = [a.argument_id not in past.seen or a.kind not in led for a in arguments]
    stirred = {label for label, is_new in zip(fresh.tolist(), new, strict=True) if is_new}
    return [
        home < 0 and (is_new or label in stirred)
        for home, is_new, label in zip(result.tolist(), new, fresh.tolist(), strict=True)
    ]


def _moved(
    fresh: Labels,
    ids: Sequence[str],
    arguments: Sequence[Argument],
    *,
    before: Sequence[Viewpoint],
    homes: Mapping[str, str],
) -> int:
    """Return how many old arguments the fresh grouping puts elsewhere."""
    count = int(fresh.max(initial=-1)) + 1
    groups: list[list[str]] = [[] for _ in range(count)]
    kinds = [""] * count
    for identity, argument, label in zip(ids, arguments, fresh.tolist(), strict=True):
        if label >= 0:
            groups[label].append(identity)
            kinds[label] = argument.kind
    matched = [m.viewpoint_id for m in match_groups(groups, kinds, before=before, homes=homes)]
    there = [matched[label] if label >= 0 else None for label in fresh.tolist()]
    return sum(i in homes and homes[i] != place for i, place in zip(ids, there, strict=True))


def _merge(result: Labels, fresh: Labels, space: Space, count: int) -> Labels:
    """Merge old viewpoints (numbers below `count`) that lie together in the fresh grouping and are alike."""
    inside: dict[int, Counter[int]] = {}
    sizes = Counter(result.tolist())
    for home, label in zip(result.tolist(), fresh.tolist(), strict=True):
        if 0 <= home < count and label >= 0:
            inside.setdefault(label, Counter())[home] += 1
    means = space.means(result, int(result.max(initial=-1)) + 1)
    target: dict[int, int] = {}
    for _, shares in sorted(inside.items()):
        whole = sorted((-sizes[h], h) for h, n in shares.items() if n >= TOGETHER * sizes[h])
        for _, home in whole[1:]:
            first = whole[0][1]
            if means.take([home]).similarity(means.take([first]))[0, 0] >= MERGE:
                target[home] = first
    return np.asarray([target.get(home, home) for home in result.tolist()], dtype=np.int64)
