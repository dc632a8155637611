"""Stance toward a given target, on the comments of C-MTCSD (arXiv 2504.09958) with their official splits.

Four answers are measured side by side: the target alone (the commonest stance of its training comments), the shipped
classifier as it stands (never shown a comment), and two linear models on this project's features trained on the
official training comments: of all targets together, and of the other four targets only (zero-shot).
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from pipeline.article.words import Words, build_words
from pipeline.config import load_config
from pipeline.models import load_classifier
from pipeline.models.features import char_ngrams, dense_features
from pipeline.records import SegmentView
from pipeline.viewpoints.vectors import load_encoder

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "bench" / "c_mtcsd"
ANSWERS = {"pro": "favor", "con": "against", "neu": "none"}
Item = tuple[str, str, str, str]  # target, comment, what it answers, stance


def read_items(folder: Path, split: str) -> list[Item]:
    """Return the items of one official split over all targets; the last id of a chain is the item."""
    items = []
    for path in sorted(folder.glob(f"*/{split}.json")):
        target = path.parent.name
        with (folder / "data" / f"{target}.csv").open(encoding="utf-8-sig", newline="") as file:
            texts = {row["id"]: row["text"] for row in csv.DictReader(file)}
        for row in json.loads(path.read_text(encoding="utf-8")):
            chain = [texts[i] for i in row["index"] if i in texts]
            if chain:
                items.append((target, chain[-1], chain[-2] if len(chain) > 1 else "", row["stance"]))
    return items


def scores(truth: Sequence[str], said: Sequence[str]) -> dict[str, float]:
    """Return the mean F1 of favor and against (the measure of the paper) and of all three classes."""
    both = f1_score(truth, said, labels=["favor", "against"], average="macro", zero_division=0)
    every = f1_score(truth, said, average="macro", zero_division=0)
    return {"f1_favor_against": round(100 * both, 2), "f1_three": round(100 * every, 2)}


class Features:
    """Features of a comment and of what it answers: n-grams, cues, word vectors."""

    def __init__(self, items: Sequence[Item], words: Words) -> None:
        self._words = words
        self._encoder = load_encoder("shipped")
        self._own = TfidfVectorizer(analyzer=char_ngrams, min_df=3, sublinear_tf=True, max_features=30_000)
        self._other = TfidfVectorizer(analyzer=char_ngrams, min_df=5, sublinear_tf=True, max_features=10_000)
        self._own.fit([text for _, text, _, _ in items])
        self._other.fit([answered for _, _, answered, _ in items])

    def rows(self, items: Sequence[Item]) -> csr_matrix:
        """Return one row per item."""
        own = [text for _, text, _, _ in items]
        cut = [[word.text for word in self._words.cut(text)] for text in own]
        dense = [dense_features([view(text, tuple(w))])[0] for text, w in zip(own, cut, strict=True)]
        meaning = self._encoder(own, lambda text: [word.text for word in self._words.cut(text)])
        return hstack(
            [
                self._own.transform(own),
                0.5 * self._other.transform([answered for _, _, answered, _ in items]),
                csr_matrix(0.3 * np.array(dense)),
                csr_matrix(meaning),
            ]
        ).tocsr()


def view(text: str, words: tuple[str, ...]) -> SegmentView:
    """Return a comment as the classifiers see a segment."""
    return SegmentView(text=text, words=words, role="body", mode="author", speaker="", starts_paragraph=True)


def shipped(items: Sequence[Item], words: Words) -> list[str]:
    """Return the stances that the shipped classifier gives to comments, each read alone."""
    classifier = load_classifier("shipped", "best")
    said = []
    for _, text, _, _ in items:
        found = classifier.predict([view(text, tuple(word.text for word in words.cut(text)))])
        said.append(ANSWERS[found[0].stance])
    return said


def measure() -> dict[str, Any]:
    """Return the scores per way of answering; empty where the comments are absent."""
    if not FOLDER.is_dir():
        return {"left_out": "the comments of C-MTCSD are not beside the project"}
    words = build_words(load_config().words, None)
    train, test = read_items(FOLDER, "train"), read_items(FOLDER, "test")
    truth = [stance for *_, stance in test]
    targets = sorted({target for target, *_ in train})
    usual = {t: Counter(s for target, *_, s in train if target == t).most_common(1)[0][0] for t in targets}
    features = Features(train, words)
    x, x_test = features.rows(train), features.rows(test)
    y, of, of_test = (
        np.array(column) for column in ([i[3] for i in train], [i[0] for i in train], [i[0] for i in test])
    )
    zero = np.empty(len(test), dtype=object)
    for target in targets:
        model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=80, tol=1e-3).fit(
            x[of != target], y[of != target]
        )
        zero[of_test == target] = model.predict(x_test[of_test == target])
    told = np.empty(len(test), dtype=object)
    for target in targets:
        weights = np.where(of == target, 1.0, 0.15)  # other targets teach how people agree, not with what
        model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=80, tol=1e-3).fit(
            x, y, sample_weight=weights
        )
        told[of_test == target] = model.predict(x_test[of_test == target])
    return {
        "n_train": len(train),
        "n_test": len(test),
        "target_only": scores(truth, [usual[target] for target, *_ in test]),
        "shipped_as_it_stands": scores(truth, shipped(test, words)),
        "trained_on_other_targets": scores(truth, list(zero)),
        "trained_on_official_split": scores(truth, list(told)),
        "published_best_zero_shot": {"f1_favor_against": 64.07},
    }
