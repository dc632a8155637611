"""Themes: viewpoints of one kind that talk about one thing, with a parent row for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.lexicon import load_raw
from pipeline.records import Viewpoint
from pipeline.viewpoints.cluster import average
from pipeline.viewpoints.match import new_id
from pipeline.viewpoints.space import Space
from pipeline.viewpoints.tags import word_class

NEAR = 0.2  # similarity of the viewpoints of one theme; read by hand: lower mixes topics, higher pairs only
SUBJECT = {
    "cause": "原因", "risk": "风险", "benefit": "好处", "strategy": "做法", "forecast": "走向", "evidence": "依据",
    "claim": "看法",
}  # fmt: skip
MAX_THEMED = 4000  # beyond that many viewpoints of one kind a list is read by search, not by themes


def add_themes(viewpoints: Sequence[Viewpoint], means: Space, *, before: Sequence[Viewpoint]) -> tuple[Viewpoint, ...]:
    """Return the viewpoints by falling support with `parent_id` set, then the themes.

    Parameters
    ----------
    viewpoints : sequence of Viewpoint
        All viewpoints, in the order of `means`.
    means : Space
        Mean of the members of each viewpoint.
    before : sequence of Viewpoint
        Viewpoints of the previous run: a theme that keeps half of its children keeps id and heading.
    """
    parents: dict[str, str] = {}
    themes: list[Viewpoint] = []
    taken = {v.viewpoint_id for v in viewpoints}
    for kind in sorted({v.kind for v in viewpoints}):
        rows = [i for i, v in enumerate(viewpoints) if v.kind == kind]
        if not 3 <= len(rows) <= MAX_THEMED:
            continue
        for children in _families(means.take(rows)):
            family = sorted((viewpoints[rows[i]] for i in children), key=_rank)
            theme = _theme(family, before, taken, used={t.label for t in themes if t.kind == kind})
            taken.add(theme.viewpoint_id)
            themes.append(theme)
            parents.update((child.viewpoint_id, theme.viewpoint_id) for child in family)
    leaves = [_with_parent(v, parents.get(v.viewpoint_id)) for v in sorted(viewpoints, key=_rank)]
    return (*leaves, *sorted(themes, key=_rank))


def _families(means: Space) -> list[list[int]]:
    with threadpool_limits(limits=1):
        raw = means.similarity(means)
        scale = np.sqrt(np.maximum(np.diag(raw), 1e-9))
        labels = average(raw / np.outer(scale, scale), NEAR)
    families: dict[int, list[int]] = {}
    for index, label in enumerate(labels.tolist()):
        families.setdefault(label, []).append(index)
    return [children for children in families.values() if len(children) > 1]


def _theme(family: Sequence[Viewpoint], before: Sequence[Viewpoint], taken: set[str], *, used: set[str]) -> Viewpoint:
    words: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    for child in family:
        holders.update(child.keywords)
        for rank, word in enumerate(child.keywords):
            words[word] += child.size * (6 - rank)
    chosen = sorted((w for w in words if _noun(w)), key=lambda w: (-holders[w], -words[w], w)) or sorted(words)
    label = _heading(family, [w for w in chosen if holders[w] > 1], used) or family[0].label
    identity = new_id(family[0].kind, f"theme:{label}", taken)
    old = _old_theme(family, before)
    if old is not None and old.viewpoint_id not in taken and old.label not in used:
        identity, label = old.viewpoint_id, old.label
    return Viewpoint(
        identity, family[0].kind, label, tuple(chosen[:6]), sum(c.size for c in family),
        max(c.n_articles for c in family), max(c.n_speakers for c in family), sum(c.n_pro for c in family),
        sum(c.n_con for c in family), tuple(c.exemplar_ids[0] for c in family[:3]), None,
        round(sum(c.x for c in family) / len(family), 4), round(sum(c.y for c in family) / len(family), 4),
        max(c.n_outlets for c in family),
    )  # fmt: skip


def _heading(family: Sequence[Viewpoint], shared: Sequence[str], used: set[str]) -> str | None:
    """Return ``甲方面的风险`` where children share a noun, else ``甲与乙方面的风险`` of two of them; not one in use."""
    subject = SUBJECT[family[0].kind]
    own = [word for child in family if (word := _own_noun(child)) is not None]
    pairs = [f"{a}与{b}" for i, a in enumerate(own) for b in own[i + 1 :] if not set(a) & set(b)]
    labels = [f"{words}方面的{subject}" for words in (*shared, *pairs, *own)]
    return next((label for label in labels if label not in used), None)


def _own_noun(child: Viewpoint) -> str | None:
    """Return the noun that stands for a viewpoint: a keyword of its heading, else its first."""
    nouns = [word for word in child.keywords if _noun(word)]
    return next((word for word in nouns if word in child.label), nouns[0] if nouns else None)


def _noun(word: str) -> bool:
    return word_class(word) in ("n", "nz", "vn", "an", "ns") and word not in _vague()


@lru_cache(maxsize=1)
def _vague() -> frozenset[str]:
    return frozenset(load_raw("labels")["vague"]["terms"])


def _old_theme(family: Sequence[Viewpoint], before: Sequence[Viewpoint]) -> Viewpoint | None:
    known = {v.viewpoint_id: v for v in before}
    ids = {child.viewpoint_id for child in family}
    votes = Counter(known[i].parent_id for i in sorted(ids) if i in known and known[i].parent_id is not None)
    if not votes:
        return None
    parent, count = min(votes.items(), key=lambda item: (-item[1], item[0] or ""))
    children = sum(v.parent_id == parent for v in before)
    return known.get(parent or "") if 2 * count >= children else None


def _with_parent(viewpoint: Viewpoint, parent: str | None) -> Viewpoint:
    return replace(viewpoint, parent_id=parent)


def _rank(viewpoint: Viewpoint) -> tuple[int, int, int, str]:
    return (-viewpoint.n_articles, -viewpoint.n_speakers, -viewpoint.size, viewpoint.viewpoint_id)
