"""Which groups are viewpoints: those whose point a phrase tells, with the members that it speaks for.

A group whose members share words and no point has no phrase that is likely right and near to all; it is taken apart.
What is left over may stand as a viewpoint of one where a heading tells it well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.records import Argument
from pipeline.viewpoints.cluster import MIN_SIZE, Labels, renumber
from pipeline.viewpoints.label import Offers, best_phrases
from pipeline.viewpoints.space import Embedder, Space

# A group whose best phrase has a smaller chance has no point that a heading could tell: of judged phrases below .6 not
# half are right, above .7 nine in ten.
NAMED = 0.7
NAMED_BY_MORE = 0.6  # what several articles say recurs: it is worth a heading that is right less often
SPOKEN_FOR = 0.22  # similarity of a member to the heading; read by hand, most members below make another point
# One viewpoint to so many arguments at most: thirty articles, some 400 arguments, then have no more than eighty.
PER_VIEWPOINT = 4.8
SINGLE = 0.75  # chance that a reader calls the heading of a viewpoint with one member right
TRIED = 2000  # arguments of a kind that are looked at for that, shortest first: they say one thing


def named_groups(
    arguments: Sequence[Argument],
    texts: Sequence[str],
    space: Space,
    core: Labels,
    labels: Labels,
    *,
    offers: Offers,
    embedder: Embedder,
) -> tuple[Labels, Labels]:
    """Return both groupings with the groups that a phrase names, then with viewpoints of one; each kind keeps one.

    Parameters
    ----------
    arguments : sequence of Argument
        All grouped arguments.
    texts : sequence of str
        Their texts in simplified script.
    space : Space
        Their points.
    core, labels : array of int, shape (n,)
        Group of every argument, of the close ones and of all; -1 for none. A kind in which they differ stays as it is:
        it has too many viewpoints for themes.
    offers : Offers
        The phrases of the arguments.
    embedder : Embedder
        What the space was made with.
    """
    count = int(core.max(initial=-1)) + 1
    if not count:
        return core, labels
    kinds = np.asarray([a.kind for a in arguments])
    groups = _members(space, core, count)
    of_group = [str(kinds[rows[0]]) for rows in groups]
    phrases = best_phrases([[texts[r] for r in rows] for rows in groups], space.means(core, count), of_group, embedder,
                           offers=offers)  # fmt: skip
    points = embedder([phrase for phrase, _ in phrases])
    whole = set(kinds[(labels >= 0) & (core < 0)].tolist())
    new = np.full(len(core), -1, dtype=np.int64)
    for index, rows in enumerate(groups):
        if of_group[index] in whole:
            new[rows] = index
            continue
        wide = len({arguments[row].article_id for row in rows}) > 1
        inside = _spoken_for(rows, points.take([index]).similarity(space.take(rows))[0].tolist())
        if phrases[index][1] >= (NAMED_BY_MORE if wide else NAMED) and len(inside) >= MIN_SIZE:
            new[inside] = index
    _add_singles(new, kinds, texts, offers)
    for kind in sorted(set(of_group)):
        if not (new[kinds == kind] >= 0).any():
            best = max((i for i, own in enumerate(of_group) if own == kind), key=lambda i: (phrases[i][1], -i))
            new[groups[best]] = best
    all_ = np.where(np.isin(kinds, sorted(whole)), labels, new)
    order = renumber(all_)
    number = dict(zip(all_.tolist(), order.tolist(), strict=True))
    return np.asarray([number.get(label, -1) for label in new.tolist()], dtype=np.int64), order


def _spoken_for(rows: Sequence[int], near: Sequence[float]) -> list[int]:
    """Return all members where the heading is near to half of them, as it is of two; else those that it is near to."""
    half = sorted(near, reverse=True)[(len(near) - 1) // 2]
    return [row for row, fit in zip(rows, near, strict=True) if half >= SPOKEN_FOR or fit >= SPOKEN_FOR]


def _members(space: Space, core: Labels, count: int) -> list[list[int]]:
    """Return the rows of every group, nearest to its mean first."""
    means = space.means(core, count)
    groups = []
    for index in range(count):
        rows = np.flatnonzero(core == index)
        fit = space.take(rows).similarity(means.take([index]))[:, 0]
        groups.append([int(row) for row in rows[np.lexsort((rows, -fit))]])
    return groups


def _add_singles(labels: Labels, kinds: np.ndarray, texts: Sequence[str], offers: Offers) -> None:
    """Let arguments that a heading tells well be viewpoints of one, the surest first, while there is room."""
    count = len(labels)  # above every number in use
    for kind in sorted(set(kinds.tolist())):
        own = kinds == kind
        room = int(own.sum() / PER_VIEWPOINT) - len(set(labels[own & (labels >= 0)].tolist()))
        rows = np.flatnonzero(own & (labels < 0)).tolist() if room > 0 else []
        rows = sorted(rows, key=lambda row: (len(texts[row]), row))[:TRIED]
        chance = {row: offers.alone(texts[row], kind) for row in rows}
        for row in sorted((r for r in rows if chance[r] >= SINGLE), key=lambda r: (-chance[r], r))[: max(0, room)]:
            labels[row] = count
            count += 1
