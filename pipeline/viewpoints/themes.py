"""Themes: what viewpoints of one kind, and arguments that share their point with no other, have in common.

A theme is named by a noun that everything under it holds: of an argument that makes its point alone, its theme says
what it is about, and no heading claims for it what it does not say. Nouns are chosen greedily, those first that cover
most and tell most (set cover, Chvátal 1979).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.lexicon import load_raw
from pipeline.records import Viewpoint
from pipeline.viewpoints.hold import Past
from pipeline.viewpoints.match import new_id
from pipeline.viewpoints.tags import word_class

SUBJECT = {
    "cause": "原因", "risk": "风险", "benefit": "好处", "strategy": "做法", "forecast": "走向", "evidence": "依据",
    "claim": "看法",
}  # fmt: skip
MAX_THEMED = 4000  # beyond that many viewpoints of one kind a list is read by search, not by themes
WORTH = 3  # viewpoints and single arguments that a noun must cover, or two viewpoints: less is no theme


@dataclass(frozen=True)
class Crowd:
    """Arguments of one kind that share their point with no other: their rows, and how many may stay alone."""

    rows: tuple[int, ...]
    allowed: int


@dataclass(frozen=True)
class Theme:
    """The row of a theme, the numbers of the viewpoints under it and the rows of single arguments under it."""

    row: Viewpoint
    children: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass
class _Draft:
    """A theme in the making; `word` is empty for what is left over."""

    word: str
    children: list[int]
    rows: list[int]
    old: Viewpoint | None = None


def make_themes(
    viewpoints: Sequence[Viewpoint],
    crowd: Mapping[str, Crowd],
    nouns: Mapping[int, frozenset[str]],
    *,
    held_nouns: Sequence[frozenset[str]],
    ids: Sequence[str],
    weight: Callable[[str], float],
    past: Past,
    held: bool,
) -> list[Theme]:
    """Return the themes, by kind.

    Parameters
    ----------
    viewpoints : sequence of Viewpoint
        All viewpoints.
    crowd : mapping of str to Crowd
        By kind, the arguments without a viewpoint.
    nouns : mapping of int to frozenset of str
        Nouns of their rows.
    held_nouns : sequence of frozenset of str
        Nouns that half of the members of each viewpoint hold.
    ids : sequence of str
        Id of the argument in every row.
    weight : callable
        How much a word tells.
    past : Past
        The previous run.
    held : bool
        Whether its grouping is held: then viewpoints and single arguments keep their theme.
    """
    themes: list[Theme] = []
    taken = {v.viewpoint_id for v in viewpoints}
    for kind in sorted({v.kind for v in viewpoints}):
        rows = [i for i, v in enumerate(viewpoints) if v.kind == kind]
        if len(rows) > MAX_THEMED:
            continue
        own = {i: held_nouns[i] for i in rows}
        lone = crowd.get(kind, Crowd((), 0))
        for draft in _drafts(viewpoints, own, lone, {r: nouns[r] for r in lone.rows}, ids, weight, past, held):
            row = _row([viewpoints[i] for i in draft.children], draft, taken)
            taken.add(row.viewpoint_id)
            themes.append(Theme(row, tuple(draft.children), tuple(draft.rows)))
    return themes


def _drafts(
    viewpoints: Sequence[Viewpoint],
    own: Mapping[int, frozenset[str]],
    lone: Crowd,
    nouns: Mapping[int, frozenset[str]],
    ids: Sequence[str],
    weight: Callable[[str], float],
    past: Past,
    held: bool,
) -> list[_Draft]:
    drafts = _old_drafts(viewpoints, own, lone, ids, past) if held else []
    placed = {i for draft in drafts for i in draft.children}
    settled = {r for draft in drafts for r in draft.rows}
    waiting = [r for r in lone.rows if r not in settled]
    alone = {r for r in waiting if held and ids[r] in past.alone}
    free = [r for r in waiting if r not in alone]
    leaves = [i for i in own if i not in placed]
    for draft in drafts:
        joining = [i for i in leaves if draft.word in own[i] and viewpoints[i].viewpoint_id not in past.ids]
        draft.children += joining
        leaves = [i for i in leaves if i not in joining]
        if len(waiting) > lone.allowed:
            draft.rows += [r for r in free if draft.word in nouns[r]]
            free = [r for r in free if draft.word not in nouns[r]]
    used = {draft.word for draft in drafts}
    while True:
        crowded = len(free) + len(alone) > lone.allowed
        word = _next_word([own[i] for i in leaves], [nouns[r] for r in free] if crowded else [], weight, used)
        if word is None:
            break
        used.add(word)
        inside = [i for i in leaves if word in own[i]]
        rows = [r for r in free if word in nouns[r]] if crowded else []
        drafts.append(_Draft(word, inside, rows))
        leaves = [i for i in leaves if i not in inside]
        free = [r for r in free if r not in rows]
    surplus = len(free) + len(alone) - lone.allowed
    if surplus > 0:
        rest = sorted([*free, *sorted(alone)], key=lambda r: (r in alone, r))[:surplus]
        _add_rest(drafts, leaves, rest)
    return drafts


def _old_drafts(
    viewpoints: Sequence[Viewpoint], own: Mapping[int, frozenset[str]], lone: Crowd, ids: Sequence[str], past: Past
) -> list[_Draft]:
    """Return the themes of the previous run that still have a viewpoint, with what was under them."""
    before = {v.viewpoint_id: v for v in past.viewpoints}
    drafts: dict[str, _Draft] = {}
    for i in own:
        known = before.get(viewpoints[i].viewpoint_id)
        theme = before.get(known.parent_id or "") if known is not None else None
        if theme is not None:
            word = "" if theme.label.startswith("其他") else theme.keywords[0] if theme.keywords else ""
            drafts.setdefault(theme.viewpoint_id, _Draft(word, [], [], theme)).children.append(i)
    for row in lone.rows:
        home = past.homes.get(ids[row], "")
        if home in drafts:
            drafts[home].rows.append(row)
    return list(drafts.values())


def _next_word(
    leaves: Sequence[frozenset[str]],
    rows: Sequence[frozenset[str]],
    weight: Callable[[str], float],
    used: set[str],
) -> str | None:
    """Return the noun that covers most, each cover worth what the noun tells; None where no noun is worth a theme."""
    inside = Counter(word for words in leaves for word in words if word not in used)
    beside = Counter(word for words in rows for word in words)
    worth = {
        word: (count + beside[word]) * weight(word) ** 2
        for word, count in inside.items()
        if count > 1 or count + beside[word] >= WORTH
    }
    return min(worth, key=lambda word: (-round(worth[word], 4), word), default=None)


def _add_rest(drafts: list[_Draft], leaves: Sequence[int], rest: Sequence[int]) -> None:
    """Put what no noun covers under a theme that says so, beside the viewpoints that no noun covers."""
    for draft in drafts:
        if not draft.word:
            draft.rows += rest
            draft.children += leaves
            return
    if leaves:
        drafts.append(_Draft("", list(leaves), list(rest)))
    else:  # every viewpoint has a theme: the last of the largest moves
        largest = max(drafts, key=lambda draft: len(draft.children))
        drafts.append(_Draft("", [largest.children.pop()], list(rest)))
        if not largest.children:
            drafts[-1].rows += largest.rows
            drafts.remove(largest)


def _row(children: Sequence[Viewpoint], draft: _Draft, taken: set[str]) -> Viewpoint:
    """Return the row of a theme; with the support of the viewpoints under it."""
    family = sorted(children, key=_rank)
    kind = family[0].kind
    if draft.old is not None and draft.old.viewpoint_id not in taken:
        identity, label = draft.old.viewpoint_id, draft.old.label
    else:
        label = f"{draft.word}方面的{SUBJECT[kind]}" if draft.word else f"其他{SUBJECT[kind]}"
        identity = new_id(kind, f"theme:{label}", taken)
    holders = Counter(word for child in family for word in child.keywords if word != draft.word)
    words = [*([draft.word] if draft.word else []), *sorted(holders, key=lambda w: (-holders[w], w))]
    return Viewpoint(
        identity, kind, label, tuple(words[:6]), sum(c.size for c in family),
        max(c.n_articles for c in family), max(c.n_speakers for c in family), sum(c.n_pro for c in family),
        sum(c.n_con for c in family), tuple(c.exemplar_ids[0] for c in family[:3]), None,
        round(sum(c.x for c in family) / len(family), 4), round(sum(c.y for c in family) / len(family), 4),
        max(c.n_outlets for c in family),
    )  # fmt: skip


def with_themes(
    viewpoints: Sequence[Viewpoint], themes: Sequence[Theme], own: Mapping[int, tuple[int, int, int, int, int]]
) -> tuple[Viewpoint, ...]:
    """Return the viewpoints by falling support with `parent_id` set, then the themes.

    Parameters
    ----------
    viewpoints : sequence of Viewpoint
        All viewpoints.
    themes : sequence of Theme
        Their themes.
    own : mapping of int to tuple of int
        For themes with arguments of their own: how many, in how many articles, by how many voices, for and against.
    """
    parents = {child: theme.row.viewpoint_id for theme in themes for child in theme.children}
    leaves = [replace(v, parent_id=parents.get(i)) for i, v in enumerate(viewpoints)]
    rows = []
    for index, theme in enumerate(themes):
        size, articles, speakers, pro, con = own.get(index, (0, 0, 0, 0, 0))
        row = theme.row
        rows.append(
            replace(
                row, size=row.size + size, n_articles=max(row.n_articles, articles),
                n_speakers=max(row.n_speakers, speakers), n_pro=row.n_pro + pro, n_con=row.n_con + con,
            )
        )  # fmt: skip
    return (*sorted(leaves, key=_rank), *sorted(rows, key=_rank))


def is_theme_noun(word: str) -> bool:
    """Whether a theme may be named by `word`."""
    return len(word) > 1 and word_class(word) in ("n", "nz", "vn", "an", "ns") and word not in _vague()


@lru_cache(maxsize=1)
def _vague() -> frozenset[str]:
    return frozenset(load_raw("labels")["vague"]["terms"])


def _rank(viewpoint: Viewpoint) -> tuple[int, int, int, str]:
    return (-viewpoint.n_articles, -viewpoint.n_speakers, -viewpoint.size, viewpoint.viewpoint_id)
