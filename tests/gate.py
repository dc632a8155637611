"""The quality gate: ``python -m tests.gate`` compares today's scores with the pinned floors.

With the measuring material beside the project every annotated article is read by the network of the ensemble that did
not see it in training (`pipeline.models.member_alone`), through the same reading as a run. The decisions (a factor per
kind, confidence curves) were learned on the same predictions, so kinds read about .005 high here (`docs/quality.md`).
Without it the project's own annotated articles are read by the whole ensemble. Floors and the digest of the data stand
in ``gate_baseline.json``;
a floor falls only with ``--lower-floors``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.article.analyse import analyse
from pipeline.article.entities import load_entities
from pipeline.article.tools import build_tools
from pipeline.config import load_config
from pipeline.gather import gather
from pipeline.gold import GoldArticle, gold_digest, read_gold
from pipeline.models import load_classifier, member_alone
from pipeline.models.labels import fold_of
from pipeline.models.train import FOLDS
from pipeline.records import Tables
from pipeline.score import Scores, score_tables
from pipeline.score.prices import score_price_tables
from pipeline.score.voices import gate_numbers as voice_numbers
from pipeline.training_voices import gold_document

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "gold" / "dev.jsonl"
BASELINE = Path(__file__).with_name("gate_baseline.json")
# A score may fall this much below its pinned value before the gate fails: rules move single articles.
SLACK = 0.005


def read_out_of_fold(gold: Sequence[GoldArticle], *, profile: str = "best", held_out: bool = True) -> Tables:
    """Read every article, with weights that did not see it when `held_out`."""
    config = load_config(profile=profile)
    classifier = load_classifier(config.arguments.model, profile)
    parts = FOLDS if held_out else 1
    tools = [build_tools(config, member_alone(classifier, i) if held_out else classifier) for i in range(parts)]
    readings = (analyse(gold_document(article), tools[fold_of(article.key, parts)]) for article in gold)
    return gather(readings)[0]


def numbers(scores: Scores) -> dict[str, float]:
    """Return the scores that have a floor; every one is better when larger."""
    found = {
        "core macro-F1": scores.kinds.core_macro_f1,
        "all kinds macro-F1": scores.kinds.all_macro_f1,
        "argumentative or not F1": scores.kinds.detection.f1,
        "stance macro-F1": scores.stance.macro_f1,
        "speaker stance macro-F1": scores.speaker_stance.macro_f1,
        "calibration (1 - error)": 1.0 - scores.calibration.error,
    }
    return found | {f"kind {kind} F1": value.f1 for kind, value in scores.kinds.per_kind.items()}


def others(gold: Sequence[GoldArticle], tables: Tables) -> dict[str, float]:
    """Return the scores of voices and price events."""
    prices = score_price_tables(gold, tables, same_house=load_entities().same_house).events
    found = {f"voices: {name}": value for name, value in voice_numbers(gold, tables).items()}
    return found | {"prices: F1": prices.f1, "prices: precision": prices.precision, "prices: recall": prices.recall}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate; return 1 when a score fell below its floor."""
    parser = argparse.ArgumentParser(prog="python -m tests.gate", description=__doc__)
    parser.add_argument("--raise-floors", action="store_true", help="pin today's scores where they are better")
    parser.add_argument("--lower-floors", action="store_true", help="pin today's scores even where they are worse")
    parser.add_argument("--own", action="store_true", help="use the project's own annotated articles in any case")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    own = options.own or not SHARED.exists()
    gold = read_gold(ROOT / "corpus" / "gold" if own else SHARED)
    print(
        f"{len(gold)} annotated articles of {'the project, read by the whole ensemble' if own else '../shared/gold'}"
        f"{'' if own else ', each read by weights that did not see it'}"
    )
    tables = read_out_of_fold(gold, held_out=not own)
    today = numbers(score_tables(gold, tables)) | others(gold, tables)
    baseline: dict[str, Any] = json.loads(BASELINE.read_text("utf-8")) if BASELINE.exists() else {}
    section = baseline.setdefault("own" if own else "shared", {"digest": "", "floors": {}})
    digest = gold_digest(gold)
    if section["floors"] and section["digest"] != digest:
        print(f"the data changed: digest {digest}, floors were pinned on {section['digest']}")
    failed = compare(today, section["floors"])
    if options.raise_floors or options.lower_floors:
        pin(today, section["floors"], lower=options.lower_floors)
        section["digest"] = digest
        BASELINE.write_text(json.dumps(baseline, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8")
    print(f"{time.perf_counter() - start:.0f} s; {'FAILED: ' + ', '.join(failed) if failed else 'all floors hold'}")
    return int(bool(failed) and not options.lower_floors)


def compare(today: dict[str, float], floors: dict[str, float]) -> list[str]:
    """Print every score beside its floor and return the names of those that fell below."""
    failed = []
    for name in sorted(today | floors):
        value, floor = today.get(name), floors.get(name)
        fell = floor is not None and (value is None or value < floor - SLACK)
        failed += [name] if fell else []
        print(
            f"{'FELL' if fell else 'ok':4}  {name:32} {'-' if value is None else f'{value:.3f}'}"
            f"   floor {'-' if floor is None else f'{floor:.3f}'}"
        )
    return failed


def pin(today: dict[str, float], floors: dict[str, float], *, lower: bool) -> None:
    """Write today's scores into `floors`: the better ones, or all with `lower`."""
    for name, value in today.items():
        if lower or value > floors.get(name, -1.0):
            floors[name] = round(value, 4)


if __name__ == "__main__":
    sys.exit(main())
