"""Phrases that could stand as a heading: whole clauses and what is left of them without their light words.

A phrase keeps words of one clause in their order, so that it stays anchored in the argument; it neither begins nor ends
inside a word or between words that belong together. Leaving words out follows the practice of sentence compression
(Knight & Marcu 2002; Clarke & Lapata 2008): adverbs, modal and aspect words first, then attributes before ``的``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pipeline.lexicon import load_raw
from pipeline.viewpoints.encode import Cut
from pipeline.viewpoints.tags import word_class

MIN_CHARS, MAX_CHARS = 4, 22  # shorter is a topic, not a point; longer does not fit a heading
LONGEST = 30  # characters of a stretch before words are left out: 9 in 10 readers' phrases come from shorter ones

NEGATIONS = frozenset("不没未无难别非莫")
_ENDINGS = frozenset("呀啊吧呢吗么嘛哦啦哎咯")
_QUOTES = frozenset("“”‘’\"'「」『』")
_JOINS = frozenset(["和", "与", "及", "或", "以及", "并", "跟", "同"])
# What governs the word behind it: without that word it hangs (向你收费 never becomes 向收费).
_GOVERNORS = frozenset("把被向对给跟从让使将比由为以在于与和叫")
_TURNS = frozenset(["因为", "由于", "因", "所以", "但", "而", "却", "就是", "才是", "都是", "也是", "正是", "便是"])
_SUBORDINATE = frozenset(["因", "因为", "由于", "为了", "随着", "虽然", "尽管", "如果", "一旦", "当"])
_PERSONS = frozenset(["我", "你", "您", "他", "她", "它", "我们", "你们", "他们", "她们", "它们", "咱们", "人家"])
_DENIES = frozenset("不没未别莫勿非无难")
_ASKS = re.compile(r"(.{1,2})[不没]\1")  # 会不会, 舒服不舒服: a question is no point
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BRACKETED = re.compile(r"[（(\[【][^（）()\[\]【】]{0,60}[）)\]】]")


@dataclass(frozen=True, slots=True)
class PhraseRules:
    """Where a phrase may begin and end, and which words it can do without; terms are words or word classes."""

    lead: frozenset[str]
    speech: frozenset[str]
    no_start: frozenset[str]
    no_end: frozenset[str]
    bound_before: frozenset[str]
    bound_after: frozenset[str]
    light: frozenset[str]
    heavy: frozenset[str]
    predicate: frozenset[str]
    avoid: frozenset[str]
    condition: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of an argument with their classes; `clauses` are ranges of words between punctuation."""

    words: tuple[str, ...]
    classes: tuple[str, ...]
    clauses: tuple[tuple[int, int], ...]
    ends: tuple[str, ...]  # the mark after each clause


@dataclass(frozen=True, slots=True)
class Phrase:
    """A candidate: its text, the words it keeps, and the stretch (of clause number `clause`) they come from."""

    text: str
    kept: tuple[int, ...]
    start: int
    stop: int
    clause: int


@lru_cache(maxsize=1)
def load_phrase_rules() -> PhraseRules:
    """Load the shipped rules."""
    raw = load_raw("labels")
    return PhraseRules(**{name: frozenset(raw[name]["terms"]) for name in PhraseRules.__dataclass_fields__})


def read_sentence(text: str, cut: Cut) -> Sentence:
    """Return the words and clauses of `text`; quotation marks are left out, what stands in brackets as well."""
    words: list[str] = []
    clauses: list[tuple[int, int]] = []
    ends: list[str] = []
    start = 0
    for word in cut(_BRACKETED.sub("", text)):
        if word in _QUOTES or not word:
            continue
        if any(char.isalnum() for char in word) or (word in "·%-&" and len(words) > start):
            words.append(word)
        elif len(words) > start:
            clauses.append((start, len(words)))
            ends.append(word[:1].strip() or " ")
            start = len(words)
    if len(words) > start:
        clauses.append((start, len(words)))
        ends.append("")
    return Sentence(tuple(words), tuple(word_class(word) for word in words), tuple(clauses), tuple(ends))


def find_phrases(sentence: Sentence) -> list[Phrase]:
    """Return the phrases of a sentence that could stand as a heading, each text once, in order."""
    rules = load_phrase_rules()
    found: dict[str, Phrase] = {}
    for number, (low, high) in enumerate(sentence.clauses):
        for start, stop in _stretches(sentence, _open(sentence, low, high, rules), high, rules):
            for kept in _shorten(sentence, start, stop, rules):
                text = join_words(sentence, kept)
                if text not in found and _stands(sentence, kept, text, rules):
                    found[text] = Phrase(text, kept, start, stop, number)
    return list(found.values())


