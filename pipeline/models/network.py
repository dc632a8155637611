"""The best classifier: convolutions over the words of a segment, a recurrent layer over the segments of the article.

Words are static vectors trained on raw commentary (skip-gram, Mikolov et al. 2013, arXiv 1310.4546); each member moves
those of the commonest words a little. A segment is the attention-weighted means and the maximum of its convolved words
(Lin et al. 2017, arXiv 1703.03130), a bag of character n-grams and the dense features; a bidirectional GRU (Cho et al.
2014, arXiv 1406.1078) lets each segment see the article. All is numpy: reading needs no deep-learning library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.models.features import Floats, dense_features, word_key
from pipeline.models.grams import GramTable
from pipeline.models.linear import log_softmax
from pipeline.records import SegmentView

UNKNOWN = 1  # row of a word without a vector; row 0 is the gap between segments
MAX_WORDS = 100  # words of a segment that are read; longer ones are rare and start with what they say
GAP = 2  # empty rows between segments
WIDE = 3  # step of the third convolution: with it a word sees six to each side
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

    `vectors` is (words + 2, width): rows 0 and 1 are the gap and the unknown word. `tuned` is (words + 2): for
    each word its row in a member's table ``shift`` (row 0 stays zero), which is added to the vector.
    """

    words: Mapping[str, int]
    vectors: Floats
    ngrams: Mapping[str, int]
    members: tuple[Member, ...]
    tuned: Ints
    grams: GramTable = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "grams", GramTable(self.ngrams))

    def scores(self, views: Sequence[SegmentView], dense: Floats | None = None) -> tuple[Floats, Floats]:
        """Return log-probabilities of kinds (n, 8) and stances (n, 3) for the segments of one article."""
        inputs = encode(views, self.words, self.grams, dense)
        bags = _bags([member["ngram"] for member in self.members], inputs.ngrams)
        different, place = np.unique(inputs.words, return_inverse=True)
        vectors, tuned = self.vectors[different], self.tuned[different]
        mixed = [
            _segments(member, vectors + member["shift"][tuned], place, inputs, bag)
            for member, bag in zip(self.members, bags, strict=True)
        ]
        around = _grus(mixed, self.members)
        answers = [
            _answers(member, np.hstack([*states, own]))
            for member, states, own in zip(self.members, around, mixed, strict=True)
        ]
        kinds: Floats = np.mean([log_softmax(kind) for kind, _ in answers], axis=0)
        stances: Floats = np.mean([log_softmax(stance) for _, stance in answers], axis=0)
        return kinds, stances


def encode(
    views: Sequence[SegmentView],
    words: Mapping[str, int],
    ngrams: Mapping[str, int] | GramTable,
    dense: Floats | None = None,
) -> Inputs:
    """Turn the segments of one article into rows of the tables; `GAP` rows follow each segment."""
    rows, segment = [0], [0]
    table = ngrams if isinstance(ngrams, GramTable) else GramTable(ngrams)
    owner, found_grams = table.find([view.text for view in views])
    bounds = np.searchsorted(owner, np.arange(len(views) + 1)).tolist()
    grams = tuple(np.unique(found_grams[low:high]) for low, high in pairwise(bounds))
    for index, view in enumerate(views):
        keys = [key for word in view.words if (key := word_key(word))][:MAX_WORDS]
        found = [words.get(key, UNKNOWN) for key in keys] or [UNKNOWN]
        rows += [*found, *[0] * GAP]
        segment += [index] * (len(found) + GAP)
    dense = dense_features(views) if dense is None else dense
    return Inputs(np.array(rows, dtype=np.int64), np.array(segment, dtype=np.int64), grams, dense)


def _bags(tables: Sequence[Floats], ngrams: Sequence[Ints]) -> list[Floats]:
    """Return per table the mean row of each segment's n-grams, shape (n, width); zeros where there is none."""
    sizes = np.array([grams.size for grams in ngrams])
    some = np.flatnonzero(sizes)
    rows = np.concatenate(ngrams)
    starts = (np.cumsum(sizes) - sizes)[some]
    out = []
    for table in tables:
        means = np.zeros((len(sizes), table.shape[1]), np.float32)
        if some.size:
            means[some] = np.add.reduceat(table[rows], starts, axis=0) / sizes[some, None].astype(np.float32)
        out.append(means)
    return out


def _segments(member: Member, vectors: Floats, place: Ints, inputs: Inputs, bags: Floats) -> Floats:
    """Return what one member makes of each segment alone, shape (n, width).

    `vectors` holds each different word of the article once, `place` which of them stands where.
    """
    real = inputs.words > 0
    hidden = _relu(_convolve(vectors, member, "conv0", place=place)) * real[:, None]
    hidden = (hidden + _relu(_convolve(hidden, member, "conv1"))) * real[:, None]
    hidden = (hidden + _relu(_convolve(hidden, member, "conv2", step=WIDE))) * real[:, None]
    pooled = _pool(hidden[real], inputs.segment[real], member, len(inputs.ngrams))
    dense = _relu(_linear(inputs.dense, member, "dense"))
    return _relu(_linear(np.hstack([pooled, bags * NGRAM_SCALE, dense]), member, "mix"))


