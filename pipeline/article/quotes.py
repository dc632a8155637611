"""Quotations: stretches between quotation marks, with missing, nested and multi-paragraph marks."""

from __future__ import annotations

from pipeline.records import Quote

_PAIRS = {"“": "”", "「": "」", "『": "』", "‘": "’"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}
# A quotation whose mark never closes ends with its paragraph.
_DEEPEST = 6


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Find the quotations of a text.

    Parameters
    ----------
    text : str
        Normalised text, either script.

    Returns
    -------
    tuple of Quote
        By start; `start` and `end` include the marks. A quotation that opens again at the start of each following
        paragraph without being closed is one quotation per paragraph, the last one closed.
    """
    found: list[Quote] = []
    start = 0
    for line in text.split("\n"):
        _scan_line(line, start, found)
        start += len(line) + 1
    return tuple(sorted(found, key=lambda quote: (quote.start, -quote.end)))


def _scan_line(line: str, base: int, found: list[Quote]) -> None:
    open_marks: list[tuple[str, int]] = []
    for i, char in enumerate(line):
        if char in _PAIRS:
            # The same mark twice without a closer between: the first one was never closed.
            if open_marks and open_marks[-1][0] == char:
                _, at = open_marks.pop()
                found.append(Quote(base + at, base + i, len(open_marks), False))
            if len(open_marks) < _DEEPEST:
                open_marks.append((char, i))
        elif char in _CLOSERS:
            _close(char, i, base, open_marks, found)
        elif char == '"':
            _straight(line, i, base, open_marks, found)
    while open_marks:
        _, at = open_marks.pop()
        found.append(Quote(base + at, base + len(line), len(open_marks), False))


def _close(char: str, i: int, base: int, open_marks: list[tuple[str, int]], found: list[Quote]) -> None:
    openers = [mark for mark, _ in open_marks]
    wanted = _CLOSERS[char]
    if wanted not in openers and '"' in openers and char == "”":
        wanted = '"'
    if wanted not in openers:
        return
    while open_marks:
        mark, at = open_marks.pop()
        closed = mark == wanted
        found.append(Quote(base + at, base + i + 1, len(open_marks), closed))
        if closed:
            return


def _straight(line: str, i: int, base: int, open_marks: list[tuple[str, int]], found: list[Quote]) -> None:
    """Read ``"`` as the closer of an open ``"`` or ``“``, as an opener otherwise; inches (``6.5"``) are neither."""
    if i and line[i - 1].isdigit() and not open_marks:
        return
    for depth in range(len(open_marks) - 1, -1, -1):
        if open_marks[depth][0] in '"“':
            for level in range(len(open_marks) - 1, depth - 1, -1):
                _, at = open_marks.pop()
                found.append(Quote(base + at, base + i + 1, level, level == depth))
            return
    if len(open_marks) < _DEEPEST:
        open_marks.append(('"', i))
