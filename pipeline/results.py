"""The results of a run as pandas frames: what `lunheng.open("build")` gives a notebook."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.article.words import build_words
from pipeline.config import load_config
from pipeline.records import KIND_ZH, STANCE_ZH, Argument, Tables
from pipeline.tables import columns, read_tables
from pipeline.view import find_article, render_article, to_doc
from pipeline.viewpoints.agreement import Agreement, measure_agreement
from pipeline.viewpoints.bertopic import TopicModel, fit_topics
from pipeline.viewpoints.figures import Plots

if TYPE_CHECKING:  # pandas takes a third of a second to import, which reading one article need not pay
    import pandas as pd

_MODE_ZH = {"author": "作者", "direct": "原话", "indirect": "转述", "hearsay": "传闻"}


@dataclass(frozen=True)
class Results:
    """A finished run. Every table of the contract is a frame: ``results.articles`` and so on.

    Attributes
    ----------
    tables : Tables
        The records behind the frames.
    """

    tables: Tables

    def frame(self, name: str) -> pd.DataFrame:
        """Return table `name` as a frame with the columns of the contract."""
        import pandas as pd

        rows: Iterable[Any] = getattr(self.tables, name)
        names = [column.name for column in columns(name)]
        return pd.DataFrame([[getattr(row, c) for c in names] for row in rows], columns=names)

    @cached_property
    def articles(self) -> pd.DataFrame:
        """One row per article."""
        return self.frame("articles")

    @cached_property
    def segments(self) -> pd.DataFrame:
        """One row per sentence-like segment."""
        return self.frame("segments")

    @cached_property
    def speakers(self) -> pd.DataFrame:
        """One row per voice of an article."""
        return self.frame("speakers")

    @cached_property
    def arguments(self) -> pd.DataFrame:
        """One row per argument."""
        return self.frame("arguments")

    @cached_property
    def stances(self) -> pd.DataFrame:
        """One row per voice of an article: where it stands."""
        return self.frame("stances")

    @cached_property
    def relations(self) -> pd.DataFrame:
        """One row per relation between two arguments."""
        return self.frame("relations")

    @cached_property
    def price_events(self) -> pd.DataFrame:
        """One row per price change."""
        return self.frame("price_events")

    @cached_property
    def viewpoints(self) -> pd.DataFrame:
        """One row per viewpoint."""
        return self.frame("viewpoints")

    @cached_property
    def memberships(self) -> pd.DataFrame:
        """One row per argument: its viewpoint and its place on the map."""
        return self.frame("memberships")

    @cached_property
    def who_says_what(self) -> pd.DataFrame:
        """All arguments with everything a reader asks for, in Chinese: one row per argument, in reading order."""
        import pandas as pd

        labels = {v.viewpoint_id: v.label for v in self.tables.viewpoints}
        viewpoint = {m.argument_id: labels.get(m.viewpoint_id or "") for m in self.tables.memberships}
        titles = {a.article_id: a for a in self.tables.articles}
        voices = {(s.article_id, s.speaker_id): s for s in self.tables.speakers}

        def row(a: Argument) -> dict[str, Any]:
            article, voice = titles[a.article_id], voices[a.article_id, a.speaker_id]
            return {
                "观点": viewpoint.get(a.argument_id) or "其他观点",
                "类别": KIND_ZH[a.kind],
                "立场": STANCE_ZH[a.stance],
                "谁": voice.name,
                "身份": " ".join(part for part in (voice.affiliation, voice.title) if part),
                "方式": _MODE_ZH[a.mode],
                "原文": a.text,
                "文章": article.title or article.path,
                "媒体": article.outlet or "",
                "日期": article.published,
                "把握": round(a.confidence, 2),
                "argument_id": a.argument_id,
            }

        frame = pd.DataFrame([row(a) for a in self.tables.arguments])
        return frame if len(frame) else pd.DataFrame(columns=["观点", "类别", "立场", "谁", "原文", "文章"])

    @cached_property
    def agreement(self) -> pd.DataFrame:
        """One row per viewpoint: voices for and against, how much it divides, whether both camps make it."""
        import pandas as pd

        names = [field.name for field in fields(Agreement)]
        return pd.DataFrame([[getattr(row, n) for n in names] for row in measure_agreement(self.tables)], columns=names)

    @property
    def plots(self) -> Plots:
        """The plots: ``results.plots.map()``, ``hierarchy``, ``over_time``, ``matrix``, ``stance_by_outlet``."""
        return Plots(self.tables)

    def topics(self) -> TopicModel:
        """Return BERTopic on the viewpoints (extra: topics): hierarchy, over time, per outlet, per kind, save."""
        words = build_words(load_config().words, None)
        return fit_topics(self.tables, cut=lambda text: [word.text for word in words.cut(text)])

    def doc(self, article: str) -> Any:
        """Return an article as a spaCy `Doc`; `article` is an id or part of a title or path."""
        return to_doc(self.tables, article)

    def show(self, article: str) -> Any:
        """Show an article in a notebook with its arguments marked; `article` is an id or part of a title or path."""
        from IPython.display import HTML

        return HTML(render_article(self.tables, article))  # type: ignore[no-untyped-call]

    def article(self, article: str) -> dict[str, Any]:
        """Return one row of `articles` as a dict; `article` is an id or part of a title or path."""
        return asdict(find_article(self.tables, article))

    def __repr__(self) -> str:
        sizes = ", ".join(f"{field.name} {len(getattr(self.tables, field.name))}" for field in fields(self.tables))
        return f"Results({sizes})"


def open_results(folder: str | os.PathLike[str]) -> Results:
    """Open the results of a run.

    Parameters
    ----------
    folder : path
        The folder given as ``--out`` (``build`` for `make`).

    Raises
    ------
    ContractError
        If there is no finished run, or one of another version.
    """
    return Results(read_tables(Path(folder) / "tables"))
