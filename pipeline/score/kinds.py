"""How well kinds are found: precision, recall and F1 per kind over annotated segments, none included as an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.records import CORE_KINDS, KINDS


@dataclass(frozen=True, slots=True)
class Prf:
    """Precision, recall and F1 of one class, with the counts behind them."""

    precision: float
    recall: float
    f1: float
    n_gold: int
    n_found: int


@dataclass(frozen=True, slots=True)
class KindScores:
    """Scores of the main kind: per kind, macro-F1 over the first five and over all seven, argumentative or not."""

    per_kind: Mapping[str, Prf]
    core_macro_f1: float
    all_macro_f1: float
    detection: Prf


def score_kinds(gold: Sequence[str | None], found: Sequence[str | None]) -> KindScores:
    """Compare the main kind of each segment; None is "no argument"."""
    per_kind: dict[str, Prf] = {kind: prf(gold, found, kind) for kind in KINDS}
    detection = prf([kind is not None for kind in gold], [kind is not None for kind in found], True)
    return KindScores(
        per_kind=per_kind,
        core_macro_f1=mean([per_kind[kind].f1 for kind in CORE_KINDS]),
        all_macro_f1=mean([per_kind[kind].f1 for kind in KINDS]),
        detection=detection,
    )


def prf(gold: Sequence[object], found: Sequence[object], label: object) -> Prf:
    """Return the scores of `label`; 0 where it never occurs."""
    hits = sum(a == label == b for a, b in zip(gold, found, strict=True))
    n_gold, n_found = sum(a == label for a in gold), sum(b == label for b in found)
    precision = hits / n_found if n_found else 0.0
    recall = hits / n_gold if n_gold else 0.0
    f1 = 2.0 * hits / (n_gold + n_found) if n_gold + n_found else 0.0
    return Prf(precision, recall, f1, n_gold, n_found)


def mean(values: Sequence[float]) -> float:
    """Return the mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
