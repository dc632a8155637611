"""How a run grows with the number of articles: seconds per stage, peak memory, and the exponent of the growth.

Articles are made of paragraphs of the sample, drawn with a fixed seed; `BENCH_ARTICLES=FOLDER` measures files of your
own instead. `BENCH_PROFILE=best` reads with the best profile, which takes four times as long. Each size runs in a
process of its own: on an empty folder, with nothing changed, with one article changed. `cpu` is the processor's time of
the whole process, start-up included: other work on the machine does not show in it.
"""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 4_000)
LARGE = 20_000  # with BENCH_LARGE=1
ONE_RUN = """
import json, resource, sys
from pathlib import Path
from pipeline.config import load_config
from pipeline.run import run
summary = run([sys.argv[1]], Path(sys.argv[2]), config=load_config(profile=sys.argv[3]), workers=1)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"seconds": summary.seconds, "cpu": round(used.ru_utime + used.ru_stime, 2),
                  "peak MB": round(used.ru_maxrss / 1024), "arguments": summary.counts["rows"]["arguments"],
                  "articles": summary.counts["rows"]["articles"], "from the cache": summary.n_cached}))
"""


def measure(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Return the figures of every size and the exponents from the smallest to the largest."""
    rows = {}
    if os.environ.get("BENCH_LARGE"):
        sizes = (*sizes, LARGE)
    with tempfile.TemporaryDirectory() as folder:
        texts = _articles(max(sizes))
        for size in sizes:
            source = Path(folder, f"articles{size}")
            source.mkdir()
            for number, text in enumerate(texts[:size]):
                (source / f"{number:06}.txt").write_text(text, encoding="utf-8")
            out = Path(folder, f"out{size}")
            row = {"first": _run(source, out), "nothing changed": _run(source, out)}
            changed = source / "000000.txt"
            changed.write_text(changed.read_text(encoding="utf-8") + "\n成本上升会带来新的风险。\n", encoding="utf-8")
            rows[size] = {**row, "one article changed": _run(source, out)}
    low, high = min(sizes), max(sizes)
    return {
        "runs": rows,
        "exponent (1: linear)": {
            **{
                s: _exponent(rows[low]["first"], rows[high]["first"], s)
                for s in ("read", "gather", "cluster", "export")
            },
            "cpu": round(math.log(rows[high]["first"]["cpu"] / rows[low]["first"]["cpu"]) / math.log(high / low), 2),
        },
        "cpu seconds per 1,000 articles": round(
            (rows[high]["first"]["cpu"] - rows[low]["first"]["cpu"]) / (high - low) * 1000, 1
        ),
        "MB per 1,000 articles": round(
            (rows[high]["first"]["peak MB"] - rows[low]["first"]["peak MB"]) / (high - low) * 1000
        ),
    }


def headline(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what the table shows: figure, value, target."""
    exponents = result["exponent (1: linear)"]
    return [
        ("growth of reading with articles, exponent", str(exponents["read"]), "about 1"),
        ("growth of the whole run in processor's time, exponent", str(exponents["cpu"]), "about 1"),
        ("processor's seconds per 1,000 articles", str(result["cpu seconds per 1,000 articles"]), ""),
        ("memory per 1,000 articles", f"{result['MB per 1,000 articles']} MB", "bounded"),
    ]


def _run(source: Path, out: Path) -> dict[str, Any]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", ONE_RUN, str(source), str(out), os.environ.get("BENCH_PROFILE", "fast")],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    found["seconds"] = {stage: round(value, 2) for stage, value in found["seconds"].items()}
    found["seconds"]["all"] = round(sum(found["seconds"].values()), 2)
    return found


def _exponent(small: dict[str, Any], large: dict[str, Any], stage: str) -> float:
    ratio = large["seconds"][stage] / max(small["seconds"][stage], 0.01)
    return round(math.log(ratio) / math.log(large["articles"] / small["articles"]), 2)


def _articles(count: int) -> list[str]:
    own = os.environ.get("BENCH_ARTICLES")
    if own:
        files = sorted(path for path in Path(own).rglob("*") if path.is_file())[:count]
        return [path.read_text(encoding="utf-8", errors="replace") for path in files]
    sample = sorted((ROOT / "corpus" / "articles").glob("*.md"))
    paragraphs = [p for path in sample for p in path.read_text(encoding="utf-8").split("\n\n") if len(p) > 60]
    dice = random.Random(7)
    return [
        f"# 第{n}篇评论\n\n" + "\n\n".join(dice.sample(paragraphs, 8)) + f"\n\n第{n}次降价之后，成本仍然是关键。\n"
        for n in range(count)
    ]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), ensure_ascii=False, indent=2) + "\n")
