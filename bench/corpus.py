"""The corpus stage against the usual ways, on the same vectors in the same process.

Plain BERTopic is UMAP and HDBSCAN with its own topic words; opinion-mapping tools reduce with UMAP, group with KMeans
and merge the groups with Ward's method (their headings come from a language model, which is not measured). Libraries
are warmed up on a few rows first, so that their compilation does not count. Seconds are those of the processor.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.viewpoints import CONFIG, cutter, sized_tables
from pipeline.viewpoints import build_viewpoints
from pipeline.viewpoints.encode import Matrix, content_words
from pipeline.viewpoints.vectors import load_encoder

SIZES = (1_000, 10_000)
LARGE = 200_000  # ours alone, with BENCH_LARGE=1
WARM_UP = 300


def measure(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Return seconds of each way at each size, and how many times as long as ours the others take."""
    cut = cutter()
    encode = load_encoder("shipped")
    result: dict[str, Any] = {}
    ways: dict[str, Callable[[list[str], Matrix], Any]] = {
        "plain BERTopic (UMAP, HDBSCAN)": lambda texts, vectors: _bertopic(
            [" ".join(content_words(text, cut)) for text in texts], vectors
        ),
        "UMAP, KMeans, Ward": lambda _, vectors: _opinion_map(vectors),
    }
    for size in (WARM_UP, *sizes):
        tables = sized_tables(size)
        texts = [a.text for a in tables.arguments]
        row = {
            "ours, with vectors and headings": _timed(lambda t=tables: build_viewpoints(t, CONFIG.viewpoints, cut=cut))
        }
        start = time.process_time()
        vectors = encode(texts, cut)
        row["the vectors alone"] = round(time.process_time() - start, 2)
        row |= {name: _timed(lambda w=way, x=texts, v=vectors: w(x, v)) for name, way in ways.items()}
        result[str(size)] = row
    result.pop(str(WARM_UP))
    last = result[str(sizes[-1])]
    ours = last["ours, with vectors and headings"]
    result["times ours"] = {name: round(last[name] / ours, 2) for name in ways}
    if os.environ.get("BENCH_LARGE"):
        tables = sized_tables(LARGE)
        seconds = _timed(lambda: build_viewpoints(tables, CONFIG.viewpoints, cut=cut))
        result[str(LARGE)] = {"ours, with vectors and headings": seconds}
    result["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return result


def headline(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what the table shows: figure, value, target."""
    rows = [
        (f"{name} against our whole corpus stage", f"{value} times", "") for name, value in result["times ours"].items()
    ]
    return [*rows, ("peak memory of the corpus benchmark", f"{result['peak MB']} MB", "below 6000 MB")]


def _timed(work: Callable[[], Any]) -> float:
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        work()
    return round(time.process_time() - start, 2)


def _bertopic(texts: list[str], vectors: Matrix) -> None:
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer

    model = BERTopic(
        language="multilingual", embedding_model=None, umap_model=_umap(5), hdbscan_model=HDBSCAN(min_cluster_size=10),
        vectorizer_model=CountVectorizer(token_pattern=r"\S+"), calculate_probabilities=False,
    )  # fmt: skip
    model.fit_transform(texts, embeddings=vectors)


def _opinion_map(vectors: Matrix) -> None:
    from sklearn.cluster import AgglomerativeClustering, KMeans

    points = _umap(2).fit_transform(vectors)
    count = max(2, min(200, len(vectors) // 50))
    fine = KMeans(count, n_init=1, random_state=7).fit(np.asarray(points))
    AgglomerativeClustering(max(2, count // 10), linkage="ward").fit(fine.cluster_centers_)


def _umap(dimensions: int) -> Any:
    from umap import UMAP

    return UMAP(n_neighbors=15, n_components=dimensions, min_dist=0.0, metric="cosine", random_state=7)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), ensure_ascii=False, indent=2) + "\n")
