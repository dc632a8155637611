"""Whether confidence means what it says: expected calibration error and the points of a reliability plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """`error` is the expected calibration error; `points` hold (mean confidence, share right, count) per bin."""

    error: float
    points: tuple[tuple[float, float, int], ...]


def score_calibration(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> Calibration:
    """Compare confidence with being right over `bins` bins of equal width (Guo et al. 2017, arXiv 1706.04599)."""
    cells: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for value, hit in zip(confidence, right, strict=True):
        cells[min(int(value * bins), bins - 1)].append((value, hit))
    points = []
    error = 0.0
    for cell in cells:
        if cell:
            said = sum(value for value, _ in cell) / len(cell)
            was = sum(hit for _, hit in cell) / len(cell)
            error += abs(said - was) * len(cell) / len(confidence)
            points.append((said, was, len(cell)))
    return Calibration(error, tuple(points))
