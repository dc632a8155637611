"""Three whole readings, line by line, so that a change of behaviour shows as a difference to read.

After a change that is meant: ``UPDATE_GOLDENS=1 pytest tests/test_goldens.py``, read the difference, commit it.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import pytest

from pipeline.article.analyse import analyse
from pipeline.article.tools import Tools, build_tools
from pipeline.config import load_config
from pipeline.ingest import find_sources, read_source
from pipeline.models import load_classifier
from pipeline.records import Document, Reading

ROOT = Path(__file__).resolve().parents[1]
GOLDENS = ROOT / "tests" / "goldens"
ARTICLES = ("llm-03-roundtable-datou.md", "car-01-two-wan-overnight.md", "llm-07-hant-mianfei-de-zhangdan.md")


@lru_cache(maxsize=1)
def tools() -> Tools:
    config = load_config()
    return build_tools(config, load_classifier(config.arguments.model, config.profile))


def read_article(name: str) -> Reading:
    config = load_config().ingest
    sources, failures = find_sources([str(ROOT / "corpus" / "articles" / name)], config)
    assert failures == []
    (document,) = read_source(sources[0], config)
    assert isinstance(document, Document)
    return analyse(document, tools())


def outline(reading: Reading) -> str:
    """One line per fact of a reading, without the numbers that may differ in the last digit."""
    names = {s.speaker_id: s.name for s in reading.speakers}
    document = reading.document
    lines = [f"title {document.title} | {document.author} | {document.outlet} | {document.published}"]
    lines += [f"issue {reading.issue}"]
    lines += [f"voice {s.kind} {s.name} | {s.affiliation} | {s.title}" for s in reading.speakers]
    by_segment: dict[int, list[str]] = {}
    for a in reading.arguments:
        kinds = a.kind + (f"+{a.kind2}" if a.kind2 else "")
        fact = f"{kinds} {a.stance} {a.mode} {names[a.speaker_id]} {a.modality}"
        by_segment.setdefault(a.segment, []).append(fact)
    for s in reading.segments:
        text = document.text[s.start : s.end].replace("\n", " ")
        lines.append(f"{s.index:03d} {s.role} [{' / '.join(by_segment.get(s.index, ['-']))}] {text}")
    number = {a.argument_id: a.segment for a in reading.arguments}
    lines += [f"relation {number[r.source_id]:03d} {r.kind} {number[r.target_id]:03d}" for r in reading.relations]
    for p in reading.price_events:
        change = f"{p.old} -> {'free' if p.free else p.new} per {p.unit} ({p.change_pct})"
        lines.append(f"price {p.date} {p.vendor} | {p.product} | {p.direction} | {change}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", ARTICLES)
def test_reading_is_as_it_was(name: str) -> None:
    got = outline(read_article(name))
    path = GOLDENS / f"{Path(name).stem}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(got, encoding="utf-8")
    assert got == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ARTICLES)
def test_reading_twice_gives_the_same(name: str) -> None:
    assert read_article(name) == read_article(name)
