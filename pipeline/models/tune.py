"""Learn the decisions from predictions out of fold: weights per class that maximise macro-F1, and confidence curves."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.models.decide import Decider
from pipeline.models.features import Floats

Labels = npt.NDArray[np.int64]
_STEPS = (0.6, 0.7, 0.8, 0.9, 1.11, 1.25, 1.43, 1.67)  # factors tried on one weight at a time
_ROUNDS = 6
_KNOTS = 12  # points of a confidence curve: more follow the noise of a few hundred articles


def macro_f1(labels: Labels, chosen: Labels, classes: Sequence[int]) -> float:
    """Return the mean F1 over `classes`."""
    scores = []
    for c in classes:
        hit = np.sum((labels == c) & (chosen == c))
        total = np.sum(labels == c) + np.sum(chosen == c)
        scores.append(2.0 * hit / total if total else 0.0)
    return float(np.mean(scores))


def tune_decider(
    kinds: Floats,
    kind_labels: Labels,
    stances: Floats,
    stance_labels: Labels,
    *,
    wider: tuple[Floats, Labels] | None = None,
) -> Decider:
    """Learn a `Decider`.

    Parameters
    ----------
    kinds : array of shape (n, 8)
        Probabilities of predictions out of fold; `kind_labels` holds what was right.
    stances : array of shape (n, 3)
        The same for the stance; label -1 where there is none.
    wider : tuple of stances and labels, optional
        The same of more articles than the decisions are learned on. How often a side is taken differs much from one
        collection to the next, so the factors of stances are then the geometric mean of both.
    """
    seen = stance_labels >= 0
    kind_weights = class_weights(kinds, kind_labels, core=range(1, 6), rest=(6, 7))
    stance_weights = class_weights(stances[seen], stance_labels[seen], core=range(3), rest=())
    if wider is not None:
        other, labels = wider
        known = labels >= 0
        stance_weights = np.sqrt(stance_weights * class_weights(other[known], labels[known], core=range(3), rest=()))
    chosen = (kinds * kind_weights).argmax(axis=1)
    said = chosen > 0
    kind_curve = confidence_curve(kinds[np.arange(len(kinds)), chosen][said], (chosen == kind_labels)[said])
    pick = (stances * stance_weights).argmax(axis=1)
    stance_curve = confidence_curve(stances[np.arange(len(stances)), pick][seen], (pick == stance_labels)[seen])
    return Decider(kind_weights, stance_weights, kind_curve, stance_curve)


def class_weights(scores: Floats, labels: Labels, *, core: Sequence[int], rest: Sequence[int]) -> Floats:
    """Return one factor per class, by coordinate ascent on macro-F1.

    The aim counts the classes in `core` fully, those in `rest` by half, so that typing the rare kinds is not paid for
    with the frequent ones.
    """
    weights = np.ones(scores.shape[1], np.float32)

    def aim(candidate: Floats) -> float:
        chosen = (scores * candidate).argmax(axis=1)
        value = macro_f1(labels, chosen, core)
        return value + 0.3 * macro_f1(labels, chosen, rest) if rest else value

    best = aim(weights)
    for _ in range(_ROUNDS):
        before = best
        for c in range(len(weights)):
            for step in _STEPS:
                candidate = weights.copy()
                candidate[c] *= step
                value = aim(candidate)
                if value > best + 1e-4:
                    best, weights = value, candidate
        if best == before:
            break
    normalised: Floats = (weights / weights[0]).astype(np.float32)
    return normalised


def confidence_curve(probability: Floats, right: npt.NDArray[np.bool_]) -> Floats:
    """Return (2, m) points of a rising curve from the winner's probability to how often it is right."""
    if len(probability) < 2:
        return np.array([[0.0, 1.0], [0.0, 1.0]], np.float32)
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(probability, right.astype(float))
    x = np.unique(np.quantile(probability, np.linspace(0.0, 1.0, _KNOTS)))
    # The mean over a knot's surroundings, so that one step of the staircase does not stand for all.
    edges = np.concatenate([[x[0]], (x[1:] + x[:-1]) / 2, [x[-1]]])
    y = [float(fitted.predict(np.linspace(a, b, 9)).mean()) for a, b in itertools.pairwise(edges)]
    return np.array([x, np.maximum.accumulate(y)], np.float32)
