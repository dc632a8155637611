"""The issue of an article: the question it is about, as a person would write it, in at most 16 characters.

An issue is a subject and what is contested of it: 汽车 + 价格战. Both come from `lexicons/issue.toml`, trades and firms
also from the entity lexicon; what the title, the headings and the lead say counts for more than the body. So articles
of one quarrel get one issue, whatever their titles are. Where the text speaks of no such thing, a clause of the title
stands for it, cut only where no word is cut.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
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
_ALONE_IN_TITLE = 5.0  # and what one counts for that the text does not take up: it may be a figure of speech
_MOST = 30.0  # more mentions than these say no more
_ENOUGH = 8.0  # a head below this is spoken of in passing
_ENOUGH_SUBJECT = 5.0  # and so is a subject
_NEAR = 8  # characters between a subject and the head that follows it
_BESIDE = 2.0  # times that they must stand so, where neither is in the title
_SHARE = 0.5  # of all mentions of firms: an article about one firm alone
_FIRM = 0.5  # what a mention of a firm counts for its trade
_NAMED = 3  # mentions of a quarrel by its name, so that a fall of prices is called by it
_SPOKEN_OF = 1.0  # mentions per character pair of a title that says what the text is about
_LITTLE = 4.0  # a head that is still better than such a title
_PRICE_WAR = "价格战"
_CUTS = ("降价", "免费", "低价竞争")
_RISES = frozenset({"涨价"})
_FALLS = frozenset({"降价", "价格下跌"})
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SITE = re.compile(r"\s[-_|｜–—]\s*\S{2,8}$")  # the name of the site that some pages put behind a title
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
    subjects = _Tally(rules.subjects, rules.subject_weights, title=title, plain=plain, weights=weights)
    pair = _pair(heads, subjects, rules) or _Pair("", "", 0.0, False)
    if pair.head and pair.score >= _ENOUGH:
        noun = "" if pair.subject else title_subject(title, plain, heads.in_title, rules.title)
        if pair.head in rules.alone or pair.linked or noun:
            return _compose(pair.subject or noun, pair.head, rules)
    phrase, spoken = title_phrase(title, plain, MAX_ISSUE, rules.title)
    if phrase and (spoken >= _SPOKEN_OF or not pair.subject or pair.score < _LITTLE):
        return phrase
    return _compose(pair.subject, pair.head, rules) or phrase or _UNKNOWN


@dataclass(frozen=True, slots=True)
class _Rules:
    heads: Lexicon
    subjects: Lexicon
    head_weights: Mapping[str, float]
    subject_weights: Mapping[str, float]
    quarrels: Mapping[str, str]
    alone: frozenset[str]
    trade: frozenset[str]
    prices: frozenset[str]
    rivals: frozenset[str]
    subjects_of: Mapping[str, frozenset[str]]  # of the heads that are not contested in everything
    heads_of: Mapping[str, frozenset[str]]
    industry: Mapping[str, str]  # company -> the subject it counts for
    title: TitleRules


@dataclass(frozen=True, slots=True)
class _Pair:
    """A subject and what is contested of it; `linked` when they stand together or one of them is in the title."""

    subject: str
    head: str
    score: float
    linked: bool


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
        mentions = min(float(self.mentions[group]), _MOST)
        titles = min(_IN_TITLE * min(self.titles[group], 2), _ALONE_IN_TITLE + 2 * mentions)
        return (mentions + titles) * self._group_weights.get(group, 1.0)


def _title(document: Document, plain: str, segments: Sequence[Segment]) -> str:
    """Return the title in simplified script: as the file gives it, or the first heading, or the first segment."""
    if document.title:
        at = document.text.find(document.title)
        title = plain[at : at + len(document.title)] if at >= 0 else simplify(document.title)
        return _SITE.sub("", title)
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
            name = _COMPANY + entity.company.removesuffix("公司")
            terms.setdefault(name, []).extend(alias for alias in entity.aliases if alias not in entity.weak)
            industry[name] = str(raw["industry"].get(entity.industry, ""))
    return _Rules(
        heads=compile_lexicon("issue heads", {name: entry["terms"] for name, entry in heads.items()}),
        subjects=compile_lexicon("issue subjects", terms),
        head_weights=_numbers(heads),
        subject_weights=_numbers(subjects),
        quarrels={name: str(entry["quarrel"]) for name, entry in heads.items() if "quarrel" in entry},
        alone=_marked(heads, "alone"),
        trade=_marked(heads, "trade"),
        prices=_marked(subjects, "price"),
        rivals=_marked(subjects, "rivals"),
        subjects_of=_only(heads),
        heads_of=_only(subjects),
        industry=industry,
        title=TitleRules(**{key: tuple(words) for key, words in raw["title"].items()}),
    )


def _numbers(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    return {name: float(entry.get("weight", 1.0)) for name, entry in entries.items()}


def _marked(entries: Mapping[str, Mapping[str, Any]], mark: str) -> frozenset[str]:
    return frozenset(name for name, entry in entries.items() if entry.get(mark))


def _only(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(entry["only"]) for name, entry in entries.items() if "only" in entry}


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


def _pair(heads: _Tally, subjects: _Tally, rules: _Rules) -> _Pair | None:
    """Return what the article is about; a fall of prices goes by the name of the quarrel that it is part of."""
    head = max(heads.groups(), key=lambda group: (heads.score(group), group), default=None)
    if head is None:
        return None
    score = heads.score(head)
    near = _near(head, heads, subjects)
    firm = "" if head in rules.trade else _firm(subjects)
    if firm:
        return _Pair(firm.removeprefix(_COMPANY), head, score, linked=True)
    subject = _trade(head, subjects, near, rules)
    linked = bool(subject) and bool(near[subject] >= _BESIDE or heads.titles[head] or subjects.titles[subject])
    return _Pair(subject, _quarrel(head, subject, heads, rules), score, linked)


def _quarrel(head: str, subject: str, heads: _Tally, rules: _Rules) -> str:
    """Return the quarrel that `head` is part of, where the article speaks of it, else `head`."""
    quarrel = rules.quarrels.get(head)
    if quarrel is None:
        return head
    if subject in rules.rivals and quarrel == _PRICE_WAR:
        others = sum(heads.mentions[other] for other in (*_CUTS, quarrel) if other != head)
        return quarrel if head == _CUTS[0] or others >= _NAMED else head
    named = heads.mentions[quarrel]
    return quarrel if named >= max(_NAMED, heads.mentions[head] / 3) else head


def _firm(subjects: _Tally) -> str:
    """Return the firm that an article is about alone: no other in the title, few others in the text."""
    firms = {group: subjects.score(group) for group in subjects.groups() if group.startswith(_COMPANY)}
    titled = [group for group in firms if subjects.titles[group]]
    if len(titled) != 1 or firms[titled[0]] < max(_ENOUGH_SUBJECT, _SHARE * sum(firms.values())):
        return ""
    return titled[0]


def _trade(head: str, subjects: _Tally, near: Mapping[str, float], rules: _Rules) -> str:
    """Return the trade that is spoken of most, and nearest to the head; firms speak for theirs."""
    scores: defaultdict[str, float] = defaultdict(float)
    for group in subjects.groups():
        score = subjects.score(group) + near[group]
        if not group.startswith(_COMPANY):
            scores[group] += score
        elif rules.industry[group]:
            scores[rules.industry[group]] += score * _FIRM
    fitting = rules.subjects_of.get(head, scores.keys())
    scores = defaultdict(
        float, {s: score for s, score in scores.items() if s in fitting and head in rules.heads_of.get(s, (head,))}
    )
    best = max(scores, key=lambda group: (scores[group], group), default="")
    return best if scores[best] >= _ENOUGH_SUBJECT else ""


def _near(head: str, heads: _Tally, subjects: _Tally) -> defaultdict[str, float]:
    """Count the subjects that stand just before a mention of `head`."""
    near: defaultdict[str, float] = defaultdict(float)
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
    if not subject or head in rules.alone:
        return head or subject
    if subject in rules.prices:
        if head in _RISES:
            return f"{subject}上涨"
        if head in _FALLS:
            return f"{subject}下跌"
    space = " " if _latin(subject[-1]) and _latin(head[0]) else ""
    return f"{subject}{space}{head}"
