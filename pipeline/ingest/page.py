"""A parsed HTML page as lines of visible text in the order of reading, each with where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pipeline.errors import InputError

# lxml is part of the extra `ingest`; `html.py` says so when it is missing.
try:
    from lxml import etree
    from lxml.html import HTMLParser
except ImportError:  # pragma: no cover - exercised in an environment without the extra
    etree = None

# What is not shown, and readings beside characters (rt, rp).
_SKIPPED = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "iframe", "svg", "select", "textarea", "object", "embed"),
        *("canvas", "audio", "video", "map", "button", "math", "rt", "rp"),
    )
)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div"),
        *(
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
        ),
        *("hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot"),
        *("thead", "tr", "ul"),
    )
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
# The indent of a paragraph after the end of a sentence: its line break was lost.
_LOST_BREAK = re.compile(
    "(?<=[。！？…”」』；）])[ \xa0\u3000]*(?:\u3000{2}|\xa0 ?\xa0 ?\xa0 ?\xa0)[ \xa0\u3000]*(?=[^ \xa0\u3000])"
)
# lxml refuses text that names an encoding.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_SERVER_TAGS = re.compile(r"<[%?](?!xml).{0,2000}?[%?]>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of visible text; `node` is the element that holds it, `links` the characters of it inside links."""

    text: str
    node: Any
    links: int
    tag: str


def parse(text: str, where: str) -> Any:
    """Return the root of a page, or `None` when there is nothing in it.

    Entities are not resolved beyond HTML's own, nothing is loaded from the net, and broken mark-up is repaired.

    Raises
    ------
    InputError
        If lxml is not installed, or elements are nested deeper than it follows (2,048).
    """
    if etree is None:
        raise InputError(
            where, "a page, and lxml is not installed", "the extra `ingest`", "pip install 'lunheng[ingest]'"
        )
    text = _SERVER_TAGS.sub("", text).replace("\0", "")
    text = _DECLARATION.sub("", text, count=1)
    if not text.strip():
        return None
    parser = HTMLParser(
        recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, etree.ParserError, ValueError):
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise InputError(where, "elements nested deeper than 2,048", "an ordinary page", "save the article as text")
    return root


def lines_of(root: Any) -> list[Line]:
    """Return the visible lines under `root`, in order."""
    writer = _Writer(root)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in walker:
        if event == "start":
            if node.tag in _SKIPPED or node.get("hidden") is not None or _HIDDEN.search(node.get("style") or ""):
                walker.skip_subtree()
            else:
                writer.enter(node)
        else:
            writer.leave(node)
    writer.flush(root)
    return writer.lines


class _Writer:
    """Collects text between the borders of blocks."""

    def __init__(self, root: Any) -> None:
        self.lines: list[Line] = []
        self.holder = root
        self.pieces: list[str] = []
        self.links = self.in_link = 0

    def enter(self, node: Any) -> None:
        if node.tag in _BLOCKS:
            self.flush(node)
        elif node.tag == "br":
            self.flush(self.holder)
        elif node.tag in {"td", "th"}:
            self._add("\u3000")
        self.in_link += node.tag == "a"
        self._add(node.text)

    def leave(self, node: Any) -> None:
        if node.tag in _SKIPPED:
            pass
        elif node.tag in _BLOCKS:
            self.flush(node.getparent())
        if node.tag == "a" and self.in_link:
            self.in_link -= 1
        self._add(node.tail)

    def _add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            self.links += len(text.strip()) if self.in_link else 0

    def flush(self, holder: Any) -> None:
        """End the line; what follows stands in `holder`."""
        if self.pieces:
            text = _SPACE.sub(" ", "".join(self.pieces)).strip(" \xa0\u3000")
            for part in _LOST_BREAK.sub("\n", text).split("\n") if text else ():
                self.lines.append(Line(part, self.holder, min(self.links, len(part)), self.holder.tag))
        self.pieces, self.links = [], 0
        self.holder = self.holder if holder is None else holder
