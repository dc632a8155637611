"""From stored readings to tables on disk, a group of articles at a time: memory does not grow with their number.

The groups follow the order of the articles, never the order in which they were read: same input, same bytes.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.cache import Entry
from pipeline.gather import duplicate, gather, mark_repeats, quarantine
from pipeline.records import Failure, Reading, Tables
from pipeline.tables import TableWriter, read_parts, table_paths
from pipeline.viewpoints import RepeatFinder

GROUP = 1000  # articles held at once: about 60 MB
PER_ARTICLE = ("segments", "speakers", "arguments", "stances", "relations", "price_events")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was written: counts for the manifest, files, articles given twice, and rows that broke the contract."""

    counts: Mapping[str, Any]
    paths: tuple[Path, ...]
    duplicates: tuple[Failure, ...]
    rejected: tuple[Mapping[str, Any], ...]


def gather_to_files(
    entries: Iterable[Entry], load: Callable[[Entry], Reading], folder: Path, *, csv: bool, group: int = GROUP
) -> Gathered:
    """Write the tables of all articles: everything but viewpoints and memberships.

    Parameters
    ----------
    entries : iterable of Entry
        Where the readings are, in any order.
    load : callable
        Returns the reading of an entry.
    folder : Path
        An empty folder.
    csv : bool
        Also write every table as CSV.
    group : int
        Articles per row group, and held in memory at once.
    """
    kept, duplicates = in_order(entries)
    repeats = RepeatFinder()
    counts = Counts()
    rejected: list[Mapping[str, Any]] = []
    rough = folder / "rough"  # articles before their copies are known
    rough.mkdir()
    with TableWriter(rough, ("articles",)) as articles, TableWriter(folder, PER_ARTICLE, csv=csv) as writer:
        for start in range(0, max(len(kept), 1), group):
            tables, _ = gather(load(entry) for entry in kept[start : start + group])
            tables, broken = quarantine(tables)
            rejected += broken
            repeats.add(tables.articles)
            articles.write("articles", tables.articles)
            for name in PER_ARTICLE:
                writer.write(name, getattr(tables, name))
            counts.add(dataclasses.replace(tables, articles=()))
    copies = repeats.find()
    with TableWriter(folder, ("articles",), csv=csv) as articles:
        for part in read_parts(rough, ("articles",)):
            marked = mark_repeats(part, copies)
            articles.write("articles", marked.articles)
            counts.add(marked)
    (rough / "articles.parquet").unlink()
    rough.rmdir()
    return Gathered(
        counts.found(), table_paths(folder, ("articles", *PER_ARTICLE), csv=csv), tuple(duplicates), tuple(rejected)
    )


def in_order(entries: Iterable[Entry]) -> tuple[list[Entry], list[Failure]]:
    """Return the entries by path and id, each article once, and those that were given twice."""
    kept: dict[str, Entry] = {}
    duplicates = []
    for entry in sorted(entries, key=lambda e: (e.path, e.article_id)):
        first = kept.setdefault(entry.article_id, entry)
        if first is not entry:
            duplicates.append(duplicate(entry.path, first.path))
    return list(kept.values()), duplicates


class Counts:
    """Counts rows as they pass by."""

    def __init__(self) -> None:
        self._rows: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._stances: Counter[str] = Counter()
        self._scripts: Counter[str] = Counter()
        self._more: Counter[str] = Counter()

    def add(self, tables: Tables) -> None:
        """Count the rows of some tables."""
        self._rows.update({field.name: len(getattr(tables, field.name)) for field in dataclasses.fields(tables)})
        self._kinds.update(a.kind for a in tables.arguments)
        self._stances.update(a.stance for a in tables.arguments)
        self._scripts.update(a.script for a in tables.articles)
        self._more["repeats"] += sum(a.repeat_of is not None for a in tables.articles)
        self._more["quoted voices"] += sum(s.kind != "author" for s in tables.speakers)

    def found(self) -> dict[str, Any]:
        """Return rows per table, arguments by kind and by stance, articles by script, copies and quoted voices."""
        return {
            "rows": {field.name: self._rows[field.name] for field in dataclasses.fields(Tables)},
            "kinds": dict(sorted(self._kinds.items())),
            "stances": dict(sorted(self._stances.items())),
            "scripts": dict(sorted(self._scripts.items())),
            **self._more,
        }


def with_viewpoints(counts: Mapping[str, Any], n_viewpoints: int, n_memberships: int) -> dict[str, Any]:
    """Return `counts` with the rows of the corpus stage."""
    rows = {**counts["rows"], "viewpoints": n_viewpoints, "memberships": n_memberships}
    return {**counts, "rows": rows}
