"""Headings: a short Chinese phrase per viewpoint, taken from the clauses of its members.

Every stretch of 4 to 14 characters between two word boundaries of a clause competes. What wins is near to what all
members say, far from what the neighbours say, and has the form of a phrase: which word classes may begin, follow and
end one was learned from headings that readers wrote (`[form]` in `labels.toml`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.lexicon import load_raw
from pipeline.viewpoints.encode import Cut, content_words
from pipeline.viewpoints.space import Embedder, Space, unit_meaning
from pipeline.viewpoints.tags import word_class

MIN_CHARS, MAX_CHARS = 4, 14  # shorter is a topic, not a point; longer does not fit a heading
BEST_CHARS = (6, 10)  # most headings that people wrote lie here
ENOUGH = 8  # characters that must be left when a reporting clause is cut away
READ = 12  # members read for candidates, nearest to the centre first: more add time, not better headings
# Weights of the score, set by reading headings of the development articles.
NEIGHBOUR, FORM, LENGTH, UNLIKE, QUESTION = 0.3, 0.25, 0.02, 0.5, 0.25
OPEN, BROKEN = 0.12, 0.5
BLOCK = 1000  # groups compared at once
RIVALS = 3  # nearest viewpoints of the same kind that a heading is set apart from

_MODAL = ("不", "没有", "无", "未", "难以", "不会", "不能", "需要", "必须", "应该", "应", "成为", "有")
_CLAUSE = re.compile(r"[^，。！？；：、,.!?;:\s“”‘’\"'「」『』（）()《》〈〉【】\[\]—…·~～]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class LabelRules:
    """What is cut away from a clause, and how likely word classes stand beside each other in a heading."""

    lead: tuple[str, ...]
    speech: tuple[str, ...]
    tail: tuple[str, ...]
    avoid: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    condition: tuple[str, ...]
    time: tuple[str, ...]
    form: dict[str, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that could stand as a heading; `score` holds all but its place among the members."""

    text: str
    score: float


@lru_cache(maxsize=1)
def load_label_rules() -> LabelRules:
    """Load the shipped rules, longest terms first."""
    raw = load_raw("labels")

    def longest_first(group: str) -> tuple[str, ...]:
        return tuple(sorted(raw[group]["terms"], key=lambda term: (-len(term), term)))

    return LabelRules(
        longest_first("lead"), longest_first("speech"), longest_first("tail"),
        frozenset(raw["avoid"]["terms"]) | frozenset(raw["speech"]["terms"]),
        frozenset(raw["before"]["terms"]),
        frozenset(raw["after"]["terms"]),
        longest_first("condition"),
        tuple(raw["condition"]["ends"]),
        {f"{a} {b}": float(value) for a, after in raw["form"].items() for b, value in after.items()},
    )  # fmt: skip


def find_candidates(text: str, cut: Cut, rules: LabelRules) -> list[Candidate]:
    """Return the phrases of `text` that could stand as a heading, each once, in order."""
    found: dict[str, Candidate] = {}
    for match in _CLAUSE.finditer(text):
        clause = match.group()
        words = list(cut(strip(clause, rules)))
        asks = QUESTION if text[match.end() : match.end() + 1] in ("？", "?") else 0.0
        asks += QUESTION if clause.startswith(rules.condition) or clause.endswith(rules.time) else 0.0
        for start, end, phrase in _stretches(words):
            score = _form(words[start:end], rules) + _length(len(phrase)) - asks - _open(words, start, end, rules)
            if phrase not in found or found[phrase].score < score:
                found[phrase] = Candidate(phrase, score)
    return list(found.values())


