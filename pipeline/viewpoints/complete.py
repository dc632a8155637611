"""What a phrase needs to be understood alone: its hedge, its attributes, its subject, the condition it stands under.

A phrase is chosen by what readers keep (`quality.py`), and readers leave out what the text around it tells. A heading
has no text around it. So what fits is put back: words in order, from the clause of the phrase or one right before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.viewpoints.context import (
    GOVERNS,
    SAYING,
    ContextRules,
    cut_inside,
    denied,
    is_noun,
    load_context_rules,
    names_subject,
    suits,
    supposes,
)
from pipeline.viewpoints.phrases import (
    MAX_CHARS,
    MIN_CHARS,
    Phrase,
    PhraseRules,
    Sentence,
    is_light,
    join_words,
    load_phrase_rules,
)

FILLED = 18  # characters up to which attributes are put back: longer headings are no longer read at a glance
BACK = 2  # clauses before the phrase that are looked at for its subject
LONGEST_SUBJECT = 10  # characters; longer ones leave no room for what is said of them
# Chances of what stays incomplete, relative to what is whole; read by hand: most vague headings had no subject, and
# those cut from their condition were wrong.
NO_SUBJECT, NO_CONDITION = 0.75, 0.7
NO_ATTRIBUTE = 0.85  # begins behind 的
BRIEF = 8  # characters up to which a clause is mostly too little to be understood without the one before it
_MEANS = frozenset(["为了", "通过", "随着"])  # a clause may begin with these where the one after it stands beside it
_POINTS = frozenset(
    ["这", "那", "此", "其", "我", "你", "他", "她", "它", "我们", "你们", "他们", "它们", "大家", "谁"]
)
_THESE = frozenset(["这", "这些", "这个", "这种", "这类", "该", "此", "此类"])
_MODAL = frozenset(
    ["会", "将", "能", "可以", "可", "要", "应", "应该", "需要", "必须", "是", "有", "没有", "不", "没", "难以"]
)
_KEPT_MODAL = frozenset(["会", "将", "将会", "能", "能够", "可以", "应该", "应当", "应", "必须", "必将", "势必"])


@dataclass(frozen=True, slots=True)
class Completed:
    """A phrase with what it needs; `factor` is taken off its chance, `subject` whether it says of what it speaks."""

    text: str
    factor: float
    subject: bool


def complete(sentence: Sentence, phrase: Phrase, kind: str) -> Completed | None:
    """Return the phrase with what it needs, as far as that fits a heading; None where it must not stand alone.

    Parameters
    ----------
    sentence : Sentence
        The argument.
    phrase : Phrase
        One of its phrases.
    kind : str
        What somebody should do needs no subject; that something happens does.
    """
    rules, context = load_phrase_rules(), load_context_rules()
    low, _ = sentence.clauses[phrase.clause]
    if supposes(sentence, phrase.clause, context) or sentence.words[phrase.kept[0]] in context.hangs:
        return None
    if cut_inside(sentence, phrase) or _goes_on_supposing(sentence, phrase.clause, context):
        return None
    kept = _with_modality(sentence, phrase, context)
    if len(join_words(sentence, kept)) > MAX_CHARS or denied(sentence, low, phrase.kept, context):
        return None
    kept = _fill(sentence, phrase, kept, rules)
    if not names_subject(sentence, kept):
        kept = _own_subject(sentence, phrase, kept, rules)
    kept, attribute = _with_attribute(sentence, phrase, kept, rules)
    text, subject = join_words(sentence, kept), names_subject(sentence, kept)
    if len(text) <= BRIEF or any(word in context.hangs for word in sentence.words[low : phrase.stop]):
        before = _whole_before(sentence, phrase.clause, join_words(sentence, range(low, phrase.stop)), rules)
        if before:
            return Completed(before, suits(sentence, kept, kind, context), True)
    if not subject and kind != "strategy" and _goes_on(sentence, phrase, kept, rules):
        before = _whole_before(sentence, phrase.clause, text, rules)
        if before:
            return Completed(before, suits(sentence, kept, kind, context), True)
        kept = _earlier_subject(sentence, phrase, kept, rules)
        text, subject = join_words(sentence, kept), names_subject(sentence, kept)
    factor = attribute * (1.0 if subject or kind == "strategy" else NO_SUBJECT)
    if phrase.clause and supposes(sentence, phrase.clause - 1, context):
        whole = join_words(sentence, range(low, phrase.stop))
        under = _condition(sentence, phrase.clause - 1, whole, context)
        text, factor = (under, factor) if under else (text, factor * NO_CONDITION)
    return Completed(text, factor * suits(sentence, kept, kind, context), subject)


def _goes_on_supposing(sentence: Sentence, clause: int, context: ContextRules) -> bool:
    """Whether the clause before only opens the condition that this one goes on with (当一个社会里，所有人…)."""
    if not clause or not supposes(sentence, clause - 1, context):
        return False
    low, high = sentence.clauses[clause - 1]
    return not any(kind in SAYING for kind in sentence.classes[low:high])


def _with_modality(sentence: Sentence, phrase: Phrase, context: ContextRules) -> tuple[int, ...]:
    """Put back what says how sure it is: hedges of the clause, will and can where they stood inside the phrase."""
    low, _ = sentence.clauses[phrase.clause]
    words = sentence.words
    more = {i for i in range(low, phrase.stop) if words[i] in context.hedge}
    more |= {
        i
        for i in range(phrase.kept[0], phrase.stop)
        if words[i] in _KEPT_MODAL or (words[i] == "就" and words[i + 1 : i + 2] in (("好",), ("行",), ("够",)))
    }
    return tuple(sorted({*phrase.kept, *more}))


def _attributes(kind: str) -> bool:
    return is_noun(kind) or kind in ("a", "b")


def _with_attribute(
    sentence: Sentence, phrase: Phrase, kept: tuple[int, ...], rules: PhraseRules
) -> tuple[tuple[int, ...], float]:
    """Put back what stands before a 的 that the phrase begins behind; else say what is taken off it."""
    low, _ = sentence.clauses[phrase.clause]
    first = kept[0]
    while first > low and _attributes(sentence.classes[first - 1]) and is_noun(sentence.classes[kept[0]]):
        first -= 1
    more = (*range(first, kept[0]), *kept)
    if first < kept[0] and len(join_words(sentence, more)) <= MAX_CHARS and sentence.words[first] not in rules.no_start:
        kept = more
    if kept[0] <= low or sentence.words[kept[0] - 1] != "的":
        return kept, 1.0
    words, classes = sentence.words, sentence.classes
    while low < kept[0] - 1 and (words[low] in rules.lead or is_light(sentence, low, rules)):
        low += 1
    whole = (*range(low, kept[0]), *kept)
    starts = words[low] not in rules.no_start and classes[low] not in rules.no_start
    fits = len(join_words(sentence, whole)) <= MAX_CHARS and not any(words[i] in rules.avoid for i in whole)
    return (whole, 1.0) if starts and fits else (kept, NO_ATTRIBUTE)


def _fill(sentence: Sentence, phrase: Phrase, kept: tuple[int, ...], rules: PhraseRules) -> tuple[int, ...]:
    """Put back what was left out inside the phrase, but for light words."""
    held = set(kept)
    whole = tuple(
        i
        for i in range(kept[0], phrase.stop)
        if i in held
        or not (is_light(sentence, i, rules) or (sentence.words[i] == "的" and i and is_light(sentence, i - 1, rules)))
    )
    text = join_words(sentence, whole)
    tied = any(sentence.words[i] in rules.avoid for i in whole if i not in held)
    return whole if len(text) <= FILLED and not tied else kept


def _own_subject(sentence: Sentence, phrase: Phrase, kept: tuple[int, ...], rules: PhraseRules) -> tuple[int, ...]:
    """Put the words of the clause before the phrase back where they make its subject."""
    low, _ = sentence.clauses[phrase.clause]
    found = _subject(sentence, low, phrase.start, rules)
    between = range(found[-1] + 1, phrase.start) if found else ()
    more = tuple(i for i in between if not is_light(sentence, i, rules))
    text = tuple(sorted({*found, *more, *kept}))
    fits = found and len(join_words(sentence, text)) <= MAX_CHARS
    return text if fits and not any(sentence.words[i] in rules.avoid for i in more) else kept


def _goes_on(sentence: Sentence, phrase: Phrase, kept: Sequence[int], rules: PhraseRules) -> bool:
    """Whether a phrase begins its clause with a verb and the clause goes on where the one before it stopped."""
    low, _ = sentence.clauses[phrase.clause]
    if not phrase.clause or sentence.ends[phrase.clause - 1] not in ("，", ","):
        return False
    if not all(is_light(sentence, i, rules) or sentence.words[i] in rules.lead for i in range(low, phrase.start)):
        return False
    if sentence.words[kept[0] + 1 : kept[0] + 2] == ("的",):
        return False  # 受益的是…
    return sentence.classes[kept[0]] in SAYING or sentence.words[kept[0]] in _MODAL


def _whole_before(sentence: Sentence, clause: int, text: str, rules: PhraseRules) -> str:
    """Return the clause before and the phrase, where that clause says something and both fit; else nothing."""
    if (
        not clause
        or sentence.ends[clause - 1] not in ("，", ",")
        or supposes(sentence, clause - 1, load_context_rules())
    ):
        return ""
    low, high = sentence.clauses[clause - 1]
    words, classes = sentence.words, sentence.classes
    while low < high - 1 and words[low] in rules.lead and words[low] not in _MEANS | GOVERNS:
        low += 1
    before = join_words(sentence, range(low, high))
    starts = words[low] in _MEANS or not {words[low], classes[low]} & rules.no_start
    says = any(classes[i] in SAYING for i in range(low, high)) and len(before) >= MIN_CHARS
    tied = any(words[i] in rules.avoid or words[i] in rules.speech for i in range(low, high))
    fits = len(before) + 1 + len(text) <= MAX_CHARS and not text.startswith(("因为", "由于"))
    return f"{before}，{text}" if starts and says and fits and not tied else ""


def _earlier_subject(sentence: Sentence, phrase: Phrase, kept: tuple[int, ...], rules: PhraseRules) -> tuple[int, ...]:
    """Put the subject of the clause right before in front of a phrase that goes on from it."""
    for clause in range(phrase.clause - 1, max(-1, phrase.clause - 1 - BACK), -1):
        start, stop = sentence.clauses[clause]
        if sentence.ends[clause] not in ("，", ",") or supposes(sentence, clause, load_context_rules()):
            return kept
        if _POINTS & set(sentence.words[start : start + 2]):
            return kept  # 这叫合理，不叫…: what is meant stands elsewhere
        found = _subject(sentence, start, stop, rules)
        if found:
            text = (*found, *kept)
            return text if len(join_words(sentence, text)) <= MAX_CHARS else kept
        opening = next((i for i in range(start, stop) if not is_light(sentence, i, rules)), start)
        if sentence.classes[opening] not in SAYING:
            return kept  # somebody else may be meant
    return kept


def _subject(sentence: Sentence, low: int, high: int, rules: PhraseRules) -> tuple[int, ...]:
    """Return the nouns with their attributes that open a clause before its verb; empty where anything else does."""
    words, classes = sentence.words, sentence.classes
    while low < high and words[low] in rules.lead and words[low] not in _MEANS and classes[low][:1] != "n":
        low += 1
    found: list[int] = []
    for index in range(low, high):
        kind, word = classes[index], words[index]
        if kind[:1] in "nxjs" or kind in ("vn", "an", "eng", "b", "m", "q", "a") or word in ("的", "和", "与", "·"):
            found.append(index)
        elif not found and (kind == "t" or word in _THESE):
            continue
        elif kind == "v" or word in _MODAL or is_light(sentence, index, rules) or kind in ("d", "i", "l"):
            break
        else:
            return ()
    else:
        return ()  # nothing is said of them here
    while found and words[found[0]] in ("的", "和", "与", "·"):
        found.pop(0)
    text = join_words(sentence, found) if found else ""
    noun = found and (classes[found[-1]][:1] in "nxjs" or classes[found[-1]] in ("vn", "an", "eng"))
    if not noun or not 2 <= len(text) <= LONGEST_SUBJECT or any(words[i] in rules.avoid for i in found):
        return ()
    vague = words[found[-1]] in load_context_rules().vague  # 优势在于…: another thing does what follows
    return () if vague or words[found[0]] in rules.no_start else tuple(found)


def _condition(sentence: Sentence, clause: int, text: str, context: ContextRules) -> str:
    """Return the condition before the phrase, where both fit; else nothing."""
    low, high = sentence.clauses[clause]
    if clause and supposes(sentence, clause - 1, context):
        return ""  # one of several
    start = next((i for i in range(low, high) if sentence.words[i] in context.supposes), low)
    while start < high - 1 and sentence.words[start] in load_phrase_rules().lead:
        start += 1
    under = join_words(sentence, range(start, high))
    return f"{under}{sentence.ends[clause]}{text}" if len(under) + 1 + len(text) <= MAX_CHARS else ""
