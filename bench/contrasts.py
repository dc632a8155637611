"""Irony and negation: whether the shipped classifier turns the stance when the same point is meant the other way.

The sentences of `corpus/gold/stance_contrasts.tsv` are written for this project: a sincere and an ironic view of one
issue, or an assertion, its negation and its double negation. Each is read as a short column of three lines.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.article.words import Words, build_words
from pipeline.config import load_config
from pipeline.models import Classifier, load_classifier
from pipeline.records import SegmentView

FILE = Path(__file__).resolve().parents[1] / "corpus" / "gold" / "stance_contrasts.tsv"
DEVICES = ("sincere", "irony", "plain", "negation", "double")


def read_contrasts(path: Path = FILE) -> list[dict[str, str]]:
    """Return the rows: pair, issue, stance, device, text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def column(issue: str, text: str, words: Words) -> list[SegmentView]:
    """Return `text` as the last line of a short column on `issue`."""
    lines = (issue, f"{issue}引起了很多讨论。", text)
    return [
        SegmentView(
            text=line,
            words=tuple(words.pieces(line)),
            role="heading" if number == 0 else "body",
            mode="author",
            speaker="",
            starts_paragraph=True,
        )
        for number, line in enumerate(lines)
    ]


def leanings(rows: Sequence[dict[str, str]], classifier: Classifier, words: Words) -> list[float]:
    """Return for each row the probability of pro less that of con, from -1 to 1."""
    found = []
    for row in rows:
        pro, con, _ = classifier.predict(column(row["issue"], row["text"], words))[-1].stances
        found.append(pro - con)
    return found


def measure() -> dict[str, Any]:
    """Return the share of right sides per device, and of pairs whose members lean in the right order."""
    rows = read_contrasts()
    leans = leanings(rows, load_classifier("shipped", "best"), build_words(load_config().words, None))
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    ordered: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    for row, lean in zip(rows, leans, strict=True):
        total[row["device"]] += 1
        right[row["device"]] += (lean > 0) == (row["stance"] == "pro")
        for other, other_lean in zip(rows, leans, strict=True):
            if other["pair"] == row["pair"] and row["stance"] == "pro" and other["stance"] == "con":
                kind = "irony" if "irony" in (row["device"], other["device"]) else "negation"
                compared[kind] += 1
                ordered[kind] += lean > other_lean
    return {
        "n": len(rows),
        "right_side": {device: round(right[device] / total[device], 2) for device in DEVICES},
        "right_order": {kind: round(ordered[kind] / n, 2) for kind, n in sorted(compared.items())},
    }
