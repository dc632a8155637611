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

from pipeline.article.issue_rules import COMPANY, IssueRules, load_issue_rules
from pipeline.article.issue_title import title_phrase, title_subject
from pipeline.lexicon import Lexicon, Match
from pipeline.records import Document, Segment
from pipeline.script import simplify

MAX_ISSUE = 16  # characters, as the annotation guidelines say

# Chosen by reading the articles of even index of the development set; none changes the result by more than 2 points.
_LEAD = 500  # characters of body that count as the lead
_IN_TITLE, _IN_HEADING, _IN_LEAD = 8, 3, 2  # what a mention there counts for; one in the body counts 1
_ALONE_IN_TITLE = 5.0  # and what one counts for that the text does not take up: it may be a figure of speech
_WEAK, _MOST_WEAK = 0.5, 4.0  # what a weak term counts beside another, and all of them together
_MOST = 30.0  # more mentions than these say no more
_ENOUGH = 8.0  # a head below this is spoken of in passing
_PLENTY = 12.0  # one above this needs no link to its subject
_SHORTEST = 0.3  # of both for a text of 300 characters and less, in proportion up to 1,000
_PER_THOUSAND, _AT_MOST = 4.0, 20.0  # a head that is not in the title must have so much per 1,000 characters, or in all
_ENOUGH_SUBJECT = 5.0  # a subject below this is spoken of in passing
_NEAR = 8  # characters between a subject and the head that follows it
_BESIDE = 2.0  # times that they must stand so, where neither is in the title
_SHARE = 0.5  # of all mentions of firms: an article about one firm alone
_FIRM = 0.5  # what a mention of a firm counts for its trade
_NAMED = 3  # mentions of a quarrel by its name, so that a fall of prices is called by it
_QUARREL_SHARE = 1 / 3  # of the mentions of the fall, in a trade that is not known for its rivals
_SPOKEN_OF = 2.0  # mentions per character pair of a title that says what the text is about
_LITTLE = 4.0  # a head that is still better than such a title
_OPENING = 5  # lines that may stand for a title
_PRICE_WAR = "价格战"
_CUTS = ("降价", "免费", "低价竞争")
_RISES = frozenset({"涨价"})
_FALLS = frozenset({"降价", "价格下跌"})
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SITE = re.compile(r"\s[-_|｜–—]\s*\S{2,8}$")  # the name of the site that some pages put behind a title
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
    rules = load_issue_rules()
    weights = _weights(plain, segments)
    heads = _Tally(rules.heads, rules, title=title, plain=plain, weights=weights)
    subjects = _Tally(rules.subjects, rules, title=title, plain=plain, weights=weights)
    pair = _pair(heads, subjects, rules) or _Pair("", "", 0.0, linked=False, titled=False)
    thousands = len(plain) / 1000
    short = min(max(thousands, _SHORTEST), 1.0)
    enough = max(_ENOUGH * short, 0.0 if pair.titled else min(_PER_THOUSAND * thousands, _AT_MOST))
    if pair.head and pair.score >= enough:
        known = pair.subject or pair.head in rules.subjects_of
        beside = [match for match in heads.in_title if match.group == pair.head]
        noun = "" if known else title_subject(title, plain, beside, rules.title)
        much = pair.score >= _PLENTY * short and (pair.subject or pair.titled)
        if pair.linked or noun or much or pair.head in rules.alone:
            return _compose(pair.subject or noun, pair.head, rules)
    phrase, spoken = title_phrase(title, plain, MAX_ISSUE, rules.title)
    if phrase and (spoken >= _SPOKEN_OF or not pair.linked or pair.score < _LITTLE):
        return phrase
    return _compose(pair.subject, pair.head, rules) or phrase or _opening(plain, segments, rules) or _UNKNOWN


