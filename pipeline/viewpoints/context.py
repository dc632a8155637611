"""What the words around a phrase say of it: supposed, denied, cut in the middle, or no match for its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.lexicon import load_raw
from pipeline.viewpoints.phrases import Phrase, Sentence

MISFIT = 0.55  # taken off what does not suit its kind; read by hand: a strict reader calls it wrong
SAYING = frozenset(
    ["v", "a", "i", "l", "z", "有", "没有", "无", "是", "难以", "不再", "不会", "不能", "成为", "需要", "应该", "必须"]
)
_THEN = frozenset(["就", "才", "便", "那么", "那就", "就会", "才会", "就要", "才能", "就能"])  # answers a condition
_AVERTS = frozenset(["避免", "防止", "不要", "别", "不能", "不会", "预防", "减少", "杜绝", "解决"])
_MARKS = frozenset("，。；！？：,;!?:、… ")  # another mark (a plus, a slash) stands inside a clause
GOVERNS = frozenset(["为", "对", "与", "和", "在", "把", "被", "向", "给", "由", "从", "跟", "以", "将", "使", "让"])
_DENIES = "不没未别莫勿无非"


@dataclass(frozen=True, slots=True)
class ContextRules:
    """Words of `lexicons/labels.toml` that tell what a clause needs."""

    hedge: frozenset[str]
    supposes: frozenset[str]
    hangs: frozenset[str]
    advises: frozenset[str]
    befalls: frozenset[str]
    happened: frozenset[str]
    vague: frozenset[str]
    doubts: frozenset[str]
    affirms: frozenset[str]


@lru_cache(maxsize=1)
def load_context_rules() -> ContextRules:
    """Load the shipped rules."""
    raw = load_raw("labels")
    return ContextRules(**{name: frozenset(raw[name]["terms"]) for name in ContextRules.__dataclass_fields__})


def names_subject(sentence: Sentence, kept: Sequence[int]) -> bool:
    """Whether a thing stands before what is said of it."""
    first = sentence.classes[kept[0]]
    if sentence.words[kept[0]] in load_context_rules().hedge and len(kept) > 1:
        first = sentence.classes[kept[1]]
    rest = [sentence.classes[i] for i in kept[1:]]
    return (first[:1] in "nxjs" or first in ("vn", "an", "eng", "b")) and any(kind in SAYING for kind in rest)


def supposes(sentence: Sentence, clause: int, context: ContextRules) -> bool:
    """Whether a clause sets a condition for the one after it."""
    low, high = sentence.clauses[clause]
    if sentence.ends[clause] not in ("，", ","):
        return False
    opening = sentence.words[low : min(high, low + 4)]
    if sentence.words[high : high + 1] and sentence.words[high] in _THEN:  # 不走这条路，就没有路
        return True
    return any(word in context.supposes for word in opening) or sentence.words[high - 1] in ("的话", "时")


def cut_inside(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether a phrase begins or ends at a mark inside a clause, or in what a preposition governs (为…提供)."""
    low, high = sentence.clauses[phrase.clause]
    before = sentence.ends[phrase.clause - 1] if phrase.clause and phrase.start == low else "，"
    after = sentence.ends[phrase.clause] if phrase.stop == high else "，"
    if (before and before not in _MARKS) or (after and after not in _MARKS):
        return True
    start = phrase.start
    while start > low and is_noun(sentence.classes[start - 1]) and is_noun(sentence.classes[phrase.start]):
        start -= 1
    return low <= start - 1 < phrase.start - 1 and sentence.words[start - 1] in GOVERNS


def is_noun(kind: str) -> bool:
    """Whether a word class names a thing."""
    return kind[:1] in "nxjs" or kind in ("vn", "an", "eng")


def denied(sentence: Sentence, low: int, kept: Sequence[int], context: ContextRules) -> bool:
    """Whether what denies or doubts the phrase stands before it in its clause (不再觉得工资会涨)."""
    before = sentence.words[low : kept[0]]
    return any(
        word in context.doubts or (word not in context.affirms and any(char in _DENIES for char in word))
        for word in before
    )


def suits(sentence: Sentence, kept: Sequence[int], kind: str, context: ContextRules) -> float:
    """Return what is taken off advice that is given as a risk, and off a bad end that is given as advice."""
    low = next(low for low, high in sentence.clauses if low <= kept[-1] < high)
    words = sentence.words[low : kept[-1] + 1]
    if kind in ("risk", "benefit") and any(word in context.advises for word in words):
        return MISFIT
    if kind in ("strategy", "forecast") and any(word in context.happened for word in words):
        return MISFIT
    averted = any(word in _AVERTS for word in words)
    befalls = any(word in context.befalls for word in words)
    return MISFIT if kind == "strategy" and befalls and not averted else 1.0
