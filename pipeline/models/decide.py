"""From scores to answers: which kind, how sure, and a second kind where one is held.

Rare kinds get a lower bar than plain argmax gives them, because the measure that counts (macro-F1) weighs every kind
alike; confidence is isotonic regression (Zadrozny & Elkan 2002) of "was this right?" on predictions out of fold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.models.features import Floats
from pipeline.records import KINDS, STANCES, Kind, Prediction

SECOND_SHARE = 0.75  # a second kind has at least this share of the first one's adjusted score; from out-of-fold scores
SECOND_FLOOR = 0.25  # and at least this probability
_SURE = (0.01, 0.99)  # nothing is certain: the curve is kept inside these


@dataclass(frozen=True, slots=True)
class Decider:
    """What was learned from predictions out of fold.

    `kind_weights` (8) and `stance_weights` (3) multiply the probabilities before the largest wins; `kind_curve` and
    `stance_curve` map the winner's probability to how often it was right, as (2, m) arrays of x and y.
    """

    kind_weights: Floats
    stance_weights: Floats
    kind_curve: Floats
    stance_curve: Floats

    def decide(self, kinds: Floats, stances: Floats) -> list[Prediction]:
        """Turn probabilities of kinds (n, 8) and stances (n, 3) into predictions."""
        adjusted = kinds * self.kind_weights
        order = np.argsort(-adjusted, axis=1, kind="stable")
        chosen = (stances * self.stance_weights).argmax(axis=1)
        rows = np.arange(len(kinds))
        sure = np.interp(kinds[rows, order[:, 0]], self.kind_curve[0], self.kind_curve[1]).tolist()
        stance_sure = np.interp(stances[rows, chosen], self.stance_curve[0], self.stance_curve[1]).tolist()
        return [
            Prediction(
                kinds=tuple(of_kinds),
                stances=tuple(of_stances),
                kind=_kind(first),
                kind2=_second(adjusted[i], kinds[i], first, second),
                confidence=_off_certainty(sure[i]),
                stance=STANCES[stance],
                stance_confidence=_off_certainty(stance_sure[i]),
            )
            for i, ((first, second), stance, of_kinds, of_stances) in enumerate(
                zip(order[:, :2].tolist(), chosen.tolist(), kinds.tolist(), stances.tolist(), strict=True)
            )
        ]

    def as_settings(self) -> dict[str, Any]:
        """Return the JSON form, read back by `decider_from`."""
        return {name: np.round(getattr(self, name).astype(float), 5).tolist() for name in _FIELDS}


_FIELDS: Sequence[str] = ("kind_weights", "stance_weights", "kind_curve", "stance_curve")


def decider_from(settings: Mapping[str, Any]) -> Decider:
    """Read what `Decider.as_settings` wrote."""
    return Decider(*(np.asarray(settings[name], dtype=np.float32) for name in _FIELDS))


def plain_decider() -> Decider:
    """Return the decider that changes nothing: argmax, and probabilities as they are."""
    line = np.array([[0.0, 1.0], [0.0, 1.0]], np.float32)
    return Decider(np.ones(len(KINDS) + 1, np.float32), np.ones(len(STANCES), np.float32), line, line)


def _off_certainty(value: float) -> float:
    return round(min(max(value, _SURE[0]), _SURE[1]), 4)


def _kind(index: int) -> Kind | None:
    return KINDS[index - 1] if index else None


def _second(adjusted: Floats, kinds: Floats, first: int, second: int) -> Kind | None:
    if first == 0 or second == 0 or kinds[second] < SECOND_FLOOR or adjusted[second] < SECOND_SHARE * adjusted[first]:
        return None
    return _kind(second)
