"""The issue of an article: the question it is about, as a person would write it, in at most 16 characters.

An issue is a subject and what is contested of it: 汽车 + 价格战. Both come from `lexicons/issue.toml`, the trades and firms
also from the entity lexicon; what the title, the headings and the lead say counts for more than the body. So articles
of one quarrel get one issue, whatever their titles are. Where the text speaks of no such thing, a clause of the title
stands for it, cut only where no word is cut.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipeline.article.entities import load_entities
from pipeline.article.issue_title import TitleRules, title_phrase, title_subject
from pipeline.lexicon import Lexicon, Match, compile_lexicon, load_raw
from pipeline.records import Document, Segment

MAX_ISSUE = 16  # characters, as the annotation guidelines say

# Chosen by reading the articles of even index of the development set.
_LEAD = 300  # characters of body that count as the lead
_IN_TITLE, _IN_HEADING, _IN_LEAD = 8, 3, 2  # what a mention there counts for; one in the body counts 1
_MOST = 30.0  # more mentions than these say no more
_ENOUGH = 8.0  # a head below this is in passing: three mentions, or one in the title
_NEAR = 8  # characters between a subject and the head that follows it
_SHARE = 0.5  # of all mentions of firms: an article about one firm alone
_SPOKEN = 3.0  # mentions of the quarrel by its name, so that a cut in price is called by it
_HAN = re.compile(r"[\u4e00-\u9fff]")
_COMPANY = "company:"


def find_issue(document: Document, plain: str, segments: Sequence[Segment]) -> str:
    """Return the issue of an article; empty only where the text has no Chinese.

    Parameters
    ----------
    document : Document
        The article; its title counts when the file gives one.
    plain : str
        The text in simplified script; the issue is given in it.
    segments : sequence of Segment
        Their roles say what is a heading and what is furniture.
    """
    title = _simple(document, plain)
    if not _HAN.search(plain) and not _HAN.search(title):
        return ""
    rules = _rules()
    weights = _weights(plain, segments)
    heads = _Tally(rules.heads, rules.head_weights, title, plain, weights)
    subjects = _Tally(rules.subjects, rules.subject_weights, title, plain, weights)
    head = _pick_head(heads, rules)
    if head and heads.score(head) >= _ENOUGH:
        found = _compose(_pick_subject(head, heads, subjects, rules), head, title=title, plain=plain, heads=heads)
        if found:
            return found
    return title_phrase(title, plain, rules.title) or _first_lines(plain, segments, rules) or head or "本文议题"


@dataclass(frozen=True, slots=True)
class _Rules:
    heads: Lexicon
    subjects: Lexicon
    head_weights: Mapping[str, float]
    subject_weights: Mapping[str, float]
    families: Mapping[str, str]
    alone: frozenset[str]
    prices: frozenset[str]
    industry: Mapping[str, str]  # company -> subject
    title: TitleRules


class _Tally:
    """Weighted mentions of the groups of a lexicon in one article."""

    def __init__(
        self, lexicon: Lexicon, group_weights: Mapping[str, float], title: str, plain: str, weights: bytearray
    ) -> None:
        self._group_weights = group_weights
        self.matches = [m for m in lexicon.find(plain) if weights[m.start] and _stands_alone(plain, m)]
        self.in_title = [m for m in lexicon.find(title) if _stands_alone(title, m)]
        self.mentions: Counter[str] = Counter()
        for match in self.matches:
            self.mentions[match.group] += weights[match.start]
        self.titles = Counter(match.group for match in self.in_title)

    def score(self, group: str) -> float:
        mentions = min(float(self.mentions[group]), _MOST) + _IN_TITLE * min(self.titles[group], 2)
        return mentions * self._group_weights.get(group, 1.0)

    def groups(self) -> list[str]:
        return sorted(self.mentions.keys() | self.titles.keys())
