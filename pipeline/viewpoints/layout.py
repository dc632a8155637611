"""Where viewpoints and arguments stand on the map: near what they resemble, the same in every run."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from pipeline.viewpoints.encode import Matrix

Points = npt.NDArray[np.float64]

_GOLDEN = math.pi * (3 - math.sqrt(5))
SPREAD = 0.02  # radius of a viewpoint with one member; the map spans -1 to 1


def project(vectors: Matrix) -> Points:
    """Return the rows in their two strongest directions, scaled into -1..1, shape (n, 2); signs are fixed."""
    if len(vectors) == 0:
        return np.zeros((0, 2))
    with threadpool_limits(limits=1):
        centred = vectors.astype(np.float64) - vectors.astype(np.float64).mean(axis=0)
        values, directions = np.linalg.eigh(np.round(centred.T @ centred, 6))
        axes = directions[:, np.argsort(-values, kind="stable")[:2]]
        signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        points = np.zeros((len(vectors), 2))
        points[:, : axes.shape[1]] = centred @ (axes * signs)
    scale = np.abs(points).max(axis=0)
    return np.asarray(np.round(np.divide(points, scale, out=np.zeros_like(points), where=scale > 1e-6), 4))


def around(centre: npt.NDArray[np.float64], count: int) -> Points:
    """Return `count` points round `centre` as the seeds of a sunflower, so that none covers another."""
    ranks = np.arange(count)
    radius = SPREAD * np.sqrt(ranks)
    angle = ranks * _GOLDEN
    return np.asarray(np.round(centre + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), 4))
