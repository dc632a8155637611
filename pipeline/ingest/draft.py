"""What a reader of files hands on: raw text with what the file itself says about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.records import Block, Failure, Role


@dataclass(frozen=True, slots=True)
class Draft:
    """One article before normalisation; `blocks` hold offsets into `text`, sorted and apart.

    `where` names the file and the place in it for messages; `notes` are failures of parts that were left out, such as
    a front matter that could not be read. With `properties`, title and author are properties that a program may have
    filled in: what the text says goes before them.
    """

    where: str
    text: str
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: str | dt.date | None = None
    url: str | None = None
    blocks: tuple[Block, ...] = ()
    notes: tuple[Failure, ...] = ()
    properties: bool = False


def printable(name: str) -> str:
    """Return a file name on one line: control characters and bytes that are no text appear as escapes."""
    safe = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in safe)


def join_lines(lines: Sequence[tuple[str, Role | None]]) -> tuple[str, tuple[Block, ...]]:
    """Return one text of `lines`, and a block for each line that has a role."""
    blocks: list[Block] = []
    length = 0
    for line, role in lines:
        if role is not None:
            blocks.append(Block(length, length + len(line), role))
        length += len(line) + 1
    return "\n".join(line for line, _ in lines), tuple(blocks)


def check_length(where: str, length: int, config: IngestConfig) -> None:
    """Refuse a text of more characters than the settings allow.

    Raises
    ------
    InputError
        If `length` is above ``max_article_chars``.
    """
    if length > config.max_article_chars:
        raise InputError(
            where,
            f"a text of {length:,} characters",
            f"at most {config.max_article_chars:,}",
            "split it or raise ingest.max_article_chars",
        )
