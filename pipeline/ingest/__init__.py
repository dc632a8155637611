"""Files to documents: one reader per kind, every refusal a `Failure`, nothing raised for what a file holds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.ingest.assemble import assemble
from pipeline.ingest.docx import read_docx
from pipeline.ingest.draft import Draft
from pipeline.ingest.html import read_html
from pipeline.ingest.markdown import read_markdown
from pipeline.ingest.mhtml import read_mhtml
from pipeline.ingest.pdf import read_pdf
from pipeline.ingest.rows import read_csv, read_jsonl, read_parquet, read_tsv, read_xlsx
from pipeline.ingest.sources import READABLE, Source, find_sources
from pipeline.ingest.text import read_text
from pipeline.records import Document, Failure

Reader = Callable[[bytes, str, IngestConfig], Iterator[Draft | Failure]]
READERS: dict[str, Reader] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "mhtml": read_mhtml,
    "docx": read_docx,
    "pdf": read_pdf,
    "csv": read_csv,
    "tsv": read_tsv,
    "xlsx": read_xlsx,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
}


def read_source(source: Source, config: IngestConfig) -> Iterator[Document | Failure]:
    """Read one source: one document for a page, many for a table, a failure for each part that cannot be read.

    Parameters
    ----------
    source : Source
        What `find_sources` found.
    config : IngestConfig
        Limits and the user's column names.

    Yields
    ------
    Document or Failure
        In the order of the file.
    """
    try:
        data = _bytes(source, config)
        kind = _told_by_content(data) if source.kind == "unknown" else source.kind
        if kind == "text" and _told_by_content(data) == "html":
            kind = "html"  # a page saved under the wrong name
        if kind not in READERS:
            raise InputError(source.path, "a kind of file that is not read", READABLE, "convert it to one of these")
        for item in READERS[kind](data, source.path, config):
            yield from [item] if isinstance(item, Failure) else _document(item, source, config)
    except InputError as error:
        yield _failure(error)
    except OSError as error:
        yield Failure(source.path, error.strerror or str(error), "a readable file", "check its rights")


def _document(draft: Draft, source: Source, config: IngestConfig) -> Iterator[Document | Failure]:
    try:
        yield from assemble(draft, source.path, config)
    except InputError as error:
        yield _failure(error)


def _failure(error: InputError) -> Failure:
    return Failure(error.where, error.got, error.expected, error.remedy)


def _bytes(source: Source, config: IngestConfig) -> bytes:
    limit = config.max_file_mb * 1_000_000
    if source.origin is None:
        data = sys.stdin.buffer.read(limit + 1)
    else:
        with source.origin.open("rb") as stream:
            data = stream.read(limit + 1)
    if len(data) > limit:
        raise InputError(
            source.path, "a larger file", f"at most {config.max_file_mb} MB", "split it or raise ingest.max_file_mb"
        )
    if not data.strip():
        raise InputError(source.path, "an empty file", "an article", "leave it out")
    return data


def _told_by_content(data: bytes) -> str:
    """Return the kind of bytes that come without a file name."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        return "pdf"
    if head.startswith(b"par1"):
        return "parquet"
    if head.startswith(b"pk\x03\x04"):
        return "xlsx" if b"xl/workbook.xml" in data else "docx"
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<div")):
        return "html"
    if head.startswith((b'{"', b"[{")):
        return "jsonl"
    return "markdown" if head.startswith((b"---\n", b"# ")) else "text"


__all__ = ["READABLE", "READERS", "Source", "find_sources", "read_source"]
