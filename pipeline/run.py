"""The shell of a batch: sources to readings over workers, then the corpus steps, then files.

Every effect of a run is here, in `cache` and in `worker`; the stages themselves are pure.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.argmap import export_maps
from pipeline.article.words import build_words
from pipeline.atomic import write_atomically
from pipeline.cache import prune
from pipeline.config import Config
from pipeline.errors import ConfigError, ContractError
from pipeline.explorer import render_page, render_report
from pipeline.gather import gather, mark_repeats, quarantine
from pipeline.ingest import find_sources
from pipeline.manifest import build_manifest
from pipeline.records import Failure, Tables
from pipeline.tables import read_tables, write_tables
from pipeline.viewpoints import ViewpointResult, build_viewpoints, find_repeats
from pipeline.worker import Outcome, Task, fingerprints, read_task

# Below this many sources the start of worker processes costs more than they save (about 1.5 s each).
MIN_SOURCES_FOR_WORKERS = 60


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: sources done of all, articles read, failures so far, and the name of the current step."""

    step: str
    done: int
    total: int
    articles: int
    failures: int


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did: the tables, the files, what failed and what is worth knowing."""

    tables: Tables
    out: Path
    paths: tuple[Path, ...]
    failures: tuple[Failure, ...]
    errors: tuple[Failure, ...]
    notes: tuple[str, ...]
    n_cached: int
    n_quarantined: int
    seconds: dict[str, float]


def run(
    paths: Sequence[str],
    out: Path,
    *,
    config: Config,
    issue: str | None = None,
    workers: int = 0,
    progress: Callable[[Progress], None] | None = None,
) -> RunSummary:
    """Read every article under `paths` and write tables, viewpoints, maps, page and report to `out`.

    Parameters
    ----------
    paths : sequence of str
        Files, folders, globs or ``-``.
    out : Path
        Output folder; made when absent. Readings of an earlier run there are used again where nothing changed.
    config : Config
        All settings.
    issue : str, optional
        The question the articles are about; found per article when not given.
    workers : int
        Processes to read with; 0 means one per core.
    progress : callable, optional
        Called in this process whenever something was done.

    Raises
    ------
    ConfigError
        If the output folder cannot be used or another run is using it.
    """
    clock = _Clock()
    tell = progress or (lambda _: None)
    with _output(out):
        with clock.stage("ingest"):
            sources, failures = find_sources(paths, config.ingest)
        tasks = [Task(source, config, issue, out / ".cache") for source in sources]
        with clock.stage("read"):
            outcomes = list(_read_all(tasks, workers or os.cpu_count() or 1, len(failures), tell))
        failures += [failure for outcome in outcomes for failure in outcome.failures]
        errors = [error for outcome in outcomes for error in outcome.errors]
        with clock.stage("gather"):
            tables, duplicates = gather(reading for outcome in outcomes for reading in outcome.readings)
            tables, rejected = quarantine(mark_repeats(tables, find_repeats(tables.articles)))
        tell(Progress("viewpoints", len(tasks), len(tasks), len(tables.articles), len(failures)))
        with clock.stage("cluster"):
            result = _viewpoints(tables, out, config)
        tables = replace(tables, viewpoints=result.viewpoints, memberships=result.memberships)
        tell(Progress("export", len(tasks), len(tasks), len(tables.articles), len(failures)))
        with clock.stage("export"):
            written, notes = _write(tables, out, config, rejected=rejected, changes=result.changes)
        all_failures = sorted([*failures, *errors, *duplicates], key=lambda f: (f.where, f.got))
        manifest = build_manifest(
            tables,
            config,
            inputs=paths,
            seconds=clock.seconds,
            fingerprints=fingerprints(config),
            failures=all_failures,
            notes=notes,
            n_cached=sum(outcome.n_cached for outcome in outcomes),
            n_quarantined=len(rejected),
        )
        write_atomically(out / "manifest.json", manifest)
        prune(out / ".cache", (key for outcome in outcomes for key in outcome.keys))
    return RunSummary(
        tables=tables,
        out=out,
        paths=(*written, out / "manifest.json"),
        failures=tuple(sorted([*failures, *duplicates], key=lambda f: (f.where, f.got))),
        errors=tuple(sorted(errors, key=lambda f: f.where)),
        notes=tuple(notes),
        n_cached=sum(outcome.n_cached for outcome in outcomes),
        n_quarantined=len(rejected),
        seconds=clock.seconds,
    )


class _Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@contextlib.contextmanager
def _output(out: Path) -> Iterator[None]:
    """Make the output folder and keep other runs out of it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise ConfigError(
            f"{out}: {error.strerror}; expected a folder to write to; choose another with --out"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(
                f"{out}: another run is writing here; expected one run per folder; wait for it or choose another --out"
            ) from error
        yield
    finally:
        os.close(handle)


def _read_all(
    tasks: Sequence[Task], workers: int, n_failed: int, tell: Callable[[Progress], None]
) -> Iterator[Outcome]:
    """Yield the outcome of every task in the order in which they finish."""
    articles, failed = 0, n_failed
    for done, outcome in enumerate(_outcomes(tasks, workers), start=1):
        articles += len(outcome.readings)
        failed += len(outcome.failures) + len(outcome.errors)
        tell(Progress("read", done, len(tasks), articles, failed))
        yield outcome


def _outcomes(tasks: Sequence[Task], workers: int) -> Iterator[Outcome]:
    if workers <= 1 or len(tasks) < MIN_SOURCES_FOR_WORKERS:
        yield from map(read_task, tasks)
        return
    # "spawn": forked copies of a process with Arrow's threads can hang.
    pool = ProcessPoolExecutor(min(workers, len(tasks)), mp_context=multiprocessing.get_context("spawn"))
    pending: set[Future[Outcome]] = set()
    try:
        for task in tasks:
            pending.add(pool.submit(read_task, task))
            if len(pending) >= 16 * workers:
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        while pending:
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in finished)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _viewpoints(tables: Tables, out: Path, config: Config) -> ViewpointResult:
    """Group the arguments; viewpoints of an earlier run in `out` keep their ids where they persist."""
    try:
        previous: Tables | None = read_tables(out / "tables")
    except ContractError:
        previous = None
    words = build_words(config.words, Path(config.lexicons.entities) if config.lexicons.entities else None)
    return build_viewpoints(
        tables, config.viewpoints, cut=lambda text: [word.text for word in words.cut(text)], previous=previous
    )


def _write(
    tables: Tables, out: Path, config: Config, *, rejected: Sequence[object], changes: str
) -> tuple[list[Path], list[str]]:
    """Write everything but the manifest; return the paths and what was left out and why."""
    written = list(write_tables(tables, out / "tables", csv=config.export.csv))
    maps = export_maps(
        tables, config.export.map_formats, out / "maps", scope="all", max_arguments=config.export.max_map_arguments
    )
    written += maps.paths
    texts = {
        "explorer.html": render_page(tables, title=_title(tables)),
        "report.md": render_report(tables),
        "changes.md": changes,
        "quarantine.jsonl": "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rejected),
    }
    for name, text in texts.items():
        write_atomically(out / name, text)
        written.append(out / name)
    return written, list(maps.notes)


def _title(tables: Tables) -> str:
    return f"论衡：{len(tables.articles)} 篇评论里的观点"
