"""Score the tables of a run against annotated articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import InputError
from pipeline.gold import AUTHOR, GoldArticle
from pipeline.records import Tables
from pipeline.score.align import AlignedArticle, Alignment, align
from pipeline.score.calibration import Calibration, score_calibration
from pipeline.score.kinds import KindScores, score_kinds
from pipeline.score.stance import StanceScores, score_stances


@dataclass(frozen=True, slots=True)
class Scores:
    """What `score_tables` found; `missing` holds the keys of annotated articles that the tables lack."""

    n_articles: int
    n_segments: int
    missing: tuple[str, ...]
    kinds: KindScores
    stance: StanceScores
    speaker_stance: StanceScores
    calibration: Calibration


def score_tables(gold: Sequence[GoldArticle], tables: Tables) -> Scores:
    """Score the arguments and stances of `tables`.

    Raises
    ------
    InputError
        If none of the annotated articles is among the tables.
    """
    alignment = align(gold, tables)
    if not alignment.articles:
        raise InputError(
            "the tables",
            "none of the annotated articles",
            "a run over the same texts",
            "run the annotated articles first",
        )
    pairs = [segment for article in alignment.articles for segment in article.segments]
    wanted = [pair.gold.kinds[0] if pair.gold.kinds else None for pair in pairs]
    found = [pair.argument.kind if pair.argument else None for pair in pairs]
    both = [pair for pair in pairs if pair.gold.stance and pair.argument]
    answered = [pair for pair in pairs if pair.argument]
    return Scores(
        n_articles=len(alignment.articles),
        n_segments=len(pairs),
        missing=alignment.missing,
        kinds=score_kinds(wanted, found),
        stance=score_stances(
            [pair.gold.stance or "neu" for pair in both], [pair.argument.stance for pair in both if pair.argument]
        ),
        speaker_stance=_speaker_stances(alignment.articles, tables),
        calibration=score_calibration(
            [pair.argument.confidence for pair in answered if pair.argument],
            [pair.gold.kinds[:1] == (pair.argument.kind,) for pair in answered if pair.argument],
        ),
    )


def _speaker_stances(articles: Sequence[AlignedArticle], tables: Tables) -> StanceScores:
    """Compare the stance of every annotated voice that the run found under the same name (the author always is)."""
    names = {(s.article_id, s.name): s.speaker_id for s in tables.speakers if s.kind != "author"}
    names |= {(s.article_id, AUTHOR): s.speaker_id for s in tables.speakers if s.kind == "author"}
    rows = {(s.article_id, s.speaker_id): s.stance for s in tables.stances}
    wanted: list[str] = []
    found: list[str] = []
    for article in articles:
        for name, stance in article.gold.speaker_stance.items():
            voice = names.get((article.article.article_id, name))
            row = rows.get((article.article.article_id, voice)) if voice else None
            if row is not None:
                wanted.append(stance)
                found.append(row)
    return score_stances(wanted, found, ("pro", "con", "mixed", "neu"))


__all__ = ["Alignment", "Calibration", "KindScores", "Scores", "StanceScores", "align", "score_tables"]
