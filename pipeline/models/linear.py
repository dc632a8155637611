"""The quick classifier: two linear layers over n-grams, cues and neighbours.

The first layer reads each segment alone (character n-grams, TF-IDF, multinomial logistic regression). The second reads
the first one's answers for the segment and its neighbours together with the dense features: stacking in the sense of
Wolpert (1992), "Stacked generalization", Neural Networks 5(2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.models.features import Floats, char_ngrams, dense_features
from pipeline.models.grams import GramTable
from pipeline.records import SegmentView

REACH = 3  # neighbours on each side that the second layer sees; 2 was worse, 4 no better in cross-validation
N_KINDS, N_STANCES = 8, 3


@dataclass(frozen=True, slots=True)
class LinearMember:
    """Weights of both layers: `first` is (n-grams, 11): eight kinds (none first), then three stances."""

    first: Floats
    first_bias: Floats
    second_kind: Floats
    second_kind_bias: Floats
    second_stance: Floats
    second_stance_bias: Floats

    def second_layer(self, logits: Floats, dense: Floats) -> tuple[Floats, Floats]:
        """Return the logits of kinds (n, 8) and stances (n, 3) from the first layer's, for one article."""
        inputs = stacked_inputs(logits, dense)
        return (
            inputs @ self.second_kind + self.second_kind_bias,
            inputs @ self.second_stance + self.second_stance_bias,
        )


@dataclass(frozen=True, slots=True)
class LinearModel:
    """An ensemble with one vocabulary; the scores are means of the members' log-probabilities."""

    vocabulary: Mapping[str, int]
    idf: Floats
    members: tuple[LinearMember, ...]
    grams: GramTable = field(init=False, repr=False, compare=False)
    first: Floats = field(init=False, repr=False, compare=False)  # of all members side by side

    def __post_init__(self) -> None:
        object.__setattr__(self, "grams", GramTable(self.vocabulary))
        object.__setattr__(self, "first", np.stack([member.first for member in self.members], axis=1))

    def scores(self, views: Sequence[SegmentView], dense: Floats | None = None) -> tuple[Floats, Floats]:
        """Return log-probabilities of kinds (n, 8) and stances (n, 3) for the segments of one article."""
        logits = first_layer([view.text for view in views], self.grams, self.idf, self.first)
        dense = dense_features(views) if dense is None else dense
        answers = [
            member.second_layer(part + member.first_bias, dense)
            for member, part in zip(self.members, logits, strict=True)
        ]
        kinds: Floats = np.mean([log_softmax(kind) for kind, _ in answers], axis=0)
        stances: Floats = np.mean([log_softmax(stance) for _, stance in answers], axis=0)
        return kinds, stances


def first_layer(texts: Sequence[str], grams: GramTable, idf: Floats, weights: Floats) -> Floats:
    """Return the first layer's logits without bias, (members, len(texts), 11), for weights (n-grams, members, 11)."""
    out = np.zeros((weights.shape[1], len(texts), weights.shape[2]), dtype=np.float32)
    rows, found = grams.find(texts)
    # Every n-gram of a row once, where it first stands, with how often it does.
    _, first, counts = np.unique(rows * len(idf) + found, return_index=True, return_counts=True)
    order = np.argsort(first)
    rows, columns = rows[first[order]], found[first[order]]
    values = (1.0 + np.log(counts[order].astype(np.float32))) * idf[columns]
    bounds = np.searchsorted(rows, np.arange(len(texts) + 1))
    for row, (low, high) in enumerate(pairwise(bounds.tolist())):
        if high > low:
            part = values[low:high]
            norm = float(np.sqrt((part**2).sum()))
            # One product per member: a wider one would round differently.
            tables = np.ascontiguousarray(weights[columns[low:high]].transpose(1, 0, 2))
            out[:, row] = np.matmul((part / norm if norm else part).astype(np.float32), tables)
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


def log_softmax(logits: Floats) -> Floats:
    """Return log-probabilities along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    normalised: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
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


def linear_arrays(model: LinearModel) -> tuple[dict[str, Floats], dict[str, Any]]:
    """Return the weights and settings of `model` for `store.write_model`."""
    arrays: dict[str, Floats] = {"idf": model.idf}
    for index, member in enumerate(model.members):
        arrays |= {f"{index}/{name}": getattr(member, name) for name in _ARRAYS}
    grams = sorted(model.vocabulary, key=model.vocabulary.__getitem__)
    return arrays, {"vocabulary": "\n".join(grams), "members": len(model.members)}


def load_linear(arrays: Mapping[str, Floats], settings: Mapping[str, Any]) -> LinearModel:
    """Read what `linear_arrays` returned."""
    members = tuple(
        LinearMember(*(arrays[f"{index}/{name}"] for name in _ARRAYS)) for index in range(int(settings["members"]))
    )
    vocabulary = {gram: index for index, gram in enumerate(settings["vocabulary"].split("\n"))}
    return LinearModel(vocabulary, arrays["idf"], members)


_ARRAYS = ("first", "first_bias", "second_kind", "second_kind_bias", "second_stance", "second_stance_bias")
