"""Quoted: whose words stand between the quotation marks, from what stands before, after and around them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pipeline.article.page import REACH_AFTER, Given, Page, Resolved
from pipeline.article.people import People
from pipeline.article.register import Register
from pipeline.records import Mode, Quote

_GAP = re.compile(r"[\s，,：:。—-]{0,4}")
_SENTENCE_END = "。！？!?；;\n”」"


def quote_voices(
    page: Page, resolved: Sequence[Sequence[Resolved]], *, people: People, register: Register
) -> dict[int, Given]:
    """Give each quotation that is speech to a voice.

    Parameters
    ----------
    page : Page
        The article with its outermost quotations, by start.
    resolved : sequence of sequence of Resolved
        The reports of each segment with their speakers.
    people : People
        Where people are named: the subject of a lead-in without a verb of speech.
    register : Register
        Knows and makes the voices.

    Returns
    -------
    dict
        By the index of the quotation; terms, titles and scare quotes are not in it.
    """
    finder = _Finder(page, resolved, people, register)
    found: dict[int, Given] = {}
    for k, quote in enumerate(page.quotes):
        given = (
            finder.touching(quote)
            or finder.reopened(k, found)
            or finder.led_in(quote)
            or finder.near(quote)
            or finder.beside(quote)
        )
        if given is not None:
            found[k] = given
    return found


class _Finder:
    def __init__(self, page: Page, resolved: Sequence[Sequence[Resolved]], people: People, register: Register) -> None:
        self._page = page
        self._people = people
        self._register = register
        flat = [item for row in resolved for item in row if item.voice is not None]
        self._by_end = sorted(flat, key=lambda item: item.report.end)
        self._by_start = sorted(flat, key=lambda item: item.report.start)
        self._ends = [item.report.end for item in self._by_end]
        self._starts = [item.report.start for item in self._by_start]

    def touching(self, quote: Quote) -> Given | None:
        """Return the voice of the report right before or right after the quotation."""
        plain = self._page.plain
        at = bisect_right(self._ends, quote.start) - 1
        before = at >= 0 and _touching(plain, self._ends[at], quote.start)
        gap = plain[self._ends[at] : quote.start] if before else ""
        colon = before and "：" in plain[self._ends[at] - 1 : quote.start]
        # `…，X说。“…”` on one line may go on with X; over a line break only a colon leads to the quotation.
        loose = before and not colon and ("。" in gap or "\n" in gap)
        if before and not loose:
            return _quoted(self._by_end[at], 0.93)
        after = bisect_left(self._starts, quote.end)
        if after < len(self._starts) and _touching(plain, quote.end, self._starts[after]):
            return _quoted(self._by_start[after], 0.91)
        if loose and "\n" not in gap:
            return _quoted(self._by_end[at], 0.86)
        return None

    def reopened(self, k: int, found: dict[int, Given]) -> Given | None:
        """Return the voice of the paragraph before, when its quotation was left open and this one opens again."""
        if k == 0 or k - 1 not in found or self._page.quotes[k - 1].closed:
            return None
        gap = self._page.plain[self._page.quotes[k - 1].end : self._page.quotes[k].start]
        return found[k - 1] if len(gap) <= 4 and not gap.strip() and "\n" in gap else None

    def led_in(self, quote: Quote) -> Given | None:
        """Return the person named in the words that lead to the quotation (`他的理念是：“…”`)."""
        plain = self._page.plain
        if not self._is_speech(quote):
            return None
        lead = plain[quote.start - 1 : quote.start]
        if lead not in ("：", ":", "，", ",") or (lead in "，," and quote.end - quote.start < 16):
            return None
        start = self._sentence_start(quote.start - 1)
        place = self._people.before(quote.start, plain)
        if place is not None and place.start >= start:
            entry = self._register.resolve(place.mention, place.start)
            return None if entry is None else Given(entry.index, "direct", lead, 0.78)
        return None

    def near(self, quote: Quote) -> Given | None:
        """Return the voice of the report in the sentence after the quotation, a few words away."""
        plain = self._page.plain
        if not self._is_speech(quote):
            return None
        after = bisect_left(self._starts, quote.end)
        if after >= len(self._starts) or self._starts[after] - quote.end > REACH_AFTER:
            return None
        between = plain[quote.end : self._starts[after]].strip()
        if any(sign in between for sign in "。！？“「"):
            return None
        return _quoted(self._by_start[after], 0.78)

    def beside(self, quote: Quote) -> Given | None:
        """Return the person named in the sentence before, when the quotation is a sentence of the same paragraph."""
        plain = self._page.plain
        if not self._is_speech(quote) or plain[quote.start - 1 : quote.start] not in ("。", " ", "！"):
            return None
        place = self._people.before(quote.start, plain)
        if place is None or quote.start - place.end > 80 or "\n" in plain[place.end : quote.start]:
            return None
        entry = self._register.resolve(place.mention, place.start)
        return None if entry is None else Given(entry.index, "direct", None, 0.65)

    def _sentence_start(self, offset: int) -> int:
        at = offset
        while at > 0 and offset - at < 120 and self._page.plain[at - 1] not in _SENTENCE_END:
            at -= 1
        return at

    def _is_speech(self, quote: Quote) -> bool:
        """Whether the words between the marks are a sentence, not a term, a title or a scare quote."""
        inner = self._page.plain[quote.start + 1 : quote.end - 1]
        if len(inner) >= 8 and inner.endswith(("。", "！", "？", "…", "，", "!", "?")):
            return True
        return len(inner) >= 14 and any(sign in inner for sign in "，。；,")


def _quoted(item: Resolved, confidence: float) -> Given:
    mode: Mode = "hearsay" if item.mode == "hearsay" else "direct"
    return Given(item.voice, mode, item.report.cue, confidence)


def _touching(plain: str, left: int, right: int) -> bool:
    return 0 <= right - left <= 5 and _GAP.fullmatch(plain, left, right) is not None
