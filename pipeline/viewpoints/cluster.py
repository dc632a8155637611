"""Groups of arguments: average linkage (Sokal & Michener 1958), cut where similarity falls below a threshold.

The number of groups follows the data; the threshold does not depend on the corpus, so an added article changes only
its neighbourhood. Nothing is compiled and nothing is random.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from threadpoolctl import threadpool_limits

from pipeline.viewpoints.space import Space

Labels = npt.NDArray[np.int64]

# Similarities at granularity 1: of groups, and of two that stand alone together. On the development articles B-cubed is
# highest between .22 and .26; below .32 pairs share a word, no point. Thirty articles have 40 to 80 viewpoints.
THRESHOLD, PAIR = 0.22, 0.32
# Added for few arguments, whose common topic cannot be taken out: .16 for 5 of a kind, .02 for 200.
UNCENTRED, FEW = 0.2, 20
ALONE = 0.9  # weak pairs are taken apart until this share stands alone: a tenth stays in groups, for themes to form
ADJACENT = 0.2  # added to neighbours of one voice in one article: they mostly go on with one point (+.02 F1)
MAX_BLOCK = 2000  # rows linked at once: 2,000² similarities are 32 MB; larger kinds are split first
MIN_SIZE = 2  # one argument alone is no recurring point


class Clusterer(Protocol):
    """Groups the arguments of one kind."""

    def __call__(self, space: Space, follows: Sequence[bool], *, granularity: float, seed: int) -> Labels:
        """Return a group number per row, -1 for none.

        Parameters
        ----------
        space : Space
            The arguments, in the order of their texts.
        follows : sequence of bool
            Whether a row goes on where the row before it stopped (same article, same voice, next segment).
        granularity : float
            Above 1 finer groups, below 1 coarser ones.
        seed : int
            Fixes what a method leaves to chance.
        """


def link(space: Space, follows: Sequence[bool], *, granularity: float, seed: int) -> Labels:  # noqa: ARG001
    """Group by average linkage (the default `Clusterer`)."""
    few = UNCENTRED * FEW / (len(space) + FEW)
    threshold = float(np.clip((THRESHOLD + few) * granularity, 0.01, 0.99))
    pair = float(np.clip((PAIR + few) / granularity, 0.01, 0.99))  # who wants it finer also wants the small ones
    with threadpool_limits(limits=1):
        blocks = split(space, np.arange(len(space)))
        labels = np.full(len(space), -1, dtype=np.int64)
        count = 0
        for rows in blocks:
            near = _near(space, rows, follows)
            found = part_pairs(near, average(near, threshold), pair, [follows[row] for row in rows])
            labels[rows] = found + count
            count += int(found.max(initial=-1)) + 1
        if len(blocks) > 1 and count <= 2 * MAX_BLOCK:
            means = space.means(labels, count)
            labels = average(means.similarity(means), threshold)[labels]
    return renumber(labels)


def _near(space: Space, rows: Labels, follows: Sequence[bool]) -> npt.NDArray[np.float64]:
    """Return the similarities of `rows`, raised where one goes on from the other."""
    part = space.take(rows)
    similarity = part.similarity(part)
    for position in range(1, len(rows)):
        if follows[rows[position]] and rows[position] == rows[position - 1] + 1:
            similarity[position, position - 1] += ADJACENT
            similarity[position - 1, position] += ADJACENT
    return similarity


def average(similarity: npt.NDArray[np.float64], threshold: float) -> Labels:
    """Return groups whose members are at least `threshold` similar on average."""
    if len(similarity) < 2:
        return np.zeros(len(similarity), dtype=np.int64)
    distance = np.asarray(np.round(np.clip(1 - (similarity + similarity.T) / 2, 0, 2), 5))
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method="average")
    return renumber(np.asarray(fcluster(tree, 1 - threshold, criterion="distance"), dtype=np.int64))


def part_pairs(
    similarity: npt.NDArray[np.float64], labels: Labels, threshold: float, follows: Sequence[bool]
) -> Labels:
    """Return `labels` with groups of two below `threshold` taken apart, the weakest first, while there is room.

    Two of which one goes on from the other stay together: they need no other likeness.
    """
    sizes = np.bincount(labels, minlength=1)
    ends: dict[int, list[int]] = {}
    for row in np.flatnonzero(sizes[labels] == 2).tolist():
        ends.setdefault(int(labels[row]), []).append(row)
    alike = {label: float(similarity[a, b]) for label, (a, b) in ends.items()}
    weak = [label for label, value in alike.items() if value < threshold and not _goes_on(ends[label], follows)]
    room = int(ALONE * len(labels)) - int((sizes == 1).sum())
    weak = sorted(weak, key=lambda label: (alike[label], label))[: max(0, room // 2)]
    result = labels.copy()
    for count, label in enumerate(weak):
        result[ends[label][1]] = len(sizes) + count
    return renumber(result)


def _goes_on(rows: Sequence[int], follows: Sequence[bool]) -> bool:
    return rows[1] == rows[0] + 1 and follows[rows[1]]


def split(space: Space, rows: Labels) -> list[Labels]:
    """Return `rows` in blocks of at most `MAX_BLOCK`, halved along their main direction (PDDP, Boley 1998)."""
    if len(rows) <= MAX_BLOCK:
        return [rows] if len(rows) else []
    points = space.meaning[rows].astype(np.float64)
    points -= points.mean(axis=0)
    axis = np.linalg.eigh(np.round(points.T @ points, 4))[1][:, -1]
    scores = np.round(points @ (axis * np.sign(axis[np.abs(axis).argmax()])), 4)
    order = np.argsort(scores, kind="stable")
    half = len(rows) // 2
    return split(space, np.sort(rows[order[:half]])) + split(space, np.sort(rows[order[half:]]))


def renumber(labels: npt.NDArray[np.int64]) -> Labels:
    """Number groups by their first row, from 0; -1 stays."""
    order: dict[int, int] = {}
    return np.asarray([-1 if label < 0 else order.setdefault(int(label), len(order)) for label in labels], np.int64)


def place_outliers(space: Space, labels: Labels, max_outliers: float) -> Labels:
    """Return `labels` with groups below `MIN_SIZE` as outliers (-1), at most `max_outliers` of all rows.

    Where more rows would stand alone, those nearest to a group join it; where there is no group at all, every row
    keeps its own.
    """
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    kept = (labels >= 0) & (sizes[np.maximum(labels, 0)] >= MIN_SIZE)
    result = renumber(np.where(kept, labels, -1))
    alone = np.flatnonzero(result < 0)
    allowed = int(max_outliers * len(labels))
    if len(alone) <= allowed:
        return result
    if not kept.any():
        return np.arange(len(labels), dtype=np.int64)
    with threadpool_limits(limits=1):
        groups = space.means(result, int(result.max()) + 1)
        best = np.zeros(len(alone))
        home = np.zeros(len(alone), dtype=np.int64)
        for start in range(0, len(alone), MAX_BLOCK):
            scores = space.take(alone[start : start + MAX_BLOCK]).similarity(groups)
            best[start : start + MAX_BLOCK] = scores.max(axis=1)
            home[start : start + MAX_BLOCK] = scores.argmax(axis=1)
    chosen = np.argsort(-best, kind="stable")[: len(alone) - allowed]
    result[alone[chosen]] = home[chosen]
    return result
