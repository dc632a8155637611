"""How good a phrase is as the heading of its argument: a linear model of word classes, borders and kept words.

Two sets of weights over hashed features (Weinberger et al. 2009). `keep` says for every word of an argument how likely
a reader keeps it in a phrase; it was learned from phrases that readers wrote. `form` says how much a phrase looks like
a heading and what leaving its other words out does; it was learned from the likeness to those phrases and from
headings judged by reading. `bench/_train_heading_quality.py` trains both.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

from pipeline.viewpoints.complete import complete
from pipeline.viewpoints.context import SAYING
from pipeline.viewpoints.encode import Cut
from pipeline.viewpoints.phrases import Phrase, Sentence, find_phrases, load_phrase_rules, read_sentence
from pipeline.viewpoints.tags import is_grammar
from pipeline.viewpoints.vectors import shipped_model

BITS = 15
SLOTS = 1 << BITS
SHORTLIST = 30  # phrases of an argument that are scored in full; the best one was below the thirtieth in 1 of 400
# Taken off a phrase without a predicate (right in 54 of 100 where the model expects 62), off one member of a list (52
# where it expects 59) and off one without a noun; strict readers call them vague.
TOPIC, LISTED, NO_THING = 0.55, 0.8, 0.85
UNTRIED = 0.9  # taken off a longer part of a clause: the model has not learned where those are torn
KNOWN = 14  # characters of the longest phrase that the model learned from
DENSE = (
    "bias", "expected", "precision", "recall", "weakest", "lost", "chars", "short", "long", "words", "gaps",
    "whole", "share", "asks", "form", "says", "verb before 的", "noun phrase", "subject first", "verb first",
    "cut left", "cut right", "thin words", "thin start", "thin end", "pronoun", "negates", "negated", "condition",
    "joined", "unknown", "telling", "plainest", "number", "latin", "lost 的", "lost grammar", "lost content",
)  # fmt: skip


@dataclass(frozen=True)
class HeadingModel:
    """Weights of the two models; `dense` belongs to the features named in `DENSE`."""

    keep: npt.NDArray[np.float32]
    form: npt.NDArray[np.float32]
    judged: npt.NDArray[np.float32]
    dense: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that could stand as a heading.

    `score` is the probability that a reader calls it right, `subject` whether it names what it says something of.
    """

    text: str
    score: float
    subject: bool


@lru_cache(maxsize=1)
def heading_model() -> HeadingModel:
    """Load the weights that come with the package."""
    with resources.as_file(resources.files("pipeline") / "viewpoints" / "headings") as folder:
        tensors = load_file(folder / "model.safetensors")
    scale = tensors["scale"].astype(np.float32)
    keep, form, judged = (tensors[n].astype(np.float32) * scale[i] for i, n in enumerate(("keep", "form", "judged")))
    return HeadingModel(keep, form, judged, tensors["dense"].astype(np.float64))


def slot(feature: str) -> int:
    """Return the place of a feature, the same in every process."""
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) & (SLOTS - 1)


def word_features(sentence: Sentence, kind: str) -> list[list[int]]:
    """Return the slots of the features of every word: itself, its classes and neighbours, where it stands."""
    rows: list[list[int]] = []
    words, classes = sentence.words, ("^", *sentence.classes, "$")
    count = len(sentence.clauses)
    speech = load_phrase_rules().speech
    for number, (low, high) in enumerate(sentence.clauses):
        spoken = max((i for i in range(low, high) if words[i] in speech), default=-1)
        back, opening = min(count - 1 - number, 3), words[low]
        for index in range(low, high):
            word, own = words[index], classes[index + 1]
            before = classes[index] if index > low else "^"
            after = classes[index + 2] if index + 1 < high else "$"
            rows.append(
                [
                    slot(feature)
                    for feature in (
                        f"w {word}", f"wk {word} {kind}", f"c {own} {len(word)}", f"ck {own} {kind}",
                        f"b {before} {own}",
                        f"a {own} {after}", f"t {before} {own} {after}", f"p {own} {min(number, 3)} {back}",
                        f"e {own} {min(index - low, 4)} {min(high - 1 - index, 4)}", f"s {own} {index < spoken}",
                        f"r {own} {int(min(12.0, shipped_model().rarity(word)))}", f"o {own} {opening}",
                        f"n {min(count, 5)} {min(len(words) // 6, 6)}",
                        f"wb {words[index - 1] if index > low else '^'} {own}",
                    )
                ]
            )  # fmt: skip
    return rows


