"""Density-based grouping (extra: topics): HDBSCAN on PCA or UMAP, as BERTopic does it; for large corpora."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.errors import ConfigError
from pipeline.viewpoints.cluster import Labels, renumber
from pipeline.viewpoints.space import Space, unit_meaning

COMPONENTS = 5  # BERTopic's default
NEIGHBOURS = 15  # UMAP's default
MIN_ROWS = 20  # fewer arguments have no density: they stand alone and join the nearest group


def pca_hdbscan(space: Space, follows: Sequence[bool], *, granularity: float, seed: int) -> Labels:  # noqa: ARG001
    """Group by HDBSCAN on principal components (a `Clusterer`)."""
    if len(space) < MIN_ROWS:
        return np.full(len(space), -1, dtype=np.int64)
    from sklearn.decomposition import PCA

    width = min(4 * COMPONENTS, len(space) - 1, space.meaning.shape[1])
    with threadpool_limits(limits=1):
        points = PCA(width, svd_solver="full").fit_transform(unit_meaning(space).astype(np.float64))
    return _hdbscan(np.round(points, 4), granularity)


def umap_hdbscan(space: Space, follows: Sequence[bool], *, granularity: float, seed: int) -> Labels:  # noqa: ARG001
    """Group by HDBSCAN on UMAP's projection (a `Clusterer`); compiles for 10 to 40 s in every process."""
    if len(space) < MIN_ROWS:
        return np.full(len(space), -1, dtype=np.int64)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from umap import UMAP
    except ImportError as error:
        raise ConfigError("viewpoints.method: umap needs the extra: pip install 'lunheng[topics]'") from error
    neighbours = min(NEIGHBOURS, len(space) - 1)
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        warnings.simplefilter("ignore")
        model = UMAP(neighbours, n_components=COMPONENTS, min_dist=0.0, metric="cosine", random_state=seed, n_jobs=1)
        points = model.fit_transform(unit_meaning(space))
    return _hdbscan(np.round(np.asarray(points, dtype=np.float64), 4), granularity)


def _hdbscan(points: Any, granularity: float) -> Labels:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from hdbscan import HDBSCAN
    except ImportError as error:
        raise ConfigError(
            "viewpoints.method: bertopic and umap need the extra: pip install 'lunheng[topics]'"
        ) from error
    smallest = max(2, round(np.sqrt(len(points)) / 4 / granularity))  # 1,000 arguments: groups of 8
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        warnings.simplefilter("ignore")
        model = HDBSCAN(min_cluster_size=smallest, min_samples=2, approx_min_span_tree=False, core_dist_n_jobs=1)
        return renumber(np.asarray(model.fit_predict(points), dtype=np.int64))
