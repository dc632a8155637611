"""One reading per article and one entry per source on disk, found again by everything that could change them.

Both are stored as JSON (nothing that runs on loading). A damaged or foreign file counts as absent and is
written anew. Old entries are removed by `prune` at the end of a run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pipeline.atomic import write_atomically
from pipeline.records import Document, Failure, Reading


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored reading: its key, the digest of its bytes, and what says where it stands among the others."""

    key: str
    digest: str
    path: str
    article_id: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a source was found to hold: its readings, in order, and what could not be read."""

    entries: tuple[Entry, ...]
    failures: tuple[Failure, ...]


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Return a digest of the package's own source, so that no reading outlives the code that made it."""
    return _tree_digest(resources.files("pipeline"), lambda name: name.endswith(".py"))


@lru_cache(maxsize=1)
def package_fingerprint() -> str:
    """Return a digest of everything in the package: code, lexicons, weights, vectors and the page's scripts."""
    return _tree_digest(resources.files("pipeline"), lambda name: not name.endswith(".pyc"))


def folder_fingerprint(folder: Path) -> str:
    """Return a digest of all files in a folder; that of a folder that is not there is the digest of nothing."""
    return _tree_digest(folder, lambda _: True) if folder.is_dir() else _tree_digest(None, lambda _: True)


def _tree_digest(folder: Traversable | None, wanted: Callable[[str], bool]) -> str:
    digest = hashlib.sha256()
    for name, entry in sorted(_files(folder, ""), key=lambda pair: pair[0]) if folder is not None else ():
        if wanted(name):
            digest.update(name.encode("utf-8", "surrogatepass") + b"\0")
            digest.update(hashlib.sha256(entry.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(folder: Traversable, prefix: str) -> Iterable[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry


def source_key(file: Path, *parts: str) -> str | None:
    """Return the content key of a source: its bytes and `parts` (path, kind, digests); None when it cannot be read."""
    digest = hashlib.sha256(json.dumps(parts).encode())
    try:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    except OSError:
        return None
    return digest.hexdigest()[:32]


def corpus_key(readings: Iterable[str], *parts: str) -> str:
    """Return the content key of the corpus steps: the readings they see, in any order, and `parts` (digests)."""
    payload = json.dumps([sorted(readings), parts], ensure_ascii=False)
    return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def reading_key(document: Document, *fingerprints: str) -> str:
    """Return the content key of a reading: the document and the digests of code, settings, lexicons and weights."""
    payload = json.dumps([_plain(document), fingerprints], ensure_ascii=False, default=str)
    return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def load_reading(folder: Path, key: str) -> Reading | None:
    """Return the stored reading, or None when there is none that can be read."""
    try:
        data = json.loads(_path(folder, key).read_bytes())
        return decode(data) if data[0] == key else None
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


def find_entry(folder: Path, key: str, document: Document) -> Entry | None:
    """Return the entry of a stored reading, or None when its file cannot be read."""
    digest = stored_digest(folder, key)
    return None if digest is None else Entry(key, digest, document.path, document.article_id)


def stored_digest(folder: Path, key: str) -> str | None:
    """Return the digest of the bytes of a stored reading, or None when they cannot be read."""
    try:
        return hashlib.sha256(_path(folder, key).read_bytes()).hexdigest()[:32]
    except OSError:
        return None


def store_reading(folder: Path, key: str, reading: Reading) -> None:
    """Store a reading; it appears whole or not at all."""
    path = _path(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps([key, _plain(reading)], ensure_ascii=False, separators=(",", ":"))
    write_atomically(path, body.encode("utf-8", "surrogatepass"))


def load_source(folder: Path, key: str) -> Known | None:
    """Return what is known of a source, or None when nothing is."""
    try:
        stored, entries, failures = json.loads(_path(folder / _SOURCES, key).read_bytes())
        if stored != key:
            return None
        return Known(tuple(Entry(*map(str, e)) for e in entries), tuple(Failure(*failure) for failure in failures))
    except (OSError, ValueError, TypeError):
        return None


def store_source(folder: Path, key: str, known: Known) -> None:
    """Store what is known of a source; it appears whole or not at all."""
    path = _path(folder / _SOURCES, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps([key, *_plain(known)], ensure_ascii=False, separators=(",", ":"))
    write_atomically(path, body.encode("utf-8", "surrogatepass"))


def prune(folder: Path, readings: Iterable[str], sources: Iterable[str]) -> int:
    """Remove what is stored under other keys than these; return how many files."""
    removed = 0
    for pattern, wanted in (("??/*.json", set(readings)), (f"{_SOURCES}/??/*.json", set(sources))):
        for path in sorted(folder.glob(pattern)):
            if path.stem not in wanted:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def decode(data: Any) -> Reading:
    """Rebuild a reading from what `store_reading` wrote."""
    reading: Reading = _record(Reading, data[1])
    return reading


_SOURCES = "sources"


def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.json"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


@cache
def _builders(cls: type) -> tuple[Any, ...]:
    hints = get_type_hints(cls)
    return tuple(_builder(hints[field.name]) for field in dataclasses.fields(cls))


def _record(cls: type, values: list[Any]) -> Any:
    builders = _builders(cls)
    if len(values) != len(builders):
        raise ValueError(f"{cls.__name__}: {len(values)} values, expected {len(builders)}")
    return cls(*(value if build is None else build(value) for build, value in zip(builders, values, strict=True)))


def _builder(hint: Any) -> Any:
    """Return a function that rebuilds a value of type `hint`, or None when JSON already gives it."""
    if dataclasses.is_dataclass(hint):
        return lambda value: _record(hint, value)  # type: ignore[arg-type]
    if get_origin(hint) is tuple:
        inner = _builder(get_args(hint)[0])
        return tuple if inner is None else lambda value: tuple(inner(item) for item in value)
    if get_origin(hint) in (Union, types.UnionType):
        kinds = [arg for arg in get_args(hint) if arg is not type(None)]
        inner = _builder(kinds[0])
        return None if inner is None else lambda value: None if value is None else inner(value)
    if hint is dt.date:
        return dt.date.fromisoformat
    if hint is float:
        return float
    if get_origin(hint) is Literal:
        return None
    return None
