"""Records to Arrow tables to Parquet files and back, checked both ways.

The schema of a table is derived from its record class, so there is one place where a column is declared.
"""

from __future__ import annotations

import contextlib
import csv as csv_module
import datetime as dt
import io
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import ContractError
from pipeline.records import (
    Argument,
    Article,
    Membership,
    PriceEvent,
    Relation,
    Segment,
    Speaker,
    SpeakerStance,
    Tables,
    Viewpoint,
)

RECORDS: dict[str, type] = {
    "articles": Article,
    "segments": Segment,
    "speakers": Speaker,
    "arguments": Argument,
    "stances": SpeakerStance,
    "relations": Relation,
    "price_events": PriceEvent,
    "viewpoints": Viewpoint,
    "memberships": Membership,
}
_ARROW: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    dt.date: pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type, whether null is allowed and, where closed, its values."""

    name: str
    type: pa.DataType
    nullable: bool
    values: frozenset[str] | None


@cache
def columns(name: str) -> tuple[Column, ...]:
    """Return the columns of table `name`, in order."""
    record = RECORDS[name]
    hints = get_type_hints(record)
    return tuple(_column(field.name, hints[field.name]) for field in fields(record))


def _column(name: str, hint: Any) -> Column:
    nullable = False
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
        nullable = True
    if get_origin(hint) is Literal:
        return Column(name, pa.string(), nullable, frozenset(get_args(hint)))
    if get_origin(hint) is tuple:
        return Column(name, pa.list_(pa.string()), nullable, None)
    return Column(name, _ARROW[hint], nullable, None)


@cache
def schema(name: str) -> pa.Schema:
    """Return the Arrow schema of table `name`."""
    return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in columns(name)])


def to_arrow(name: str, rows: Iterable[Any]) -> pa.Table:
    """Turn records of one table into an Arrow table.

    Raises
    ------
    ContractError
        If a value has the wrong type, is null where it must not be, or is not one of a closed set.
    """
    by_column: list[list[Any]] = [[] for _ in columns(name)]
    for row in rows:
        if not isinstance(row, RECORDS[name]):
            raise ContractError(f"table {name}: got a {type(row).__name__}, expected a {RECORDS[name].__name__}")
        for store, column in zip(by_column, columns(name), strict=True):
            store.append(getattr(row, column.name))
    arrays = []
    for column, values in zip(columns(name), by_column, strict=True):
        try:
            arrays.append(pa.array(values, type=column.type, from_pandas=False))
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError) as error:
            raise ContractError(f"table {name}, column {column.name}: {error}; expected {column.type}") from error
    table = pa.Table.from_arrays(arrays, schema=schema(name))
    _check(name, table)
    return table


def from_arrow(name: str, table: pa.Table) -> tuple[Any, ...]:
    """Turn an Arrow table back into records.

    Raises
    ------
    ContractError
        If the columns, their order or their types are not those of table `name`, or a value breaks the contract.
    """
    expected = schema(name)
    if not table.schema.equals(expected, check_metadata=False):
        raise ContractError(
            f"table {name}: got columns {table.schema.names}, expected {expected.names} with types {expected.types}; "
            "the folder was written by another version: run again into a new folder"
        )
    _check(name, table)
    record = RECORDS[name]
    lists = [i for i, c in enumerate(columns(name)) if pa.types.is_list(c.type)]
    rows = []
    for values in zip(*(column.to_pylist() for column in table.columns), strict=True):
        cells = list(values)
        for index in lists:
            cells[index] = tuple(cells[index])
        rows.append(record(*cells))
    return tuple(rows)


def _check(name: str, table: pa.Table) -> None:
    """Refuse nulls and unknown values; Arrow's own validation lets nulls pass in a non-nullable column."""
    for column in columns(name):
        data = table.column(column.name)
        if not column.nullable and data.null_count:
            raise ContractError(f"table {name}, column {column.name}: {data.null_count} nulls, expected none")
        if column.values is not None:
            unknown = set(data.unique().to_pylist()) - column.values - {None}
            if unknown:
                expected = sorted(column.values)
                raise ContractError(f"table {name}, column {column.name}: got {sorted(unknown)}, expected {expected}")


class TableWriter:
    """Writes tables part by part, so that no more than one part is held: one row group per part in every file.

    Every table gets a row group for every part, an empty one where the part has no row; so the row groups of one number
    belong together in all tables. The files are complete when the writer is closed without a fault; write them where
    nobody looks before.
    """

    def __init__(self, folder: Path, names: Sequence[str], *, csv: bool = False) -> None:
        self._files = {name: (folder / f"{name}.parquet").open("wb") for name in names}
        self._csv = {name: (folder / f"{name}.csv").open("wb") for name in names} if csv else {}
        self._writers = {n: pq.ParquetWriter(sink, schema(n), compression="zstd") for n, sink in self._files.items()}
        for name, sink in self._csv.items():
            sink.write(b"\xef\xbb\xbf" + _csv([[column.name for column in columns(name)]]))  # Excel asks for the mark

    def write(self, name: str, rows: Sequence[Any]) -> None:
        """Write one part of table `name`.

        Raises
        ------
        ContractError
            If a row breaks the contract.
        """
        self._writers[name].write_table(to_arrow(name, rows), row_group_size=max(len(rows), 1))
        if name in self._csv:
            self._csv[name].write(_csv(astuple(row) for row in rows))

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, fault: type[BaseException] | None, *_: object) -> None:
        for writer in self._writers.values():
            # After a fault there is nothing to complete; left open, a writer would try again when it is collected.
            with contextlib.suppress(*(() if fault is None else (OSError, ValueError))):
                writer.close()
        for sink in (*self._files.values(), *self._csv.values()):
            sink.close()


