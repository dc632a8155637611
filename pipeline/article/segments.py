"""Segments: sentence-like stretches, each with its role on the page.

A segment ends at ``。！？!?；;``, at an ellipsis of two signs or at a line break, and takes the closing quotation marks
and brackets that follow with it. What holds no letter, digit or Han character (rules, table borders) is no segment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from pipeline.records import Document, Role, Segment

# One scan from left to right: the lazy part never looks back, so the time is linear in the length of the text.
_SEGMENT = re.compile(r"[^\n]*?(?:[。！？!?；;]+|…{2,})[”’」』\"'\)）】》]*|[^\n]+")
_WORD_CHAR = re.compile(r"[^\W_]")
_NUMBERED = re.compile(
    r"(?:#{1,6} ?|[(（]?[一二三四五六七八九十]{1,3}[)）]?[、，, .．：:]|[(（]\d{1,2}[)）]|\d{1,2}[、.．](?!\d)|0\d\b"
    r"|第[一二三四五六七八九十]{1,3}[章节部篇][ ：:、]?|PART ?\.?\d|[◎●■▌【])",
    re.IGNORECASE,
)
_ENDS_OPEN = '。！；，、：,;:!…—”"』」'
# Sub-headings of the annotated articles have 2 to 28 characters; body paragraphs of that length are rare.
_MAX_HEADING = 28
# A heading without a number stands before a paragraph: at least this long in the annotated articles.
_MIN_PARAGRAPH = 45


def segment_document(document: Document, plain: str) -> tuple[Segment, ...]:
    """Cut an article into segments and say which role each has on the page.

    Parameters
    ----------
    document : Document
        The normalised article; its blocks give the roles that the reader of the file knows.
    plain : str
        ``document.text`` in simplified script, code point for code point.

    Returns
    -------
    tuple of Segment
        In order, without overlap; offsets into ``document.text``, white space at both ends left out.
    """
    roles = _Roles(document, plain)
    spans = list(iter_spans(document.text))
    return tuple(
        Segment(article_id=document.article_id, index=i, start=start, end=end, role=roles.of(start, end))
        for i, (start, end) in enumerate(spans)
    )


def iter_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield ``(start, end)`` of every segment of `text`."""
    for found in _SEGMENT.finditer(text):
        raw = found.group()
        start = found.start() + len(raw) - len(raw.lstrip())
        end = found.start() + len(raw.rstrip())
        # A single character (a stray mark, a counter) says nothing.
        if end - start >= 2 and _WORD_CHAR.search(text, start, end):
            yield start, end


def iter_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield ``(start, end)`` of every line of `text` without its break."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


class _Roles:
    """Roles by position: what the document says, else what the line looks like."""

    def __init__(self, document: Document, plain: str) -> None:
        self._blocks = document.blocks
        self._starts = [block.start for block in document.blocks]
        self._headings = find_headings(plain)
        self._heading_starts = [start for start, _ in self._headings]

    def of(self, start: int, end: int) -> Role:
        at = bisect_right(self._starts, start) - 1
        if at >= 0 and self._blocks[at].end > start:
            return self._blocks[at].role
        at = bisect_right(self._heading_starts, start) - 1
        return "heading" if at >= 0 and end <= self._headings[at][1] else "body"


def find_headings(plain: str) -> list[tuple[int, int]]:
    """Return the lines that look like headings: short, without a closing mark, numbered or before a paragraph."""
    lines = [(start, end) for start, end in iter_lines(plain) if plain[start:end].strip()]
    found = []
    for i, (start, end) in enumerate(lines):
        line = plain[start:end].strip()
        if not 2 <= len(line) <= _MAX_HEADING or line[-1] in _ENDS_OPEN or not _WORD_CHAR.search(line):
            continue
        following = lines[i + 1][1] - lines[i + 1][0] if i + 1 < len(lines) else 0
        previous = lines[i - 1][1] - lines[i - 1][0] if i else _MIN_PARAGRAPH
        if _NUMBERED.match(line) or (following >= _MIN_PARAGRAPH and previous >= _MIN_PARAGRAPH):
            found.append((start, end))
    return found