def _open(sentence: Sentence, low: int, high: int, rules: PhraseRules) -> int:
    """Return the first word of the point itself: after who says it and what leads in."""
    for index in range(low, min(high - 2, low + 8)):
        if sentence.words[index] in rules.speech:
            low = index + 1
    while low < high - 2 and sentence.words[low] in rules.lead:
        low += 1
    return low


def _stretches(sentence: Sentence, low: int, high: int, rules: PhraseRules) -> Iterator[tuple[int, int]]:
    """Yield every stretch that begins and ends where words come apart."""
    words, classes = sentence.words, sentence.classes
    for start in range(low, high):
        if start > low and not _free(words, classes, start, rules):
            continue
        if words[start] in rules.no_start or classes[start] in rules.no_start:
            continue
        if words[start + 1 : start + 2] == ("地",):  # how it is done, before what is done
            continue
        length = 0
        for stop in range(start + 1, high + 1):
            length += len(words[stop - 1])
            if length > LONGEST:
                break
            if length >= MIN_CHARS and (stop == high or _closed(words, classes, stop, rules)):
                yield start, stop


def _free(words: Sequence[str], classes: Sequence[str], start: int, rules: PhraseRules) -> bool:
    """Whether a phrase may begin at `start` though a word stands before it."""
    before, kind = words[start - 1], classes[start - 1]
    if kind in ("a", "v") and len(before) == 1 and classes[start][:1] == "n":  # 小概率事件, 打耗子 are one thing
        return False
    if before in rules.bound_before or (kind == "m" and classes[start][:1] in "mqnv"):
        return False
    # 但别把…, 并不需要电能: cut behind what denies it, the phrase would say the opposite.
    denied = _denies(before) or (start > 1 and _denies(words[start - 2]) and (kind[:1] in "vp" or kind == before))
    if denied:
        return False
    return not (before == "的" and len(words[start]) < 2)


def _denies(word: str) -> bool:
    return any(char in _DENIES for char in word)


def _closed(words: Sequence[str], classes: Sequence[str], stop: int, rules: PhraseRules) -> bool:
    """Whether a phrase may end before `stop` though a word follows it."""
    last, after, kind = classes[stop - 1], words[stop], classes[stop]
    if after in rules.bound_after or kind in ("q", "u", "f", "k", "y"):
        return False
    if last in ("v", "p", "d", "ad", "b", "m") and kind[:1] in "nvmrailjbzqstxe":
        return False  # its object or head is still to come
    noun = last != "eng" and last[:1] in "nbajmxest"
    return not ((noun and kind[:1] in "nqxs") or (last == "vn" and kind[:1] == "n"))


def _shorten(sentence: Sentence, start: int, stop: int, rules: PhraseRules) -> Iterator[tuple[int, ...]]:
    """Yield the words of the stretch: all; without light words; without ``的``; without what stands before it."""
    whole = tuple(range(start, stop))
    yield whole
    bare = tuple(
        i
        for i in whole
        if not is_light(sentence, i, rules)
        and not (sentence.words[i] == "的" and i > start and is_light(sentence, i - 1, rules))  # 他们的 goes whole
    )
    seen = {whole}
    for kept in (bare, _without_particle(sentence, bare), _without_attributes(sentence, bare), _core(sentence, bare)):
        if kept and kept not in seen:
            seen.add(kept)
            yield kept


def is_light(sentence: Sentence, index: int, rules: PhraseRules) -> bool:
    """Whether a heading can do without a word."""
    word, kind = sentence.words[index], sentence.classes[index]
    held = word in rules.heavy or (word == "同时" and sentence.words[index - 1 : index] == ("的",))
    if held or any(char in NEGATIONS for char in word):
        return False
    if word == "有":  # 有可能, which goes as a whole
        return sentence.words[index + 1 : index + 2] in (("可能",), ("必要",))
    if word == "要":  # 要保障, not 要长期保障
        return sentence.classes[index + 1 : index + 2] in (("v",), ("vn",), ("把",))
    if word == "还":  # to pay back, or still
        return not sentence.classes[index + 1 : index + 2] or sentence.classes[index + 1][:1] != "n"
    if word in ("更", "更加") and index and sentence.words[index - 1] in ("变得", "变", "得", "越来越"):
        return False
    if word == "在":  # what goes on (在减少), not where
        return sentence.classes[index + 1 : index + 2] == ("v",)
    return word in rules.light or kind in ("d", "y", "t") or (kind == "ad" and word != "直接")


