"""One reading per article on disk, found again by everything that could change it.

Readings are stored as JSON (nothing that runs on loading). A damaged or foreign file counts as absent and is
written anew. Old entries are removed by `prune` at the end of a run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import types
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pipeline.atomic import write_atomically
from pipeline.records import Document, Reading


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Return a digest of the package's own source, so that no reading outlives the code that made it."""
    digest = hashlib.sha256()
    for name, data in sorted(_sources(resources.files("pipeline"), "")):
        digest.update(name.encode() + b"\0" + data + b"\0")
    return digest.hexdigest()[:16]


def _sources(folder: Traversable, prefix: str) -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield prefix + entry.name, entry.read_bytes()


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


def store_reading(folder: Path, key: str, reading: Reading) -> None:
    """Store a reading; it appears whole or not at all."""
    path = _path(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps([key, _plain(reading)], ensure_ascii=False, separators=(",", ":"))
    write_atomically(path, body.encode("utf-8", "surrogatepass"))


def prune(folder: Path, keep: Iterable[str]) -> int:
    """Remove stored readings whose key is not in `keep`; return how many."""
    wanted = set(keep)
    removed = 0
    for path in sorted(folder.glob("??/*.json")):
        if path.stem not in wanted:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def decode(data: Any) -> Reading:
    """Rebuild a reading from what `store_reading` wrote."""
    reading: Reading = _record(Reading, data[1])
    return reading


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
