"""Quotations: stretches between quotation marks, with missing, nested and multi-paragraph marks."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Quote

_PAIRS = {"“": "”", "「": "」", "『": "』", "‘": "’"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}
_STRAIGHT = "\"'"
_MARKS = frozenset({*_PAIRS, *_CLOSERS, *_STRAIGHT})
# Deeper nesting is no language but noise.
_DEEPEST = 6
# A quotation that is open at the end of a paragraph may close this many paragraphs later, if none opens before.
_PARAGRAPHS = 8


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Find the quotations of a text.

    Parameters
    ----------
    text : str
        Normalised text, either script.

    Returns
    -------
    tuple of Quote
        By start; `start` and `end` include the marks. A quotation whose mark never closes ends with its paragraph; one
        that opens again at the start of each following paragraph is one quotation per paragraph, the last one closed.
    """
    scan = _Scan(text)
    start = 0
    lines = text.split("\n")
    for i, line in enumerate(lines):
        scan.line(line, start)
        start += len(line) + 1
        scan.end_line(start - 1, lines, i)
    return tuple(sorted(scan.found, key=lambda quote: (quote.start, -quote.end)))


class _Scan:
    """Marks that are open, and the quotations found so far."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[str, int]] = []
        self.found: list[Quote] = []

    def line(self, line: str, base: int) -> None:
        if _MARKS.isdisjoint(line):
            return
        for i, char in enumerate(line):
            if char in _PAIRS:
                self._opener(char, base + i)
            elif char in _CLOSERS:
                self._closer(char, base + i)
            elif char in _STRAIGHT:
                self._straight(char, base + i)

    def end_line(self, end: int, lines: Sequence[str], at: int) -> None:
        """Close what is open, except one outer quotation that closes some paragraphs later."""
        if not self._open:
            return
        mark, _start = self._open[0]
        if mark in _PAIRS and self._closes_later(mark, lines, at):
            inner, self._open = self._open[1:], self._open[:1]
            for level, (_, begin) in enumerate(inner, start=1):
                self.found.append(Quote(begin, end, level, False))
            return
        for level, (_, begin) in enumerate(self._open):
            self.found.append(Quote(begin, end, level, False))
        self._open = []

    @staticmethod
    def _closes_later(mark: str, lines: Sequence[str], at: int) -> bool:
        for line in lines[at + 1 : at + 1 + _PARAGRAPHS]:
            close, reopen = line.find(_PAIRS[mark]), line.find(mark)
            if close >= 0 or reopen >= 0:
                return close >= 0 and (reopen < 0 or close < reopen)
        return False

    def _opener(self, char: str, at: int) -> None:
        # The same mark twice without a closer between: the first one was never closed.
        if self._open and self._open[-1][0] == char:
            _, start = self._open.pop()
            self.found.append(Quote(start, at, len(self._open), False))
        if len(self._open) < _DEEPEST:
            self._open.append((char, at))

    def _closer(self, char: str, at: int) -> None:
        openers = [mark for mark, _ in self._open]
        wanted = _CLOSERS[char]
        if wanted not in openers and char == "”" and '"' in openers:
            wanted = '"'
        if wanted in openers:
            self._close_to(len(openers) - 1 - openers[::-1].index(wanted), at)

    def _straight(self, char: str, at: int) -> None:
        """Read a straight mark as the closer of its kind when one is open, as an opener otherwise.

        Inches (``65"``) and apostrophes (``it's``) are neither.
        """
        kinds = '"“' if char == '"' else "'‘"
        before, after = self._text[at - 1 : at], self._text[at + 1 : at + 2]
        latin = before.isascii() and before.isalnum()
        depth = next((k for k in range(len(self._open) - 1, -1, -1) if self._open[k][0] in kinds), None)
        if char == "'" and latin and (depth is None or (after.isascii() and after.isalnum())):
            return
        if depth is not None:
            self._close_to(depth, at)
        elif not before.isdigit() and after.strip() and len(self._open) < _DEEPEST:
            self._open.append((char, at))

    def _close_to(self, depth: int, at: int) -> None:
        while len(self._open) > depth:
            _, start = self._open.pop()
            self.found.append(Quote(start, at + 1, len(self._open), len(self._open) == depth))
