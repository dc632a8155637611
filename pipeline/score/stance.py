"""How well stances are found: per argument and per voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records import STANCES
from pipeline.score.kinds import mean, prf


@dataclass(frozen=True, slots=True)
class StanceScores:
    """Macro-F1 over pro, con, neu of segments that both the annotation and the run take for arguments."""

    macro_f1: float
    per_stance: dict[str, float]
    n: int


def score_stances(gold: Sequence[str], found: Sequence[str], labels: Sequence[str] = STANCES) -> StanceScores:
    """Compare the stances of pairs."""
    per_stance = {label: prf(gold, found, label).f1 for label in labels}
    return StanceScores(mean(list(per_stance.values())), per_stance, len(gold))
