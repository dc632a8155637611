"""How well voices are found: recall and precision over annotated argumentative segments that are not the author's.

Which segments are argumentative is taken from the annotation, so that voices are measured apart from kinds. A voice is
right when it names the same person: equal names, or one contains the other once titles and blanks are taken away;
experts whose name was lost (``E1``…) match a voice without a name (``专家1``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.gold import AUTHOR, GoldArticle
from pipeline.records import Tables
from pipeline.score.align import align
from pipeline.score.calibration import Calibration, score_calibration
from pipeline.script import simplify

_EXPERT = re.compile(r"E\d+")
_LOST = re.compile(r"专家\d+")
_DOTS = str.maketrans({"・": "·", "•": "·", "‧": "·", " ": None, "　": None})
# Titles that a reader may or may not count as part of the name.
_TITLES = re.compile(r"(?:先生|女士|小姐|老师|教授|博士|总裁|董事长|总经理|总监|经理|院士|创始人|CEO|总)$")


@dataclass(frozen=True, slots=True)
class Heard:
    """Whose words a run takes one annotated segment for: `name` is None for the author."""

    name: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class VoiceError:
    """One segment on which a run and the annotation differ; ``N`` stands for the author."""

    key: str
    start: int
    end: int
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class VoiceScores:
    """Scores of voices; `detection_recall` and `detection_precision` leave the name out of account."""

    recall: float
    precision: float
    f1: float
    detection_recall: float
    detection_precision: float
    n_gold: int
    n_found: int
    calibration: Calibration
    errors: tuple[VoiceError, ...]


def score_voices(gold: Sequence[GoldArticle], heard: Mapping[str, Sequence[Heard | None]]) -> VoiceScores:
    """Score voices against annotated articles.

    Parameters
    ----------
    gold : sequence of GoldArticle
    heard : mapping
        By the article's key, one entry per annotated segment, in order; None leaves a segment out. Articles that are
        not in it are left out.
    """
    counts: Counter[str] = Counter()
    confidence: list[float] = []
    right: list[bool] = []
    errors: list[VoiceError] = []
    for article in gold:
        for segment, voice in zip(article.segments, heard.get(article.key, ()), strict=False):
            if not segment.kinds or voice is None:
                continue
            wanted = segment.speaker or AUTHOR
            quoted = wanted != AUTHOR
            same = voice.name is not None and quoted and same_voice(wanted, voice.name)
            counts["gold"] += quoted
            counts["found"] += voice.name is not None
            counts["both"] += quoted and voice.name is not None
            counts["same"] += same
            if voice.name is not None:
                confidence.append(voice.confidence)
                right.append(same)
            if quoted != (voice.name is not None) or (quoted and not same):
                errors.append(VoiceError(article.key, segment.start, segment.end, wanted, voice.name or AUTHOR))
    return _scores(counts, score_calibration(confidence, right), tuple(errors))


def _scores(counts: Counter[str], calibration: Calibration, errors: tuple[VoiceError, ...]) -> VoiceScores:
    gold, found = counts["gold"], counts["found"]
    return VoiceScores(
        recall=counts["same"] / gold if gold else 0.0,
        precision=counts["same"] / found if found else 0.0,
        f1=2 * counts["same"] / (gold + found) if gold + found else 0.0,
        detection_recall=counts["both"] / gold if gold else 0.0,
        detection_precision=counts["both"] / found if found else 0.0,
        n_gold=gold,
        n_found=found,
        calibration=calibration,
        errors=errors,
    )


def same_voice(wanted: str, found: str) -> bool:
    """Whether two names mean the same voice."""
    if _EXPERT.fullmatch(wanted):
        return _LOST.fullmatch(found) is not None
    one, other = _bare(wanted), _bare(found)
    return bool(one and other) and (one == other or one in other or other in one)


def _bare(name: str) -> str:
    plain = simplify(name).translate(_DOTS).casefold()
    short = _TITLES.sub("", plain)
    return short if len(short) >= 2 else plain


def gate_numbers(gold: Sequence[GoldArticle], tables: Tables) -> dict[str, float]:
    """Return recall and precision over the annotated segments that an argument of `tables` answers."""
    names = {(s.article_id, s.speaker_id): None if s.kind == "author" else s.name for s in tables.speakers}
    heard: dict[str, list[Heard | None]] = {}
    for article in align(gold, tables).articles:
        rows = [pair.argument for pair in article.segments]
        heard[article.gold.key] = [
            None if row is None else Heard(names[row.article_id, row.speaker_id], row.speaker_confidence)
            for row in rows
        ]
    scores = score_voices(gold, heard)
    return {"recall": scores.recall, "precision": scores.precision, "calibration": 1.0 - scores.calibration.error}
