"""Training: labelled articles in, weights and decisions out. Deterministic: the same articles give the same bytes.

Every model is learned in `FOLDS` parts grouped by article. The scores of each part for the articles it did not see
teach the decisions (class weights, confidence). What ships are the parts themselves, as an ensemble.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.models.decide import Decider, plain_decider
from pipeline.models.features import Floats, char_ngrams, feature_digest, word_key
from pipeline.models.labels import LabelledArticle, Labels, fold_of, kind_labels, stance_labels
from pipeline.models.linear import LinearMember, LinearModel, linear_arrays, softmax
from pipeline.models.mixture import NETWORK_SHARE
from pipeline.models.network import Member, Network, load_network, network_arrays, tuned_rows
from pipeline.models.pretrain import read_start
from pipeline.models.store import read_model, write_model
from pipeline.models.train_linear import build_vocabulary, train_linear
from pipeline.models.train_network import NetworkPlan, prepare, require_torch, train_member
from pipeline.models.tune import tune_decider

FOLDS = 5
MAX_NGRAMS = 14_000  # n-grams of the network, the most widespread; 28,000 scored no better
MAX_TUNED = 6_000  # words whose vectors the members shift; they cover nine tenths of the running text
Scored = tuple[LabelledArticle, Floats, Floats]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Probabilities for articles that the weights did not see, segments in the order of `articles`.

    The decisions are learned on the articles in `deciding` alone, when it names any: those whose labels and mixture of
    subjects are nearest to what will be read. The last passes of the training are over them too.
    """

    keys: tuple[str, ...]
    kinds: Floats
    stances: Floats
    kind_truth: Labels
    stance_truth: Labels
    deciding: frozenset[str] = frozenset()

    def decider(self) -> Decider:
        """Learn the decisions."""
        if not self.keys:
            return plain_decider()
        near = np.array([key in self.deciding for key in self.keys])
        if not near.any():
            return tune_decider(self.kinds, self.kind_truth, self.stances, self.stance_truth)
        wider = (self.stances, self.stance_truth)
        return tune_decider(
            self.kinds[near], self.kind_truth[near], self.stances[near], self.stance_truth[near], wider=wider
        )


def split(articles: Sequence[LabelledArticle], fold: int) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """Return the articles outside and inside `fold`."""
    inside = [fold_of(article.key, FOLDS) == fold for article in articles]
    return (
        [a for a, held in zip(articles, inside, strict=True) if not held],
        [a for a, held in zip(articles, inside, strict=True) if held],
    )


def gather(parts: Sequence[Scored]) -> OutOfFold:
    """Put scores (log-probabilities or logits) per article together."""
    if not parts:
        empty = np.zeros(0, np.int64)
        return OutOfFold((), np.zeros((0, 8), np.float32), np.zeros((0, 3), np.float32), empty, empty)
    return OutOfFold(
        keys=tuple(article.key for article, _, _ in parts for _ in article.views),
        kinds=np.vstack([softmax(kinds) for _, kinds, _ in parts]),
        stances=np.vstack([softmax(stances) for _, _, stances in parts]),
        kind_truth=np.concatenate([kind_labels(article) for article, _, _ in parts]),
        stance_truth=np.concatenate([stance_labels(article) for article, _, _ in parts]),
    )


def train_quick(articles: Sequence[LabelledArticle], folder: Path, deciding: frozenset[str] = frozenset()) -> OutOfFold:
    """Learn the quick classifier and write it to `folder`; return its predictions out of fold.

    `deciding` holds the keys of the articles nearest to what will be read: they weigh more, and the decisions are
    learned on them; on all articles when it is empty.
    """
    vocabulary, idf = build_vocabulary(articles)
    members: list[LinearMember] = []
    parts: list[Scored] = []
    for fold in range(FOLDS):
        seen, unseen = split(articles, fold)
        members.append(train_linear(seen or unseen, vocabulary, idf, deciding))
        model = LinearModel(vocabulary, idf, (members[-1],))
        parts += [(article, *model.scores(article.views)) for article in unseen]
    found = replace(gather(parts), deciding=deciding)
    arrays, settings = linear_arrays(LinearModel(vocabulary, idf, tuple(members)))
    write_model(folder, "linear", arrays, settings | _learned(found))
    return found


