"""PDF files with a layer of text: lines joined to paragraphs, headers, footers and page numbers set apart."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.ingest.draft import Draft, check_length, join_lines
from pipeline.ingest.paragraphs import PrintedLine, join_pages

# What a broken file makes pypdf raise, by its issue tracker and by truncating files at every tenth byte.
_BROKEN = (
    *(ValueError, KeyError, TypeError, IndexError, AttributeError, RuntimeError, AssertionError, NotImplementedError),
    *(LookupError, ArithmeticError, OSError, EOFError, struct.error, zlib.error, MemoryError),
)
# Type sets these letters as one; normalisation keeps lengths elsewhere, so they are taken apart here.
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# An article or a report; a book is read in parts.
_MAX_PAGES = 500

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # its remarks on damaged files are not for the user


def read_pdf(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft]:
    """Yield the article of a PDF file; its title and author properties are metadata.

    Raises
    ------
    InputError
        If the file is broken, encrypted, too long, or holds pictures of text only.
    """
    reader, error_of_pypdf = _pypdf(where)
    try:
        pages, title, author = _pages(reader, data, where, config)
    except (error_of_pypdf, *_BROKEN) as error:
        raise InputError(
            where, f"a broken or truncated file ({type(error).__name__})", "a PDF file", "save it again"
        ) from error
    lines = join_pages(pages)
    if sum(len(line) for line, role in lines if role is None) < config.min_article_chars:
        raise InputError(
            where,
            "a PDF file without text (a scan?)",
            "a PDF file with a layer of text",
            "run it through text recognition first",
        )
    text, blocks = join_lines(lines)
    yield Draft(where=where, text=text, blocks=blocks, title=title, author=author, properties=True)


def _pypdf(where: str) -> tuple[Callable[..., Any], type[Exception]]:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise InputError(
            where, "a PDF file, and pypdf is not installed", "the extra `ingest`", "pip install 'lunheng[ingest]'"
        ) from error
    return PdfReader, PyPdfError


def _pages(
    open_pdf: Callable[..., Any], data: bytes, where: str, config: IngestConfig
) -> tuple[list[list[PrintedLine]], str | None, str | None]:
    reader = open_pdf(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError(where, "an encrypted PDF file", "one without a password", "remove the password")
    count = len(reader.pages)
    if count > _MAX_PAGES:
        raise InputError(where, f"{count:,} pages", f"at most {_MAX_PAGES}", "split it")
    pages: list[list[PrintedLine]] = []
    length = 0
    for page in reader.pages:
        pages.append(_printed(page))
        length += sum(len(line.text) for line in pages[-1])
        check_length(where, length, config)
    information = reader.metadata
    title = information.title if information is not None else None
    author = information.author if information is not None else None
    return pages, _property(title), _property(author)


def _printed(page: Any) -> list[PrintedLine]:
    """Return the lines of a page with where they stand: the place of a line is that of its first character."""
    lines: list[PrintedLine] = []
    pieces: list[str] = []
    place = (0.0, 0.0, 0.0)

    def visit(text: str, outer: list[float], inner: list[float], font: object, size: float) -> None:
        nonlocal pieces, place
        del font
        for i, part in enumerate(text.translate(_LIGATURES).split("\n")):
            if i:
                lines.append(PrintedLine("".join(pieces), *place))
                pieces = []
            if part and not "".join(pieces).strip():
                place = (
                    inner[4] * outer[0] + inner[5] * outer[2] + outer[4],
                    inner[4] * outer[1] + inner[5] * outer[3] + outer[5],
                    abs(size * inner[3] * outer[3]),
                )
            pieces.append(part)

    page.extract_text(visitor_text=visit)
    return [*lines, PrintedLine("".join(pieces), *place)]


def _property(value: object) -> str | None:
    """Return a property of the file unless a program filled it in (a file name, an empty template)."""
    text = str(value).strip() if value else ""
    machine = (
        text.lower().endswith((".doc", ".docx", ".pdf", ".indd", ".html"))
        or text.lower().startswith(("about:", "http"))
        or text.lower()
        in {
            "untitled",
            "administrator",
            "anonymous",
            "user",
        }
    )
    return None if not text or machine or "Microsoft" in text else text
