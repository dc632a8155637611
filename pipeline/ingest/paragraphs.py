"""Paragraphs from printed lines: by indents and gaps where the pages have them, by the margin where not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.normalise import HAN
from pipeline.records import Role

_PAGE_NUMBER = re.compile(
    r"[-–—·•\s]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})(?:\s*[页頁])?\s*(?:[/／of共]+\s*(?:第|共)?\s*\d{1,4}\s*[页頁]?)?[-–—·•\s]*"
)
_DIGITS = re.compile(r"\d+")
_WIDE = re.compile(f"[{HAN}\u2e80-\u2fdf\u3000-\u303f\uff01-\uff60“”‘’—…]")
_SENTENCE_END = re.compile("[。！？!?…：:；;][”’」』）)]*\\s*$")
_LATIN = re.compile(r"[A-Za-z0-9]{2,}$")
_NEW_PARAGRAPH = re.compile(
    r"[ \u3000]{2,}|[●•◎■▲◆·○①-⑳]|[（(]?[一二三四五六七八九十]{1,3}[、.．）)]|第[一二三四五六七八九十]{1,3}[章节部]"
    r"|[（(]?\d{1,2}[、.．）)](?!\d)"
)
# Without indents and gaps a line is full from this share of the usual width on: justified Chinese text loses at most
# two or three characters at the margin to punctuation that must not begin a line.
_FULL = 0.88
# Lines that begin or end a page and come back on this share of the pages (and on at least two) are its furniture.
_REPEATED = 0.4
_EDGE_LINES = 2
# A gap is this much more than the leading, an indent this share of the type size; word processors use 1.5 and 2.
_GAP, _INDENT = 1.25, 0.8
# Pages mark their paragraphs when this share of the lines has a gap or an indent: one line in twelve is a paragraph
# even in dense text.
_MARKED = 0.08
# Files are broken at 20 to 60 Chinese characters (two columns each); up to two are lost before a mark that must not
# begin a line. Of 92 articles broken at 36 characters at least 12 % of the lines were full, and seven in ten or more of
# those ended within a sentence; of 457 articles with whole paragraphs at most 9 % have lines near the widest.
_WRAP, _TOLERANCE, _WIDEST, _MIN_WRAPPED = (40, 120), 5, 0.97, 8
_MIN_FULL, _OPEN = 0.12, 0.6
# Type this much larger than the usual is a heading, this different another paragraph.
_LARGER, _OTHER_SIZE = 1.15, 1.1
# The lines of one heading are set this close, in type sizes.
_HEADING_STEP = 1.7


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line on a page: its left edge, its distance from the page's foot, and its type size, all in points."""

    text: str
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0


def join_pages(pages: Sequence[Sequence[PrintedLine]]) -> list[tuple[str, Role | None]]:
    """Return the paragraphs of printed pages; headers, footers and page numbers as boilerplate, large type as heading.

    Parameters
    ----------
    pages : sequence of sequence of PrintedLine
        The lines of each page from top to foot.

    Returns
    -------
    list of tuple of str and Role or None
        In order; furniture that a paragraph runs across follows the paragraph.
    """
    layout = _Layout(pages)
    lines: list[tuple[str, Role | None]] = []
    waiting: list[tuple[str, Role | None]] = []
    current: str = ""
    above: PrintedLine | None = None
    for page in layout.pages:
        for i, line in enumerate(page):
            if layout.is_furniture(page, i):
                waiting.append((line.text.strip(), "boilerplate"))
                continue
            if above is None or layout.begins(line, above, page[i - 1] if i else None):
                lines += [(current, layout.role(above))] if above is not None else []
                lines += waiting
                current, waiting = "", []
            current = _glued(current, line.text.strip())
            above = line
    return [*lines, *([(current, layout.role(above))] if above is not None else []), *waiting]


