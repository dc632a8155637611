"""What runs in each worker: read a source, analyse its articles, use and fill the cache."""

from __future__ import annotations

import contextlib
import hashlib
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import resource_tracker
from pathlib import Path

from threadpoolctl import ThreadpoolController

from pipeline.article.analyse import analyse
from pipeline.article.tools import SegmentClassifier, Tools, build_tools
from pipeline.cache import (
    Entry,
    Known,
    code_fingerprint,
    find_entry,
    folder_fingerprint,
    load_reading,
    load_source,
    reading_key,
    source_key,
    store_reading,
    store_source,
    stored_digest,
)
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.ingest import Source, read_source
from pipeline.lexicon import fingerprint as lexicon_fingerprint
from pipeline.manifest import versions
from pipeline.models import load_classifier, shipped_folder
from pipeline.records import Document, Failure, Reading


@dataclass(frozen=True, slots=True)
class Task:
    """All a worker needs to read one source; `key` is that of the source's bytes, None where it has no cache."""

    source: Source
    config: Config
    issue: str | None
    cache: Path | None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one source: where its readings are stored, failures, and how many were stored before.

    The readings themselves are here only where there is no cache, so that none is carried about or kept in memory.
    """

    entries: tuple[Entry, ...]
    failures: tuple[Failure, ...]
    errors: tuple[Failure, ...]
    n_cached: int
    readings: tuple[Reading, ...] = ()


@lru_cache(maxsize=1)
def classifier_for(model: str, profile: str) -> SegmentClassifier:
    """Return the classifier of this worker; loaded once."""
    classifier: SegmentClassifier = load_classifier(model, profile)
    return classifier


@lru_cache(maxsize=1)
def tools_for(config: Config) -> Tools:
    """Return the tools of this worker; built on the first article that the cache does not hold."""
    return build_tools(config, classifier_for(config.arguments.model, config.profile))


@lru_cache(maxsize=1)
def _arithmetic() -> ThreadpoolController:
    """Return the control of numpy's threads: one per process, because sums over more end in other last digits."""
    return ThreadpoolController()


@lru_cache(maxsize=4)
def fingerprints(config: Config) -> dict[str, str]:
    """Return the digests of everything beside the article that a reading depends on; nothing is loaded for it.

    Raises
    ------
    ConfigError
        If a lexicon of the user's cannot be read.
    """
    extras = [Path(path) for path in (config.lexicons.entities, config.lexicons.cues) if path]
    # Settings of the corpus steps and of the export do not touch a reading.
    settings = (config.profile, config.ingest, config.words, config.lexicons, config.arguments)
    model = shipped_folder() if config.arguments.model == "shipped" else Path(config.arguments.model)
    try:
        lexicons = lexicon_fingerprint(extras)
    except OSError as error:
        raise ConfigError(
            f"{error.filename}: {error.strerror}; expected a lexicon in TOML; "
            "check the settings lexicons.entities and lexicons.cues"
        ) from error
    return {
        "code": code_fingerprint(),
        "config": _digest(repr(settings)),
        "lexicons": lexicons,
        "model": folder_fingerprint(model),
        "packages": _digest(repr(sorted(versions().items()))),
    }


def prepare(source: Source, config: Config, issue: str | None, cache: Path) -> Task:
    """Return the task of reading `source`, with the key of its bytes (None where it has none to read twice)."""
    key = None
    if source.origin is not None:
        key = source_key(source.origin, source.path, source.kind, issue or "", *fingerprints(config).values())
    return Task(source, config, issue, cache, key)


def recall(task: Task) -> Known | None:
    """Return what an earlier run found in the same bytes, or None when they must be read."""
    return load_source(task.cache, task.key) if task.cache and task.key else None


def find_known(task: Task, known: Known) -> Outcome | None:
    """Return the outcome of a source that was read before, or None when a reading of it is missing or damaged."""
    if task.cache is None or any(stored_digest(task.cache, entry.key) != entry.digest for entry in known.entries):
        return None
    return Outcome(known.entries, known.failures, (), len(known.entries))


def read_task(task: Task) -> Outcome:
    """Read one source; what fails is told, not raised, so that the rest of the batch goes on."""
    readings: list[Reading] = []
    entries: list[Entry] = []
    failures: list[Failure] = []
    errors: list[Failure] = []
    n_cached = 0
    for item in read_source(task.source, task.config.ingest):
        if isinstance(item, Failure):
            failures.append(item)
            continue
        key = reading_key(item, task.issue or "", *fingerprints(task.config).values())
        if task.cache is None or load_reading(task.cache, key) is None:
            try:
                reading = _analyse(item, task)
            except Exception as error:  # the edge of a stage: one article's fault must not lose the batch
                errors.append(_internal(item, error))
                continue
            if task.cache is None:
                readings.append(reading)
                continue
            store_reading(task.cache, key, reading)
        else:
            n_cached += 1
        entry = find_entry(task.cache, key, item)
        if entry is None:
            errors.append(_vanished(item))
        else:
            entries.append(entry)
    outcome = Outcome(tuple(entries), tuple(failures), tuple(errors), n_cached, tuple(readings))
    _remember(task, outcome)
    return outcome


def _analyse(document: Document, task: Task) -> Reading:
    tools = tools_for(task.config)
    with _arithmetic().limit(limits=1):
        return analyse(document, tools, issue=task.issue)


@contextlib.contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes inside: they never see Ctrl-C, which the terminal sends to all of us; we end them ourselves."""
    resource_tracker.ensure_running()  # its own start would lift what is set here
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def _remember(task: Task, outcome: Outcome) -> None:
    """Store what the bytes of the source hold, unless a fault of ours or a change while reading makes it doubtful."""
    if task.cache is None or task.key is None or outcome.errors:
        return
    if prepare(task.source, task.config, task.issue, task.cache).key == task.key:
        store_source(task.cache, task.key, Known(outcome.entries, outcome.failures))


def _internal(document: Document, error: Exception) -> Failure:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return Failure(
        where=document.path,
        got=f"a fault of ours, {type(error).__name__} at {place}: {error}",
        expected="no fault",
        remedy="please report it with the article; the other articles are complete",
    )


def _vanished(document: Document) -> Failure:
    return Failure(
        where=document.path,
        got="its stored reading was gone as soon as it was written",
        expected="an output folder that nothing else clears",
        remedy="run the same command again; the other articles are complete",
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
