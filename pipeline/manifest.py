"""What a run was made of and what came of it, for `OUT/manifest.json`."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pipeline.config import Config
from pipeline.records import Failure

_PACKAGES = (
    *("lunheng", "numpy", "scipy", "pandas", "pyarrow", "jieba", "rjieba", "opencc", "scikit-learn", "spacy"),
    *("trafilatura", "lxml", "python-docx", "pypdf", "openpyxl", "pyyaml", "charset-normalizer"),
    *("bertopic", "umap-learn", "hdbscan", "model2vec"),
)


class Clock:
    """Seconds per stage of a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to stage `name`."""
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of the packages whose work shows in the result."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def build_manifest(
    counts: Mapping[str, Any],
    config: Config,
    *,
    inputs: Sequence[str],
    seconds: Mapping[str, float],
    fingerprints: Mapping[str, str],
    failures: Sequence[Failure],
    notes: Sequence[str],
    n_cached: int,
    n_quarantined: int,
) -> str:
    """Return the manifest as JSON text."""
    body = {
        "versions": versions(),
        "fingerprints": dict(fingerprints),
        "config": dataclasses.asdict(config),
        "inputs": list(inputs),
        "counts": dict(counts),
        "cached": n_cached,
        "quarantined": n_quarantined,
        "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
        "failed": [dataclasses.asdict(failure) for failure in failures],
        "notes": list(notes),
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
