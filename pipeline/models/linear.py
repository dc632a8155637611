"""The quick classifier: two linear layers over n-grams, cues and neighbours.

The first layer reads each segment alone (character n-grams, TF-IDF, multinomial logistic regression). The second reads
the first one's answers for the segment and its neighbours together with the dense features: stacking in the sense of
Wolpert (1992), "Stacked generalization", Neural Networks 5(2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.models.features import Floats, char_ngrams, dense_features
from pipeline.records import SegmentView

REACH = 3  # neighbours on each side that the second layer sees; 2 was worse, 4 no better in cross-validation
N_KINDS, N_STANCES = 8, 3


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights of both layers.

    `first` is (n-grams, 11): eight kinds (none first), then three stances; `second_*` are (inputs, 8) and (inputs, 3).
    """

    vocabulary: Mapping[str, int]
    idf: Floats
    first: Floats
    first_bias: Floats
    second_kind: Floats
    second_kind_bias: Floats
    second_stance: Floats
    second_stance_bias: Floats

    def scores(self, views: Sequence[SegmentView]) -> tuple[Floats, Floats]:
        """Return the logits of kinds (n, 8) and stances (n, 3) for the segments of one article."""
        logits = first_layer([view.text for view in views], self.vocabulary, self.idf, self.first) + self.first_bias
        inputs = stacked_inputs(logits, dense_features(views))
        return (
            inputs @ self.second_kind + self.second_kind_bias,
            inputs @ self.second_stance + self.second_stance_bias,
        )


def first_layer(texts: Sequence[str], vocabulary: Mapping[str, int], idf: Floats, weights: Floats) -> Floats:
    """Return the first layer's logits without bias, shape (len(texts), weights.shape[1])."""
    out = np.zeros((len(texts), weights.shape[1]), dtype=np.float32)
    for row, text in enumerate(texts):
        columns, values = tfidf_row(text, vocabulary, idf)
        if columns.size:
            out[row] = values @ weights[columns]
    return out


def tfidf_row(text: str, vocabulary: Mapping[str, int], idf: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the columns and values of one TF-IDF row: 1 + log(count), times idf, unit length."""
    counts = Counter(index for gram in char_ngrams(text) if (index := vocabulary.get(gram)) is not None)
    columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
    values = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * idf[columns]
    norm = float(np.sqrt((values**2).sum()))
    return columns, (values / norm if norm else values).astype(np.float32)


def softmax(logits: Floats) -> Floats:
    """Return probabilities along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    normalised: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return normalised


def stacked_inputs(logits: Floats, dense: Floats) -> Floats:
    """Return the second layer's input for one article.

    Parameters
    ----------
    logits : array of shape (n, 11)
        The first layer's answers.
    dense : array of shape (n, d)
        The dense features.

    Returns
    -------
    array of shape (n, 11 * (2 * REACH + 1) + 11 + 3 * d)
        Probabilities of the segment and `REACH` neighbours on each side (zeros beyond the ends), their mean over the
        article, and the dense features of the segment and its two neighbours.
    """
    n = len(logits)
    own = np.hstack([softmax(logits[:, :N_KINDS]), softmax(logits[:, N_KINDS:])])
    near = [_shift(own, step) for step in range(-REACH, REACH + 1)]
    mean = np.repeat(own.mean(axis=0, keepdims=True), n, axis=0) if n else own
    parts = [*near, mean, dense, _shift(dense, -1), _shift(dense, 1), logits / 4.0]
    return np.hstack(parts).astype(np.float32)


def _shift(rows: Floats, step: int) -> Floats:
    """Return `rows` moved so that row i holds row i + step; zeros where there is none."""
    moved = np.zeros_like(rows)
    if step > 0:
        moved[:-step] = rows[step:]
    elif step < 0:
        moved[-step:] = rows[:step]
    else:
        moved[:] = rows
    return moved


def linear_arrays(model: LinearModel) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Return the weights (half precision) and settings of `model` for `store.write_model`."""
    arrays: dict[str, npt.NDArray[Any]] = {name: getattr(model, name).astype(np.float16) for name in _ARRAYS}
    return arrays, {"vocabulary": "\n".join(sorted(model.vocabulary, key=model.vocabulary.__getitem__))}


def load_linear(arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]) -> LinearModel:
    """Read what `linear_arrays` returned."""
    vocabulary = {gram: index for index, gram in enumerate(settings["vocabulary"].split("\n"))}
    return LinearModel(vocabulary, *(arrays[name].astype(np.float32) for name in _ARRAYS))


_ARRAYS = (
    "idf", "first", "first_bias", "second_kind", "second_kind_bias", "second_stance", "second_stance_bias"
)  # fmt: skip
