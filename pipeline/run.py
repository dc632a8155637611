"""The shell of a batch: sources to readings over workers, then the corpus steps, then files.

Every effect of a run is here, in `cache` and in `worker`; the stages themselves are pure.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.atomic import write_atomically
from pipeline.cache import Entry, Known, corpus_key, folder_fingerprint, load_reading, package_fingerprint, prune
from pipeline.config import Config
from pipeline.corpus import group_arguments, write_results
from pipeline.errors import ConfigError
from pipeline.ingest import find_sources
from pipeline.manifest import Clock, build_manifest
from pipeline.output import CACHE, TABLES, RunRecord, claim, digests, fresh_folder, is_whole, publish, read_record
from pipeline.pool import read_here
from pipeline.records import Failure, Reading, Tables, Viewpoint
from pipeline.stream import Counts, gather_to_files, with_viewpoints
from pipeline.tables import read_tables
from pipeline.worker import Outcome, Task, find_known, fingerprints, prepare, read_task, recall

Engine = Callable[[Sequence[Task]], Generator[Outcome, None, None]]


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
    """What a run did: how much was found, the files, what failed and what is worth knowing."""

    counts: Mapping[str, Any]
    out: Path
    paths: tuple[Path, ...]
    failures: tuple[Failure, ...]
    errors: tuple[Failure, ...]
    notes: tuple[str, ...]
    n_cached: int
    n_quarantined: int
    seconds: dict[str, float]
    unchanged: bool

    @property
    def tables(self) -> Tables:
        """The tables of the run, read from its folder each time they are asked for: they may be large."""
        return read_tables(self.out / TABLES) if self.paths else Tables()

    @property
    def viewpoints(self) -> tuple[Viewpoint, ...]:
        """The viewpoints alone."""
        return read_tables(self.out / TABLES, ("viewpoints",)).viewpoints if self.paths else ()


def run(
    paths: Sequence[str],
    out: Path,
    *,
    config: Config,
    issue: str | None = None,
    workers: int = 0,
    engine: Engine | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RunSummary:
    """Read every article under `paths` and write tables, viewpoints, maps, page and report to `out`.

    Parameters
    ----------
    paths : sequence of str
        Files, folders, globs or ``-``.
    out : Path
        Output folder; made when absent. Readings of an earlier run there are used again where nothing changed, and
        where nothing at all changed, so are the results. A run that was interrupted goes on from there, and one that
        could read no article leaves earlier results as they were.
    config : Config
        All settings.
    issue : str, optional
        The question the articles are about; found in each article when not given.
    workers : int
        Processes to read with; 0 means one per core.
    engine : callable, optional
        Reads the tasks elsewhere than in processes of this machine, such as on a cluster.
    progress : callable, optional
        Called in this process whenever something was done.

    Raises
    ------
    ConfigError
        If the output folder cannot be used, another run is using it, or the disk is full.
    """
    batch = _Batch(out, config, issue, Clock(), progress or (lambda _: None))
    with claim(out):
        with batch.clock.stage("ingest"):
            sources, failures = find_sources(paths, config.ingest)
            tasks = [prepare(source, config, issue, out / CACHE) for source in sources]
            known = [recall(task) for task in tasks]
        reader = engine or partial(read_here, workers=workers or os.cpu_count() or 1)
        record, outcomes, unchanged = _results(batch, tasks, known, reader, n_failed=len(failures))
        failures += [failure for outcome in outcomes for failure in outcome.failures]
        errors = [error for outcome in outcomes for error in outcome.errors]
        told = record or RunRecord(
            "", {}, {}, (), (f"no article could be read; {out} is left as it was",), 0, Counts().found()
        )
        summary = RunSummary(
            counts=told.counts,
            out=out,
            paths=tuple(out / name for name in (*told.files, "manifest.json") if record is not None),
            failures=_in_order([*failures, *told.duplicates]),
            errors=_in_order(errors),
            notes=told.notes,
            n_cached=sum(outcome.n_cached for outcome in outcomes),
            n_quarantined=told.n_quarantined,
            seconds=batch.clock.seconds,
            unchanged=unchanged,
        )
        if record is not None:
            write_atomically(out / "manifest.json", _manifest(summary, paths, config))
            prune(out / CACHE, _keys(outcomes), (task.key for task in tasks if task.key is not None))
    return summary


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the steps of one run share."""

    out: Path
    config: Config
    issue: str | None
    clock: Clock
    tell: Callable[[Progress], None]

    def load(self, entry: Entry) -> Reading:
        """Return a stored reading.

        Raises
        ------
        ConfigError
            If it is no longer there.
        """
        reading = load_reading(self.out / CACHE, entry.key)
        if reading is None:
            raise ConfigError(
                f"{self.out / CACHE}: the reading of {entry.path} is gone or damaged; expected a folder that nothing "
                "else clears during a run; run the same command again"
            )
        return reading

    def key(self, outcomes: Iterable[Outcome | Known]) -> str:
        """Return the key of the results: what was read and all that the corpus steps depend on."""
        vectors = folder_fingerprint(Path(self.config.viewpoints.vectors))
        return corpus_key(
            _keys(outcomes),
            *(package_fingerprint(), self.config.fingerprint(), self.issue or "", vectors),
            *(f"{name} {value}" for name, value in fingerprints(self.config).items()),
            shutil.which("dot") or "",  # pictures of maps are left out where Graphviz is missing
        )


