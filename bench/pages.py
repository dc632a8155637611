"""Page, report, maps and tables at 1,000, 10,000 and 50,000 arguments: seconds, size, and growth per argument.

The arguments are those of the sample, repeated under other ids until there are enough.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.argmap import export_maps
from pipeline.config import load_config
from pipeline.explorer import render_page, render_report
from pipeline.records import Tables
from pipeline.run import run
from pipeline.tables import read_tables, write_tables

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 10_000, 50_000)
PER_ARTICLE = ("articles", "segments", "speakers", "arguments", "stances", "relations", "price_events")


def measure(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Return CPU seconds and megabytes of every step at every size; `growth` 1 means linear from first to last."""
    with tempfile.TemporaryDirectory() as name:
        config = load_config(profile="fast")
        tables = run([str(ROOT / "corpus" / "articles")], Path(name, "out"), config=config, workers=1).tables
        rows = {size: _at(repeat(tables, size), Path(name, str(size)), config.export.map_formats) for size in sizes}
    small, large = rows[sizes[0]], rows[sizes[-1]]
    return {
        "sizes": rows,
        "growth (1: linear)": {
            step: round(large[step] / max(small[step], 0.001) / (sizes[-1] / sizes[0]), 2)
            for step in small
            if step.endswith(" s")
        },
        "seconds of a page against writing the tables": round(large["page s"] / large["tables s"], 2),
    }


def headline(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what the table shows: figure, value, target."""
    return [
        (f"page at {size} arguments", f"{row['page s']} s, {row['page MB']} MB", "")
        for size, row in result["sizes"].items()
    ]


def _at(tables: Tables, folder: Path, formats: tuple[str, ...]) -> dict[str, float]:
    folder.mkdir()
    row: dict[str, float] = {"arguments": len(tables.arguments), "articles": len(tables.articles)}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        found = work()
        row[f"{step} s"] = round(time.process_time() - start, 3)
        return found

    page = timed("page", lambda: render_page(tables, title="论衡"))
    row["page MB"] = round(len(page.encode()) / 1e6, 1)
    timed("report", lambda: render_report(tables))
    timed("maps", lambda: export_maps(tables, formats, folder / "maps", scope="all", max_arguments=40))
    paths = timed("tables", lambda: write_tables(tables, folder))
    row["tables MB"] = round(sum(path.stat().st_size for path in paths) / 1e6, 1)
    timed("read tables", lambda: read_tables(folder))
    return row


def repeat(tables: Tables, size: int) -> Tables:
    """Return the tables again and again under other ids of articles and arguments, until they hold `size` arguments."""
    rows: dict[str, list[Any]] = {name: [] for name in (*PER_ARTICLE, "memberships")}
    for number in count():
        if len(rows["arguments"]) >= size:
            break
        for name in PER_ARTICLE:
            for row in getattr(tables, name):
                changes = {"article_id": f"{row.article_id}{number}"}
                changes |= {
                    key: f"{getattr(row, key)}{number}"
                    for key in ("argument_id", "source_id", "target_id")
                    if hasattr(row, key)
                }
                rows[name].append(replace(row, **changes))
        for member in tables.memberships:
            rows["memberships"].append(replace(member, argument_id=f"{member.argument_id}{number}"))
    ids = {a.argument_id for a in rows["arguments"][:size]}
    rows["arguments"] = rows["arguments"][:size]
    rows["relations"] = [r for r in rows["relations"] if r.source_id in ids and r.target_id in ids]
    rows["memberships"] = [m for m in rows["memberships"] if m.argument_id in ids]
    viewpoints = tuple(replace(v, exemplar_ids=tuple(f"{e}0" for e in v.exemplar_ids)) for v in tables.viewpoints)
    return Tables(viewpoints=viewpoints, **{name: tuple(found) for name, found in rows.items()})


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), ensure_ascii=False, indent=2) + "\n")
