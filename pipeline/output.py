"""The output folder: one run at a time, tables that change all at once, and what an interrupted run left behind.

New tables are written beside the old ones with a record of the run, and take their place by renaming. That moment is
the end of a run: before it, the next run starts from the old tables as if nothing had happened; after it, the next run
finds the record and has nothing left to do.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.atomic import write_atomically
from pipeline.errors import ConfigError
from pipeline.records import Failure
from pipeline.tables import RECORDS

TABLES, CACHE, RECORD, LOCK = "tables", ".cache", "_run.json", ".lock"
FRESH, REPLACED = ".tables.new", ".tables.old"
_OURS = {RECORD, *(f"{name}.{suffix}" for name in RECORDS for suffix in ("parquet", "csv"))}
# What `write_atomically` calls a file that is not finished; only a killed process leaves one behind.
_UNFINISHED = re.compile(r"\..+\.[a-z0-9_]{8}")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a finished run was made of (`key`), the digests of its files, and what it told beside the tables.

    With `texts`, files that only this run could write, every other file can be written again from the tables.
    """

    key: str
    files: Mapping[str, str]
    texts: Mapping[str, str]
    duplicates: tuple[Failure, ...]
    notes: tuple[str, ...]
    n_quarantined: int
    counts: Mapping[str, Any]


@contextlib.contextmanager
def claim(out: Path) -> Iterator[None]:
    """Make the output folder, keep other runs out of it, and tidy up after an interrupted one.

    Raises
    ------
    ConfigError
        If the folder cannot be written, another run is using it, or the disk fills up meanwhile.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out / LOCK, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise ConfigError(
            f"{out}: {error.strerror}; expected a folder to write to; choose another with --out"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _recover(out)
        yield
    except BlockingIOError as error:
        raise ConfigError(
            f"{out}: another run is writing here; expected one run per folder; wait for it or choose another --out"
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{error.filename or out}: {error.strerror or error}; expected room and the right to write to {out}; "
            "mend that and run the same command again: articles already read are kept"
        ) from error
    finally:
        os.close(handle)


def publish(out: Path, record: RunRecord) -> None:
    """Put the tables in ``out/.tables.new`` in the place of the old ones, with the record of their run."""
    body = json.dumps({"format": 3, **dataclasses.asdict(record)}, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(out / FRESH / RECORD, body + "\n")
    if (out / TABLES).exists():
        os.rename(out / TABLES, out / REPLACED)
    os.rename(out / FRESH, out / TABLES)
    _drop_replaced(out)


def fresh_folder(out: Path) -> Path:
    """Return an empty folder for new tables."""
    shutil.rmtree(out / FRESH, ignore_errors=True)
    (out / FRESH).mkdir()
    return out / FRESH


def read_record(out: Path) -> RunRecord | None:
    """Return the record of the last finished run, or None when there is none of this version."""
    try:
        body = json.loads((out / TABLES / RECORD).read_bytes())
        if body.pop("format") != 3:
            return None
        failures = tuple(Failure(**failure) for failure in body.pop("duplicates"))
        return RunRecord(duplicates=failures, notes=tuple(body.pop("notes")), **body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_whole(out: Path, record: RunRecord, below: str = "") -> bool:
    """Whether every file of the recorded run (in the folder `below`) is still there, unchanged."""
    return all(digest(out / name) == expected for name, expected in record.files.items() if name.startswith(below))


def digests(out: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return the digest of every file under its path in the output folder, once the tables are in place."""
    found = {}
    for path in paths:
        name = path.relative_to(out)
        found[str(Path(TABLES, *name.parts[1:]) if name.parts[0] == FRESH else name)] = digest(path) or ""
    return found


def digest(path: Path) -> str | None:
    """Return the digest of a file's bytes, or None when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()[:32]
    except OSError:
        return None


def _recover(out: Path) -> None:
    """Bring the folder of a killed run to the state before or after its tables were replaced."""
    if (out / REPLACED).exists() and not (out / TABLES).exists():
        complete = (out / FRESH / RECORD).exists()
        os.rename(out / (FRESH if complete else REPLACED), out / TABLES)
    _drop_replaced(out)
    shutil.rmtree(out / FRESH, ignore_errors=True)
    for pattern in (".*", "maps/.*", f"{CACHE}/*/.*", f"{CACHE}/sources/*/.*"):
        for path in out.glob(pattern):
            if _UNFINISHED.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)


def _drop_replaced(out: Path) -> None:
    """Remove the old tables; files that somebody else put beside them stay."""
    old = out / REPLACED
    if not old.exists():
        return
    for path in sorted(old.iterdir()):
        if path.name not in _OURS and not (out / TABLES / path.name).exists():
            os.rename(path, out / TABLES / path.name)
    shutil.rmtree(old)