def phrase_features(sentence: Sentence, phrase: Phrase, kind: str) -> list[int]:
    """Return the slots of the features of a phrase: what follows what, what was left out, where it was cut."""
    words, classes, kept = sentence.words, sentence.classes, phrase.kept
    low, high = sentence.clauses[phrase.clause]
    first, last = kept[0], kept[-1]
    found = []
    for left, right in pairwise(kept):
        if right == left + 1:
            found.append(f"2 {classes[left]} {classes[right]}")
        else:
            gone = " ".join(words[i] if is_grammar(words[i]) else classes[i] for i in range(left + 1, right)[:3])
            found += [
                f"g {classes[left]} {classes[right]}",
                f"gg {gone}",
                f"ggg {classes[left]} {gone} {classes[right]}",
            ]
    found += [f"3 {classes[a]} {classes[b]} {classes[c]}" for a, b, c in zip(kept, kept[1:], kept[2:], strict=False)]
    before = "^" if first == low else words[first - 1] if is_grammar(words[first - 1]) else classes[first - 1]
    stop = phrase.stop
    after = "$" if stop == high else words[stop] if is_grammar(words[stop]) else classes[stop]
    found += [
        f"< {before} {classes[first]}", f"> {classes[last]} {after}", f"<< {before}", f">> {after}",
        f"^ {classes[first]}", f"$ {classes[last]}", f"^k {classes[first]} {kind}", f"$k {classes[last]} {kind}",
        f"^w {words[first]}", f"$w {words[last]}", f"o {words[low]} {first == low}",
        f"m {sentence.ends[phrase.clause]}",
        f"l {min(KNOWN, len(phrase.text))} {len(kept)}",
        f"k {kind} {any(classes[i] in ('v', 'vn', 'a') for i in kept)}",
        f"cn {min(phrase.clause, 3)} {min(len(sentence.clauses) - 1 - phrase.clause, 3)}",
        f"shape {' '.join(classes[i] for i in kept)}",
    ]  # fmt: skip
    return [slot(feature) for feature in found]


