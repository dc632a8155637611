"""The best classifier: convolutions over the words of a segment, a recurrent layer over the segments of the article.

Words are static vectors trained on raw commentary (skip-gram, Mikolov et al. 2013, arXiv 1310.4546). A segment is the
attention-weighted means and the maximum of its convolved words (Lin et al. 2017, arXiv 1703.03130), a bag of character
n-grams and the dense features; a bidirectional GRU (Cho et al. 2014, arXiv 1406.1078) lets each segment see the
article. Everything here is numpy: reading needs no deep-learning library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.models.features import Floats, char_ngrams, dense_features, word_key
from pipeline.models.linear import log_softmax
from pipeline.records import SegmentView

UNKNOWN = 1  # row of a word without a vector; row 0 is the gap between segments
MAX_WORDS = 100  # words of a segment that are read; longer ones are rare and start with what they say
NGRAM_SCALE = 3.0  # brings the mean of many small vectors to the size of the other parts

Ints = npt.NDArray[np.int64]
Member = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Inputs:
    """One article as numbers: word rows with gaps, which segment each belongs to, n-gram rows, dense features."""

    words: Ints
    segment: Ints
    ngrams: tuple[Ints, ...]
    dense: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """An ensemble of networks that share vocabulary and word vectors; the scores are means of their log-probabilities.

    `vectors` is (words + 2, width): rows 0 and 1 are the gap and the unknown word.
    """

    words: Mapping[str, int]
    vectors: Floats
    ngrams: Mapping[str, int]
    members: tuple[Member, ...]

    def scores(self, views: Sequence[SegmentView]) -> tuple[Floats, Floats]:
        """Return log-probabilities of kinds (n, 8) and stances (n, 3) for the segments of one article."""
        inputs = encode(views, self.words, self.ngrams)
        rows = self.vectors[inputs.words]
        answers = [_member_scores(member, rows, inputs) for member in self.members]
        kinds: Floats = np.mean([log_softmax(kind) for kind, _ in answers], axis=0)
        stances: Floats = np.mean([log_softmax(stance) for _, stance in answers], axis=0)
        return kinds, stances


def encode(views: Sequence[SegmentView], words: Mapping[str, int], ngrams: Mapping[str, int]) -> Inputs:
    """Turn the segments of one article into rows of the tables; two gap rows follow each segment."""
    rows, segment = [0], [0]
    grams = []
    for index, view in enumerate(views):
        keys = [key for word in view.words if (key := word_key(word))][:MAX_WORDS]
        found = [words.get(key, UNKNOWN) for key in keys] or [UNKNOWN]
        rows += [*found, 0, 0]
        segment += [index] * (len(found) + 2)
        known = {ngrams[gram] for gram in char_ngrams(view.text) if gram in ngrams}
        grams.append(np.array(sorted(known), dtype=np.int64))
    return Inputs(
        np.array(rows, dtype=np.int64), np.array(segment, dtype=np.int64), tuple(grams), dense_features(views)
    )


def _member_scores(member: Member, rows: Floats, inputs: Inputs) -> tuple[Floats, Floats]:
    real = inputs.words > 0
    hidden = _relu(_convolve(rows, member, "conv0")) * real[:, None]
    hidden = (hidden + _relu(_convolve(hidden, member, "conv1"))) * real[:, None]
    pooled = _pool(hidden[real], inputs.segment[real], member, len(inputs.ngrams))
    table = member["ngram"]
    bags = np.stack([table[g].mean(axis=0) if g.size else np.zeros(table.shape[1], np.float32) for g in inputs.ngrams])
    dense = _relu(_linear(inputs.dense, member, "dense"))
    mixed = _relu(_linear(np.hstack([pooled, bags * NGRAM_SCALE, dense]), member, "mix"))
    around = np.hstack([_gru(mixed, member, "forward"), _gru(mixed[::-1], member, "backward")[::-1]])
    final = np.hstack([around, mixed])
    return _linear(final, member, "kind"), _linear(final, member, "stance")


def _convolve(rows: Floats, member: Member, name: str) -> Floats:
    """Width-three convolution; the weights are (3, inputs, outputs), outermost word first."""
    weights = member[f"{name}.weight"]
    out: Floats = rows @ weights[1] + member[f"{name}.bias"]
    out[1:] += rows[:-1] @ weights[0]
    out[:-1] += rows[1:] @ weights[2]
    return out


def _pool(hidden: Floats, segment: Ints, member: Member, n: int) -> Floats:
    """Return per segment the attention-weighted means of its words, one per head, and their maximum."""
    starts = np.searchsorted(segment, np.arange(n))
    scores = _linear(hidden, member, "attention")
    weights = np.exp(np.maximum(scores - scores.max(), -60.0))  # kept above zero: every segment needs a sum
    total = np.add.reduceat(weights, starts, axis=0)
    parts = [
        np.add.reduceat(weights[:, k : k + 1] * hidden, starts, axis=0) / total[:, k : k + 1]
        for k in range(weights.shape[1])
    ]
    return np.hstack([*parts, np.maximum.reduceat(hidden, starts, axis=0)])


def _gru(rows: Floats, member: Member, name: str) -> Floats:
    """Run a GRU over `rows`; gates in the order reset, update, new, as in the usual implementations."""
    inside = rows @ member[f"{name}.input"] + member[f"{name}.input_bias"]
    recurrent, bias = member[f"{name}.hidden"], member[f"{name}.hidden_bias"]
    size = recurrent.shape[0]
    state = np.zeros(size, np.float32)
    out = np.empty((len(rows), size), np.float32)
    for step in range(len(rows)):
        fed = state @ recurrent + bias
        gates = 1.0 / (1.0 + np.exp(-(inside[step, : 2 * size] + fed[: 2 * size])))
        new = np.tanh(inside[step, 2 * size :] + gates[:size] * fed[2 * size :])
        state = (1.0 - gates[size:]) * new + gates[size:] * state
        out[step] = state
    return out


def _linear(rows: Floats, member: Member, name: str) -> Floats:
    out: Floats = rows @ member[f"{name}.weight"] + member[f"{name}.bias"]
    return out


def _relu(rows: Floats) -> Floats:
    out: Floats = np.maximum(rows, 0.0)
    return out


def load_network(arrays: Mapping[str, Floats], settings: Mapping[str, Any]) -> Network:
    """Build the ensemble from what `store.read_model` returned."""
    words = {word: row for row, word in enumerate(settings["words"].split("\n"), start=2)}
    ngrams = {gram: row for row, gram in enumerate(settings["ngrams"].split("\n"), start=1)}
    members = tuple(
        {name.split("/", 1)[1]: value for name, value in arrays.items() if name.startswith(f"{index}/")}
        for index in range(int(settings["members"]))
    )
    return Network(words, arrays["vectors"], ngrams, members)


def network_arrays(
    vectors: Floats, words: Sequence[str], ngrams: Sequence[str], members: Sequence[Member]
) -> tuple[dict[str, Floats], dict[str, Any]]:
    """Return arrays and settings for `store.write_model`."""
    arrays = {"vectors": vectors}
    for index, member in enumerate(members):
        arrays |= {f"{index}/{name}": value for name, value in member.items()}
    return arrays, {"words": "\n".join(words), "ngrams": "\n".join(ngrams), "members": len(members)}
