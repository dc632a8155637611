"""Copies: articles that repeat another one, word for word or lightly edited.

Every article becomes the set of its 8-character shingles; a fixed quarter of them (hash divisible by 4) is kept, which
estimates containment without bias (Broder 1997, "On the resemblance and containment of documents"). Pairs that could
be copies are found through an inverted index, so time grows with the number of shared shingles, not of pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.records import Article
from pipeline.script import simplify

SHINGLE = 8  # shorter shingles are shared by chance (set phrases), longer ones break at every edit
SAMPLE = 4  # a 300-character article still keeps about 75 shingles
MIN_CONTAINMENT = 0.5  # one edited sentence in eight leaves about .8; two articles on one topic share below .05
MAX_LENGTH_RATIO = 3.0  # a short notice that quotes a third of a long article is not a copy of it
COMMON = 64  # a shingle in more articles than this is site furniture

_BASE = np.uint64(1_000_003)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def find_repeats(articles: Sequence[Article]) -> dict[str, str]:
    """Return, for every article that is a copy, the article that it repeats.

    The original is the earliest by date, then the longer one, then the one with the smaller id; an article without a
    date never outranks one that has a date. Originals are not copies themselves: chains end at their first article.

    Parameters
    ----------
    articles : sequence of Article
        All articles of a run, in any order; `repeat_of` is not read.

    Returns
    -------
    dict of str to str
        ``article_id`` of the copy to ``article_id`` of the original, sorted by copy.
    """
    ranked = sorted(articles, key=_rank)
    sketches = [_sketch(article.text) for article in ranked]
    owners: dict[int, list[int]] = defaultdict(list)
    repeats: dict[str, str] = {}
    roots: dict[int, int] = {}
    for index, sketch in enumerate(sketches):
        shared: Counter[int] = Counter()
        for value in sketch.tolist():
            holders = owners[value]
            if len(holders) < COMMON:
                shared.update(holders)
                holders.append(index)
        best = _original(index, shared, sketches)
        if best is not None and ranked[best].article_id != ranked[index].article_id:
            roots[index] = roots.get(best, best)
            repeats[ranked[index].article_id] = ranked[roots[index]].article_id
    return dict(sorted(repeats.items()))


def _rank(article: Article) -> tuple[bool, str, int, str]:
    published = article.published.isoformat() if article.published else ""
    return (article.published is None, published, -article.n_chars, article.article_id)


def _original(index: int, shared: Counter[int], sketches: Sequence[npt.NDArray[np.uint64]]) -> int | None:
    """Return the earlier article that shares most with `index`, if it shares enough."""
    size = len(sketches[index])
    best: tuple[float, int] | None = None
    for other, count in shared.items():
        small, large = sorted((size, len(sketches[other])))
        containment = count / small
        if containment >= MIN_CONTAINMENT and large <= MAX_LENGTH_RATIO * small:
            candidate = (-containment, other)
            best = candidate if best is None else min(best, candidate)
    return None if best is None else best[1]


def _sketch(text: str) -> npt.NDArray[np.uint64]:
    """Return the sampled shingle hashes of `text`, sorted; punctuation, spaces and script do not count."""
    plain = "".join(char for char in simplify(text) if char.isalnum())
    points = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
    if len(points) < SHINGLE:
        return np.zeros(0, dtype=np.uint64)
    hashes = np.zeros(len(points) - SHINGLE + 1, dtype=np.uint64)
    for offset in range(SHINGLE):
        hashes = hashes * _BASE + points[offset : offset + len(hashes)]
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    hashes ^= hashes >> np.uint64(32)
    return np.unique(hashes[hashes % np.uint64(SAMPLE) == 0])
