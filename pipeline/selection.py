"""What a page and a report can show of a corpus that is too large for them: whole articles, stated to the reader."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.records import Tables, Viewpoint
from pipeline.tables import read_parts, read_tables


def read_shown(folder: Path, counts: Mapping[str, Any], limit: int) -> tuple[Tables, str]:
    """Return the tables that page, report and maps are made of, and a line for the reader where that is not all.

    Above `limit` arguments, whole articles are chosen: those with the exemplars of viewpoints first, the viewpoint with
    most support before the others, then any others evenly. Copies are left out. Viewpoints keep the support of all.

    Parameters
    ----------
    folder : Path
        The tables of a run.
    counts : mapping
        Rows per table, under ``rows``.
    limit : int
        Most arguments that are shown.
    """
    rows = counts["rows"]
    if rows["arguments"] <= limit:
        return read_tables(folder), ""
    chosen = _choose(folder, read_tables(folder, ("viewpoints",)).viewpoints, limit)
    tables = _restrict(folder, chosen)
    note = (
        f"文章太多，这里收录 {rows['articles']} 篇里的 {len(tables.articles)} 篇、{rows['arguments']} 条论证里的 "
        f"{len(tables.arguments)} 条（上限 {limit} 条，见设置 export.max_page_arguments），数字只算这些；"
        "全部结果在 tables 文件夹里。"
    )
    return tables, note


def _choose(folder: Path, viewpoints: tuple[Viewpoint, ...], limit: int) -> set[str]:
    shown = {identity: rank for rank, v in reversed(list(enumerate(viewpoints))) for identity in v.exemplar_ids}
    sizes: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for part in read_parts(folder, ("articles", "arguments")):
        originals = {a.article_id for a in part.articles if a.repeat_of is None}
        for argument in part.arguments:
            article = argument.article_id
            if article in originals:
                sizes[article] = sizes.get(article, 0) + 1
                rank = shown.get(argument.argument_id, len(viewpoints))
                ranks[article] = min(rank, ranks.get(article, rank))
    chosen: set[str] = set()
    room = limit
    for article in sorted(sizes, key=lambda i: (ranks[i], hashlib.sha256(i.encode("utf-8", "surrogatepass")).digest())):
        if sizes[article] <= room:
            chosen.add(article)
            room -= sizes[article]
    return chosen


def _restrict(folder: Path, chosen: set[str]) -> Tables:
    """Return the rows of the chosen articles, and the viewpoints that have members among them."""
    names = ("articles", "segments", "speakers", "arguments", "stances", "relations", "price_events")
    rows: dict[str, list[Any]] = {name: [] for name in names}
    for part in read_parts(folder, names):
        for name in names:
            rows[name] += [row for row in getattr(part, name) if row.article_id in chosen]
    arguments = {a.argument_id for a in rows["arguments"]}
    memberships = [
        m for part in read_parts(folder, ("memberships",)) for m in part.memberships if m.argument_id in arguments
    ]
    homes = {m.viewpoint_id for m in memberships}
    viewpoints = read_tables(folder, ("viewpoints",)).viewpoints
    parents = {v.parent_id for v in viewpoints if v.viewpoint_id in homes}
    kept = tuple(v for v in viewpoints if v.viewpoint_id in homes | parents)
    return Tables(viewpoints=kept, memberships=tuple(memberships), **{name: tuple(rows[name]) for name in names})
