"""The shell of a batch: sources to readings over workers, then the corpus steps, then files.

Every effect of a run is here, in `cache` and in `worker`; the stages themselves are pure.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline.argmap import export_maps
from pipeline.article.words import build_words
from pipeline.atomic import write_atomically
from pipeline.cache import Known, corpus_key, folder_fingerprint, package_fingerprint, prune
from pipeline.config import Config
from pipeline.errors import ContractError
from pipeline.explorer import render_page, render_report, render_report_page
from pipeline.gather import gather, mark_repeats, quarantine
from pipeline.ingest import find_sources
from pipeline.manifest import Clock, build_manifest
from pipeline.output import CACHE, TABLES, RunRecord, claim, digests, fresh_folder, is_whole, publish, read_record
from pipeline.pool import read_here
from pipeline.records import Failure, Tables
from pipeline.tables import read_tables, write_tables
from pipeline.viewpoints import ViewpointResult, build_viewpoints, find_repeats
from pipeline.worker import Outcome, Task, fingerprints, load_known, prepare, read_task, recall

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
    unchanged: bool


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
        tables, record, outcomes, unchanged = _results(batch, tasks, known, reader, n_failed=len(failures))
        failures += [failure for outcome in outcomes for failure in outcome.failures]
        errors = [error for outcome in outcomes for error in outcome.errors]
        told = record or RunRecord("", {}, {}, (), (f"no article could be read; {out} is left as it was",), 0)
        summary = RunSummary(
            tables=tables,
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
            read = (key for outcome in outcomes for key in outcome.keys)
            prune(out / CACHE, read, (task.key for task in tasks if task.key is not None))
    return summary


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the steps of one run share."""

    out: Path
    config: Config
    issue: str | None
    clock: Clock
    tell: Callable[[Progress], None]

    def key(self, outcomes: Iterable[Outcome | Known]) -> str:
        """Return the key of the results: what was read and all that the corpus steps depend on."""
        vectors = folder_fingerprint(Path(self.config.viewpoints.vectors))
        return corpus_key(
            (key for outcome in outcomes for key in outcome.keys),
            *(package_fingerprint(), self.config.fingerprint(), self.issue or "", vectors),
            *(f"{name} {value}" for name, value in fingerprints(self.config).items()),
            shutil.which("dot") or "",  # pictures of maps are left out where Graphviz is missing
        )


def _results(
    batch: _Batch, tasks: Sequence[Task], known: Sequence[Known | None], engine: Engine, *, n_failed: int
) -> tuple[Tables, RunRecord | None, list[Outcome], bool]:
    """Return tables, record, outcomes, and whether all stands as it was; no record where nothing could be read."""
    outcomes = [Outcome((), k.keys, k.failures, (), len(k.keys)) for k in known if k is not None]
    standing = _standing(batch, known)
    if standing is None:
        with batch.clock.stage("read"):
            outcomes = _read_all(batch, tasks, known, engine, n_failed=n_failed)
        standing = _standing(batch, outcomes)  # the cache was lost, not the results
    if standing is not None:
        tables, record, unchanged = standing
        return tables, record, outcomes, unchanged
    if not any(outcome.keys for outcome in outcomes) and (batch.out / TABLES).exists():
        return Tables(), None, outcomes, False
    return *_corpus(batch, outcomes, n_failed=n_failed), outcomes, False