def _without_particle(sentence: Sentence, kept: Sequence[int]) -> tuple[int, ...]:
    """Leave ``的`` out between two words that also stand together without it."""
    words, classes = sentence.words, sentence.classes
    stands = [kind != "v" and kind[:1] in "nvabj" for kind in classes]  # 发热的元素 is not 发热元素
    gone = {
        i
        for before, i, after in zip(kept, kept[1:], kept[2:], strict=False)
        if words[i] == "的" and stands[before] and classes[after][:1] in "nvaj"
    }
    return tuple(i for i in kept if i not in gone)


def _without_attributes(sentence: Sentence, kept: Sequence[int]) -> tuple[int, ...]:
    """Leave out ``的`` and the nouns, adjectives and numbers right before it."""
    words, classes = sentence.words, sentence.classes
    gone: set[int] = set()
    for place, index in enumerate(kept):
        if words[index] != "的" or len(words[kept[min(place + 1, len(kept) - 1)]]) < 2:  # 依赖补贴的人 is not 人
            continue
        first = place
        while first > 0 and (classes[kept[first - 1]][:1] in "nabmqrtfsjx" or classes[kept[first - 1]] == "eng"):
            first -= 1
        joined = first > 0 and words[kept[first - 1]] in _JOINS  # half of a pair is not to go alone
        if first < place and not joined:
            gone.update(kept[first : place + 1])
    return tuple(i for i in kept if i not in gone)


def _core(sentence: Sentence, kept: Sequence[int]) -> tuple[int, ...]:
    """Keep the last noun of every run of nouns and their attributes: subject, predicate and object heads."""
    classes = sentence.classes
    slim = _without_attributes(sentence, kept)
    return tuple(
        i
        for i, after in zip(slim, [*slim[1:], -1], strict=False)
        if not (after == i + 1 and (classes[i][:1] in "nbjmqrx" or classes[i] == "eng") and classes[after][:1] in "nj")
    )


def join_words(sentence: Sentence, kept: Sequence[int]) -> str:
    """Join words; two Latin words keep the space between them."""
    text = ""
    for index in kept:
        word = sentence.words[index]
        apart = text[-1:].isascii() and text[-1:].isalnum() and word[:1].isascii() and word[0].isalnum()
        text += f" {word}" if apart else word
    return text


def _stands(sentence: Sentence, kept: Sequence[int], text: str, rules: PhraseRules) -> bool:
    """Whether the phrase has the length, the ends and the words of a heading."""
    if not len(_HAN.findall(text)) >= MIN_CHARS or len(text) > MAX_CHARS:
        return False
    words, classes = sentence.words, sentence.classes
    first, last = kept[0], kept[-1]
    # In the words as they stood: without its first half 会不会 would deny what it asks.
    if text[-1] in _ENDINGS or _ASKS.search("".join(words[max(0, first - 1) : last + 1])):
        return False
    opening = next((i for i in kept if not is_light(sentence, i, rules)), first)  # 往往是 opens no better than 是
    if any(words[i] in rules.no_start or classes[i] in rules.no_start for i in (first, opening)):
        return False
    if {words[last], classes[last]} & rules.no_end or any(words[i] in rules.avoid for i in kept):
        return False
    if _broken(sentence, kept) or _subordinate(sentence, kept):
        return False
    telling = sum(len(words[i]) > 1 and classes[i][:1] in "nvaijlzxs" for i in kept)
    return telling >= 2 or (telling == 1 and len(kept) > 1 and any(classes[i] in rules.predicate for i in kept))


def _subordinate(sentence: Sentence, kept: Sequence[int]) -> bool:
    """Whether the phrase ends where a clause of cause or purpose inside it goes on (政府为了抑制通胀，…)."""
    last = kept[-1]
    mark = next((end for (_, high), end in zip(sentence.clauses, sentence.ends, strict=True) if high == last + 1), "，")
    return mark in "，," and any(sentence.words[i] in _SUBORDINATE for i in kept[1:])


def _broken(sentence: Sentence, kept: Sequence[int]) -> bool:
    """Whether half of ``越 … 越`` is missing, or ``的``, a negation or a preposition has lost its neighbour."""
    words, classes = sentence.words, sentence.classes
    if sum(words[i][:1] == "越" and words[i] != "越来越" for i in kept) == 1:
        return True
    if any(after != i + 1 and (words[after] == "的" or words[i] in _GOVERNORS) for i, after in pairwise(kept)):
        return True
    gaps = [j for i, after in pairwise(kept) for j in range(i + 1, after)]
    if any(words[j] in _PERSONS and words[j + 1] != "的" for j in gaps):  # 压力是我做不到
        return True
    return any(words[j] in _TURNS for j in gaps) or any(
        after != i + 1 and words[i][-1:] in NEGATIONS and classes[after] not in ("v", "a", "i", "l", "p", "d")
        for i, after in pairwise(kept)
    )
