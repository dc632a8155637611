"""Groups of vectors: average linkage under cosine distance, cut where the distance passes a threshold.

The number of groups follows the data; the threshold does not depend on the corpus, so an added article changes only
its neighbourhood. Nothing is compiled and nothing is random.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from threadpoolctl import threadpool_limits

from pipeline.viewpoints.encode import Matrix, unit_rows

Labels = npt.NDArray[np.int64]

MAX_LINKAGE = 4000  # rows clustered at once: 4,000² distances are 128 MB in float64


def group(vectors: Matrix, threshold: float) -> Labels:
    """Return a group number per row; rows of one group are within `threshold` of each other on average.

    Parameters
    ----------
    vectors : array, shape (n, d)
        Unit rows.
    threshold : float
        Cosine distance, 0 to 2.

    Returns
    -------
    array of int, shape (n,)
        Groups numbered by their first row.
    """
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    with threadpool_limits(limits=1):
        if len(vectors) <= MAX_LINKAGE:
            return renumber(_linkage(vectors, threshold))
        leaders = _leaders(vectors, threshold / 2)
        centres = centroids(vectors, leaders)
        return renumber(group(centres, threshold)[leaders])


def _linkage(vectors: Matrix, threshold: float) -> Labels:
    similarity = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    distance: npt.NDArray[np.float64] = np.round(np.clip(1 - (similarity + similarity.T) / 2, 0, 2), 5)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method="average")
    return np.asarray(fcluster(tree, threshold, criterion="distance"), dtype=np.int64)


def _leaders(vectors: Matrix, radius: float) -> Labels:
    """Return small groups in one pass: a row joins the nearest leader within `radius` or becomes one."""
    labels = np.zeros(len(vectors), dtype=np.int64)
    leaders = np.zeros_like(vectors)
    count = 0
    for index, row in enumerate(vectors):
        if count:
            scores = leaders[:count] @ row
            best = int(scores.argmax())
            if 1 - scores[best] <= radius:
                labels[index] = best
                continue
        leaders[count] = row
        labels[index] = count
        count += 1
    return labels


def renumber(labels: npt.NDArray[np.integer]) -> Labels:
    """Number groups by their first row, from 0."""
    order: dict[int, int] = {}
    return np.asarray([order.setdefault(int(label), len(order)) for label in labels], dtype=np.int64)


def centroids(vectors: Matrix, labels: Labels) -> Matrix:
    """Return the unit mean of every group, shape (number of groups, d); rows labelled below 0 are left out."""
    sums = np.zeros((int(labels.max(initial=-1)) + 1, vectors.shape[1]))
    used = labels >= 0
    np.add.at(sums, labels[used], vectors[used].astype(np.float64))
    return unit_rows(sums)


def place_outliers(vectors: Matrix, labels: Labels, *, min_size: int, max_outliers: float) -> Labels:
    """Return `labels` with groups below `min_size` as outliers (-1), at most `max_outliers` of all rows.

    Where more rows would stand alone, those nearest to a group join it; where there is no group at all, every row keeps
    its own.
    """
    sizes = np.bincount(labels, minlength=1)
    kept = sizes[labels] >= min_size
    result = np.where(kept, labels, -1)
    allowed = int(max_outliers * len(labels))
    alone = np.flatnonzero(result < 0)
    if len(alone) <= allowed:
        return _compact(result)
    if not kept.any():
        return labels
    result = _compact(result)
    scores = vectors[alone] @ centroids(vectors, result).T
    order = sorted(range(len(alone)), key=lambda i: (-round(float(scores[i].max()), 5), alone[i]))
    for position in order[: len(alone) - allowed]:
        result[alone[position]] = int(scores[position].argmax())
    return result


def _compact(labels: Labels) -> Labels:
    result = np.full(len(labels), -1, dtype=np.int64)
    used = np.flatnonzero(labels >= 0)
    result[used] = renumber(labels[used])
    return result


def by_kind(kinds: Sequence[str]) -> dict[str, Labels]:
    """Return the row numbers of every kind, in the order of the kinds' first appearance."""
    rows: dict[str, list[int]] = {}
    for index, kind in enumerate(kinds):
        rows.setdefault(kind, []).append(index)
    return {kind: np.asarray(found, dtype=np.int64) for kind, found in rows.items()}
