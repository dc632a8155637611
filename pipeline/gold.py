"""Gold annotations: one JSON object a line, in the format that the annotation guidelines describe."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pipeline.errors import InputError
from pipeline.records import KINDS, STANCES, Kind, Stance

AUTHOR = "N"
_SPEAKER_STANCES = frozenset({"pro", "con", "mixed", "neu"})
_DIRECTIONS = frozenset({"input", "output", "both", "-"})


@dataclass(frozen=True, slots=True)
class GoldSegment:
    """One annotated segment; `kinds` has the main kind first and is empty for none.

    `speaker` is ``N`` (the author), a name as in the text, or ``E1``… for an expert whose name was lost; it and
    `stance` are None where there is no kind.
    """

    start: int
    end: int
    kinds: tuple[Kind, ...]
    speaker: str | None
    stance: Stance | None
    viewpoint: str | None


@dataclass(frozen=True, slots=True)
class GoldPrice:
    """One annotated price event, every value as written; ``-`` where the text does not say."""

    date: str
    vendor: str
    product: str
    direction: str
    old: str
    new: str
    change_pct: str
    free: bool


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One annotated article; offsets are code points in `text`."""

    key: str
    title: str
    outlet: str
    date: str
    issue: str
    speaker_stance: Mapping[str, str]
    text: str
    segments: tuple[GoldSegment, ...]
    prices: tuple[GoldPrice, ...]


def read_gold(path: Path) -> tuple[GoldArticle, ...]:
    """Read annotated articles.

    Parameters
    ----------
    path : Path
        A JSON-lines file, or a folder whose ``*.jsonl`` files are read in the order of their names.

    Returns
    -------
    tuple of GoldArticle
        In the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read or an article breaks the format; the message names the line.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise InputError(str(path), "a folder without .jsonl files", "annotated articles", "check the path")
    articles: list[GoldArticle] = []
    for file in files:
        articles.extend(_read_file(file))
    return tuple(articles)


def gold_digest(articles: Iterable[GoldArticle]) -> str:
    """Return a digest of texts and labels: two runs with the same digest measured on the same data."""
    digest = hashlib.sha256()
    for article in articles:
        digest.update(repr((article.key, article.text, article.segments, article.prices)).encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def _read_file(path: Path) -> Iterable[GoldArticle]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise InputError(str(path), error.strerror or "unreadable", "annotated articles", "check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"not UTF-8 at byte {error.start}", "UTF-8", "save the file as UTF-8") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _article(line, f"{path}, line {number}")


def _article(line: str, where: str) -> GoldArticle:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(where, f"not JSON ({error})", "one JSON object a line", "mend the line") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not isinstance(row.get("segments"), list):
        raise InputError(where, "no text or no segments", "an object with text and segments", "mend the line")
    text = row["text"]
    segments = tuple(_segment(item, text, f"{where}, segment {i}") for i, item in enumerate(row["segments"]))
    for before, after in itertools.pairwise(segments):
        if after.start < before.end:
            raise InputError(where, f"segment at {after.start} overlaps the one before", "segments in order", "mend it")
    stance = row.get("speaker_stance") or {}
    unknown = sorted({str(value) for value in stance.values()} - _SPEAKER_STANCES)
    if unknown:
        raise InputError(where, f"speaker stance {unknown}", f"one of {sorted(_SPEAKER_STANCES)}", "mend the line")
    return GoldArticle(
        key=str(row.get("key") or hashlib.sha256(text.encode()).hexdigest()[:16]),
        title=str(row.get("title") or ""),
        outlet=str(row.get("outlet") or ""),
        date=str(row.get("date") or ""),
        issue=str(row.get("issue") or ""),
        speaker_stance=dict(stance),
        text=text,
        segments=segments,
        prices=tuple(_price(item, where) for item in row.get("prices") or ()),
    )


def _segment(row: dict[str, Any], text: str, where: str) -> GoldSegment:
    try:
        start, end, kinds = row["start"], row["end"], row["kinds"]
    except (KeyError, TypeError) as error:
        raise InputError(where, f"no {error}", "start, end and kinds", "mend the segment") from error
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        raise InputError(where, f"span {start}:{end}", f"a span inside 0:{len(text)}", "mend the segment")
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(where, f"kind {kind!r}", f"one of {', '.join(KINDS)}", "mend the segment")
    stance, speaker = row.get("stance"), row.get("speaker")
    if kinds and stance not in STANCES:
        raise InputError(where, f"stance {stance!r}", f"one of {', '.join(STANCES)}", "mend the segment")
    if kinds and not speaker:
        raise InputError(where, "an argument without a speaker", "N, a name or E1…", "mend the segment")
    return GoldSegment(
        start=start,
        end=end,
        kinds=tuple(kinds),
        speaker=speaker if kinds else None,
        stance=cast(Stance, stance) if kinds else None,
        viewpoint=row.get("viewpoint"),
    )


def _price(row: dict[str, Any], where: str) -> GoldPrice:
    value = {name: str(row.get(name) or "-") for name in ("date", "vendor", "product", "direction", "old", "new")}
    if value["direction"] not in _DIRECTIONS:
        raise InputError(
            where, f"direction {value['direction']!r}", f"one of {sorted(_DIRECTIONS)}", "mend the price event"
        )
    new = value["new"]
    return GoldPrice(**value, change_pct=str(row.get("change_pct") or "-"), free=bool(row.get("free")) or new == "免费")
