"""The annotations of our own sample agree with the articles and with the guidelines."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import load_config
from pipeline.ingest import find_sources, read_source
from pipeline.records import CORE_KINDS, KINDS, STANCES, Document, Failure

ROOT = Path(__file__).resolve().parents[1]
GOLD = sorted((ROOT / "corpus" / "gold").glob("*.jsonl"))
ARTICLES = [
    pytest.param(json.loads(line), id=f"{path.stem}:{number}")
    for path in GOLD
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
]
KEYS = {"key", "title", "outlet", "date", "origin", "issue", "speaker_stance", "text", "segments", "prices"}
SEGMENT_KEYS = {"start", "end", "kinds", "speaker", "stance", "viewpoint"}
PRICE_KEYS = {"date", "vendor", "product", "direction", "old", "new", "change_pct"}

Gold = dict[str, Any]


@cache
def documents(origin: str) -> tuple[Document, ...]:
    """Every article that the file holds."""
    config = load_config().ingest
    sources, failures = find_sources([str(ROOT / origin)], config)
    assert not failures
    found = [item for source in sources for item in read_source(source, config)]
    assert not [item for item in found if isinstance(item, Failure)]
    return tuple(item for item in found if isinstance(item, Document))


def argumentative(article: Gold) -> list[Gold]:
    return [segment for segment in article["segments"] if segment["kinds"]]


def where(article: Gold, segment: Gold) -> str:
    return f"{article['key']}@{segment['start']}: {article['text'][segment['start'] : segment['end']]}"


def test_there_is_gold() -> None:
    assert len(ARTICLES) >= 4


def test_keys_are_unique() -> None:
    keys = [param.values[0]["key"] for param in ARTICLES]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("article", ARTICLES)
def test_fields(article: Gold) -> None:
    assert set(article) == KEYS
    assert 0 < len(article["issue"]) <= 16
    assert all(set(segment) == SEGMENT_KEYS for segment in article["segments"])
    assert all(set(price) >= PRICE_KEYS for price in article["prices"])


@pytest.mark.parametrize("article", ARTICLES)
def test_text_is_the_ingested_article(article: Gold) -> None:
    matches = [document for document in documents(article["origin"]) if document.text == article["text"]]
    assert len(matches) == 1, f"{article['origin']} now reads differently: build its annotation anew"
    document = matches[0]
    assert (article["title"], article["outlet"]) == (document.title, document.outlet)
    assert article["date"] == (document.published.isoformat() if document.published else "")


@pytest.mark.parametrize("article", ARTICLES)
def test_segments_are_ordered_and_cover_the_text(article: Gold) -> None:
    text, end = article["text"], 0
    for segment in article["segments"]:
        assert end <= segment["start"] < segment["end"] <= len(text)
        left_out = text[end : segment["start"]]
        assert not re.search(r"[^\W_]", left_out), f"{article['key']}@{end}: no segment holds {left_out!r}"
        assert text[segment["start"] : segment["end"]] == text[segment["start"] : segment["end"]].strip()
        end = segment["end"]
    assert not re.search(r"[^\W_]", text[end:])


@pytest.mark.parametrize("article", ARTICLES)
def test_labels_are_legal(article: Gold) -> None:
    for segment in article["segments"]:
        kinds, at = segment["kinds"], where(article, segment)
        assert len(kinds) <= 2, at
        assert len(set(kinds)) == len(kinds), at
        assert set(kinds) <= set(KINDS), at
        assert (segment["speaker"] is not None) == bool(kinds), at
        assert segment["stance"] in (STANCES if kinds else (None,)), at


@pytest.mark.parametrize("article", ARTICLES)
def test_speakers_stand_in_the_text(article: Gold) -> None:
    for segment in argumentative(article):
        speaker = segment["speaker"]
        lost = re.fullmatch(r"N|E\d+", speaker)
        assert lost or speaker in article["text"], where(article, segment)


@pytest.mark.parametrize("article", ARTICLES)
def test_viewpoints_name_core_kinds_only(article: Gold) -> None:
    for segment in article["segments"]:
        core = any(kind in CORE_KINDS for kind in segment["kinds"])
        assert (segment["viewpoint"] is not None) == core, where(article, segment)
        assert segment["viewpoint"] is None or 2 <= len(segment["viewpoint"]) <= 12, where(article, segment)


@pytest.mark.parametrize("article", ARTICLES)
def test_speaker_stances_cover_who_argues_twice(article: Gold) -> None:
    speakers = [segment["speaker"] for segment in argumentative(article)]
    assert set(article["speaker_stance"]) == {name for name in speakers if speakers.count(name) >= 2}
    assert set(article["speaker_stance"].values()) <= {"pro", "con", "mixed", "neu"}


@pytest.mark.parametrize("article", ARTICLES)
def test_prices_are_as_written(article: Gold) -> None:
    for price in article["prices"]:
        assert price["direction"] in ("input", "output", "both", "-")
        assert re.fullmatch(r"\d{4}(-\d{2}){0,2}|-|.*[月日天].*", price["date"]), price
        for field in ("vendor", "product", "old", "new"):
            for part in re.findall(r"\d+(?:\.\d+)?|[\u4e00-\u9fff]+", price[field]):
                assert part in article["text"], (article["key"], field, price[field])


def points() -> list[tuple[str, int, str]]:
    """The rows of the marks that say which segments make the same point."""
    lines = (ROOT / "corpus" / "gold" / "viewpoints_dev.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == ["key", "start", "point"]
    rows = [line.split("\t") for line in lines[1:]]
    return [(key, int(start), point) for key, start, point in rows]


def test_points_mark_each_segment_once() -> None:
    rows = points()
    assert len({(key, start) for key, start, _ in rows}) == len(rows)
    assert all(2 <= len(point) <= 12 for _, _, point in rows)


@pytest.mark.shared
def test_points_join_segments_of_one_kind(shared: Path) -> None:
    lines = (shared / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    kinds = {
        (article["key"], segment["start"]): next(kind for kind in segment["kinds"] if kind in CORE_KINDS)
        for article in map(json.loads, lines)
        for segment in article["segments"]
        if segment["viewpoint"]
    }
    kinds_of: dict[str, set[str]] = {}
    for key, start, point in points():
        kinds_of.setdefault(point, set()).add(kinds[key, start])
    assert not {point for point, found in kinds_of.items() if len(found) > 1}