def _standing(batch: _Batch, known: Sequence[Known | Outcome | None]) -> tuple[Tables, RunRecord, bool] | None:
    """Return the tables of the last run where they hold what this one would find, and whether all files were whole.

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
        tables = read_tables(batch.out / TABLES)
    if not whole:
        with batch.clock.stage("export"):
            _write(tables, batch, record.texts)
    return tables, record, whole


def _read_all(
    batch: _Batch, tasks: Sequence[Task], known: Sequence[Known | None], engine: Engine, *, n_failed: int
) -> list[Outcome]:
    """Return the outcome of every task, those from the cache first, then in the order in which they finish."""
    outcomes: list[Outcome] = []
    articles, failed = 0, n_failed
    with contextlib.closing(_outcomes(tasks, known, engine)) as finished:
        for outcome in finished:
            outcomes.append(outcome)
            articles += len(outcome.readings)
            failed += len(outcome.failures) + len(outcome.errors)
            batch.tell(Progress("read", len(outcomes), len(tasks), articles, failed))
    return outcomes


def _outcomes(tasks: Sequence[Task], known: Sequence[Known | None], engine: Engine) -> Generator[Outcome, None, None]:
    rest = []
    for task, entry in zip(tasks, known, strict=True):
        stored = load_known(task, entry) if entry is not None else None
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


def _corpus(batch: _Batch, outcomes: Sequence[Outcome], *, n_failed: int) -> tuple[Tables, RunRecord]:
    """Join the readings, group the arguments, write everything but the manifest."""
    n_failed += sum(len(outcome.failures) + len(outcome.errors) for outcome in outcomes)
    n = len(outcomes)
    with batch.clock.stage("gather"):
        tables, duplicates = gather(reading for outcome in outcomes for reading in outcome.readings)
        tables, rejected = quarantine(mark_repeats(tables, find_repeats(tables.articles)))
    batch.tell(Progress("viewpoints", n, n, len(tables.articles), n_failed))
    with batch.clock.stage("cluster"):
        result, notes = _viewpoints(tables, batch.out, batch.config)
    tables = replace(tables, viewpoints=result.viewpoints, memberships=result.memberships)
    batch.tell(Progress("export", n, n, len(tables.articles), n_failed))
    with batch.clock.stage("export"):
        lines = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rejected)
        texts = {"changes.md": result.changes, "quarantine.jsonl": "".join(lines)}
        written, missing = _write(tables, batch, texts)
        written += write_tables(tables, fresh_folder(batch.out), csv=batch.config.export.csv)
        record = RunRecord(
            key=batch.key(outcomes),
            files=digests(batch.out, written),
            texts=texts,
            duplicates=tuple(duplicates),
            notes=(*notes, *missing),
            n_quarantined=len(rejected),
        )
        publish(batch.out, record)
    return tables, record


def _viewpoints(tables: Tables, out: Path, config: Config) -> tuple[ViewpointResult, list[str]]:
    """Group the arguments; viewpoints of an earlier run in `out` keep their ids where they persist."""
    previous: Tables | None = None
    notes = []
    if (out / TABLES).exists():
        try:
            previous = read_tables(out / TABLES)
        except ContractError as error:
            notes.append(f"viewpoints were named anew, because the earlier results cannot be read: {error}")
    words = build_words(config.words, Path(config.lexicons.entities) if config.lexicons.entities else None)
    result = build_viewpoints(
        tables, config.viewpoints, cut=lambda text: [word.text for word in words.cut(text)], previous=previous
    )
    return result, notes


def _write(tables: Tables, batch: _Batch, texts: Mapping[str, str]) -> tuple[list[Path], tuple[str, ...]]:
    """Write everything but tables and manifest; return the paths and what was left out."""
    out, export = batch.out, batch.config.export
    maps = export_maps(tables, export.map_formats, out / "maps", scope="all", max_arguments=export.max_map_arguments)
    written = list(maps.paths)
    pages = {
        "explorer.html": render_page(tables, title=f"论衡：{len(tables.articles)} 篇评论里的观点"),
        "report.md": render_report(tables),
        "report.html": render_report_page(tables),
    }
    for name, text in {**pages, **texts}.items():
        write_atomically(out / name, text)
        written.append(out / name)
    return written, maps.notes


def _manifest(summary: RunSummary, paths: Sequence[str], config: Config) -> str:
    return build_manifest(
        summary.tables,
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
