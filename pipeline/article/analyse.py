"""Read one article: a pure function from a document to everything found in it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.article.arguments import find_arguments
from pipeline.article.issue import find_issue
from pipeline.article.prices import find_price_events
from pipeline.article.relations import find_relations
from pipeline.article.segments import segment_document
from pipeline.article.speakers import Voices, find_voices
from pipeline.article.stance import speaker_stances
from pipeline.article.tools import Tools
from pipeline.article.words import Words
from pipeline.records import Attribution, Document, Reading, Segment, SegmentView
from pipeline.script import simplify


def analyse(document: Document, tools: Tools, *, issue: str | None = None) -> Reading:
    """Read one article.

    Parameters
    ----------
    document : Document
        The normalised article.
    tools : Tools
        The compiled tools of this worker.
    issue : str, optional
        The question the article is about, when the user gives it; found in the text otherwise.

    Returns
    -------
    Reading
        Segments, voices, arguments, stances, relations and price events, each verbatim at its offsets.
    """
    plain = simplify(document.text)
    segments = segment_document(document, plain)
    voices = find_voices(document, plain, segments, tools.voices)
    views = segment_views(plain, segments, voices, tools.words)
    topic = issue or find_issue(document, plain, segments)
    predictions = tools.classifier.predict(views)
    arguments = find_arguments(
        document, plain, segments, voices, predictions, cues=tools.cues, min_confidence=tools.min_confidence
    )
    return Reading(
        document=document,
        issue=topic,
        segments=segments,
        speakers=voices.speakers,
        arguments=arguments,
        stances=speaker_stances(arguments),
        relations=find_relations(plain, segments, arguments, cues=tools.cues),
        price_events=find_price_events(document, plain, segments, tools.prices),
    )


def segment_views(plain: str, segments: Sequence[Segment], voices: Voices, words: Words) -> list[SegmentView]:
    """Return what the classifier sees of each segment; training uses the same function."""
    views = []
    last_end = 0
    for segment in segments:
        text = plain[segment.start : segment.end]
        attribution = voices.of_span(segment.start, segment.end)
        views.append(
            SegmentView(
                text=text,
                words=tuple(words.pieces(text)),
                role=segment.role,
                mode=attribution.mode,
                speaker=attribution.speaker_id,
                starts_paragraph=segment.index == 0 or "\n" in plain[last_end : segment.start],
            )
        )
        last_end = segment.end
    return views


__all__ = ["Attribution", "analyse", "segment_views"]
