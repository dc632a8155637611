"""Where similarity is measured: meaning (vectors of the whole argument) and wording (its rare words) together.

Neither part looks at the corpus at hand but for its topic words, so the similarity of two arguments stays nearly the
same when articles are added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.viewpoints.encode import Cut, Matrix, content_words, unit_rows
from pipeline.viewpoints.vectors import Encoder, shipped_model

MEANING = 0.4  # share of meaning against wording; .3 to .5 score alike on the development set, 0 and 1 lower
TOPIC = 0.02  # share of arguments
CENTRE = (
    100  # arguments added when the mean is taken: what a hundred arguments share is the topic, what three share not
)
SMALL = 20  # arguments added when shares are taken: a word in three of five arguments is no topic yet


@dataclass(frozen=True)
class Space:
    """Points of one corpus or of its groups; rows of both parts have length 1 (points) or less (groups).

    The similarity of two rows is the weighted sum of both inner products; of two groups, the mean similarity of their
    members, because a group's row is the mean of its members' rows.
    """

    meaning: npt.NDArray[np.float32]
    wording: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.meaning)

    def take(self, rows: npt.NDArray[np.int64] | Sequence[int]) -> Space:
        """Return the given rows."""
        index = np.asarray(rows, dtype=np.int64)
        return Space(self.meaning[index], self.wording[index])

    def similarity(self, other: Space) -> npt.NDArray[np.float64]:
        """Return similarities, shape (len(self), len(other)), rounded to 5 digits."""
        meaning = self.meaning.astype(np.float64) @ other.meaning.T.astype(np.float64)
        wording = _inner(self.wording, other.wording)
        return np.asarray(np.round(MEANING * meaning + (1 - MEANING) * wording, 5))

    def means(self, labels: npt.NDArray[np.int64], count: int) -> Space:
        """Return the mean of every group 0..count-1; rows labelled below 0 belong to none."""
        used = np.flatnonzero(labels >= 0)
        sizes = np.bincount(labels[used], minlength=count)
        shares = 1.0 / np.maximum(sizes[labels[used]], 1)
        mixer = sparse.csr_matrix((shares, (labels[used], used)), shape=(count, len(self)))
        return Space(np.asarray(mixer @ self.meaning, dtype=np.float32), sparse.csr_matrix(mixer @ self.wording))


def _inner(left: sparse.csr_matrix, right: sparse.csr_matrix) -> npt.NDArray[np.float64]:
    """Return the inner products of all rows; only columns that both use are looked at, of a million that there are."""
    columns = np.intersect1d(left.indices, right.indices)
    if not len(columns):
        return np.zeros((left.shape[0], right.shape[0]))
    return np.asarray((_narrow(left, columns) @ _narrow(right, columns).T).todense())


def _narrow(rows: sparse.csr_matrix, columns: npt.NDArray[np.int32]) -> sparse.csr_matrix:
    place = np.minimum(np.searchsorted(columns, rows.indices), len(columns) - 1)
    kept = columns[place] == rows.indices
    bounds = np.concatenate([[0], np.cumsum(kept)])[rows.indptr]
    return sparse.csr_matrix((rows.data[kept], place[kept], bounds), shape=(rows.shape[0], len(columns)))


@dataclass(frozen=True)
class Embedder:
    """Texts to points; built by `fit_embedder` for one corpus, whose topic words count for less."""

    cut: Cut
    encoder: Encoder
    common: Mapping[str, float]
    centre: npt.NDArray[np.float64]

    def weight(self, word: str) -> float:
        """Return how much `word` tells in this corpus, 0 to 8: beyond that it is rare, not telling."""
        return min(8.0, shipped_model().rarity(word)) * self.common.get(word, 1.0)

    def __call__(self, texts: Sequence[str]) -> Space:
        """Return the points of `texts`."""
        meaning = self.encoder(texts, self.cut).astype(np.float64)
        known = np.linalg.norm(meaning, axis=1, keepdims=True) > 0
        return Space(unit_rows(meaning - self.centre * known), _wording(texts, self.cut, self.common))


def fit_embedder(texts: Sequence[str], cut: Cut, encoder: Encoder) -> Embedder:
    """Return the embedder of a corpus: what most of its arguments share tells its topic, not its points.

    The direction of their mean is taken out, and words in more than `TOPIC` of them count for less: a word in all of
    them nothing, one in `TOPIC` of them in full, on a log scale. Shares are rounded to powers of the square root of 2,
    so that an added article moves next to none of them.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(content_words(text, cut)))
    steps = 2 * np.log2(1 / TOPIC)
    common = {}
    for word, count in sorted(counts.items()):
        share = count / (len(texts) + SMALL)
        if share > TOPIC:
            common[word] = float(np.floor(2 * np.log2(1 / share)) / steps)
    vectors = encoder(texts, cut).astype(np.float64)
    mean = vectors.sum(axis=0) / (len(texts) + CENTRE)
    return Embedder(cut, encoder, common, np.round(mean, 2))


def _wording(texts: Sequence[str], cut: Cut, common: Mapping[str, float]) -> sparse.csr_matrix:
    """Return the different words of every text weighted by rarity, unit rows over a fixed hashed vocabulary."""
    model = shipped_model()
    known: dict[str, tuple[int, float]] = {}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for index, text in enumerate(texts):
        cells = []
        for word in sorted(set(content_words(text, cut))):
            if word not in known:
                known[word] = (_column(word), model.rarity(word) * common.get(word, 1.0))
            cells.append(known[word])
        norm = sum(weight * weight for _, weight in cells) ** 0.5
        for column, weight in cells:
            if weight > 0:
                rows.append(index)
                columns.append(column)
                values.append(weight / norm)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), COLUMNS))


COLUMNS = 1 << 20  # a million columns: two of ten thousand words share one with a chance of 1 in 100 each


def _column(word: str) -> int:
    """Return the column of a word, the same in every process (FNV-1a)."""
    value = 2166136261
    for byte in word.encode("utf-8", "surrogatepass"):
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value % COLUMNS


def unit_meaning(space: Space) -> Matrix:
    """Return the meaning of every row at length 1, for drawing and for tools that want one plain matrix."""
    norms = np.linalg.norm(space.meaning, axis=1, keepdims=True)
    return np.asarray(space.meaning / np.maximum(norms, 1e-9), dtype=np.float32)