def _opening(plain: str, segments: Sequence[Segment], rules: IssueRules) -> str:
    """Return a phrase of one of the first lines, for an article whose title says nothing in Chinese."""
    lines = [plain[s.start : s.end] for s in segments if s.role in ("heading", "body")][:_OPENING]
    phrases = (title_phrase(line, plain, MAX_ISSUE, rules.title)[0] for line in lines)
    return next((phrase for phrase in phrases if phrase), "")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A subject and what is contested of it.

    `linked` when they stand together or one is in the title, `titled` when the head is there.
    """

    subject: str
    head: str
    score: float
    linked: bool
    titled: bool


class _Tally:
    """Weighted mentions of the groups of a lexicon in one article."""

    def __init__(self, lexicon: Lexicon, rules: IssueRules, *, title: str, plain: str, weights: bytearray) -> None:
        self._weights = rules.weights
        self.matches = [m for m in lexicon.find(plain) if weights[m.start] and _stands_alone(plain, m)]
        self.in_title = [m for m in lexicon.find(title) if _stands_alone(title, m)]
        self.mentions: defaultdict[str, float] = defaultdict(float)
        weak: defaultdict[str, float] = defaultdict(float)
        for match in self.matches:
            (weak if match.term in rules.weak else self.mentions)[match.group] += weights[match.start]
        self.titles = Counter(match.group for match in self.in_title)
        for group in weak:
            if self.mentions[group] or self.titles[group]:
                self.mentions[group] += min(weak[group] * _WEAK, _MOST_WEAK)

    def groups(self) -> list[str]:
        """Return the groups that are mentioned, sorted."""
        return sorted(self.mentions.keys() | self.titles.keys())

    def score(self, group: str) -> float:
        """Return how much the article speaks of `group`."""
        mentions = min(self.mentions[group], _MOST)
        titles = min(_IN_TITLE * min(self.titles[group], 2), _ALONE_IN_TITLE + 2 * mentions)
        return (mentions + titles) * self._weights.get(group, 1.0)


def _title(document: Document, plain: str, segments: Sequence[Segment]) -> str:
    """Return the title in simplified script: as the file gives it, or the first heading, or the first segment."""
    if document.title:
        at = document.text.find(document.title)
        title = plain[at : at + len(document.title)] if at >= 0 else simplify(document.title)
        return _SITE.sub("", title)
    shown = [s for s in segments if s.role in ("heading", "body")][:3]
    first = next((s for s in shown if s.role == "heading"), shown[0] if shown else None)
    return plain[first.start : first.end] if first else ""


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


def _pair(heads: _Tally, subjects: _Tally, rules: IssueRules) -> _Pair | None:
    """Return what the article is about; a fall of prices goes by the name of the quarrel that it is part of."""
    head = max(heads.groups(), key=lambda group: (heads.score(group), group), default=None)
    if head is None:
        return None
    score = heads.score(head)
    near = _near(head, heads, subjects)
    titled = bool(heads.titles[head])
    firm = _firm(head, subjects, rules)
    if firm:
        return _Pair(firm, head, score, linked=True, titled=titled)
    subject = _trade(head, subjects, near, rules)
    linked = bool(subject) and bool(near[subject] >= _BESIDE or heads.titles[head] or subjects.titles[subject])
    return _Pair(subject, _quarrel(head, subject, heads, rules), score, linked=linked, titled=titled)


def _quarrel(head: str, subject: str, heads: _Tally, rules: IssueRules) -> str:
    """Return the quarrel that `head` is part of, where the article speaks of it, else `head`."""
    quarrel = rules.quarrels.get(head)
    if quarrel is None:
        return head
    if subject in rules.rivals and quarrel == _PRICE_WAR:
        others = sum(heads.mentions[other] for other in (*_CUTS, quarrel) if other != head)
        return quarrel if head == _CUTS[0] or others >= _NAMED else head
    share = 0 if subject in rules.rivals else _QUARREL_SHARE * heads.mentions[head]
    return quarrel if heads.mentions[quarrel] >= max(_NAMED, share) else head


def _firm(head: str, subjects: _Tally, rules: IssueRules) -> str:
    """Return the firm that an article is about alone: no other in the title, few others in the text.

    What only a firm can do (lay off, buy another) is told of the first of the title.
    """
    firms = {group: subjects.score(group) for group in subjects.groups() if group.startswith(COMPANY)}
    titled = [match.group for match in subjects.in_title if match.group in firms]
    if not titled or head in rules.trade:
        return ""
    alone = len(set(titled)) == 1 and firms[titled[0]] >= max(_ENOUGH_SUBJECT, _SHARE * sum(firms.values()))
    return titled[0].removeprefix(COMPANY) if alone or head in rules.firm else ""


def _trade(head: str, subjects: _Tally, near: Mapping[str, float], rules: IssueRules) -> str:
    """Return the trade that is spoken of most, and nearest to the head; firms speak for theirs."""
    scores: defaultdict[str, float] = defaultdict(float)
    votes: defaultdict[str, float] = defaultdict(float)
    for group in subjects.groups():
        score = subjects.score(group) + near[group]
        if group.startswith(COMPANY):
            votes[rules.industry[group]] += score * _FIRM
        else:
            scores[group] += score
    # Firms speak for a trade as far as the text does: a firm has many trades.
    scores = defaultdict(float, {trade: score + min(score, votes[trade]) for trade, score in scores.items()})
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


def _compose(subject: str, head: str, rules: IssueRules) -> str:
    """Write subject and head as one phrase."""
    if not subject or head in rules.alone:
        return head or subject
    if subject in rules.prices:
        if head in _RISES:
            return f"{subject}上涨"
        if head in _FALLS:
            return f"{subject}下跌"
    space = " " if _latin(subject[-1]) and _latin(head[0]) else ""
    phrase = f"{subject}{space}{head}"
    return phrase if len(phrase) <= MAX_ISSUE else head


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
