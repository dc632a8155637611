"""Train the weights of `pipeline/viewpoints/headings` from annotated articles and judged headings.

    python -m bench._train_heading_quality pipeline/viewpoints/headings corpus/gold/headings_dev.tsv dev.jsonl …

The articles are in the format of `lunheng score`; what counts is the `viewpoint` phrase that a reader wrote for a
segment.

1. `keep`: logistic regression per word; a word is kept when it, or two of its characters in a row, stand in the
   phrase.
2. `form`: logistic regression per candidate phrase; the target is the F1 of its characters and pairs of characters
   against the reader's phrase. The chances of `keep` come from the other half of the articles.
3. `judged` and `dense`: logistic regression on headings judged by reading (right 1, vague .2, wrong 0), again with
   chances and sums that did not see the article. Each step adds to the one before; an L2 penalty holds it small.

Judged headings are stand-off: key of the article, start of the segment, digest of the phrase, verdict.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bench.viewpoints import cutter
from pipeline.ids import content_id
from pipeline.records import CORE_KINDS
from pipeline.script import simplify
from pipeline.viewpoints.label import essence
from pipeline.viewpoints.phrases import Phrase, Sentence, find_phrases, read_sentence
from pipeline.viewpoints.quality import (
    DENSE,
    SLOTS,
    dense_features,
    keep_chances,
    likeness,
    phrase_features,
    word_features,
)

VERDICTS = {"right": 1.0, "vague": 0.2, "wrong": 0.0}
TOP, OTHERS = 12, 6  # candidates of a segment that step 2 learns from: the likeliest, and others by chance
KEEP_C, FORM_C, JUDGED_C = 0.3, 0.1, 1.0  # inverse penalties; the last chosen by five folds of judged articles
HASHED = 0.2  # size of a hashed feature beside a dense one when judged headings are learned: 0.1 to 0.3 score alike


@dataclass(frozen=True)
class Item:
    """A segment with the phrase that a reader wrote for it."""

    key: str
    start: int
    kind: str
    phrase: str
    sentence: Sentence
    candidates: tuple[Phrase, ...]


def read_items(paths: Sequence[Path]) -> Iterator[Item]:
    """Yield the segments of a core kind that have a phrase."""
    cut = cutter()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            for part in article["segments"]:
                if part.get("viewpoint") and part["kinds"] and part["kinds"][0] in CORE_KINDS:
                    text = essence(simplify(article["text"][part["start"] : part["end"]]))
                    sentence = read_sentence(text, cut)
                    if sentence.words:
                        yield Item(
                            article["key"], part["start"], part["kinds"][0], simplify(part["viewpoint"]), sentence,
                            tuple(find_phrases(sentence)),
                        )  # fmt: skip


def in_phrase(word: str, phrase: str) -> bool:
    """Whether a reader's phrase keeps `word`."""
    return word in phrase or (len(word) > 2 and any(word[i : i + 2] in phrase for i in range(len(word) - 1)))


def overlap(text: str, phrase: str) -> float:
    """Return the F1 of the characters and pairs of characters of two phrases."""
    mine = Counter([*text, *(text[i : i + 2] for i in range(len(text) - 1))])
    theirs = Counter([*phrase, *(phrase[i : i + 2] for i in range(len(phrase) - 1))])
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())


def rows_of(slots: Sequence[Sequence[int]]) -> sparse.csr_matrix:
    """Return sums of one-hot features."""
    columns = np.asarray([c for row in slots for c in row], dtype=np.int64)
    starts = np.cumsum([0, *(len(row) for row in slots)])
    return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(slots), SLOTS))


def fit(rows: Any, target: np.ndarray, strength: float, weight: np.ndarray | None = None) -> np.ndarray:
    """Return the weights of a logistic regression with soft targets (each row once as yes, once as no)."""
    both = sparse.vstack([rows, rows]).tocsr()
    share = np.concatenate([target, 1 - target]) * np.tile(np.ones(len(target)) if weight is None else weight, 2)
    answers = np.concatenate([np.ones(len(target)), np.zeros(len(target))])
    used = share > 0
    model = LogisticRegression(C=strength, max_iter=200, fit_intercept=False, tol=1e-3)
    model.fit(both[used], answers[used], sample_weight=share[used])
    return np.asarray(model.coef_[0])


def train_keep(items: Sequence[Item]) -> np.ndarray:
    slots: list[list[int]] = []
    target: list[float] = []
    for item in items:
        slots += word_features(item.sentence, item.kind)
        target += [float(in_phrase(word, item.phrase)) for word in item.sentence.words]
    return fit(rows_of(slots), np.asarray(target), KEEP_C).astype(np.float32)


