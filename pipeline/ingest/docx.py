"""Word documents: paragraphs, tables and text boxes in order; headings and captions by their styles."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.ingest.archives import check_archive
from pipeline.ingest.draft import Draft, join_lines
from pipeline.records import Role

try:
    from lxml import etree
except ImportError:  # pragma: no cover - exercised in an environment without the extra
    etree = None

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset([_FALLBACK, f"{_W}del", f"{_W}instrText", f"{_W}sectPr", f"{_W}moveFrom"])
_ROLE_OF_STYLE: dict[str, Role] = {
    "heading": "heading",
    "title": "heading",
    "标题": "heading",
    "副标题": "heading",
    "caption": "caption",
    "题注": "caption",
}
# Names that programs put in when nobody gave one.
_NO_AUTHORS = frozenset(
    (
        *("administrator", "admin", "user", "python-docx", "微软用户", "microsoft", "windows 用户", "windows user"),
        *("unknown", "pc", "lenovo", "dell", "hp", "asus", "thinkpad"),
    )
)
_NO_TITLES = frozenset(("", "Word Document"))
# What a broken document makes python-docx raise.
_BROKEN = (
    zipfile.BadZipFile,
    RuntimeError,
    KeyError,
    ValueError,
    AttributeError,
    IndexError,
    TypeError,
    EOFError,
    OSError,
)


def read_docx(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft]:
    """Yield the article of a Word document; its title and author properties are metadata.

    The dates of the file are those of its making, not of publication, and are left out.

    Raises
    ------
    InputError
        If the file is broken, encrypted, unpacks to too much, or holds no text.
    """
    open_document, error_of_docx = _python_docx(where)
    check_archive(data, where, config, kind="docx")
    try:
        document = open_document(io.BytesIO(data))
        lines = [
            *_margins(document, "header"),
            *_lines(document.element.body, _style_roles(document)),
            *_margins(document, "footer"),
        ]
        properties = document.core_properties
        title, author = properties.title, properties.author
    except (error_of_docx, etree.XMLSyntaxError, NotImplementedError, zlib.error, *_BROKEN) as error:
        raise InputError(
            where, f"a broken or truncated document ({type(error).__name__})", "a docx file", "save it again as docx"
        ) from error
    if not any(role != "boilerplate" and line.strip() for line, role in lines):
        raise InputError(where, "a document without text", "an article", "leave it out")
    text, blocks = join_lines(lines)
    known = author if author and author.strip().casefold() not in _NO_AUTHORS else None
    yield Draft(
        where=where,
        text=text,
        blocks=blocks,
        title=None if title in _NO_TITLES else title,
        author=known,
        properties=True,
    )


def _python_docx(where: str) -> tuple[Callable[..., Any], type[Exception]]:
    try:
        from docx import Document
        from docx.opc.exceptions import OpcError
    except ImportError as error:
        raise InputError(
            where,
            "a Word document, and python-docx is not installed",
            "the extra `ingest`",
            "pip install 'lunheng[ingest]'",
        ) from error
    return Document, OpcError


def _style_roles(document: Any) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        label = (name.get(f"{_W}val") or "").casefold() if name is not None else ""
        role = next((role for start, role in _ROLE_OF_STYLE.items() if label.startswith(start)), None)
        if role is not None:
            roles[style.get(f"{_W}styleId") or ""] = role
    return roles


def _margins(document: Any, kind: str) -> list[tuple[str, Role | None]]:
    """Return the lines of the headers or footers, each once."""
    texts = dict.fromkeys(
        paragraph.text.strip() for section in document.sections for paragraph in getattr(section, kind).paragraphs
    )
    return [(text, "boilerplate") for text in texts if text]


def _lines(body: Any, roles: dict[str, Role]) -> list[tuple[str, Role | None]]:
    writer = _Writer(roles)
    walker = etree.iterwalk(body, events=("start", "end"))
    for event, node in walker:
        if event == "start" and node.tag in _SKIPPED:
            walker.skip_subtree()
        elif event == "start":
            writer.enter(node)
        elif node.tag not in _SKIPPED:
            writer.leave(node)
    writer.flush()
    return writer.lines


class _Writer:
    """Collects text between the borders of paragraphs; the cells of a row share one line."""

    def __init__(self, roles: dict[str, Role]) -> None:
        self.lines: list[tuple[str, Role | None]] = []
        self.roles = roles
        self.pieces: list[str] = []
        self.role: Role | None = None
        self.rows = 0

    def enter(self, node: Any) -> None:
        if node.tag == f"{_W}p" and not self.rows:
            self.flush()
            self.role = None
        elif node.tag == f"{_W}tr":
            self.flush()
            self.role = None
            self.rows += 1
        elif node.tag == f"{_W}pStyle":
            self.role = self.roles.get(node.get(f"{_W}val") or "", self.role)
        elif node.tag == f"{_W}t":
            self.pieces.append(node.text or "")
        elif node.tag == f"{_W}tab":
            self.pieces.append(" ")
        elif node.tag in {f"{_W}br", f"{_W}cr"}:
            self.pieces.append(" " if self.rows else "\n")

    def leave(self, node: Any) -> None:
        if node.tag == f"{_W}p" and not self.rows:
            self.flush()
        elif node.tag == f"{_W}p" or node.tag == f"{_W}tc":
            self.pieces.append("\u3000")
        elif node.tag == f"{_W}tr":
            self.rows -= 1
            self.flush()

    def flush(self) -> None:
        text = "".join(self.pieces).strip(" \u3000")
        self.lines += [(line, self.role) for line in text.split("\n") if line.strip()]
        self.pieces = []
