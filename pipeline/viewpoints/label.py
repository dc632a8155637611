"""Headings: a short Chinese phrase per viewpoint, taken from the clauses of its members."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.lexicon import load_raw
from pipeline.viewpoints.encode import Cut, Matrix, content_words

MIN_CHARS, MAX_CHARS = 4, 14  # shorter is a topic, not a point; longer does not fit a heading
_CLAUSE = re.compile(r"[^，。！？；：、,.!?;:\s“”‘’\"'（）()《》〈〉【】\[\]—…·]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class LabelRules:
    """Words that are cut away from a clause."""

    lead: tuple[str, ...]
    speech: tuple[str, ...]
    tail: tuple[str, ...]


def load_label_rules() -> LabelRules:
    """Load the shipped rules, longest terms first."""
    raw = load_raw("labels")

    def longest_first(group: str) -> tuple[str, ...]:
        return tuple(sorted(raw[group]["terms"], key=lambda term: (-len(term), term)))

    return LabelRules(longest_first("lead"), longest_first("speech"), longest_first("tail"))


def candidates(text: str, cut: Cut, rules: LabelRules) -> list[str]:
    """Return the phrases of `text` that could stand as a heading, in order."""
    found = []
    for clause in _CLAUSE.findall(text):
        phrase = _strip(clause, rules)
        found += _windows(phrase, cut, rules)
    return list(dict.fromkeys(found))


def _strip(clause: str, rules: LabelRules) -> str:
    for term in rules.speech:
        position = clause.find(term)
        if position >= 0 and len(clause) - position - len(term) >= MIN_CHARS:
            clause = clause[position + len(term) :]
    changed = True
    while changed:
        changed = False
        for term in rules.lead:
            if clause.startswith(term) and len(clause) - len(term) >= MIN_CHARS:
                clause, changed = clause[len(term) :], True
        for term in rules.tail:
            if clause.endswith(term) and len(clause) - len(term) >= MIN_CHARS:
                clause, changed = clause[: -len(term)], True
    return clause


def _windows(phrase: str, cut: Cut, rules: LabelRules) -> list[str]:
    """Return `phrase` where it is short enough, else its ends that begin and end at words."""
    if len(phrase) <= MAX_CHARS:
        return [phrase] if len(_HAN.findall(phrase)) >= MIN_CHARS else []
    words = list(cut(phrase))
    spans = []
    for start in range(len(words)):
        tail = _strip("".join(words[start:]), rules)
        if len(tail) <= MAX_CHARS and len(_HAN.findall(tail)) >= MIN_CHARS:
            spans.append(tail)
            break
    return spans


def make_labels(members: Sequence[Sequence[str]], *, cut: Cut, encode: Callable[[Sequence[str]], Matrix]) -> list[str]:
    """Return one heading per viewpoint; no two are equal.

    Parameters
    ----------
    members : sequence of sequence of str
        Texts of the members of each viewpoint, in simplified script, nearest to the centre first.
    cut : callable
        Cuts text into words.
    encode : callable
        Texts to unit vectors.
    """
    rules = load_label_rules()
    pools = [list(dict.fromkeys(c for text in texts[:12] for c in candidates(text, cut, rules))) for texts in members]
    flat = ["".join(texts[:12]) for texts in members]
    vectors = encode([*flat, *(phrase for pool in pools for phrase in pool)])
    centres, vectors = vectors[: len(flat)], vectors[len(flat) :]
    taken: set[str] = set()
    labels = []
    start = 0
    for index, pool in enumerate(pools):
        scores = _scores(pool, vectors[start : start + len(pool)], centres, index)
        start += len(pool)
        ranked = sorted(zip(scores, pool, strict=True), key=lambda pair: (-pair[0], len(pair[1]), pair[1]))
        label = next((phrase for _, phrase in ranked if phrase not in taken), None) or _fallback(members[index], taken)
        taken.add(label)
        labels.append(label)
    return labels


def _scores(pool: Sequence[str], vectors: Matrix, centres: Matrix, own: int) -> list[float]:
    """Return centrality less what the phrase shares with the nearest neighbour, and a bonus for a readable length."""
    if not pool:
        return []
    similarity = vectors @ centres.T
    central = similarity[:, own].copy()
    similarity[:, own] = -1
    nearest = similarity.max(axis=1) if centres.shape[0] > 1 else np.zeros(len(pool))
    return [
        round(float(c - 0.3 * max(n, 0.0)) - 0.02 * abs(len(phrase) - 8), 4)
        for c, n, phrase in zip(central, nearest, pool, strict=True)
    ]


def _fallback(texts: Sequence[str], taken: set[str]) -> str:
    """Return the first words of the central member, numbered where that is taken."""
    plain = "".join(re.findall(r"\w+", texts[0]))[:MAX_CHARS] or "观点"
    label, number = plain, 2
    while label in taken:
        label, number = f"{plain}{number}", number + 1
    return label


def make_keywords(members: Sequence[Sequence[str]], cut: Cut, count: int = 6) -> list[tuple[str, ...]]:
    """Return the words that set each viewpoint apart from the others (class-based TF-IDF, Grootendorst 2022)."""
    bags = [Counter(w for text in texts for w in content_words(text, cut) if len(w) > 1) for texts in members]
    totals: Counter[str] = Counter()
    for bag in bags:
        totals.update(bag)
    mean = sum(totals.values()) / max(len(bags), 1)
    result = []
    for bag in bags:
        size = sum(bag.values()) or 1
        weights = {w: n / size * np.log(1 + mean / totals[w]) for w, n in bag.items()}
        result.append(tuple(sorted(weights, key=lambda w: (-round(weights[w], 9), w))[:count]))
    return result
