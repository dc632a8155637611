"""Arguments: from the classifier's answers to verbatim spans with kind, voice, stance and modality."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.article.clauses import split_at_turn
from pipeline.article.modality import modality_of
from pipeline.article.voices import Voices
from pipeline.ids import content_id
from pipeline.lexicon import Lexicon, Match
from pipeline.records import Argument, Document, Kind, Prediction, Segment

# What stands on the page beside the article holds no argument, whatever its words say; headings may hold one.
_SILENT_ROLES = frozenset({"byline", "caption", "boilerplate"})
# The weights know Chinese only. Of 769 annotated segments with fewer Han characters, 34 hold an argument.
_MIN_HAN = 2
_HAN = re.compile(r"[\u3400-\u9fff]")


def find_arguments(
    document: Document,
    plain: str,
    segments: Sequence[Segment],
    voices: Voices,
    predictions: Sequence[Prediction],
    *,
    cues: Lexicon,
    min_confidence: float,
) -> tuple[Argument, ...]:
    """Return the arguments of an article, in order.

    Parameters
    ----------
    document : Document
        The article; `text` of every argument is cut from it.
    plain : str
        ``document.text`` in simplified script, code point for code point.
    segments, predictions
        The segments and, for each, what the classifier says.
    voices : Voices
        Who speaks where.
    cues : Lexicon
        Words that announce a kind; the one that was met is shown in the column `cue`.
    min_confidence : float
        Arguments whose kind is less sure than this are left out. 0 keeps all that the classifier takes for an argument,
        which is what its decisions were tuned for; 0.8 keeps those whose kind is right at least four times in five.
    """
    arguments = []
    for segment, prediction in zip(segments, predictions, strict=True):
        kind = prediction.kind
        if kind is None or segment.role in _SILENT_ROLES or prediction.confidence < min_confidence:
            continue
        start, end = _trim(document.text, segment.start, segment.end)
        if start == end or len(_HAN.findall(document.text, start, end)) < _MIN_HAN:
            continue
        for low, high, main, second in _spans(plain, (start, end), (kind, prediction.kind2), cues):
            arguments.append(
                _argument(
                    document,
                    plain,
                    segment,
                    prediction,
                    span=(low, high),
                    kinds=(main, second),
                    voices=voices,
                    cues=cues,
                )
            )
    return tuple(arguments)


def _spans(
    plain: str, span: tuple[int, int], kinds: tuple[Kind, Kind | None], cues: Lexicon
) -> list[tuple[int, int, Kind, Kind | None]]:
    """Return the span with its kinds, or two spans where the segment plainly turns from one kind to the other."""
    (start, end), (kind, second) = span, kinds
    turn = split_at_turn(plain[start:end], kind, second, cues) if second else None
    if turn is None:
        return [(start, end, kind, second)]
    at, before, after = turn
    return [(start, start + at, before, None), (start + at, end, after, None)]


def _argument(
    document: Document,
    plain: str,
    segment: Segment,
    prediction: Prediction,
    *,
    span: tuple[int, int],
    kinds: tuple[Kind, Kind | None],
    voices: Voices,
    cues: Lexicon,
) -> Argument:
    start, end = span
    attribution = voices.of_span(start, end)
    return Argument(
        argument_id=content_id("g", document.article_id, start, end),
        article_id=document.article_id,
        segment=segment.index,
        start=start,
        end=end,
        text=document.text[start:end],
        kind=kinds[0],
        kind2=kinds[1],
        speaker_id=attribution.speaker_id,
        mode=attribution.mode,
        stance=prediction.stance,
        confidence=prediction.confidence,
        stance_confidence=prediction.stance_confidence,
        cue=find_cue(plain[start:end], kinds[0], cues),
        modality=modality_of(plain[start:end]),
        speaker_cue=attribution.cue,
        speaker_confidence=attribution.confidence,
    )


def find_cue(plain: str, kind: Kind, cues: Lexicon) -> str | None:
    """Return the longest word of `plain` that announces `kind`, the first of equals; None without one."""
    best: Match | None = None
    for match in cues.find_overlapping(plain):
        if match.group == kind and (best is None or (len(match.term), -match.start) > (len(best.term), -best.start)):
            best = match
    return best.term if best else None


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
