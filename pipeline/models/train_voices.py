"""Training of the judge of voices; needs nothing beyond the project. The same articles give the same bytes.

Each member learns the style on parts of its articles to describe the others, so that the trees see style scores as they
come on unseen text; then the trees, then the weights of the candidates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.models.features import Floats
from pipeline.models.labels import fold_of
from pipeline.models.store import write_model
from pipeline.models.voices import (
    STYLE_SHAPE,
    VoiceMember,
    VoiceModel,
    slots,
    style_columns,
    style_scores,
    voice_arrays,
)

FOLDS = 5
PARTS = 3  # of the articles of one member, for style scores of text that the style did not see
# Chosen by average precision on the even articles: 150 smaller steps scored .002 more and took twice the time.
TREES, RATE, LEAVES, DEPTH, LEAST = 80, 0.12, 16, 7, 40
STYLE_C, NAMES_C = 1.0, 0.3
# The best F1 is reached from half of that F1 on (Lipton, Elkan and Naryanaswamy 2014, arXiv 1402.1892): .73 / 2.
THRESHOLD = 0.36


@dataclass(frozen=True, slots=True)
class VoiceExample:
    """One annotated article as the judge sees it.

    `answers` is 1 where an annotated segment is not the author's, 0 where it is, -1 where nobody argues; `candidates`
    are the signs of the names for segments of other voices, each with whether the name is right.
    """

    key: str
    plain: str
    spans: tuple[tuple[int, int], ...]
    paragraphs: tuple[int, ...]
    values: Floats
    answers: tuple[int, ...]
    candidates: tuple[tuple[Mapping[str, float], bool], ...]


def train_voices(examples: Sequence[VoiceExample], folder: Path) -> VoiceModel:
    """Learn the judge and write it to `folder`: a member on all articles, and one without each fold."""
    members = [train_member(examples)]
    for fold in range(FOLDS):
        seen = [example for example in examples if fold_of(example.key, FOLDS) != fold]
        members.append(train_member(seen or examples))
    model = VoiceModel(tuple(members), THRESHOLD, examples[0].values.shape[1], DEPTH)
    settings: dict[str, Any] = {
        "threshold": model.threshold,
        "columns": model.columns,
        "depth": model.depth,
        "members": [{"style_bias": m.style_bias, "bias": m.bias, "names": dict(m.names)} for m in members],
    }
    write_model(folder, "voices", voice_arrays(members), settings)
    return model


def train_member(examples: Sequence[VoiceExample]) -> VoiceMember:
    """Learn one judge."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    style, bias = _train_style(examples)
    part = [fold_of(f"{example.key} part", PARTS) for example in examples]
    rows = []
    inner = [_train_style([e for e, p in zip(examples, part, strict=True) if p != k] or examples) for k in range(PARTS)]
    for example, k in zip(examples, part, strict=True):
        scores = style_scores(*inner[k], example.plain, example.spans)
        rows.append(np.hstack([example.values, style_columns(scores, example.paragraphs)]))
    table, answers = np.vstack(rows), np.concatenate([example.answers for example in examples])
    known = answers >= 0
    trees = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=RATE,
        max_leaf_nodes=LEAVES,
        max_depth=DEPTH,
        min_samples_leaf=LEAST,
        max_bins=64,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    ).fit(table[known], answers[known])
    return _exported(trees, style, bias, _train_names(examples))


def _train_style(examples: Sequence[VoiceExample]) -> tuple[Floats, float]:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    columns, lengths, answers = [], [], []
    for example in examples:
        grams = slots(example.plain)
        for (start, end), answer in zip(example.spans, example.answers, strict=True):
            if answer >= 0:
                found = np.concatenate([slot[start : max(start, end - k)] for k, slot in enumerate(grams)])
                columns.append(found)
                lengths.append(3.0 * (end - start))
                answers.append(answer)
    bounds = np.r_[0, np.cumsum([len(found) for found in columns])]
    weights = np.repeat(1.0 / np.sqrt(lengths), np.diff(bounds))
    size = STYLE_SHAPE[0] * STYLE_SHAPE[1]
    table = csr_matrix((weights, np.concatenate(columns), bounds), shape=(len(columns), size))
    table.sum_duplicates()
    model = LogisticRegression(C=STYLE_C, max_iter=120).fit(table, answers)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _train_names(examples: Sequence[VoiceExample]) -> dict[str, float]:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = [dict(signs) for example in examples for signs, _ in example.candidates]
    right = [answer for example in examples for _, answer in example.candidates]
    if len(set(right)) < 2:
        return {}
    names = DictVectorizer()
    table = names.fit_transform(rows)
    model = LogisticRegression(C=NAMES_C, max_iter=500, fit_intercept=False).fit(table, right)
    return {name: round(float(w), 4) for name, w in zip(names.feature_names_, model.coef_[0], strict=True)}


def _exported(model: Any, style: Floats, style_bias: float, names: Mapping[str, float]) -> VoiceMember:
    """Take the trees out of scikit-learn: a leaf compares with infinity and leads to itself."""
    nodes = [predictors[0].nodes for predictors in model._predictors]
    sizes = np.array([len(tree) for tree in nodes])
    roots = np.r_[0, np.cumsum(sizes)[:-1]].astype(np.int64)
    flat = np.concatenate(nodes)
    base = np.repeat(roots, sizes)
    leaf = flat["is_leaf"].astype(bool)
    itself = np.arange(len(flat))
    return VoiceMember(
        style=style,
        style_bias=style_bias,
        feature=np.where(leaf, 0, flat["feature_idx"]).astype(np.int64),
        threshold=np.where(leaf, 0.0, flat["num_threshold"]).astype(np.float32),
        left=np.where(leaf, itself, flat["left"] + base).astype(np.int64),
        right=np.where(leaf, itself, flat["right"] + base).astype(np.int64),
        value=np.where(leaf, flat["value"], 0.0).astype(np.float32),
        roots=roots,
        bias=float(model._baseline_prediction[0, 0]),
        names=names,
    )
