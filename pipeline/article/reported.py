"""Reports: places where the text says that somebody says something."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.article.mentions import Mention, MentionReader, phrase_is_empty
from pipeline.article.report_patterns import (
    ACCORDING,
    AFTER_VERB,
    BLOCKED_NEXT,
    BOUNDARY,
    COUNTED,
    FORECASTS,
    LEAD,
    NEED_OBJECT,
    OBJECT,
    PLAIN,
    QUOTE_OPEN,
    REACH,
    RELAY,
    TOLD,
    VIEW,
    VIEW_HINTS,
)
from pipeline.lexicon import Lexicon, Match

Pattern = Literal["before", "after", "according", "view", "turn"]


@dataclass(frozen=True, slots=True)
class Report:
    """A reporting clause.

    `mention` is None when the subject is left out; `start` is where the clause begins, `end` where the verb ends;
    `marked` says that a mark (colon, comma, quotation) follows the verb.
    """

    start: int
    end: int
    cue: str
    pattern: Pattern
    mention: Mention | None
    marked: bool
    weak: bool
    relayed: bool = False


@dataclass(frozen=True)
class ReportFinder:
    """Finds reports; holds the compiled verbs and the reader of mentions."""

    verbs: Lexicon
    mental: frozenset[str]
    reader: MentionReader

    def find(
        self, plain: str, spans: Sequence[tuple[int, int]], inside: Sequence[tuple[int, int]], known: dict[str, Mention]
    ) -> list[list[Report]]:
        """Find the reports of each segment.

        Parameters
        ----------
        plain : str
            The article in simplified script.
        spans : sequence of (start, end)
            The segments, sorted.
        inside : sequence of (start, end)
            Quotations, sorted, without overlap: a verb in there reports nothing to the reader of the article.
        known : dict
            People introduced in the text; those found here are added.
        """
        starts = [start for start, _ in spans]
        inner = _Inside(inside)
        found: list[list[Report]] = [[] for _ in spans]
        for match in self.verbs.find(plain):
            if match.group not in ("say", "weak") or inner.holds(match.start):
                continue
            at = bisect_right(starts, match.start) - 1
            if at < 0 or match.start >= spans[at][1]:
                continue
            report = self._read(plain, match, spans[at], known)
            if report is not None:
                found[at].append(report)
                if report.mention is not None and report.mention.kind == "person":
                    known.setdefault(report.mention.name, report.mention)
        for at, (start, end) in enumerate(spans):
            found[at] = self._phrases(plain, start, end, inner, known) + found[at]
        return found

    def _read(self, plain: str, match: Match, span: tuple[int, int], known: dict[str, Mention]) -> Report | None:
        start, end = span
        weak = match.group == "weak"
        stop = AFTER_VERB.match(plain, match.end, end)
        after = stop.end() if stop else match.end
        told = TOLD.match(plain, match.start, end)
        if told:
            after = told.end()
        shown = OBJECT.match(plain, match.end, end)
        if shown:
            after = shown.end()
        elif match.term in NEED_OBJECT:
            return None
        following = plain[after : after + 1] if after < end else ""
        marked = following in ("：", ":", "，", ",") or (following != "" and following in QUOTE_OPEN)
        final = following == "" or following in "。！？!?；;…"
        if not marked and not final:
            told_of = match.term in PLAIN and plain[match.end : match.end + 1] == "了" and end - match.end > 8
            if not told_of and (plain[match.end : match.end + 1] in BLOCKED_NEXT or end - match.end < 5):
                return None
        clause = self._clause_start(plain, start, match.start)
        phrase = plain[max(clause, match.start - REACH) : match.start]
        mention = self.reader.read(phrase, known)
        if mention is not None and mention.kind != "person" and phrase.endswith(("他会", "她会", "们会", "家会")):
            return None  # `他会觉得你不尊重他`: imagined, not reported
        if mention is None:
            if not phrase_is_empty(self.reader, phrase):
                return None
            if match.term.startswith("分析") and len(match.term) > 2 and (clause == start or phrase.endswith("有")):
                mention = Mention("分析", "group")
            else:
                mention = self._earlier(plain, start, clause, known)
        if match.term in ("道", "云", "曰", "写") and (not marked or following in "，,"):
            return None
        if not self._plausible(mention, marked, weak, final, match.term, following in '：:“「"' and following != ""):
            return None
        pattern: Pattern = "after" if final else "before"
        return Report(clause, after, match.term, pattern, mention, marked, weak)

    def _plausible(
        self, mention: Mention | None, marked: bool, weak: bool, final: bool, verb: str, quoted: bool = False
    ) -> bool:
        """Whether a verb with this subject and these marks reports words."""
        if mention is None:
            return marked
        if mention.kind == "author":
            return marked or not weak
        if final:
            return True  # kept only when a quotation ends right before it
        if mention.kind in ("group", "anonymous") and verb in self.mental:
            # What a group feels or expects is told by the author (`用户觉得好才是真的好`), unless somebody is counted.
            return marked and (quoted or mention.existential or mention.name.startswith(COUNTED))
        if not marked:
            if weak:
                return verb == "说" and mention.kind in ("pronoun", "person")
            if verb in ("预计", "预测"):
                # `棉农预计将增产`: the author expects it of them; who makes forecasts is told by the name.
                return mention.kind in ("person", "pronoun") or FORECASTS.search(mention.name) is not None
            sure = mention.kind in ("person", "pronoun", "group") or verb in PLAIN
            return mention.surety >= (0.8 if sure else 0.9)
        return mention.surety >= (0.6 if weak and verb != "说" else 0.4)

    def _clause_start(self, plain: str, start: int, verb: int) -> int:
        at = verb
        depth = 0
        lowest = max(start, verb - REACH - 1)
        while at > lowest:
            char = plain[at - 1]
            if char in "”」" and depth == 0:
                # A name between marks (`对「甲子光年」表示`) is part of the clause, speech is not.
                opened = max(plain.rfind("“", lowest, at - 1), plain.rfind("「", lowest, at - 1))
                if opened < 0 or at - opened > 18 or any(sign in plain[opened:at] for sign in "，。；？！"):
                    break
                at = opened
                continue
            if char in "》）)":
                depth += 1
            elif char in "《（(":
                depth = max(0, depth - 1)
            elif depth == 0 and char in BOUNDARY:
                break
            at -= 1
        return at

    def _earlier(self, plain: str, start: int, clause: int, known: dict[str, Mention]) -> Mention | None:
        """Look for the subject one or two clauses before (`王小川在会上回应提问时，直言`)."""
        at = clause
        for _ in range(2):
            if at - 1 <= start or plain[at - 1] not in "，,":
                return None
            at -= 1
            before = self._clause_start(plain, start, at)
            phrase = plain[max(before, at - REACH) : at]
            mention = self.reader.read(phrase, known)
            if mention is not None and mention.kind in ("person", "pronoun", "organisation") and mention.surety >= 0.8:
                return mention
            if not phrase_is_empty(self.reader, phrase):
                return None
            at = before
        return None

    def _phrases(self, plain: str, start: int, end: int, inner: _Inside, known: dict[str, Mention]) -> list[Report]:
        found: list[Report] = []
        text = plain[start:end]
        patterns: list[tuple[re.Pattern[str], Pattern]] = []
        if "据" in text or "按" in text or "援引" in text:
            patterns.append((ACCORDING, "according"))
        if any(hint in text for hint in VIEW_HINTS):
            patterns.append((VIEW, "view"))
        for regex, pattern in patterns:
            hit = regex.search(plain, start, end)
            if hit is None or inner.holds(hit.start()):
                continue
            who = next((value for key, value in hit.groupdict().items() if value and key != "verb"), "")
            mention = self.reader.read(who[-REACH:], known)
            if mention is not None and mention.surety >= 0.6:
                found.append(
                    Report(hit.start(), hit.end(), hit.group()[-4:].strip("，,：:"), pattern, mention, True, False)
                )
        relay = RELAY.search(plain, start, end) if "引" in text or "转述" in text else None
        if relay and not inner.holds(relay.start()):
            mention = self.reader.read(relay["who"], known)
            if mention is not None and mention.kind != "author":
                found.insert(
                    0,
                    Report(
                        relay.start(), relay.end(), relay.group()[:2], "according", mention, True, False, relayed=True
                    ),
                )
        lead = LEAD.match(plain, start, end)
        if lead and start and not inner.holds(start) and not lead["who"].startswith(("对话", "专访", "独家")):
            mention = self.reader.read(lead["who"], known)
            if mention is not None and mention.kind == "person" and _may_lead(mention, known):
                found.append(Report(start, lead.end(), "：", "before", mention, True, False))
        return found


def _may_lead(mention: Mention, known: dict[str, Mention]) -> bool:
    """Whether `X：` at the start of a sentence can be a speaker: a full name with its role, or one that is known."""
    name = mention.name
    if name in known or "·" in name:
        return True
    return bool(mention.title or mention.affiliation) and (not name.isascii() or " " in name)


class _Inside:
    """Answers whether an offset lies in one of the sorted spans."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def holds(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]
