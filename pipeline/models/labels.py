"""Labelled articles: what a classifier learns from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.records import KINDS, STANCES, Kind, SegmentView, Stance

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """One article to learn from; `kinds` has the main kind first and is empty for none, with a stance otherwise."""

    key: str
    views: tuple[SegmentView, ...]
    kinds: tuple[tuple[Kind, ...], ...]
    stances: tuple[Stance | None, ...]


def kind_labels(article: LabelledArticle) -> Labels:
    """Return the index in ``("none", *KINDS)`` of each segment's main kind."""
    return np.array([KINDS.index(kinds[0]) + 1 if kinds else 0 for kinds in article.kinds], dtype=np.int64)


def stance_labels(article: LabelledArticle) -> Labels:
    """Return the index in `STANCES` of each segment's stance, -1 where it has none."""
    return np.array([-1 if s is None else STANCES.index(s) for s in article.stances], dtype=np.int64)


def fold_of(key: str, folds: int) -> int:
    """Return the fold of an article, from a hash of its key: stable when articles are added."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % folds


def second_labels(article: LabelledArticle) -> Labels:
    """Return the index in ``("none", *KINDS)`` of each segment's second kind, -1 where it has none."""
    return np.array([KINDS.index(kinds[1]) + 1 if len(kinds) > 1 else -1 for kinds in article.kinds], dtype=np.int64)