def _keys(found: Iterable[Outcome | Known]) -> Iterable[str]:
    return (entry.key for source in found for entry in source.entries)


def _results(
    batch: _Batch, tasks: Sequence[Task], known: Sequence[Known | None], engine: Engine, *, n_failed: int
) -> tuple[RunRecord | None, list[Outcome], bool]:
    """Return record, outcomes, and whether all stands as it was; no record where nothing could be read."""
    outcomes = [Outcome(k.entries, k.failures, (), len(k.entries)) for k in known if k is not None]
    standing = _standing(batch, known)
    if standing is None:
        with batch.clock.stage("read"):
            outcomes = _read_all(batch, tasks, known, engine, n_failed=n_failed)
        standing = _standing(batch, outcomes)  # the cache was lost, not the results
    if standing is not None:
        record, unchanged = standing
        return record, outcomes, unchanged
    if not any(outcome.entries for outcome in outcomes) and (batch.out / TABLES).exists():
        return None, outcomes, False
    return _corpus(batch, outcomes, n_failed=n_failed), outcomes, False


def _standing(batch: _Batch, known: Sequence[Known | Outcome | None]) -> tuple[RunRecord, bool] | None:
    """Return the record of the last run where it holds what this one would find, and whether all files were whole.

    Files beside the tables that are missing or damaged are written again.
    """
    record = read_record(batch.out)
    found = [source for source in known if source is not None]
    if record is None or not known or len(found) < len(known) or record.key != batch.key(found):
        return None
    with batch.clock.stage("read"):
        if not is_whole(batch.out, record, TABLES):
            return None
        whole = is_whole(batch.out, record)
    if not whole:
        with batch.clock.stage("export"):
            folder, export = batch.out / TABLES, batch.config.export
            write_results(folder, batch.out, export, counts=record.counts, texts=record.texts)
    return record, whole


def _read_all(
    batch: _Batch, tasks: Sequence[Task], known: Sequence[Known | None], engine: Engine, *, n_failed: int
) -> list[Outcome]:
    """Return the outcome of every task, those from the cache first, then in the order in which they finish."""
    outcomes: list[Outcome] = []
    articles, failed = 0, n_failed
    with contextlib.closing(_outcomes(tasks, known, engine)) as finished:
        for outcome in finished:
            outcomes.append(outcome)
            articles += len(outcome.entries)
            failed += len(outcome.failures) + len(outcome.errors)
            batch.tell(Progress("read", len(outcomes), len(tasks), articles, failed))
    return outcomes


def _outcomes(tasks: Sequence[Task], known: Sequence[Known | None], engine: Engine) -> Generator[Outcome, None, None]:
    rest = []
    for task, entry in zip(tasks, known, strict=True):
        stored = find_known(task, entry) if entry is not None else None
        if stored is None:
            rest.append(task)
        else:
            yield stored
    # Another process's standard input is not ours.
    yield from (read_task(task) for task in rest if task.source.origin is None)
    away = [task for task in rest if task.source.origin is not None]
    if away:
        with contextlib.closing(engine(away)) as finished:
            yield from finished


def _corpus(batch: _Batch, outcomes: Sequence[Outcome], *, n_failed: int) -> RunRecord:
    """Join the readings, group the arguments, write everything but the manifest."""
    n_failed += sum(len(outcome.failures) + len(outcome.errors) for outcome in outcomes)
    n, out, export = len(outcomes), batch.out, batch.config.export
    folder = fresh_folder(out)
    with batch.clock.stage("gather"):
        entries = (entry for outcome in outcomes for entry in outcome.entries)
        gathered = gather_to_files(entries, batch.load, folder, csv=export.csv)
    n_articles = gathered.counts["rows"]["articles"]
    batch.tell(Progress("viewpoints", n, n, n_articles, n_failed))
    with batch.clock.stage("cluster"):
        grouped = group_arguments(folder, batch.config, counts=gathered.counts, previous=out / TABLES)
    batch.tell(Progress("export", n, n, n_articles, n_failed))
    with batch.clock.stage("export"):
        rejected = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in gathered.rejected)
        texts = {"changes.md": grouped.changes, "quarantine.jsonl": "".join(rejected)}
        counts = with_viewpoints(gathered.counts, grouped.n_viewpoints, grouped.n_memberships)
        written, missing = write_results(folder, out, export, counts=counts, texts=texts)
        record = RunRecord(
            key=batch.key(outcomes),
            files=digests(out, [*written, *gathered.paths, *grouped.paths]),
            texts=texts,
            duplicates=gathered.duplicates,
            notes=(*grouped.notes, *missing),
            n_quarantined=len(gathered.rejected),
            counts=counts,
        )
        publish(out, record)
    return record


def _manifest(summary: RunSummary, paths: Sequence[str], config: Config) -> str:
    return build_manifest(
        summary.counts,
        config,
        inputs=paths,
        seconds=summary.seconds,
        fingerprints=fingerprints(config),
        failures=_in_order([*summary.failures, *summary.errors]),
        notes=summary.notes,
        n_cached=summary.n_cached,
        n_quarantined=summary.n_quarantined,
    )


def _in_order(failures: Sequence[Failure]) -> tuple[Failure, ...]:
    return tuple(sorted(failures, key=lambda f: (f.where, f.got)))
