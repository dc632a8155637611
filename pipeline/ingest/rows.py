"""Tables with one article a row: csv, tsv, xlsx, jsonl and parquet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.ingest.archives import check_archive
from pipeline.ingest.columns import assign
from pipeline.ingest.draft import Draft, printable
from pipeline.ingest.encoding import decode
from pipeline.records import Failure

# A table of articles has a dozen columns; a sheet of thousands is something else and costs memory.
_MAX_COLUMNS = 1024
# Rows decoded at a time from parquet: enough to be quick, little enough to be small.
_BATCH_ROWS = 512
# What a broken workbook makes openpyxl and the modules below it raise.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, SyntaxError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError),
)
_DEEP = "nesting deeper than a parser follows"


def read_csv(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft | Failure]:
    """Yield the articles of a file with commas, semicolons or tabs between its cells."""
    text = decode(data, where)
    head = text[: text.find("\n") if "\n" in text else None]
    delimiter = max(",;\t|", key=lambda mark: (head.count(mark), mark == ","))
    yield from _delimited(text, delimiter, where, config)


def read_tsv(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft | Failure]:
    """Yield the articles of a file with tabs between its cells."""
    yield from _delimited(decode(data, where), "\t", where, config)


def _delimited(text: str, delimiter: str, where: str, config: IngestConfig) -> Iterator[Draft | Failure]:
    # Cells are as long as the file allows; the length of an article is checked when it is made.
    csv.field_size_limit(max(csv.field_size_limit(), config.max_file_mb * 1_000_000))
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        names = next(reader, [])
        yield from _rows(names, enumerate(reader, start=2), where, config)
    except csv.Error as error:
        raise InputError(
            f"{where}, line {reader.line_num}", f"broken cells ({error})", "rows of cells, quoted where needed",
            "save the table again as CSV in UTF-8",
        ) from error  # fmt: skip


def read_xlsx(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft | Failure]:
    """Yield the articles of every sheet that has a column of text."""
    import openpyxl

    check_archive(data, where, config, kind="xlsx")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    except _BROKEN as error:
        raise InputError(
            where,
            f"no readable workbook ({type(error).__name__})",
            "an xlsx file",
            "save it again from your spreadsheet",
        ) from error
    problems: list[InputError] = []
    for sheet in sheets:
        place = f"{where}, sheet {printable(sheet.title)}"
        rows = _sheet_rows(sheet, place)
        names = [_cell(cell) for cell in next(rows, ())]
        try:
            yield from _rows(names, enumerate(rows, start=2), place, config)
        except InputError as error:
            problems.append(error)
    if len(problems) == len(sheets):
        raise (
            problems[0]
            if problems
            else InputError(where, "a workbook without sheets", "a sheet of articles", "leave it out")
        )


def _sheet_rows(sheet: Any, place: str) -> Iterator[Sequence[object]]:
    try:
        yield from sheet.iter_rows(values_only=True, max_col=_MAX_COLUMNS)
    except _BROKEN as error:
        raise InputError(
            place, f"a broken sheet ({type(error).__name__})", "rows of cells", "save it again from your spreadsheet"
        ) from error


def read_jsonl(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft | Failure]:
    """Yield the articles of a file with one JSON object a line, or of one JSON array of objects."""
    text = decode(data, where)
    if text.lstrip("\ufeff \t\r\n").startswith("["):
        yield from _json_array(text, where, config)
        return
    found = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip("\ufeff \t\r"):
            continue
        found += 1
        place = f"{where}, line {number}"
        try:
            row = json.loads(line.lstrip("\ufeff"))
        except (json.JSONDecodeError, RecursionError, ValueError) as error:
            if found == 1 and text.lstrip().startswith("{") and number == 1 and line.strip() == "{":
                yield from _json_array(f"[{text}]", where, config)
                return
            yield Failure(place, f"no JSON ({_reason(error)})", "one JSON object a line", "mend or remove the line")
            continue
        yield _object(row, place, config)


def _json_array(text: str, where: str, config: IngestConfig) -> Iterator[Draft | Failure]:
    try:
        rows = json.loads(text.lstrip("\ufeff"))
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        raise InputError(where, f"no JSON ({_reason(error)})", "JSON objects", "mend the file") from error
    for number, row in enumerate(rows, start=1):
        yield _object(row, f"{where}, item {number}", config)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return _DEEP if isinstance(error, RecursionError) else str(error)[:80]


def _object(row: object, place: str, config: IngestConfig) -> Draft | Failure:
    if not isinstance(row, dict):
        return Failure(place, "JSON that is no object", 'an object such as {"text": …}', "mend or remove it")
    names = [str(name) for name in row]
    fields = assign(names, config.columns)
    if "text" not in fields:
        return _no_text_column(place, names)
    return _draft(list(row.values()), fields, place)


def read_parquet(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft | Failure]:
    """Yield the articles of a parquet file, a batch of rows at a time."""
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(pyarrow.BufferReader(data))
        names = [str(name) for name in table.schema_arrow.names]
        fields = assign(names, config.columns)
        chosen = [names[position] for position in fields.values()]
        number = 0
        if "text" not in fields:
            yield _no_text_column(where, names)
            return
        order = {field: index for index, field in enumerate(fields)}
        for batch in table.iter_batches(batch_size=_BATCH_ROWS, columns=chosen):
            columns = [batch.column(name).to_pylist() for name in chosen]
            for row in zip(*columns, strict=True):
                number += 1
                yield _draft(row, order, f"{where}, row {number}")
    except (pyarrow.ArrowException, OSError, KeyError, ValueError) as error:
        raise InputError(
            where, f"no readable parquet file ({type(error).__name__})", "a parquet table", "write it again"
        ) from error


def _rows(
    names: list[str], rows: Iterable[tuple[int, Sequence[object]]], where: str, config: IngestConfig
) -> Iterator[Draft | Failure]:
    names = [name.strip().strip("\ufeff") for name in names]
    if len(names) > _MAX_COLUMNS:
        raise InputError(where, f"{len(names)} columns", f"at most {_MAX_COLUMNS}", "keep the columns of the articles")
    fields = assign(names, config.columns)
    if "text" not in fields:
        failure = _no_text_column(where, names)
        raise InputError(failure.where, failure.got, failure.expected, failure.remedy)
    for number, row in rows:
        if any(cell not in (None, "") for cell in row):
            yield _draft(row, fields, f"{where}, row {number}")


def _no_text_column(where: str, names: list[str]) -> Failure:
    shown = ", ".join(printable(name)[:30] for name in names[:12]) or "none"
    return Failure(
        where,
        f"no column of text (columns: {shown})",
        "a column such as text or 正文",
        "name it in [ingest.columns] of your settings",
    )


def _draft(row: Sequence[object], fields: dict[str, int], place: str) -> Draft | Failure:
    values = {field: row[position] for field, position in fields.items() if position < len(row)}
    text = _cell(values.pop("text", None))
    if not text.strip():
        return Failure(place, "a row with no text", "an article in the column of text", "fill it or remove the row")
    published = values.pop("published", None)
    known: dict[str, Any] = {field: _cell(value) or None for field, value in values.items()}
    return Draft(
        where=place,
        text=text,
        published=published if isinstance(published, dt.date) else _cell(published) or None,
        **known,
    )


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(_cell(item) for item in value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
