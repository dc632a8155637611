"""Stance of each voice of an article: its arguments taken together."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Argument, SpeakerStance
from pipeline.stances import stance_label


def speaker_stances(arguments: Sequence[Argument]) -> tuple[SpeakerStance, ...]:
    """Return one row per voice that argues, in the order of first words.

    Counts weigh every argument once; `confidence` is the mean of how sure the stances behind the label are.
    """
    by_voice: dict[str, list[Argument]] = {}
    for argument in arguments:
        by_voice.setdefault(argument.speaker_id, []).append(argument)
    return tuple(_row(speaker, rows) for speaker, rows in by_voice.items())


def _row(speaker: str, rows: Sequence[Argument]) -> SpeakerStance:
    counts = {"pro": 0, "con": 0, "neu": 0}
    for row in rows:
        counts[row.stance] += 1
    label = stance_label(counts["pro"], counts["con"], counts["neu"])
    behind = [r.stance_confidence for r in rows if label == "mixed" or r.stance == label] or [0.5]
    return SpeakerStance(
        article_id=rows[0].article_id,
        speaker_id=speaker,
        stance=label,
        n_pro=counts["pro"],
        n_con=counts["con"],
        n_neu=counts["neu"],
        confidence=round(sum(behind) / len(behind), 4),
    )
