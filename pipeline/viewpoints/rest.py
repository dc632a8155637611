"""Arguments that share their point with no other: so many stay alone as the dial allows, the others have a theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.records import Argument
from pipeline.viewpoints.cluster import Labels
from pipeline.viewpoints.encode import Cut, content_words
from pipeline.viewpoints.space import Space
from pipeline.viewpoints.themes import Crowd, Theme, is_theme_noun


def find_crowd(arguments: Sequence[Argument], labels: Labels, max_outliers: float) -> dict[str, Crowd]:
    """Return, by kind, the arguments without a viewpoint and how many of them may stay alone."""
    crowd = {}
    kinds = np.asarray([a.kind for a in arguments])
    for kind in sorted(set(kinds.tolist())):
        rows = np.flatnonzero((kinds == kind) & (labels < 0)).tolist()
        crowd[kind] = Crowd(tuple(rows), int(max_outliers * int((kinds == kind).sum())))
    return crowd


def nouns_of(text: str, cut: Cut) -> frozenset[str]:
    """Return the nouns of a text that could name its theme."""
    return frozenset(word for word in content_words(text, cut) if is_theme_noun(word))


def shared_nouns(texts: Sequence[str], cut: Cut) -> frozenset[str]:
    """Return the nouns that at least half of the texts hold."""
    counts = Counter(noun for text in texts for noun in nouns_of(text, cut))
    return frozenset(noun for noun, count in counts.items() if 2 * count >= len(texts))


def theme_fits(space: Space, themes: Sequence[Theme], means: Space) -> dict[int, tuple[int, float]]:
    """Return, for every row under a theme alone, the number of the theme and the similarity to its viewpoints."""
    joined: dict[int, tuple[int, float]] = {}
    with threadpool_limits(limits=1):
        for index, theme in enumerate(themes):
            if theme.rows:
                centre = means.take(theme.children).means(np.zeros(len(theme.children), dtype=np.int64), 1)
                near = space.take(theme.rows).similarity(centre)[:, 0]
                joined |= {row: (index, fit) for row, fit in zip(theme.rows, near.tolist(), strict=True)}
    return joined
