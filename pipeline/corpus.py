"""The steps that see all articles, from tables on disk to viewpoints, maps, page and report."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.argmap import export_maps
from pipeline.article.words import build_words
from pipeline.atomic import write_atomically
from pipeline.config import Config, ExportConfig
from pipeline.errors import ContractError
from pipeline.explorer import render_page, render_report, render_report_page
from pipeline.records import Argument, Article, Speaker, Tables
from pipeline.selection import read_shown
from pipeline.spread import fit_and_spread
from pipeline.tables import TableWriter, read_parts, read_tables, table_paths
from pipeline.viewpoints import build_viewpoints

GROUPED = ("viewpoints", "memberships")


@dataclasses.dataclass(frozen=True, slots=True)
class Grouped:
    """What the corpus stage found beside its two tables: their files and rows, changes (Markdown) and notes."""

    paths: tuple[Path, ...]
    n_viewpoints: int
    n_memberships: int
    changes: str
    notes: tuple[str, ...]


def group_arguments(folder: Path, config: Config, *, counts: Mapping[str, Any], previous: Path) -> Grouped:
    """Group the arguments of the tables in `folder` and write viewpoints and memberships beside them.

    Above `viewpoints.max_fitted` arguments, a sample is fitted and the others are assigned.

    Parameters
    ----------
    folder : Path
        All other tables of the run.
    config : Config
        All settings.
    counts : mapping
        Arguments per kind, under ``kinds``.
    previous : Path
        Tables of the previous run, which need not exist: viewpoints keep their ids where they persist.
    """
    notes: list[str] = []
    words = build_words(config.words, Path(config.lexicons.entities) if config.lexicons.entities else None)
    settings = config.viewpoints
    total = sum(counts["kinds"].get(kind, 0) for kind in settings.kinds)
    with TableWriter(folder, GROUPED, csv=config.export.csv) as writer:
        if total <= settings.max_fitted:
            tables = read_light(folder, frozenset(settings.kinds))
            result = build_viewpoints(tables, settings, cut=words.pieces, previous=_previous(previous, notes))
            viewpoints, changes, n_memberships = result.viewpoints, result.changes, len(result.memberships)
            writer.write("memberships", result.memberships)
        else:
            spread = fit_and_spread(
                folder, settings, writer, counts=counts["kinds"], cut=words.pieces,
                previous=lambda ids: _previous(previous, notes, ids) or Tables(),
            )  # fmt: skip
            viewpoints, changes, n_memberships = spread.viewpoints, spread.changes, spread.n_memberships
            notes.append(
                f"viewpoints were fitted on {spread.n_fitted} of {total} arguments, the others joined the nearest "
                "(setting viewpoints.max_fitted)"
            )
        writer.write("viewpoints", viewpoints)
    paths = table_paths(folder, GROUPED, csv=config.export.csv)
    return Grouped(paths, len(viewpoints), n_memberships, changes, tuple(notes))


def _previous(folder: Path, notes: list[str], ids: frozenset[str] | None = None) -> Tables | None:
    """Return viewpoints and memberships of the previous run, all or those of some arguments; a note where it cannot."""
    if not folder.exists():
        return None
    try:
        rows = (m for part in read_parts(folder, ("memberships",)) for m in part.memberships)
        memberships = tuple(m for m in rows if ids is None or m.argument_id in ids)
        return dataclasses.replace(read_tables(folder, ("viewpoints",)), memberships=memberships)
    except ContractError as error:
        notes.append(f"viewpoints were named anew, because the earlier results cannot be read: {error}")
        return None


def read_light(folder: Path, kinds: frozenset[str]) -> Tables:
    """Return what the grouping looks at: articles without their texts, speakers, arguments of the given kinds."""
    articles: list[Article] = []
    speakers: list[Speaker] = []
    arguments: list[Argument] = []
    for part in read_parts(folder, ("articles", "speakers", "arguments")):
        articles += [dataclasses.replace(article, text="") for article in part.articles]
        speakers += part.speakers
        arguments += [argument for argument in part.arguments if argument.kind in kinds]
    return Tables(articles=tuple(articles), speakers=tuple(speakers), arguments=tuple(arguments))


def write_results(
    folder: Path, out: Path, export: ExportConfig, *, counts: Mapping[str, Any], texts: Mapping[str, str]
) -> tuple[list[Path], tuple[str, ...]]:
    """Write maps, page, report and `texts` to `out` from the tables in `folder`.

    Returns
    -------
    list of Path
        What was written.
    tuple of str
        What was left out, and why.
    """
    tables, note = read_shown(folder, counts, export.max_page_arguments)
    maps = export_maps(tables, export.map_formats, out / "maps", scope="all", max_arguments=export.max_map_arguments)
    written = list(maps.paths)
    pages = {
        "explorer.html": render_page(tables, title=f"论衡：{counts['rows']['articles']} 篇评论里的观点", note=note),
        "report.md": render_report(tables, note=note),
        "report.html": render_report_page(tables, note=note),
    }
    for name, text in {**pages, **texts}.items():
        write_atomically(out / name, text)
        written.append(out / name)
    return written, (*maps.notes, *filter(None, (note,)))
