"""What runs in each worker: read a source, analyse its articles, use and fill the cache."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.article.analyse import analyse
from pipeline.article.tools import SegmentClassifier, Tools, build_tools
from pipeline.cache import code_fingerprint, load_reading, reading_key, store_reading
from pipeline.config import Config
from pipeline.ingest import Source, read_source
from pipeline.lexicon import fingerprint as lexicon_fingerprint
from pipeline.models import load_classifier
from pipeline.records import Document, Failure, Reading


@dataclass(frozen=True, slots=True)
class Task:
    """All a worker needs to read one source."""

    source: Source
    config: Config
    issue: str | None
    cache: Path | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one source: readings with their cache keys, failures, and how many came from the cache."""

    readings: tuple[Reading, ...]
    keys: tuple[str, ...]
    failures: tuple[Failure, ...]
    errors: tuple[Failure, ...]
    n_cached: int


@lru_cache(maxsize=1)
def classifier_for(model: str, profile: str) -> SegmentClassifier:
    """Return the classifier of this worker; loaded once."""
    classifier: SegmentClassifier = load_classifier(model, profile)
    return classifier


@lru_cache(maxsize=1)
def tools_for(config: Config) -> Tools:
    """Return the tools of this worker; built on the first article that the cache does not hold."""
    return build_tools(config, classifier_for(config.arguments.model, config.profile))


@lru_cache(maxsize=4)
def fingerprints(config: Config) -> dict[str, str]:
    """Return the digests of everything beside the article that a reading depends on."""
    extras = [Path(path) for path in (config.lexicons.entities, config.lexicons.cues) if path]
    return {
        "code": code_fingerprint(),
        "config": config.fingerprint(),
        "lexicons": lexicon_fingerprint(extras),
        "model": classifier_for(config.arguments.model, config.profile).fingerprint,
    }


def read_task(task: Task) -> Outcome:
    """Read one source; what fails is told, not raised, so that the rest of the batch goes on."""
    readings: list[Reading] = []
    keys: list[str] = []
    failures: list[Failure] = []
    errors: list[Failure] = []
    n_cached = 0
    for item in read_source(task.source, task.config.ingest):
        if isinstance(item, Failure):
            failures.append(item)
            continue
        key = reading_key(item, task.issue or "", *fingerprints(task.config).values())
        reading = load_reading(task.cache, key) if task.cache else None
        if reading is not None:
            n_cached += 1
        else:
            try:
                reading = analyse(item, tools_for(task.config), issue=task.issue)
            except Exception as error:  # the edge of a stage: one article's fault must not lose the batch
                errors.append(_internal(item, error))
                continue
            if task.cache:
                store_reading(task.cache, key, reading)
        readings.append(reading)
        keys.append(key)
    return Outcome(tuple(readings), tuple(keys), tuple(failures), tuple(errors), n_cached)


def _internal(document: Document, error: Exception) -> Failure:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return Failure(
        where=document.path,
        got=f"a fault of ours, {type(error).__name__} at {place}: {error}",
        expected="no fault",
        remedy="please report it with the article; the other articles are complete",
    )
