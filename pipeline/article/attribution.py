"""Attribution: carry each report over the segments that belong to it, and stop where the author takes over."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.article.register import Entry, Register
from pipeline.article.reported import Report
from pipeline.records import Mode, Quote

_GAP = re.compile(r"[\s，,：:。—-]{0,3}")


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of one segment: the voice (None: the author), how, by which cue, how surely."""

    voice: int | None
    mode: Mode
    cue: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Page:
    """One article prepared for attribution: offsets, paragraphs, quotations."""

    plain: str
    spans: tuple[tuple[int, int], ...]
    paragraphs: tuple[int, ...]
    quotes: tuple[Quote, ...]
    headings: frozenset[int]


@dataclass(slots=True)
class _Resolved:
    report: Report
    voice: int | None  # None: the author


AUTHOR = Given(None, "author", None, 0.96)


def attribute(
    page: Page, reports: Sequence[Sequence[Report]], register: Register, author_returns: re.Pattern[str]
) -> list[Given]:
    """Say of every segment whose words it holds."""
    resolved = _resolve(page, reports, register)
    quoted = _quote_voices(page, resolved)
    given: list[Given] = []
    current: Given | None = None
    paragraph = -1
    quote_starts = [quote.start for quote in page.quotes]
    open_quote = False
    for i, (start, end) in enumerate(page.spans):
        fresh = page.paragraphs[i] != paragraph
        paragraph = page.paragraphs[i]
        if fresh and not open_quote:
            previous, current = current, None
        else:
            previous = None
        quote = _covering(page.quotes, quote_starts, start, end)
        mine = resolved[i]
        now = _decide(page, i, mine, quote, quoted, current, author_returns)
        if now.voice is None:
            current = None
        else:
            current = now
        given.append(now)
        open_quote = False
        del previous
    return given


def _decide(
    page: Page,
    i: int,
    mine: Sequence[_Resolved],
    quote: int | None,
    quoted: dict[int, tuple[int, str, float]],
    current: Given | None,
    author_returns: re.Pattern[str],
) -> Given:
    start, end = page.spans[i]
    if quote is not None and quote in quoted:
        voice, cue, surety = quoted[quote]
        return Given(voice, "direct", cue, surety)
    if mine:
        first = mine[0]
        if first.voice is None:
            return AUTHOR
        return Given(first.voice, "indirect", first.report.cue, 0.9)
    if i in page.headings:
        return AUTHOR
    if current is not None:
        if quote is not None:
            return Given(current.voice, "direct", None, 0.8)
        if author_returns.match(page.plain, start, end):
            return AUTHOR
        return Given(current.voice, current.mode, None, 0.7)
    return AUTHOR


def _resolve(page: Page, reports: Sequence[Sequence[Report]], register: Register) -> list[list[_Resolved]]:
    out: list[list[_Resolved]] = []
    last: tuple[int, int] | None = None  # paragraph, voice
    for i, found in enumerate(reports):
        row: list[_Resolved] = []
        for report in found:
            mention = report.mention
            if mention is None:
                if last is not None and last[0] == page.paragraphs[i]:
                    row.append(_Resolved(report, last[1]))
                continue
            if mention.kind == "author":
                row.append(_Resolved(report, None))
                continue
            entry: Entry | None = register.resolve(mention, report.start)
            if entry is not None:
                row.append(_Resolved(report, entry.index))
                last = (page.paragraphs[i], entry.index)
        out.append(row)
    return out


def _quote_voices(page: Page, resolved: Sequence[Sequence[_Resolved]]) -> dict[int, tuple[int, str, float]]:
    """Give each quotation to the report right before or right after it."""
    found: dict[int, tuple[int, str, float]] = {}
    flat = [item for row in resolved for item in row if item.voice is not None]
    ends = [item.report.end for item in flat]
    begins = [item.report.start for item in flat]
    for k, quote in enumerate(page.quotes):
        at = bisect_right(ends, quote.start) - 1
        if at >= 0 and _touching(page.plain, flat[at].report.end, quote.start):
            voice = flat[at].voice
            if voice is not None:
                found[k] = (voice, flat[at].report.cue, 0.95)
            continue
        at = bisect_right(begins, quote.end - 1)
        if at < len(flat) and _touching(page.plain, quote.end, flat[at].report.start):
            voice = flat[at].voice
            if voice is not None:
                found[k] = (voice, flat[at].report.cue, 0.93)
    return found


def _touching(plain: str, left: int, right: int) -> bool:
    return 0 <= right - left <= 4 and _GAP.fullmatch(plain, left, right) is not None


def _covering(quotes: Sequence[Quote], starts: Sequence[int], start: int, end: int) -> int | None:
    """Return the quotation that holds more than half of ``[start, end)``."""
    at = bisect_right(starts, end - 1) - 1
    best, most = None, (end - start) / 2
    while at >= 0 and at >= 0 and quotes[at].end > start:
        shared = min(end, quotes[at].end) - max(start, quotes[at].start)
        if shared > most:
            best, most = at, shared
        at -= 1
    return best