def table_paths(folder: Path, names: Iterable[str], *, csv: bool = False) -> tuple[Path, ...]:
    """Return the files of the given tables."""
    return tuple(folder / f"{name}.{suffix}" for name in names for suffix in ("parquet", "csv")[: 1 + csv])


def write_tables(tables: Tables, folder: Path, *, csv: bool = False) -> tuple[Path, ...]:
    """Write every table to `folder` as Parquet, and as CSV with a byte-order mark on request; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with TableWriter(folder, list(RECORDS), csv=csv) as writer:
        for name in RECORDS:
            writer.write(name, getattr(tables, name))
    return table_paths(folder, RECORDS, csv=csv)


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    """Return CSV that Excel opens as Chinese text and whose cells cannot run as formulas."""
    sink = io.StringIO()
    csv_module.writer(sink).writerows([safe_cell(value) for value in row] for row in rows)
    return sink.getvalue().encode("utf-8", "replace")


def safe_cell(value: Any) -> Any:
    """Return `value` for a spreadsheet cell: lists joined, text that a spreadsheet would run quoted with ``'``."""
    if isinstance(value, tuple):
        value = "、".join(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") and value != "-":
        return "'" + value
    return value


def read_tables(folder: Path, names: Iterable[str] = tuple(RECORDS)) -> Tables:
    """Read what `write_tables` wrote, or the named tables of it; the others stay empty.

    Raises
    ------
    ContractError
        If a table is missing, damaged or of another version; the message names the file.
    """
    return Tables(**{n: tuple(row for part in read_parts(folder, (n,)) for row in getattr(part, n)) for n in names})


def read_parts(folder: Path, names: Sequence[str]) -> Iterator[Tables]:
    """Yield the parts of the named tables one after the other, as `TableWriter` wrote them.

    Raises
    ------
    ContractError
        If a table is missing, damaged or of another version, or the tables have different numbers of parts.
    """
    with contextlib.ExitStack() as stack:
        files = {name: stack.enter_context(_opened(folder / f"{name}.parquet")) for name in names}
        counts = {name: file.num_row_groups for name, file in files.items()}
        if len(set(counts.values())) > 1:
            raise ContractError(f"{folder}: got {counts} row groups, expected as many in each; run `lunheng run` again")
        for number in range(max(counts.values(), default=0)):
            yield Tables(**{name: _part(folder, name, file, number) for name, file in files.items()})


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except FileNotFoundError as error:
        raise ContractError(
            f"{path}: not found; expected the tables of a finished run; run `lunheng run` first"
        ) from error
    except (pa.ArrowInvalid, OSError) as error:
        raise ContractError(f"{path}: {error}; expected a Parquet file; run `lunheng run` again") from error


def _part(folder: Path, name: str, file: pq.ParquetFile, number: int) -> tuple[Any, ...]:
    try:
        return from_arrow(name, file.read_row_group(number, use_threads=False))
    except (pa.ArrowInvalid, OSError) as error:
        path = folder / f"{name}.parquet"
        raise ContractError(f"{path}: {error}; expected a Parquet file; run `lunheng run` again") from error


def find_broken_rows(tables: Tables) -> list[tuple[str, Any, str]]:
    """Return (table, row, reason) for every row whose span is not verbatim or whose article or voice is unknown."""
    texts = {article.article_id: article.text for article in tables.articles}
    voices = {(s.article_id, s.speaker_id) for s in tables.speakers}
    broken: list[tuple[str, Any, str]] = []
    for name in ("segments", "speakers", "arguments", "stances", "relations", "price_events"):
        for row in getattr(tables, name):
            reason = _fault(row, texts, voices)
            if reason:
                broken.append((name, row, reason))
    return broken


def _fault(row: Any, texts: dict[str, str], voices: set[tuple[str, str]]) -> str | None:
    text = texts.get(row.article_id)
    if text is None:
        return f"unknown article {row.article_id}"
    if hasattr(row, "start"):
        if not 0 <= row.start < row.end <= len(text):
            return f"span {row.start}:{row.end} outside the text of {len(text)} characters"
        if hasattr(row, "text") and row.text != text[row.start : row.end]:
            return f"text is not the article's text at {row.start}:{row.end}"
    if hasattr(row, "speaker_id") and not isinstance(row, Speaker) and (row.article_id, row.speaker_id) not in voices:
        return f"unknown speaker {row.speaker_id}"
    return None
