"""Copies: articles that repeat another one, word for word or lightly edited.

Every article becomes the set of its 8-character shingles; a fixed quarter of them (hash divisible by 4) is kept, which
estimates containment without bias (Broder 1997, "On the resemblance and containment of documents"). Pairs that could
be copies are found through an inverted index, so time grows with the number of shared shingles, not of pairs.
Large corpora keep fewer shingles of each article (half, a quarter …), so that all of them fit into a stated room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.records import Article
from pipeline.script import simplify

SHINGLE = 8  # shorter shingles are shared by chance (set phrases), longer ones break at every edit
SAMPLE = 4  # a 300-character article still keeps about 75 shingles
MIN_CONTAINMENT = 0.5  # one edited sentence in eight leaves about .8; two articles on one topic share below .05
MAX_LENGTH_RATIO = 3.0  # a short notice that quotes a third of a long article is not a copy of it
COMMON = 64  # a shingle in more articles than this is site furniture
ROOM = 8_000_000  # shingles kept of all articles: 250 MB while they are compared; 13,000 articles of 2,500 characters

_Rank = tuple[bool, str, int, str]
_Sketch = npt.NDArray[np.uint64]
_Indices = npt.NDArray[np.int64]
_BASE = np.uint64(1_000_003)
_MIX = np.uint64(0x9E3779B97F4A7C15)


class RepeatFinder:
    """Finds copies among articles that pass by; keeps their sketches, not their texts."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._sample = SAMPLE
        self._ranks: list[_Rank] = []
        self._sketches: list[_Sketch] = []
        self._total = 0

    def add(self, articles: Iterable[Article]) -> None:
        """Take in articles, in any order; `repeat_of` is not read."""
        for article in articles:
            self._ranks.append(_rank(article))
            self._sketches.append(_thin(_sketch(article.text), self._sample))
            self._total += len(self._sketches[-1])
            while self._total > self._room:
                self._sample *= 2
                self._sketches = [_thin(sketch, self._sample) for sketch in self._sketches]
                self._total = sum(map(len, self._sketches))

    def find(self) -> dict[str, str]:
        """Return, for every article that is a copy, the article that it repeats, sorted by copy.

        The original is the earliest by date, then the longer one, then the one with the smaller id; an article without
        a date never outranks one that has a date. Originals are not copies themselves: chains end at their first
        article.
        """
        order = sorted(range(len(self._ranks)), key=self._ranks.__getitem__)
        ids = [self._ranks[i][-1] for i in order]
        sketches = [self._sketches[i] for i in order]
        sizes = np.array([len(sketch) for sketch in sketches], dtype=np.int64)
        repeats: dict[str, str] = {}
        roots: dict[int, int] = {}
        for index, others, counts in _shared(sketches):
            best = _original(sizes[index], others, sizes[others], counts)
            if best is not None and ids[best] != ids[index]:
                roots[index] = roots.get(best, best)
                repeats[ids[index]] = ids[roots[index]]
        return dict(sorted(repeats.items()))


def find_repeats(articles: Iterable[Article]) -> dict[str, str]:
    """Return, for every article that is a copy, the article that it repeats (see `RepeatFinder.find`)."""
    finder = RepeatFinder()
    finder.add(articles)
    return finder.find()


def _shared(sketches: Sequence[_Sketch]) -> Iterator[tuple[int, _Indices, _Indices]]:
    """Yield every article that shares shingles with earlier ones: its number, theirs, and how many are shared.

    Of a shingle, the first `COMMON` articles that hold it count.
    """
    owners = np.repeat(np.arange(len(sketches), dtype=np.int32), [len(sketch) for sketch in sketches])
    values = np.concatenate(sketches) if sketches else np.zeros(0, dtype=np.uint64)
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    del order
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.zeros(0, dtype=np.int64)
    del values
    first = np.repeat(starts, np.diff(np.r_[starts, len(owners)]))
    place = np.arange(len(owners)) - first
    seen = np.flatnonzero((place > 0) & (place < COMMON))
    seen = seen[np.argsort(owners[seen], kind="stable")]
    ends = np.flatnonzero(np.diff(owners[seen])) + 1
    bounds = [0, *ends.tolist(), len(seen)] if len(seen) else []
    for low, high in pairwise(bounds):
        mine = seen[low:high]
        holders = np.concatenate([owners[first[i] : i] for i in mine])
        yield (int(owners[mine[0]]), *np.unique(holders, return_counts=True))


def _rank(article: Article) -> _Rank:
    published = article.published.isoformat() if article.published else ""
    return (article.published is None, published, -article.n_chars, article.article_id)


def _original(size: int, others: _Indices, sizes: _Indices, counts: _Indices) -> int | None:
    """Return the earlier article that shares most with one of `size` shingles, if it shares enough."""
    small = np.minimum(size, sizes)
    containment = counts / small
    enough = (containment >= MIN_CONTAINMENT) & (np.maximum(size, sizes) <= MAX_LENGTH_RATIO * small)
    return int(others[np.where(enough, containment, 0.0).argmax()]) if enough.any() else None


def _thin(sketch: _Sketch, sample: int) -> _Sketch:
    """Return the shingles whose hash is divisible by `sample`: the same share of every article, and nested."""
    return sketch if sample == SAMPLE else sketch[sketch % np.uint64(sample) == 0]


def _sketch(text: str) -> _Sketch:
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