def keep_chances(sentence: Sentence, kind: str, keep: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return for every word how likely a reader keeps it."""
    sums = np.asarray([float(keep[row].sum()) for row in word_features(sentence, kind)])
    return np.asarray(1 / (1 + np.exp(-sums)))


def likeness(sentence: Sentence, kept: Sequence[int], chances: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the F1, precision and recall that a phrase can expect against what a reader would write."""
    sizes = np.asarray([len(word) for word in sentence.words])
    index = np.asarray(kept)
    hit = float((chances[index] * sizes[index]).sum())
    own, all_ = float(sizes[index].sum()), float((chances * sizes).sum())
    return 2 * hit / (own + all_), hit / own, min(1.0, hit / max(all_, 1e-9))


def dense_features(
    sentence: Sentence, phrase: Phrase, chances: npt.NDArray[np.float64], form: float
) -> npt.NDArray[np.float64]:
    """Return the features of `DENSE`, in their order."""
    expected, precision, recall = likeness(sentence, phrase.kept, chances)
    held = set(phrase.kept)
    inside = [i for i in range(phrase.start, phrase.stop) if i not in held]
    low, high = sentence.clauses[phrase.clause]
    count = min(KNOWN, len(phrase.text))  # the readers' phrases were no longer
    return np.asarray(
        [
            1.0, expected, precision, recall, float(chances[list(phrase.kept)].min()),
            float(chances[inside].max()) if inside else 0.0, count / 10, max(0, 6 - count) / 2, max(0, count - 10) / 4,
            len(phrase.kept) / 4, sum(b > a + 1 for a, b in pairwise(phrase.kept)),
            float(phrase.stop == high and phrase.start == low), (phrase.stop - phrase.start) / (high - low),
            float(sentence.ends[phrase.clause] in ("？", "?")), form,
            *_build(sentence, phrase), *_lost(sentence, inside),
        ],
        dtype=np.float64,
    )  # fmt: skip


def _build(sentence: Sentence, phrase: Phrase) -> list[float]:
    """Return how the phrase is built, from "says" to "latin"."""
    low, high = sentence.clauses[phrase.clause]
    words = [sentence.words[i] for i in phrase.kept]
    kinds = [sentence.classes[i] for i in phrase.kept]
    verbs = [i for i, kind in enumerate(kinds) if kind in ("v", "a", "i", "l", "z", "有", "没有", "是")]
    particle = max((i for i, word in enumerate(words) if word == "的"), default=-1)
    ends_in_noun = kinds[-1][:1] in "nsj" or kinds[-1] == "vn"
    rules = load_phrase_rules()
    before = sentence.words[low : phrase.start]
    pronouns = ("r", "我", "你", "他", "它", "其", "这", "那")
    single = [len(word) == 1 and word != "的" for word in words]
    rarities = [shipped_model().rarity(word) for word in words]
    return [
        float(bool(verbs)), float(particle > 0 and any(v < particle for v in verbs)),
        float(ends_in_noun and not any(v > particle for v in verbs)), float(bool(verbs) and kinds[0][:1] in "nsjxe"),
        float(bool(verbs) and verbs[0] == 0), float(phrase.start > low), float(phrase.stop < high),
        sum(single) / 3, float(len(words[0]) == 1), float(len(words[-1]) == 1),
        float(any(kind in pronouns for kind in kinds)), float(any(word[:1] in "不没未无难" for word in words)),
        float(any(word[:1] in "不没未无难别" for word in before)), float(sentence.words[low] in rules.condition),
        float(any(word in ("和", "与", "及", "或", "以及") for word in words)),
        kinds.count("x"), sum(rarities) / len(rarities) / 5, min(rarities) / 5, float("m" in kinds or "q" in kinds),
        float("eng" in kinds),
    ]  # fmt: skip


def _lost(sentence: Sentence, inside: Sequence[int]) -> list[float]:
    """Return what was left out: ``的``, words of grammar, others that tell."""
    words = [sentence.words[i] for i in inside]
    return [
        words.count("的") / 2,
        sum(is_grammar(word) and word != "的" for word in words) / 2,
        sum(not is_grammar(w) and sentence.classes[i][:1] in "nvaijl" for w, i in zip(words, inside, strict=True)) / 2,
    ]


def _says_enough(sentence: Sentence, phrase: Phrase) -> float:
    """Return what is taken off a phrase that is one of a list, names a thing only, or says something of nothing."""
    kinds = [sentence.classes[i] for i in phrase.kept]
    ends = sentence.ends
    if not any(kind in SAYING for kind in kinds):
        return TOPIC
    particle = max((i for i in phrase.kept if sentence.words[i] == "的"), default=-1)
    saying = [i for i, kind in zip(phrase.kept, kinds, strict=True) if kind in SAYING]
    if saying and phrase.kept[0] < saying[0] and saying[-1] < particle < phrase.kept[-1]:
        return TOPIC  # 终身稳定的现金流 is a name
    after_list = phrase.clause > 0 and ends[phrase.clause - 1] == "、"
    if after_list and not all(kind == "m" for kind in sentence.classes[slice(*sentence.clauses[phrase.clause - 1])]):
        return TOPIC  # what governs the list stands before it; 1、 only numbers
    if ends[phrase.clause] == "、":
        return LISTED
    return 1.0 if any(kind[:1] in "nxjs" or kind in ("vn", "an", "eng", "r") for kind in kinds) else NO_THING


def find_candidates(text: str, kind: str, cut: Cut) -> list[Candidate]:
    """Return the phrases of an argument that could stand as its heading, best first.

    Parameters
    ----------
    text : str
        The argument in simplified script, without who says it.
    kind : str
        Its kind: a cause keeps other words than a strategy does.
    cut : callable
        Cuts text into words.
    """
    model = heading_model()
    sentence = read_sentence(text, cut)
    phrases = find_phrases(sentence)
    if not phrases:
        return []
    chances = keep_chances(sentence, kind, model.keep)
    ranked = sorted(phrases, key=lambda p: -round(likeness(sentence, p.kept, chances)[0], 6))[:SHORTLIST]
    found: dict[str, Candidate] = {}
    for phrase in ranked:
        whole = complete(sentence, phrase, kind)
        if whole is None:
            continue
        slots = phrase_features(sentence, phrase, kind)
        dense = dense_features(sentence, phrase, chances, float(model.form[slots].sum()))
        total = float(dense @ model.dense) + float(model.judged[slots].sum())
        chance = float(1 / (1 + np.exp(-total))) * _says_enough(sentence, phrase)
        part = (phrase.start, phrase.stop) != sentence.clauses[phrase.clause]
        score = round(chance * whole.factor * (UNTRIED if part and len(phrase.text) > KNOWN else 1.0), 4)
        if whole.text not in found or found[whole.text].score < score:
            found[whole.text] = Candidate(whole.text, score, whole.subject)
    return sorted(found.values(), key=lambda c: (-c.score, c.text))
