"""Furniture in running text: lines that are headings, bylines, captions or belong to the site. Rules are data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from pipeline.lexicon import load_raw
from pipeline.records import Block, Role

_RULES = load_raw("furniture")
_MAX_CHARS: int = _RULES["lines"]["max_chars"]
_MAX_LISTED: int = _RULES["lists"]["max_chars"]
_HEAD_LINES, _TAIL_LINES = 12, 20
_OUTER = " \u3000*_\\>#~=|●▲■◆•-—"
_ROLES: tuple[Role, ...] = ("byline", "caption", "boilerplate")


def _compiled(place: str) -> re.Pattern[str]:
    """Return one pattern for all roles; the name of its last group is the role."""
    return re.compile("|".join(f"(?P<{role}>{'|'.join(_RULES['lines'][role][place])})" for role in _ROLES))


_PLACES = {True: (_compiled("anywhere"), _compiled("edges")), False: (_compiled("anywhere"),)}
_LIST = re.compile("|".join(f"(?:{pattern})" for pattern in _RULES["lists"]["headings"]))
_SENTENCE_END = re.compile("[。！？][”’」』）)]*$")
# A title that ends like a sentence states something: annotators give it a kind, so it stays in the article.
_STATEMENT = re.compile("。[”’」』]*$")
_NUMBER_ONLY = re.compile(
    r"(?:Part|PART|part|No\.?|第)?\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s?(?:[、.．/]|章|节|部分)?"
)
_SEPARATOR = re.compile(r"[-=_*—~·.…\s]{2,}|[|\s:-]{3,}")
# An entry of a list of references or of other articles.
_ITEM = re.compile(r"(?:\d{1,2}[.、]|\[\d{1,2}\]|·) ?.{0,200}$|.{5,200}(?:19|20)\d\d(?:-\d\d){0,2}\.?$")
# A list of other articles stands in the last part of a page; earlier the same words head a chapter.
_LATE = 0.6
# Five words of at most eight characters in a row: the shortest menu among the measured pages had six; four in a row
# also occur in articles that break lines for emphasis.
_MIN_MENU, _MAX_MENU_CHARS = 5, 8
_MENU_ITEM = re.compile(r"[\w+ ]+")
# Credits at the end of a paragraph: （责任编辑：某某）, 【来源：某报】.
_MAX_CREDIT = 60
_CREDIT = re.compile(
    r"(?<=[。！？…”])\s*([（(【\[](?:本文|文章|稿件)?(?:责任编辑|责任編輯|责编|編輯|编辑|来源|來源|作者|校对|审核|记者|記者)"
    r"[::：/／ ][^（()）【】\[\]。！？]{1,40}[）)】\]])\s*$"
)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not empty: its place in the text, and its core in simplified script for matching."""

    start: int
    end: int
    core: str


def text_lines(plain: str) -> list[TextLine]:
    """Return the lines that are not empty of a text in simplified script."""
    lines = []
    start = 0
    for line in plain.split("\n"):
        if line.strip():
            lines.append(TextLine(start, start + len(line), line[: _MAX_CHARS + 80].strip(_OUTER)))
        start += len(line) + 1
    return lines


def mark_blocks(
    text: str, plain: str, given: tuple[Block, ...], *, title: str | None, names: tuple[str, ...] = ()
) -> tuple[Block, ...]:
    """Return `given` and what the rules find in the lines that it leaves open, sorted and apart.

    Parameters
    ----------
    text, plain : str
        The normalised article, and its view in simplified script (same offsets).
    given : tuple of Block
        What the reader of the file knows already.
    title : str, optional
        The title; a line of the head that repeats it is a heading.
    names : tuple of str
        Author and outlet; a line of the head or the end that is one of them is a byline.
    """
    lines = text_lines(plain)
    free = _open(lines, given)
    keys: dict[str, Role] = {_key(name): "byline" for name in names}
    if title:
        keys[_key(title)] = "heading"
    found = [Block(line.start, line.end, role) for line, role in _roles(lines, free, text, keys)]
    return tuple(sorted((*given, *found), key=lambda block: block.start))


def _open(lines: Sequence[TextLine], given: Sequence[Block]) -> list[bool]:
    """Say of each line whether no given block touches it."""
    free = []
    at = 0
    for line in lines:
        while at < len(given) and given[at].end <= line.start:
            at += 1
        free.append(at == len(given) or given[at].start >= line.end)
    return free


def _roles(
    lines: Sequence[TextLine], free: Sequence[bool], text: str, keys: Mapping[str, Role]
) -> Iterator[tuple[TextLine, Role]]:
    menu = _menu(lines, text)
    listed = False
    n = len(lines)
    for i, line in enumerate(lines):
        if not free[i]:
            continue
        edge = i < _HEAD_LINES or i >= n - _TAIL_LINES
        if listed:
            listed = bool(_ITEM.match(line.core)) or (
                len(line.core) <= _MAX_LISTED and not _SENTENCE_END.search(line.core)
            )
        role: Role | None = "boilerplate" if listed or i in menu else line_role(line.core, edge=edge)
        if line.start > _LATE * len(text) and _LIST.fullmatch(line.core):
            role, listed = "boilerplate", True
        if role is None and edge and keys:
            role = None if _STATEMENT.search(line.core) else keys.get(_key(text[line.start : line.end]))
        if role is not None:
            yield line, role
        elif (credit := _CREDIT.search(text, max(line.start, line.end - _MAX_CREDIT), line.end)) is not None:
            yield TextLine(credit.start(1), line.end, ""), "byline"


def _menu(lines: Sequence[TextLine], text: str) -> set[int]:
    """Return the lines of runs of short words without punctuation: menus and rows of buttons."""
    found: set[int] = set()
    run: list[int] = []
    for i, line in enumerate(lines):
        if len(line.core) <= _MAX_MENU_CHARS and _MENU_ITEM.fullmatch(text, line.start, line.end):
            run.append(i)
            continue
        if run:
            found.update(_if_menu(lines, run))
            run = []
    return found | set(_if_menu(lines, run))


def _if_menu(lines: Sequence[TextLine], run: list[int]) -> list[int]:
    """Return the run when it is long and its words begin and end differently; parallel lines are a figure of speech."""
    if len(run) < _MIN_MENU:
        return []
    cores = [lines[i].core for i in run]
    varied = min(len({core[0] for core in cores}), len({core[-1] for core in cores})) >= len(cores) / 2
    return run if varied else []


@lru_cache(maxsize=4096)  # metadata and blocks ask for the same lines
def line_role(core: str, *, edge: bool) -> Role | None:
    """Return the role of one line by its words alone, `None` for running text; `edge`: near the head or the end."""
    if not core:
        return "boilerplate"
    if len(core) > _MAX_CHARS:
        return None
    if _NUMBER_ONLY.fullmatch(core):
        return "heading"
    if _SEPARATOR.fullmatch(core):
        return "boilerplate"
    for pattern in _PLACES[edge]:
        match = pattern.fullmatch(core)
        if match is not None:
            return cast(Role, match.lastgroup)
    return None


def _key(text: str) -> str:
    return "".join(_WORDS.findall(text))