def _answers(member: Member, final: Floats) -> tuple[Floats, Floats]:
    return _linear(final, member, "kind"), _linear(final, member, "stance")


def _convolve(
    rows: Floats,
    member: Member,
    name: str,
    *,
    step: int = 1,
    place: Ints | slice = slice(None),
) -> Floats:
    """Convolution over three words, `step` apart; the weights are (3, inputs, outputs), outermost word first.

    With `place`, `rows` holds different words, each multiplied once, and `place` says which stands where.
    """
    before, here, after = member[f"{name}.weight"]
    out: Floats = (rows @ here + member[f"{name}.bias"])[place]
    if len(out) > step:
        out[step:] += (rows @ before)[place][:-step]
        out[:-step] += (rows @ after)[place][step:]
    return out


def _pool(hidden: Floats, segment: Ints, member: Member, n: int) -> Floats:
    """Return per segment the attention-weighted means of its words, one per head, and their maximum."""
    bounds = np.searchsorted(segment, np.arange(n + 1))
    scores = _linear(hidden, member, "attention")
    weights = np.exp(np.maximum(scores - scores.max(), -60.0))  # kept above zero: every segment needs a sum
    shares = weights / np.repeat(np.add.reduceat(weights, bounds[:-1], axis=0), np.diff(bounds), axis=0)
    heads, width = weights.shape[1], hidden.shape[1]
    out = np.empty((n, (heads + 1) * width), np.float32)
    for row, (low, high) in enumerate(pairwise(bounds.tolist())):
        out[row, : heads * width] = (shares[low:high].T @ hidden[low:high]).ravel()
    out[:, heads * width :] = np.maximum.reduceat(hidden, bounds[:-1], axis=0)
    return out


def _grus(mixed: Sequence[Floats], members: Sequence[Member]) -> list[tuple[Floats, Floats]]:
    """Return the states of the forward and the backward GRU of every member over its rows, all run side by side."""
    names = ("forward", "backward")
    inside = np.stack(
        [
            rows[:: 1 if name == "forward" else -1] @ member[f"{name}.input"] + member[f"{name}.input_bias"]
            for member, rows in zip(members, mixed, strict=True)
            for name in names
        ],
        axis=1,
    )
    recurrent = np.stack([member[f"{name}.hidden"] for member in members for name in names])
    bias = np.stack([member[f"{name}.hidden_bias"] for member in members for name in names])
    states = _run_grus(inside, recurrent, bias)
    return [(states[:, 2 * i], states[::-1, 2 * i + 1]) for i in range(len(members))]


def _run_grus(inside: Floats, recurrent: Floats, bias: Floats) -> Floats:
    """Run GRUs side by side; gates in the order reset, update, new, as in the usual implementations.

    Parameters
    ----------
    inside : array of shape (steps, g, 3 * size)
        What the rows give to the gates of each of `g` GRUs.
    recurrent : array of shape (g, size, 3 * size)
        Weights of the states.
    bias : array of shape (g, 3 * size)
        Their biases.

    Returns
    -------
    array of shape (steps, g, size)
        The states.
    """
    steps, count, _ = inside.shape
    size = recurrent.shape[1]
    state = np.zeros((count, size), np.float32)
    out = np.empty((steps, count, size), np.float32)
    for step in range(steps):
        fed = np.matmul(state[:, None, :], recurrent)[:, 0] + bias
        # Cut off where the gate is shut in any case: a larger exponent overflows, with a warning on the terminal.
        gates = 1.0 / (1.0 + np.exp(np.minimum(-(inside[step, :, : 2 * size] + fed[:, : 2 * size]), 80.0)))
        new = np.tanh(inside[step, :, 2 * size :] + gates[:, :size] * fed[:, 2 * size :])
        state = (1.0 - gates[:, size:]) * new + gates[:, size:] * state
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
    tuned = tuned_rows(words, settings["tuned"].split("\n"), len(arrays["vectors"]))
    return Network(words, arrays["vectors"], ngrams, members, tuned)


def tuned_rows(words: Mapping[str, int], tuned: Sequence[str], n_rows: int) -> Ints:
    """Return for each of the `n_rows` word rows its row in the members' table of shifts: `tuned` in order, from 1."""
    rows = np.zeros(n_rows, dtype=np.int64)
    for row, word in enumerate(tuned, start=1):
        if word in words:
            rows[words[word]] = row
    return rows


def network_arrays(
    vectors: Floats, words: Sequence[str], ngrams: Sequence[str], members: Sequence[Member], *, tuned: Sequence[str]
) -> tuple[dict[str, Floats], dict[str, Any]]:
    """Return arrays and settings for `store.write_model`."""
    arrays = {"vectors": vectors}
    for index, member in enumerate(members):
        arrays |= {f"{index}/{name}": value for name, value in member.items()}
    return arrays, {
        "words": "\n".join(words),
        "ngrams": "\n".join(ngrams),
        "tuned": "\n".join(tuned),
        "members": len(members),
    }