class _Layout:
    """The margins, the leading and the furniture of a document."""

    def __init__(self, pages: Sequence[Sequence[PrintedLine]]) -> None:
        self.pages = [[line for line in page if line.text.strip()] for page in pages]
        every = [line for page in self.pages for line in page]
        steps = [
            round(above.y - line.y, 1)
            for page in self.pages
            for above, line in pairwise(page)
            if above.y > line.y and _near(above.size, line.size)
        ]
        self.repeated = self._find_repeated()
        self.size = _frequent((round(line.size, 1) for line in every), most=True)
        self.margin = _frequent((round(line.x) for line in every if _near(line.size, self.size)), most=False)
        self.leading = _frequent(steps, most=False)
        self.width = _frequent((_width(line.text) // 2 * 2 for line in every), most=True, upper=True)
        self.gaps = bool(steps) and sum(self._gap(step) for step in steps) >= _MARKED * len(every)
        self.indents = sum(map(self._indented, every)) >= _MARKED * len(every)

    def _find_repeated(self) -> frozenset[str]:
        counts: Counter[str] = Counter()
        for page in self.pages:
            counts.update({_shape(line.text) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])})
        least = max(2, round(_REPEATED * len(self.pages)))
        return frozenset(shape for shape, count in counts.items() if count >= least)

    def is_furniture(self, page: Sequence[PrintedLine], i: int) -> bool:
        edge = i < _EDGE_LINES or i >= len(page) - _EDGE_LINES
        return edge and (_shape(page[i].text) in self.repeated or bool(_PAGE_NUMBER.fullmatch(page[i].text.strip())))

    def _gap(self, step: float) -> bool:
        return self.leading > 0 and step > _GAP * self.leading

    def _indented(self, line: PrintedLine) -> bool:
        return line.size > 0 and _near(line.size, self.size) and line.x - self.margin > _INDENT * line.size

    def begins(self, line: PrintedLine, above: PrintedLine, previous: PrintedLine | None) -> bool:
        """Say whether `line` begins a paragraph after `above`; `previous` is the line before it on its page."""
        if not _near(line.size, above.size):
            return True
        if self._large(line) and previous is above:  # a heading of several lines
            return above.y - line.y > _HEADING_STEP * line.size
        full = _width(above.text) >= _FULL * self.width or bool(_LATIN.search(above.text.rstrip()))
        if not self.indents and not self.gaps:
            return not full or bool(_NEW_PARAGRAPH.match(line.text))
        if self.indents and self._indented(line):
            return True
        if self.gaps and previous is above:
            return self._gap(above.y - line.y)
        if self.gaps:  # at the top of a page there is no gap to see
            return not full
        return not self._indented(line) and self._indented(above) and not full

    def role(self, line: PrintedLine) -> Role | None:
        return "heading" if self._large(line) and len(line.text) <= 60 else None

    def _large(self, line: PrintedLine) -> bool:
        return self.size > 0 and line.size >= _LARGER * self.size


def unwrap(text: str) -> str:
    """Return `text` with its paragraphs on one line each when its lines were broken at a fixed width, else unchanged.

    Lines are broken at a width when most of them end there, and most of those in the middle of a sentence.
    """
    lines = text.split("\n")
    shown = [line for line in lines if line.strip()]
    if len(shown) < _MIN_WRAPPED:
        return text
    widths = sorted(map(_width, shown))
    width = widths[int(_WIDEST * (len(widths) - 1))]
    full = [line for line in shown if width - _TOLERANCE <= _width(line) <= width + _TOLERANCE]
    open_ended = sum(not _SENTENCE_END.search(line) for line in full)
    if not _WRAP[0] <= width <= _WRAP[1] or len(full) < _MIN_FULL * len(shown) or open_ended < _OPEN * len(full):
        return text
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and line.strip() and not _NEW_PARAGRAPH.match(line):
            joined[-1] = _glued(joined[-1].rstrip(), line.strip())
        else:
            joined.append(line)
        goes_on = _width(line) >= width - _TOLERANCE
    return "\n".join(joined)


def _near(a: float, b: float) -> bool:
    return max(a, b) <= _OTHER_SIZE * min(a, b) or a == b


def _frequent(values: Iterable[float], *, most: bool, upper: bool = False) -> float:
    """Return the most frequent value, or the least of the frequent ones; of the larger half only if `upper`."""
    ordered = sorted(values)
    if upper:
        ordered = ordered[len(ordered) // 2 :]
    counts = Counter(ordered)
    if not counts:
        return 0.0
    if most:
        return max(counts, key=lambda value: (counts[value], value))
    least = max(2, 0.05 * len(ordered))
    return min((value for value, count in counts.items() if count >= least), default=ordered[0])


def _shape(line: str) -> str:
    return _DIGITS.sub("#", "".join(line.split()))


def _width(line: str) -> int:
    return len(line.rstrip()) + len(_WIDE.findall(line))


def _glued(left: str, right: str) -> str:
    if not left:
        return right
    if left[-1] == "-" and left[-2:-1].isalpha() and right[:1].islower():
        return left[:-1] + right
    apart = left[-1].isascii() and right[:1].isascii() and left[-1].isalnum() and right[:1].isalnum()
    return f"{left} {right}" if apart else left + right
