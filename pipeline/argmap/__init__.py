"""Argument maps: build one from the tables, write it in the format of whatever tool the reader has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.argmap.build import build_map
from pipeline.argmap.formats import FORMATS, MapFormat
from pipeline.argmap.graph import ArgumentMap, MapEdge, MapNode
from pipeline.argmap.losses import render_losses
from pipeline.atomic import write_atomically
from pipeline.errors import ConfigError
from pipeline.records import Tables
from pipeline.tables import find_broken_rows


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What `export_maps` wrote, what it left out and why, and the rows that were not exported."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...]
    quarantined: tuple[tuple[str, object, str], ...]


def export_maps(
    tables: Tables, formats: Sequence[str], folder: Path, *, scope: str = "all", max_arguments: int = 40
) -> ExportReport:
    """Write the map of `scope` to `folder` in each of `formats`.

    Parameters
    ----------
    tables : Tables
        The result of a run. Rows whose span is not verbatim are not exported; they come back as `quarantined`.
    formats : Sequence[str]
        Names from `FORMATS`.
    folder : Path
        Made when missing; files are named ``<scope>.<suffix>``.
    scope, max_arguments
        See `build_map`.

    Raises
    ------
    ConfigError
        If a format or the scope is unknown.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ConfigError(
            f"map format: got {', '.join(unknown)}, expected some of {', '.join(FORMATS)}; check --format"
        )
    broken = find_broken_rows(tables)
    sound = without(tables, broken)
    graph = build_map(sound, scope, max_arguments=max_arguments)
    wanted = list(dict.fromkeys(formats))
    whole = graph
    if any(FORMATS[name].whole for name in wanted) and graph.n_arguments > max_arguments:
        whole = build_map(sound, scope, max_arguments=graph.n_arguments)
    folder.mkdir(parents=True, exist_ok=True)
    paths, notes = [], []
    for name in wanted:
        chosen = FORMATS[name]
        try:
            data = chosen.render(whole if chosen.whole else graph, sound)
        except ConfigError as error:
            if not chosen.optional:
                raise
            notes.append(str(error))
            continue
        paths.append(folder / f"{file_name(scope)}.{chosen.suffix}")
        write_atomically(paths[-1], data)
    paths.append(folder / "losses.md")
    write_atomically(paths[-1], render_losses(graph, wanted, notes, n_quarantined=len(broken)))
    return ExportReport(tuple(paths), tuple(notes), tuple(broken))


def without(tables: Tables, broken: Sequence[tuple[str, object, str]]) -> Tables:
    """Return `tables` less the broken rows and what hangs on them."""
    if not broken:
        return tables
    bad = {id(row) for _, row, _ in broken}
    arguments = tuple(a for a in tables.arguments if id(a) not in bad)
    ids = {a.argument_id for a in arguments}
    return Tables(
        articles=tables.articles,
        segments=tuple(s for s in tables.segments if id(s) not in bad),
        speakers=tuple(s for s in tables.speakers if id(s) not in bad),
        arguments=arguments,
        stances=tuple(s for s in tables.stances if id(s) not in bad),
        relations=tuple(r for r in tables.relations if id(r) not in bad and r.source_id in ids and r.target_id in ids),
        price_events=tuple(p for p in tables.price_events if id(p) not in bad),
        viewpoints=tables.viewpoints,
        memberships=tuple(m for m in tables.memberships if m.argument_id in ids),
    )


def file_name(scope: str) -> str:
    """Return `scope` as a file name: ``viewpoint:v12`` becomes ``viewpoint-v12``."""
    return re.sub(r"[^\w-]+", "-", scope).strip("-") or "map"


__all__ = [
    "FORMATS", "ArgumentMap", "ExportReport", "MapEdge", "MapFormat", "MapNode", "build_map", "export_maps",
]  # fmt: skip
