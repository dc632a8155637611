"""Bring annotated articles and the tables of a run together: which annotated segment met which argument.

The text of a table may differ from the annotated one by normalisation (widths, stray spaces, invisible characters);
offsets are carried over by the source map of `normalise`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.gold import GoldArticle, GoldSegment
from pipeline.normalise import Normalised, normalise
from pipeline.records import Argument, Article, Tables

# An argument answers for a segment when they share at least half of the shorter of the two.
MIN_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class AlignedSegment:
    """An annotated segment, its place in the table's text, and the argument that answers for it (None: no answer)."""

    gold: GoldSegment
    start: int
    end: int
    argument: Argument | None


@dataclass(frozen=True, slots=True)
class AlignedArticle:
    """An annotated article that was found in the tables."""

    gold: GoldArticle
    article: Article
    segments: tuple[AlignedSegment, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """What was brought together; `missing` holds the keys of annotated articles that the tables lack."""

    articles: tuple[AlignedArticle, ...]
    missing: tuple[str, ...]


def align(gold: Sequence[GoldArticle], tables: Tables) -> Alignment:
    """Find every annotated article in `tables` and carry its segments over.

    An article is the same when its normalised text is, blanks aside.
    """
    by_text: dict[str, Article] = {}
    for article in tables.articles:
        by_text.setdefault(_fold(article.text), article)
    arguments: dict[str, list[Argument]] = {}
    for argument in tables.arguments:
        arguments.setdefault(argument.article_id, []).append(argument)
    found, missing = [], []
    for item in gold:
        normal = normalise(item.text)
        match = by_text.get(_fold(normal.text))
        if match is None:
            missing.append(item.key)
            continue
        found.append(_align_article(item, match, normal, sorted(arguments.get(match.article_id, []), key=_span)))
    return Alignment(tuple(found), tuple(missing))


def _align_article(
    gold: GoldArticle, article: Article, normal: Normalised, arguments: Sequence[Argument]
) -> AlignedArticle:
    place = _Carrier(article.text, normal)
    starts = [argument.start for argument in arguments]
    segments = []
    for segment in gold.segments:
        start, end = place(segment.start), place(segment.end)
        segments.append(AlignedSegment(segment, start, end, _answer(start, end, arguments, starts)))
    return AlignedArticle(gold, article, tuple(segments))


class _Carrier:
    """Maps an offset of the annotated text to one of the table's text: both count the same visible characters."""

    def __init__(self, text: str, normal: Normalised) -> None:
        self._sources = [normal.source[i] for i, char in enumerate(normal.text) if not char.isspace()]
        self._places = [i for i, char in enumerate(text) if not char.isspace()]
        self._length = len(text)

    def __call__(self, offset: int) -> int:
        at = bisect_left(self._sources, offset)
        return self._places[at] if at < len(self._places) else self._length


def _answer(start: int, end: int, arguments: Sequence[Argument], starts: Sequence[int]) -> Argument | None:
    """Return the argument with the largest share of ``[start, end)``."""
    best, most = None, 0.0
    at = max(0, bisect_right(starts, start) - 2)
    for argument in arguments[at:]:
        if argument.start >= end:
            break
        shared = min(end, argument.end) - max(start, argument.start)
        if shared > most and shared >= MIN_SHARED * min(end - start, argument.end - argument.start):
            best, most = argument, float(shared)
    return best


def _fold(text: str) -> str:
    return "".join(text.split())


def _span(argument: Argument) -> tuple[int, int]:
    return argument.start, argument.end