def train_best(
    articles: Sequence[LabelledArticle],
    folder: Path,
    *,
    quick: OutOfFold,
    vectors: tuple[Sequence[str], Floats],
    plan: NetworkPlan,
    start: Path | None = None,
) -> OutOfFold:
    """Learn the ensemble of networks and write it to `folder`; return the predictions out of fold of both together.

    Parameters
    ----------
    articles : sequence of LabelledArticle
        What to learn from.
    folder : Path
        Where the model goes; the quick one is there already.
    quick : OutOfFold
        What `train_quick` returned for the same articles: the two are read together.
    vectors : tuple of words and array
        Static word vectors, one row a word; they are kept as they are.
    plan : NetworkPlan
        Sizes and schedule.
    start : Path, optional
        Folder with pre-trained weights to begin with (`pipeline.models.pretrain`).
    """
    require_torch()
    words, matrix = vectors
    table = np.vstack([np.zeros((2, matrix.shape[1]), np.float32), matrix])
    rows = {word: row for row, word in enumerate(words, start=2)}
    ngrams = frequent_ngrams(articles)
    known = {gram: row for row, gram in enumerate(ngrams, start=1)}
    moved = frequent_words(articles, rows)
    tuned = tuned_rows(rows, moved, len(table))
    begin = read_start(start, moved) if start is not None else None
    members: list[Member] = []
    parts: list[Scored] = []
    for fold in range(FOLDS):
        seen, unseen = split(articles, fold)
        examples = {article.key: prepare(article, rows, known) for article in seen or unseen}
        near = [example for key, example in examples.items() if key in quick.deciding]
        every = list(examples.values())
        members.append(
            train_member(every, table, len(ngrams), tuned=tuned, plan=plan, seed=fold, near=near, start=begin)
        )
        network = Network(rows, table, known, (members[-1],), tuned)
        parts += [(article, *network.scores(article.views)) for article in unseen]
    found = replace(mix(gather(parts), quick), deciding=quick.deciding)
    arrays, settings = network_arrays(table, words, ngrams, members, tuned=moved)
    write_model(folder, "network", arrays, settings | _learned(found))
    return found


def _learned(found: OutOfFold) -> dict[str, Any]:
    return {"decider": found.decider().as_settings(), "features": feature_digest()}


def mix(network: OutOfFold, quick: OutOfFold) -> OutOfFold:
    """Return the predictions of both models together, as `pipeline.models.mixture` joins them."""

    def joined(one: Floats, other: Floats) -> Floats:
        mean = NETWORK_SHARE * np.log(one) + (1.0 - NETWORK_SHARE) * np.log(other)
        return softmax(mean.astype(np.float32))

    return replace(network, kinds=joined(network.kinds, quick.kinds), stances=joined(network.stances, quick.stances))


def frequent_ngrams(articles: Sequence[LabelledArticle], most: int = MAX_NGRAMS) -> list[str]:
    """Return the n-grams that occur in the most articles (at least two, if there are more), sorted."""
    counts: dict[str, int] = {}
    for article in articles:
        for gram in {gram for view in article.views for gram in char_ngrams(view.text)}:
            counts[gram] = counts.get(gram, 0) + 1
    least = min(2, max(counts.values(), default=0))
    ranked = sorted((-count, gram) for gram, count in counts.items() if count >= least)
    return sorted(gram for _, gram in ranked[:most])


def frequent_words(articles: Sequence[LabelledArticle], known: Mapping[str, int], most: int = MAX_TUNED) -> list[str]:
    """Return the words with a vector that occur most often, sorted: those whose vectors the members may shift."""
    counts: dict[str, int] = {}
    for article in articles:
        for view in article.views:
            for word in view.words:
                key = word_key(word)
                if key in known:
                    counts[key] = counts.get(key, 0) + 1
    return sorted(sorted(counts, key=lambda word: (-counts[word], word))[:most])


def shipped_vectors(folder: Path) -> tuple[list[str], Floats]:
    """Return the word vectors of the network in `folder`, to learn another network on them."""
    arrays, settings = read_model(folder, "network")
    network = load_network(arrays, settings)
    return settings["words"].split("\n"), network.vectors[2:]
