"""What is lost when viewpoints are fitted on a sample and the rest is assigned: B-cubed against the full fit.

The arguments are those of a finished run (`BENCH_RUN=OUT`), or made from the sample's sentences. Where the measuring
material lies beside the project, its annotated points are mixed in, and both fits are scored against them as well.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from bench.viewpoints import CONFIG, SHARED, b_cubed, cutter, gold_tables, sized_tables
from pipeline.corpus import read_light
from pipeline.records import Article, Speaker, Tables
from pipeline.spread import fit_and_spread
from pipeline.tables import TableWriter, read_tables
from pipeline.viewpoints import build_viewpoints

SHARES = (2, 4, 8)  # one half, a quarter, an eighth is fitted
GENERATED = 6_000


def measure() -> dict[str, Any]:
    """Return scores, counts and seconds of the full fit and of each sample."""
    cut = cutter()
    tables, gold = _tables()
    arguments = [a for a in tables.arguments if a.kind in CONFIG.viewpoints.kinds]
    start = time.process_time()
    full = build_viewpoints(tables, CONFIG.viewpoints, cut=cut)
    homes = {m.argument_id: m.viewpoint_id for m in full.memberships}
    result: dict[str, Any] = {
        "arguments": len(arguments),
        "full": _scores(homes, homes, gold) | {"cpu s": round(time.process_time() - start, 1)},
    }
    counts = {kind: sum(a.kind == kind for a in arguments) for kind in CONFIG.viewpoints.kinds}
    for share in SHARES:
        config = replace(CONFIG.viewpoints, max_fitted=len(arguments) // share)
        start = time.process_time()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _write(tables, folder)
            with TableWriter(folder, ("memberships",)) as writer:
                spread = fit_and_spread(folder, config, writer, counts=counts, cut=cut, previous=lambda _: Tables())
            found = {m.argument_id: m.viewpoint_id for m in read_tables(folder, ("memberships",)).memberships}
        seconds = round(time.process_time() - start, 1)
        result[f"1/{share} fitted"] = _scores(homes, found, gold) | {"fitted": spread.n_fitted, "cpu s": seconds}
    return result


def _tables() -> tuple[Tables, dict[str, str]]:
    run = os.environ.get("BENCH_RUN")
    if run:
        tables = read_light(Path(run) / "tables", frozenset(CONFIG.viewpoints.kinds))
    else:
        tables = sized_tables(GENERATED)
        ids = list(dict.fromkeys(a.article_id for a in tables.arguments))
        rows = [Article(i, i, None, None, None, None, None, "", 0, "hans", "", None) for i in ids]
        voices = [Speaker(i, "s0", "作者", None, None, "author", i) for i in ids]
        tables = replace(tables, articles=tuple(rows), speakers=tuple(voices))
    if not SHARED.is_dir():
        return tables, {}
    marked, gold = gold_tables()
    joined = {n: getattr(tables, n) + getattr(marked, n) for n in ("articles", "speakers", "arguments")}
    return Tables(**joined), gold


def _write(tables: Tables, folder: Path) -> None:
    """Write the tables as a run does, fifty articles a part."""
    names = ("articles", "speakers", "arguments")
    with TableWriter(folder, names) as writer:
        for _, group in groupby(enumerate(tables.articles), key=lambda pair: pair[0] // 50):
            ids = {article.article_id for _, article in group}
            for name in names:
                writer.write(name, [row for row in getattr(tables, name) if row.article_id in ids])


def _scores(full: dict[str, str | None], found: dict[str, str | None], gold: dict[str, str]) -> dict[str, Any]:
    ids = sorted(full)
    truth = [full[i] or ("alone", i) for i in ids]
    result: dict[str, Any] = {
        "against the full fit": b_cubed(truth, [found[i] for i in ids]),
        "viewpoints": len(set(found.values()) - {None}),
        "outliers": round(sum(home is None for home in found.values()) / len(found), 3),
    }
    if gold:
        marked = sorted(gold)
        result["against annotated points"] = b_cubed([gold[i] for i in marked], [found[i] for i in marked])
    return result


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), ensure_ascii=False, indent=2) + "\n")
