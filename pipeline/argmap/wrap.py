"""Lines of Chinese text that fit a box: no word boundaries, so count columns and keep punctuation off line starts."""

from __future__ import annotations

import unicodedata

_NOT_FIRST = frozenset("，。、；：！？）》」』”’…—%,.;:!?)]}·")
_NOT_LAST = frozenset("（《「『“‘([{")


def width(text: str) -> int:
    """Return the number of columns: 2 for a wide character, 1 for others, 0 for combining ones."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def wrap(text: str, columns: int, *, max_lines: int = 0) -> list[str]:
    """Break `text` into lines of at most `columns` columns, and one more sign of punctuation.

    Latin words and numbers stay whole when they fit a line. With `max_lines`, a longer text ends in an ellipsis.
    """
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(" ".join(text.split()), columns):
        size = width(piece)
        if used + size > columns and line and piece not in _NOT_FIRST:
            carry = line[-1] if line[-1] in _NOT_LAST and len(line) > 1 else ""
            lines.append(line[: len(line) - len(carry)].rstrip())
            line, used = carry, width(carry)
            piece = piece if carry or piece != " " else ""
            size = width(piece)
        line, used = line + piece, used + size
    lines.append(line.rstrip())
    if max_lines and len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], lines[max_lines - 1].rstrip("，。、；：") + "…"]
    return lines


def _pieces(text: str, columns: int) -> list[str]:
    pieces: list[str] = []
    word = ""
    for char in text:
        if char.isascii() and (char.isalnum() or char in ".,-_/%$") and len(word) < columns:
            word += char
            continue
        if word:
            pieces.append(word)
            word = ""
        pieces.append(char)
    return [*pieces, word] if word else pieces
