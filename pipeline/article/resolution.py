"""Resolution: who is meant by each report, and which views are taken up only to be rejected."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from pipeline.article.page import AUTHOR, REACH_AFTER, Given, Page, Resolved
from pipeline.article.people import People
from pipeline.article.register import Register
from pipeline.article.reported import Report
from pipeline.records import Mode


def resolve_reports(
    page: Page, reports: Sequence[Sequence[Report]], register: Register, *, people: People, hearsay: frozenset[str]
) -> list[list[Resolved]]:
    """Find out who is meant by each report, in the order of the text."""
    out: list[list[Resolved]] = []
    last: tuple[int, int] | None = None  # paragraph, voice
    quote_ends = [quote.end for quote in page.quotes]
    for i, found in enumerate(reports):
        row: list[Resolved] = []
        for report in () if i in page.silent else found:
            mention = report.mention
            if report.pattern == "after" and not _follows_quote(report, quote_ends):
                continue
            if mention is None:
                if last is not None and last[0] == page.paragraphs[i]:
                    row.append(Resolved(report, last[1], "indirect"))
                continue
            if mention.kind == "author" or mention.name in page.own:
                row.append(Resolved(report, None, "author"))
                continue
            nearest = people.before(report.start, page.plain) if mention.kind == "pronoun" else None
            entry = register.resolve(
                mention, report.start, None if nearest is None else (nearest.start, nearest.mention)
            )
            if entry is not None:
                mode: Mode = "hearsay" if report.relayed or mention.name in hearsay else "indirect"
                row.append(Resolved(report, entry.index, mode))
                last = (page.paragraphs[i], entry.index)
        out.append(row)
    return out


def _follows_quote(report: Report, quote_ends: Sequence[int]) -> bool:
    """Whether a quotation ends shortly before a report whose verb ends the sentence (`“…”王敏说。`)."""
    at = bisect_right(quote_ends, report.start) - 1
    return at >= 0 and report.start - quote_ends[at] <= REACH_AFTER


def mark_rebutted(page: Page, given: Sequence[Given], register: Register, rebuttal: re.Pattern[str]) -> list[Given]:
    """Turn views of nobody in particular that the author takes up only to reject them into hearsay."""
    marked = list(given)
    for i in range(1, len(marked)):
        before, (start, end) = marked[i - 1].voice, page.spans[i]
        if before is None or marked[i].voice not in (None, before):
            continue
        if register.entries[before].kind not in ("group", "anonymous"):
            continue
        if not rebuttal.search(page.plain, start, min(end, start + 16)):
            continue
        k = i - 1
        while k >= 0 and marked[k].voice == before and page.paragraphs[k] == page.paragraphs[i - 1]:
            marked[k] = replace(marked[k], mode="hearsay")
            k -= 1
        k = i
        while k < len(marked) and marked[k].voice == before and page.paragraphs[k] == page.paragraphs[i]:
            marked[k] = AUTHOR
            k += 1
    return marked
