"""Headings: a short Chinese phrase per viewpoint, made of words of one member in their order.

Every member offers its phrases (`phrases.py`) with the chance that a reader calls them right (`quality.py`). What wins
has a good chance, is near to what all members say, and far from what the neighbours say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.lexicon import compile_lexicon, load_raw
from pipeline.viewpoints.encode import Cut, content_words
from pipeline.viewpoints.phrases import MAX_CHARS
from pipeline.viewpoints.quality import Candidate, find_candidates
from pipeline.viewpoints.space import Embedder, Space, unit_meaning
from pipeline.viewpoints.tags import word_class

ENOUGH = 8  # characters that must be left when a reporting clause is cut away
READ = 6  # members read for candidates, nearest to the centre first: more add time, not better headings
OFFERS = 12  # phrases of a member that compete
# Share of the similarity to the nearest other viewpoint that is taken off, and what is added to all, so that the chance
# decides where nothing is central; both set by reading headings of the development articles.
NEIGHBOUR, FLOOR = 0.3, 0.1
CHANCE = 1.5  # how much the chance of being right weighs against being central: 1 gives torn ones, 2 side issues
LIKELY = 0.7  # chance below which a phrase is taken only where there is no other
SHARED = 0.36  # how central the heading of a group must be: read by hand, four of five below say what one member says
# Taken off a phrase whose words no other member holds, and the share of its words that the others of three or more must
# hold on average: read by hand, of five headings below four told one member's detail.
DETAIL, COMMON = 0.4, 0.12
SHORT = {4: 0.75, 5: 0.9}  # four characters name a topic more often than they make a point; read by hand
BLOCK = 1000  # groups compared at once
RIVALS = 3  # nearest viewpoints of the same kind that a heading is set apart from


def essence(text: str) -> str:
    """Return `text` without the clause that says who says it (``某某认为，``, ``某某：``), where enough is left."""
    match = _reporting().match(text)
    return text[match.end() :] if match and len(text) - match.end() >= ENOUGH else text


@lru_cache(maxsize=1)
def _reporting() -> re.Pattern[str]:
    verbs = "|".join(map(re.escape, sorted(load_raw("labels")["speech"]["terms"], key=lambda term: (-len(term), term))))
    return re.compile(
        rf"[“\"「]?(?:[^，。：；！？,:“”「」]{{0,24}}(?:{verbs})[，：,:]?|[^，。：；！？,:“”「」\s]{{1,8}}[：:])[“\"「]?"
    )


class Offers:
    """The phrases that arguments offer as headings; every argument is read once."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self._known: dict[tuple[str, str], list[Candidate]] = {}

    def of_group(self, texts: Sequence[str], kind: str) -> dict[str, float]:
        """Return the phrases that the first members offer with their chances, the best of each."""
        pool: dict[str, float] = {}
        for text in texts[:READ]:
            if (text, kind) not in self._known:
                self._known[text, kind] = find_candidates(text, kind, self._cut)[:OFFERS]
            for candidate in self._known[text, kind]:
                score = candidate.score * SHORT.get(len(candidate.text), 1.0)
                pool[candidate.text] = max(score, pool.get(candidate.text, 0.0))
        return pool

    def alone(self, text: str, kind: str) -> float:
        """Return the chance of the best phrase of one argument; 0 where it would be vague without others beside it.

        What somebody should do needs no subject; that something happens does.
        """
        self.of_group([text], kind)
        best = max(self._known[text, kind], key=lambda c: c.score * SHORT.get(len(c.text), 1.0), default=None)
        if best is None or not (best.subject or kind == "strategy"):
            return 0.0
        return best.score * SHORT.get(len(best.text), 1.0)


def make_labels(
    members: Sequence[Sequence[str]],
    groups: Space,
    kinds: Sequence[str],
    kept: Sequence[str | None],
    embedder: Embedder,
    *,
    offers: Offers,
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
    offers : Offers
        The phrases of the members.
    names : sequence of str
        Names of speakers, which no heading holds where another will do.
    """
    people = compile_lexicon("names", {"names": names})
    taken: dict[str, set[str]] = {kind: set() for kind in kinds}
    for kind, label in zip(kinds, kept, strict=True):
        taken[kind] |= set() if label is None else {label}
    labels = []
    rivals = _rivals(groups, kinds)
    for index, texts in enumerate(members):
        label = kept[index]
        if label is None:
            pool = offers.of_group(texts, kinds[index])
            pool = {text: score for text, score in pool.items() if not people.find(text)} or pool
            pool = {text: score for text, score in pool.items() if score >= LIKELY} or pool
            used = taken[kinds[index]]
            ranked = _rank(pool, texts, groups.take([index, *rivals[index]]), embedder)
            label = next((text for text in ranked if text not in used), None) or _fallback(texts, used)
            used.add(label)
        labels.append(label)
    return labels


def best_phrases(
    members: Sequence[Sequence[str]], groups: Space, kinds: Sequence[str], embedder: Embedder, *, offers: Offers
) -> list[tuple[str, float]]:
    """Return, for every group, the phrase that stands for all its members best and the chance that it is right.

    Parameters are as of `make_labels`. The chance is 0 where no phrase is near to all: the members share no point.
    """
    rivals = _rivals(groups, kinds)
    found = []
    for index, texts in enumerate(members):
        pool = offers.of_group(texts, kinds[index])
        near = groups.take([index, *rivals[index]])
        best = next(iter(_rank(pool, texts, near, embedder)), "")
        shared = best and _place([best], near, embedder)[best] >= SHARED
        if shared and len(texts) > 2 and _common([best], texts, embedder)[best] < COMMON:
            shared = False
        found.append((best, pool[best] if shared else 0.0))
    return found


def _rank(pool: Mapping[str, float], texts: Sequence[str], groups: Space, embedder: Embedder) -> list[str]:
    """Return phrases by their chance and by how far they speak for all of `texts`, the first of `groups`."""
    place = _place(list(pool), groups, embedder)
    common = _common(list(pool), texts, embedder) if len(texts) > 2 else dict.fromkeys(pool, 1.0)
    worth = {text: pool[text] ** CHANCE * place[text] * (1 - DETAIL * (1 - common[text])) for text in pool}
    return sorted(pool, key=lambda text: (-round(worth[text], 4), len(text), text))


def _common(phrases: Sequence[str], texts: Sequence[str], embedder: Embedder) -> dict[str, float]:
    """Return which share of the words of every phrase, weighed, the other members hold too: 0 to 1 on average."""
    held = Counter(word for text in texts for word in set(content_words(text, embedder.cut)))
    shares = {}
    for phrase in phrases:
        weights = {word: embedder.weight(word) for word in content_words(phrase, embedder.cut)}
        hits = sum(w * max(0, held[word] - 1) for word, w in sorted(weights.items()))
        shares[phrase] = hits / max(1e-9, sum(weights.values()) * max(1, len(texts) - 1))
    return shares


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
    """Return how central every phrase is: near to the first group, far from the others, 0 to about 1."""
    if not phrases:
        return {}
    similarity = embedder(phrases).similarity(groups)
    nearest = similarity[:, 1:].max(axis=1, initial=0.0)
    central = FLOOR + np.maximum(0.0, similarity[:, 0] - NEIGHBOUR * nearest)
    return dict(zip(phrases, central.tolist(), strict=True))


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