def _stretches(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and text of every stretch of words that has the length of a heading."""
    for start in range(len(words)):
        phrase = ""
        for end in range(start + 1, len(words) + 1):
            phrase += words[end - 1]
            if len(phrase) > MAX_CHARS:
                break
            if len(_HAN.findall(phrase)) >= MIN_CHARS:
                yield start, end, phrase


def essence(text: str) -> str:
    """Return `text` without the clause that says who says it (``某某认为，``, ``某某：``), where enough is left."""
    match = _reporting().match(text)
    return text[match.end() :] if match and len(text) - match.end() >= ENOUGH else text


@lru_cache(maxsize=1)
def _reporting() -> re.Pattern[str]:
    verbs = "|".join(map(re.escape, load_label_rules().speech))
    return re.compile(
        rf"[“\"「]?(?:[^，。：；！？,:“”「」]{{0,24}}(?:{verbs})[，：,:]?|[^，。：；！？,:“”「」\s]{{1,8}}[：:])[“\"「]?"
    )


def strip(clause: str, rules: LabelRules) -> str:
    """Return `clause` without who says it, the words that lead in and the words that trail off."""
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
                break
        for term in rules.tail:
            if clause.endswith(term) and len(clause) - len(term) >= MIN_CHARS:
                clause, changed = clause[: -len(term)], True
                break
    return clause


def _form(words: Sequence[str], rules: LabelRules) -> float:
    """Return how much the words look like a heading (mean log ratio per pair) less what a heading avoids."""
    pairs = [f"{a} {b}" for a, b in pairwise(["^", *map(word_class, words), "$"])]
    mean = sum(rules.form.get(pair, -0.3) for pair in pairs) / len(pairs)
    kinds = [word_class(word) for word in words]
    unlike = sum(
        word in rules.avoid or kind in ("m", "eng", "r", "nr", "t", "x")
        for word, kind in zip(words, kinds, strict=True)
    )
    says = any(kind in ("v", "a", "i", "l", "z") or kind in _MODAL for kind in kinds)
    names = any(kind[:1] in "nijl" or kind == "vn" for kind in kinds)
    thin = sum(len(word) > 1 and kind[:1] in "nvaijlz" for word, kind in zip(words, kinds, strict=True)) < 2
    return FORM * mean - UNLIKE * min(unlike, 2) / 2 - UNLIKE * ((not says) + (not names) + thin) / 2


def _open(words: Sequence[str], start: int, end: int, rules: LabelRules) -> float:
    """Return what a stretch loses for being cut out of its clause; most where the cut goes through a phrase."""
    lost = 0.0
    if start > 0:
        compound = word_class(words[start - 1])[:1] in "nbmxe" and word_class(words[start])[:1] in "nqxbk"
        lost += BROKEN if compound or words[start - 1] in rules.before else OPEN
    if end < len(words):
        torn = words[end] in rules.after or word_class(words[end]) in ("m", "q", "u", "f")
        torn = torn or word_class(words[end - 1]) in ("v", "p", "d", "ad")  # its object or verb is still to come
        lost += BROKEN if torn else 2 * OPEN
    return lost


def _length(count: int) -> float:
    low, high = BEST_CHARS
    return -LENGTH * (2 * max(low - count, 0) + max(count - high, 0))


def make_labels(
    members: Sequence[Sequence[str]],
    groups: Space,
    kinds: Sequence[str],
    kept: Sequence[str | None],
    embedder: Embedder,
    names: Sequence[str] = (),
) -> list[str]:
    """Return one heading per viewpoint; no two of one kind are equal.

    Parameters
    ----------
    members : sequence of sequence of str
        Texts of the members of each viewpoint in simplified script, nearest to the centre first.
    groups : Space
        Mean of the members of each viewpoint.
    kinds : sequence of str
        Kind of each viewpoint; a heading is set apart from those of the same kind.
    kept : sequence of str or None
        Heading that a viewpoint carries on from the previous run.
    embedder : Embedder
        What the space was made with.
    names : sequence of str
        Names of speakers, which no heading holds where another will do.
    """
    rules = load_label_rules()
    rivals = _rivals(groups, kinds)
    taken = {(kind, label) for kind, label in zip(kinds, kept, strict=True) if label is not None}
    labels = []
    for index, texts in enumerate(members):
        label = kept[index]
        if label is None:
            pool = _pool(texts, embedder.cut, rules)
            pool = {text: score for text, score in pool.items() if not any(n in text for n in names)} or pool
            place = _place(list(pool), groups.take([index, *rivals[index]]), embedder)
            ranked = sorted(pool, key=lambda text: (-round(pool[text] + place[text], 4), len(text), text))
            used = {text for kind, text in taken if kind == kinds[index]}
            label = next((text for text in ranked if text not in used), None) or _fallback(texts, used)
            taken.add((kinds[index], label))
        labels.append(label)
    return labels


def _pool(texts: Sequence[str], cut: Cut, rules: LabelRules) -> dict[str, float]:
    """Return the candidates of the first members with their scores of form, the best of each."""
    pool: dict[str, float] = {}
    for text in texts[:READ]:
        for candidate in find_candidates(text, cut, rules):
            pool[candidate.text] = max(candidate.score, pool.get(candidate.text, -9.0))
    return pool


def _rivals(groups: Space, kinds: Sequence[str]) -> list[list[int]]:
    """Return for every group the nearest other groups of its kind, by meaning."""
    meaning = unit_meaning(groups)
    rows_of = {kind: np.flatnonzero(np.asarray(kinds) == kind) for kind in sorted(set(kinds))}
    result: list[list[int]] = [[] for _ in kinds]
    with threadpool_limits(limits=1):
        for rows in rows_of.values():
            for start in range(0, len(rows), BLOCK):
                part = rows[start : start + BLOCK]
                scores = np.round(meaning[part] @ meaning[rows].T, 4)
                scores[np.arange(len(part)), np.arange(start, start + len(part))] = -2
                order = np.argsort(-scores, axis=1, kind="stable")[:, :RIVALS]
                for row, nearest in zip(part.tolist(), order, strict=True):
                    result[row] = [int(rows[i]) for i in nearest if rows[i] != row]
    return result


def _place(phrases: list[str], groups: Space, embedder: Embedder) -> dict[str, float]:
    """Return for every phrase its similarity to the first group less a share of that to the nearest other group."""
    if not phrases:
        return {}
    similarity = embedder(phrases).similarity(groups)
    nearest = similarity[:, 1:].max(axis=1, initial=0.0)
    return dict(zip(phrases, similarity[:, 0] - NEIGHBOUR * nearest, strict=True))


def _fallback(texts: Sequence[str], taken: set[str]) -> str:
    """Return the first words of the central member, numbered where that is taken."""
    plain = "".join(re.findall(r"\w+", texts[0]))[:MAX_CHARS] or "观点"
    label, number = plain, 2
    while label in taken:
        label, number = f"{plain}{number}", number + 1
    return label


def make_keywords(members: Sequence[Sequence[str]], embedder: Embedder, count: int = 6) -> list[tuple[str, ...]]:
    """Return the words that most members of each viewpoint share and that tell most, strongest first."""
    result = []
    for texts in members:
        shared = Counter(w for text in texts for w in sorted(set(content_words(text, embedder.cut))) if _telling(w))
        weights = {w: (n - 0.5) * embedder.weight(w) for w, n in shared.items()}
        result.append(tuple(sorted(weights, key=lambda w: (-round(weights[w], 6), w))[:count]))
    return result


def _telling(word: str) -> bool:
    return len(word) > 1 and word_class(word)[:1] in "nvaijlz" and not word_class(word).startswith("nr")
