"""Learn which sequences of word classes make a heading, and print them as the table `[form]` of `labels.toml`.

    python -m bench._train_label_form dev.jsonl

Positive: the viewpoint phrases of annotated segments. Negative: every stretch of 2 to 6 words of those segments. The
value of a pair of neighbours is the log ratio of its shares, smoothed with 200 pairs spread as in plain text, -3 to 3.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import rjieba

from pipeline.script import simplify
from pipeline.viewpoints.tags import classes

_CLAUSE = re.compile(r"[^\W_]+")


def main(path: Path) -> None:
    cut = rjieba.Jieba().cut
    good: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        for segment in article["segments"]:
            if not segment.get("viewpoint"):
                continue
            good.update(pairs(classes(list(cut(simplify(segment["viewpoint"]))))))
            for clause in _CLAUSE.findall(simplify(article["text"][segment["start"] : segment["end"]])):
                tags = classes(list(cut(clause)))
                for start in range(len(tags)):
                    for end in range(start + 2, min(len(tags), start + 6) + 1):
                        plain.update(pairs(tags[start:end]))
    sys.stdout.write("[form]          # class = classes after it, log ratio in headings against text; ^ start, $ end\n")
    rows: dict[str, list[str]] = {}
    for pair in sorted(set(good) | set(plain)):
        share = plain[pair] / plain.total()
        value = math.log((good[pair] + 200 * share + 0.5) / (good.total() * share + 200 * share + 0.5))
        if abs(value) >= 0.15 and good[pair] + plain[pair] >= 100:
            first, second = pair.split()
            rows.setdefault(first, []).append(f'"{second}" = {max(-3.0, min(3.0, value)):.1f}')
    for first, cells in rows.items():
        sys.stdout.write(f'"{first}" = {{ {", ".join(cells)} }}\n')


def pairs(tags: list[str]) -> list[str]:
    return [f"{a} {b}" for a, b in pairwise(["^", *tags, "$"])]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
