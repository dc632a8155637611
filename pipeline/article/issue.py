"""The issue of an article: the question it is about, as a person would write it, in at most 16 characters.

An issue is a subject and what is contested of it: 汽车 + 价格战. Both come from `lexicons/issue.toml`, the trades and firms
also from the entity lexicon; what the title, the headings and the lead say counts for more than the body. So articles
of one quarrel get one issue, whatever their titles are. Where the text speaks of no such thing, a clause of the title
stands for it, cut only where no word is cut.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.article.entities import load_entities
from pipeline.article.issue_title import TitleRules, title_phrase, title_subject
from pipeline.lexicon import Lexicon, Match, compile_lexicon, load_raw
from pipeline.records import Document, Segment
from pipeline.script import simplify

MAX_ISSUE = 16  # characters, as the annotation guidelines say

# Chosen by reading the articles of even index of the development set.
_LEAD = 300  # characters of body that count as the lead
_IN_TITLE, _IN_HEADING, _IN_LEAD = 8, 3, 2  # what a mention there counts for; one in the body counts 1
_MOST = 30.0  # more mentions than these say no more
_ENOUGH = 8.0  # a head below this is spoken of in passing
_ENOUGH_SUBJECT = 5.0  # and so is a subject
_NEAR = 8  # characters between a subject and the head that follows it
_SHARE = 0.5  # of all mentions of firms: an article about one firm alone
_FIRM = 0.5  # what a mention of a firm counts for its trade
_SPOKEN = 3  # mentions of a quarrel by its name, so that a fall of prices is called by it
_QUARRELS = ("价格战", "补贴大战")
_RISES = frozenset({"涨价"})
_FALLS = frozenset({"降价", "价格下跌"})
_HAN = re.compile(r"[\u4e00-\u9fff]")
_COMPANY = "company:"
_UNKNOWN = "本文议题"


def find_issue(document: Document, plain: str, segments: Sequence[Segment]) -> str:
    """Return the issue of an article; empty only where there is no Chinese.

    Parameters
    ----------
    document : Document
        The article; its title counts when the file gives one.
    plain : str
        The text in simplified script; the issue is given in it.
    segments : sequence of Segment
        Their roles say what is a heading and what is furniture.
    """
    title = _title(document, plain, segments)
    if not _HAN.search(plain) and not _HAN.search(title):
        return ""
    rules = _rules()
    weights = _weights(plain, segments)
    heads = _Tally(rules.heads, rules.head_weights, title=title, plain=plain, weights=weights)
    head = _pick_head(heads, rules)
    if head and heads.score(head) >= _ENOUGH:
        if head in rules.alone:
            return head
        subjects = _Tally(rules.subjects, rules.subject_weights, title=title, plain=plain, weights=weights)
        subject = _pick_subject(head, heads, subjects, rules) or title_subject(title, plain, heads.in_title, rules.title)
        phrase = _compose(subject, head, rules) if subject else ""
        if phrase and len(phrase) <= MAX_ISSUE:
            return phrase
    return title_phrase(title, plain, MAX_ISSUE, rules.title) or head or _UNKNOWN


@dataclass(frozen=True, slots=True)
class _Rules:
    heads: Lexicon
    subjects: Lexicon
    head_weights: Mapping[str, float]
    subject_weights: Mapping[str, float]
    cut: frozenset[str]
    alone: frozenset[str]
    prices: frozenset[str]
    industry: Mapping[str, str]  # company -> the subject it counts for
    title: TitleRules


class _Tally:
    """Weighted mentions of the groups of a lexicon in one article."""

    def __init__(
        self, lexicon: Lexicon, group_weights: Mapping[str, float], *, title: str, plain: str, weights: bytearray
    ) -> None:
        self._group_weights = group_weights
        self.matches = [m for m in lexicon.find(plain) if weights[m.start] and _stands_alone(plain, m)]
        self.in_title = [m for m in lexicon.find(title) if _stands_alone(title, m)]
        self.mentions: Counter[str] = Counter()
        for match in self.matches:
            self.mentions[match.group] += weights[match.start]
        self.titles = Counter(match.group for match in self.in_title)

    def groups(self) -> list[str]:
        """Return the groups that are mentioned, sorted."""
        return sorted(self.mentions.keys() | self.titles.keys())

    def score(self, group: str) -> float:
        """Return how much the article speaks of `group`."""
        mentions = min(float(self.mentions[group]), _MOST) + _IN_TITLE * min(self.titles[group], 2)
        return mentions * self._group_weights.get(group, 1.0)


def _title(document: Document, plain: str, segments: Sequence[Segment]) -> str:
    """Return the title in simplified script: as the file gives it, or the first heading, or the first segment."""
    if document.title:
        at = document.text.find(document.title)
        return plain[at : at + len(document.title)] if at >= 0 else simplify(document.title)
    shown = [s for s in segments if s.role in ("heading", "body")][:3]
    first = next((s for s in shown if s.role == "heading"), shown[0] if shown else None)
    return plain[first.start : first.end] if first else ""


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    """Compile the rules once per process."""
    raw = load_raw("issue")
    heads: dict[str, dict[str, Any]] = raw["head"]
    subjects: dict[str, dict[str, Any]] = raw["subject"]
    terms = {name: list(entry["terms"]) for name, entry in subjects.items()}
    entities = load_entities()
    industry = {}
    for entity in entities.entries:
        if entity.company:
            name = _COMPANY + entity.company
            terms.setdefault(name, []).extend(alias for alias in entity.aliases if alias not in entity.weak)
            industry[name] = str(raw["industry"].get(entity.industry, ""))
    return _Rules(
        heads=compile_lexicon("issue heads", {name: entry["terms"] for name, entry in heads.items()}),
        subjects=compile_lexicon("issue subjects", terms),
        head_weights=_numbers(heads),
        subject_weights=_numbers(subjects),
        cut=frozenset(name for name, entry in heads.items() if entry.get("family") == "cut"),
        alone=frozenset(name for name, entry in heads.items() if entry.get("alone")),
        prices=frozenset(name for name, entry in subjects.items() if entry.get("price")),
        industry=industry,
        title=TitleRules(**{key: tuple(words) for key, words in raw["title"].items()}),
    )


def _numbers(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    return {name: float(entry.get("weight", 1.0)) for name, entry in entries.items()}


def _weights(plain: str, segments: Sequence[Segment]) -> bytearray:
    """Return for each character what a mention there counts for; furniture counts nothing."""
    weights = bytearray(len(plain))
    body = 0
    for segment in segments:
        if segment.role in ("heading", "body"):
            worth = _IN_HEADING if segment.role == "heading" else _IN_LEAD if body < _LEAD else 1
            weights[segment.start : segment.end] = bytes((worth,)) * (segment.end - segment.start)
            body += segment.end - segment.start if segment.role == "body" else 0
    return weights


def _stands_alone(text: str, match: Match) -> bool:
    """Whether a term in Latin letters is a word of its own (`AI` is none in `OpenAI`)."""
    before = text[match.start - 1] if match.start else " "
    after = text[match.end] if match.end < len(text) else " "
    return not (_latin(text[match.start]) and _latin(before)) and not (_latin(text[match.end - 1]) and _latin(after))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _pick_head(heads: _Tally, rules: _Rules) -> str | None:
    """Return the head that is spoken of most; a quarrel of falling prices goes by its own name if it has one."""
    ranked = sorted(heads.groups(), key=lambda group: (-heads.score(group), group))
    if not ranked:
        return None
    if ranked[0] in rules.cut:
        named = [group for group in _QUARRELS if heads.mentions[group] >= _SPOKEN]
        if named:
            return max(named, key=lambda group: (heads.score(group), group))
    return ranked[0]


def _pick_subject(head: str, heads: _Tally, subjects: _Tally, rules: _Rules) -> str | None:
    """Return the subject of `head`: the firm an article is about alone, else the trade spoken of most and nearest."""
    near = _near(head, heads, subjects)
    scores: Counter[str] = Counter()
    firms: Counter[str] = Counter()
    for group in subjects.groups():
        score = subjects.score(group) + near[group]
        if group.startswith(_COMPANY):
            firms[group] = score
            if rules.industry[group]:
                scores[rules.industry[group]] += score * _FIRM
        else:
            scores[group] += score
    firm = max(firms, key=lambda group: (firms[group], group), default=None)
    if firm and subjects.titles[firm] and firms[firm] >= _SHARE * firms.total():
        return firm.removeprefix(_COMPANY)
    best = max(scores, key=lambda group: (scores[group], group), default=None)
    return best if best and scores[best] >= _ENOUGH_SUBJECT else None


def _near(head: str, heads: _Tally, subjects: _Tally) -> Counter[str]:
    """Count the subjects that stand just before a mention of `head`."""
    near: Counter[str] = Counter()
    for those, these, worth in (
        (subjects.matches, heads.matches, 1.0), (subjects.in_title, heads.in_title, float(_IN_TITLE)),
    ):  # fmt: skip
        ends = [match.end for match in those]
        for match in these:
            at = bisect_right(ends, match.start) - 1
            if match.group == head and at >= 0 and match.start - ends[at] <= _NEAR:
                near[those[at].group] += worth
    return near


def _compose(subject: str, head: str, rules: _Rules) -> str:
    """Write subject and head as one phrase."""
    if subject in rules.prices:
        if head in _RISES:
            return f"{subject}上涨"
        if head in _FALLS:
            return f"{subject}下跌"
    space = " " if _latin(subject[-1]) and _latin(head[0]) else ""
    return f"{subject}{space}{head}"
