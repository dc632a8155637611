"""From readings of single articles to the tables of the corpus; pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.records import Article, Failure, Reading, Tables
from pipeline.tables import find_broken_rows


def gather(readings: Iterable[Reading]) -> tuple[Tables, list[Failure]]:
    """Join readings into tables, in the order of path and id, whatever order they came in.

    Returns
    -------
    tables : Tables
        Everything but viewpoints and memberships.
    duplicates : list of Failure
        Articles that were given twice with the same text and metadata; the first is kept.
    """
    kept: dict[str, Reading] = {}
    duplicates: list[Failure] = []
    for reading in sorted(readings, key=lambda r: (r.document.path, r.document.article_id)):
        document = reading.document
        first = kept.setdefault(document.article_id, reading)
        if first is not reading:
            duplicates.append(duplicate(document.path, first.document.path))
    ordered = tuple(kept.values())
    return (
        Tables(
            articles=tuple(_article(reading) for reading in ordered),
            segments=tuple(row for r in ordered for row in r.segments),
            speakers=tuple(row for r in ordered for row in r.speakers),
            arguments=tuple(row for r in ordered for row in r.arguments),
            stances=tuple(row for r in ordered for row in r.stances),
            relations=tuple(row for r in ordered for row in r.relations),
            price_events=tuple(row for r in ordered for row in r.price_events),
        ),
        duplicates,
    )


def duplicate(path: str, first: str) -> Failure:
    """Return what is told of an article that was given before."""
    return Failure(
        where=path,
        got=f"the same article as {first}",
        expected="each article once",
        remedy="nothing to do: it was counted once",
    )


def _article(reading: Reading) -> Article:
    document = reading.document
    return Article(
        article_id=document.article_id,
        path=document.path,
        title=document.title,
        author=document.author,
        outlet=document.outlet,
        published=document.published,
        url=document.url,
        text=document.text,
        n_chars=len(document.text),
        script=document.script,
        issue=reading.issue,
        repeat_of=None,
    )


def mark_repeats(tables: Tables, repeats: Mapping[str, str]) -> Tables:
    """Return the tables with `repeat_of` of every article that repeats another."""
    articles = tuple(
        dataclasses.replace(article, repeat_of=repeats[article.article_id])
        if article.article_id in repeats
        else article
        for article in tables.articles
    )
    return dataclasses.replace(tables, articles=articles)


def quarantine(tables: Tables) -> tuple[Tables, list[dict[str, Any]]]:
    """Take out every row that breaks the contract, and what hangs on it; return the rest and what was taken out."""
    broken = find_broken_rows(tables)
    if not broken:
        return tables, []
    rejected = [{"table": name, "reason": reason, "row": dataclasses.asdict(row)} for name, row, reason in broken]
    bad = {name: {id(row) for table, row, _ in broken if table == name} for name in _names(tables)}
    clean = {name: tuple(row for row in getattr(tables, name) if id(row) not in bad[name]) for name in _names(tables)}
    known = {argument.argument_id for argument in clean["arguments"]}
    lost = [r for r in clean["relations"] if r.source_id not in known or r.target_id not in known]
    for row in lost:
        reason = "an argument at one of its ends was rejected"
        rejected.append({"table": "relations", "reason": reason, "row": dataclasses.asdict(row)})
    clean["relations"] = tuple(r for r in clean["relations"] if r.source_id in known and r.target_id in known)
    return Tables(**clean), rejected


def _names(tables: Tables) -> Sequence[str]:
    return [field.name for field in dataclasses.fields(tables)]