def train_form(items: Sequence[Item], keeps: Sequence[np.ndarray], folds: Sequence[int]) -> np.ndarray:
    """Return weights of the hashed features, trained beside the dense ones."""
    slots: list[list[int]] = []
    dense: list[np.ndarray] = []
    target: list[float] = []
    dice = np.random.default_rng(7)
    for item, fold in zip(items, folds, strict=True):
        chances = keep_chances(item.sentence, item.kind, keeps[fold])
        ranked = sorted(item.candidates, key=lambda p: -likeness(item.sentence, p.kept, chances)[0])
        others = ranked[TOP:]
        chosen = ranked[:TOP] + [others[i] for i in dice.permutation(len(others))[:OTHERS]]
        for phrase in chosen:
            slots.append(phrase_features(item.sentence, phrase, item.kind))
            dense.append(dense_features(item.sentence, phrase, chances, 0.0))
            target.append(overlap(phrase.text, item.phrase))
    rows = sparse.hstack([rows_of(slots), sparse.csr_matrix(np.asarray(dense))]).tocsr()
    weights = fit(rows, np.asarray(target), FORM_C)
    return weights[:SLOTS].astype(np.float32)


def halves(items: Sequence[Item], seed: str = "") -> list[int]:
    """Return 0 or 1 per item, the same for all segments of an article."""
    return [int(content_id("h", item.key, seed)[-1], 16) % 2 for item in items]


def train(items: Sequence[Item], verdicts: dict[tuple[str, int, str], float]) -> dict[str, np.ndarray]:
    """Return all weights."""
    folds = halves(items)
    sides = [[i for i, f in zip(items, folds, strict=True) if f != side] for side in (0, 1)]
    keeps = [train_keep(side) for side in sides]
    sys.stdout.write(f"{len(items)} segments; keep trained\n")
    forms = [train_form(side, keeps[::-1], [1 - f for f in halves(side)]) for side in sides]
    judged_rows = judged_table(items, verdicts, keeps=keeps, forms=forms, folds=folds)
    keep = train_keep(items)
    form = train_form(items, keeps, folds)
    weights = fit(judged_rows[0], judged_rows[1], JUDGED_C) if len(judged_rows[1]) else None
    judged = np.zeros(SLOTS, np.float32) if weights is None else (weights[:SLOTS] * HASHED).astype(np.float32)
    dense = np.asarray([0.0] * (len(DENSE) - 1) + [1.0]) if weights is None else weights[SLOTS:]
    return {"keep": keep, "form": form, "judged": judged, "dense": dense}


def judged_table(
    items: Sequence[Item], verdicts: dict[tuple[str, int, str], float], *, keeps: Any, forms: Any, folds: Sequence[int]
) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Return features and verdicts of the judged phrases, made with weights that did not see their article."""
    slots: list[list[int]] = []
    dense: list[np.ndarray] = []
    target: list[float] = []
    judged_segments = {key[:2] for key in verdicts}
    for item, fold in zip(items, folds, strict=True):
        if (item.key, item.start) not in judged_segments:
            continue
        chances = keep_chances(item.sentence, item.kind, keeps[fold])
        for phrase in item.candidates:
            verdict = verdicts.get((item.key, item.start, content_id("c", phrase.text)))
            if verdict is not None:
                slots.append(phrase_features(item.sentence, phrase, item.kind))
                dense.append(dense_features(item.sentence, phrase, chances, float(forms[fold][slots[-1]].sum())))
                target.append(verdict)
    table = sparse.hstack(
        [rows_of(slots) * HASHED, sparse.csr_matrix(np.asarray(dense).reshape(-1, len(DENSE)))]
    ).tocsr()
    return table, np.asarray(target)


def save(weights: dict[str, np.ndarray], folder: Path) -> None:
    """Write the weights in 8 bits, `dense` in full."""
    names = ("keep", "form", "judged")
    scale = np.asarray([max(float(np.abs(weights[n]).max()), 1e-6) / 127 for n in names], np.float32)
    tensors = {n: np.round(weights[n] / scale[i]).astype(np.int8) for i, n in enumerate(names)}
    folder.mkdir(parents=True, exist_ok=True)
    save_file({**tensors, "scale": scale, "dense": np.round(weights["dense"], 5)}, folder / "model.safetensors")


def read_verdicts(path: Path) -> dict[tuple[str, int, str], float]:
    """Return the verdict of every judged phrase."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.is_file() else []
    cells = (line.split("\t") for line in lines)
    return {(key, int(start), digest): VERDICTS[verdict] for key, start, digest, verdict in cells}


def main(folder: Path, verdicts: Path, paths: Sequence[Path]) -> None:
    save(train(list(read_items(paths)), read_verdicts(verdicts)), folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
