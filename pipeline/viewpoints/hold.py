"""An added article adds; it does not stir: arguments of the previous run stay where they were.

A fresh grouping of the whole corpus says where new arguments belong and which viewpoints have grown together; the
rest of it is not taken over. When settings or most of the corpus have changed, the fresh grouping stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.records import Argument, Viewpoint
from pipeline.viewpoints.cluster import Labels, renumber
from pipeline.viewpoints.match import match_groups
from pipeline.viewpoints.space import Space

AGREE = 0.7  # an added article moves one old argument in ten of a fresh grouping, granularity 1.5 half of them
TOGETHER = 2 / 3  # two viewpoints grow together when this share of each lies in one fresh group
MERGE = 0.35  # and when they are this similar: between what joins two arguments (.15) and two sentences alike (.5)


def hold(
    fresh: Labels, arguments: Sequence[Argument], space: Space, *, before: Sequence[Viewpoint], homes: Mapping[str, str]
) -> Labels:
    """Return the fresh grouping with every argument of the previous run back in its viewpoint.

    Parameters
    ----------
    fresh : array of int, shape (n,)
        Fresh group of every argument, -1 for none.
    arguments : sequence of Argument
        The arguments, in the order of `fresh`.
    space : Space
        Their points.
    before : sequence of Viewpoint
        Viewpoints of the previous run.
    homes : mapping of str to str
        Argument id to viewpoint id in the previous run; outliers are absent.

    Returns
    -------
    array of int, shape (n,)
        `fresh` itself where nothing is held or nothing has moved.
    """
    ids = [a.argument_id for a in arguments]
    kinds = {v.viewpoint_id: v.kind for v in before}
    old = [homes[i] if kinds.get(homes.get(i, "")) == a.kind else None for i, a in zip(ids, arguments, strict=True)]
    known = sum(home is not None for home in old)
    if not known or _moved(fresh, ids, arguments, before=before, homes=homes) > (1 - AGREE) * known:
        return fresh
    number = {home: index for index, home in enumerate(sorted({home for home in old if home is not None}))}
    result = np.asarray([-1 if home is None else number[home] for home in old], dtype=np.int64)
    votes: dict[int, Counter[int]] = {}
    for row, label in enumerate(fresh.tolist()):
        if label >= 0:
            votes.setdefault(label, Counter())[int(result[row])] += 1
    count = len(number)
    for row, label in enumerate(fresh.tolist()):
        if old[row] is None and label >= 0:
            heirs = sorted((-n, home) for home, n in votes[label].items() if home >= 0)
            newcomers = votes[label][-1]
            # A group of newcomers is a new viewpoint; they join an old one where it holds at least as many.
            result[row] = heirs[0][1] if heirs and -heirs[0][0] >= newcomers - 1 else count + label
    held = renumber(_merge(result, fresh, space, count))
    return fresh if np.array_equal(held, renumber(fresh)) else held


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
