"""The same viewpoint keeps its id and heading on the next run; what changed is told in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.ids import content_id
from pipeline.records import KIND_ZH, Viewpoint

MIN_OVERLAP = 0.5  # a viewpoint persists when half of its surviving members are still together


@dataclass(frozen=True, slots=True)
class Identity:
    """Id and heading of one viewpoint; `label` is None where a new heading is needed."""

    viewpoint_id: str | None
    label: str | None


def match_groups(
    groups: Sequence[Sequence[str]], kinds: Sequence[str], *, before: Sequence[Viewpoint], homes: Mapping[str, str]
) -> list[Identity]:
    """Return, for every group of argument ids, the identity it carries on from the previous run.

    Parameters
    ----------
    groups : sequence of sequence of str
        Argument ids of each group.
    kinds : sequence of str
        Kind of each group.
    before : sequence of Viewpoint
        Viewpoints of the previous run.
    homes : mapping of str to str
        Argument id to viewpoint id in the previous run.
    """
    known = {v.viewpoint_id: v for v in before}
    present = {argument for group in groups for argument in group}
    survivors = Counter(home for argument, home in homes.items() if argument in present)
    pairs = []
    for index, group in enumerate(groups):
        shared = Counter(homes[argument] for argument in group if argument in homes)
        for home, count in shared.items():
            viewpoint = known.get(home)
            if viewpoint is not None and viewpoint.kind == kinds[index]:
                pairs.append((count / survivors[home], count, home, index))
    result = [Identity(None, None)] * len(groups)
    used: set[str] = set()
    for share, _, home, index in sorted(pairs, key=lambda p: (-p[0], -p[1], p[2], p[3])):
        if share >= MIN_OVERLAP and home not in used and result[index].viewpoint_id is None:
            result[index] = Identity(home, known[home].label)
            used.add(home)
    return result


def new_id(kind: str, label: str, taken: set[str]) -> str:
    """Return the id of a new viewpoint: from its kind and heading, salted only if that id lives on elsewhere."""
    identity, salt = content_id("v", kind, label), 1
    while identity in taken:
        identity, salt = content_id("v", kind, label, salt), salt + 1
    return identity


def describe_changes(
    before: Sequence[Viewpoint], after: Sequence[Viewpoint], *, homes: Mapping[str, str], now: Mapping[str, str]
) -> str:
    """Return Markdown that says which viewpoints are new, grown, shrunk, merged or gone.

    Parameters
    ----------
    before, after : sequence of Viewpoint
        Viewpoints of the previous and of this run.
    homes, now : mapping of str to str
        Argument id to viewpoint id, then and now.
    """
    old = {v.viewpoint_id: v for v in before}
    new = {v.viewpoint_id: v for v in after}
    lines = ["# 观点变化", ""]
    sections: list[tuple[str, list[str]]] = [
        ("新出现", [_line(v) for v in after if v.viewpoint_id not in old]),
        ("增长", [f"{_line(v)}（原 {old[i].size} 条）" for i, v in new.items() if i in old and v.size > old[i].size]),
        ("减少", [f"{_line(v)}（原 {old[i].size} 条）" for i, v in new.items() if i in old and v.size < old[i].size]),
    ]
    merged, gone = [], []
    for identity, viewpoint in old.items():
        if identity not in new:
            heirs = Counter(now[a] for a, home in homes.items() if home == identity and a in now)
            heir = min(heirs, key=lambda h: (-heirs[h], h)) if heirs else None
            if heir is None:
                gone.append(_line(viewpoint))
            else:
                merged.append(f"{_line(viewpoint)} → {new[heir].label}")
    sections += [("并入", merged), ("消失", gone)]
    for title, entries in sections:
        if entries:
            lines += [f"## {title}（{len(entries)}）", "", *entries, ""]
    if len(lines) == 2:
        lines += ["与上次相同。" if before else "还没有观点。", ""]
    return "\n".join(lines)


def _line(viewpoint: Viewpoint) -> str:
    return f"- {KIND_ZH[viewpoint.kind]}：{viewpoint.label}（{viewpoint.size} 条，{viewpoint.n_articles} 篇）"
