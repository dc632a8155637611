"""From annotated articles to what a classifier learns from: the same views that a reading builds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from pipeline.article.analyse import segment_views
from pipeline.article.segments import segment_document
from pipeline.article.speakers import VoiceTools, find_voices
from pipeline.article.words import Words
from pipeline.gold import GoldArticle
from pipeline.models.labels import LabelledArticle
from pipeline.records import Document, Role, Segment
from pipeline.script import detect_script, simplify


def label_article(article: GoldArticle, words: Words, voices: VoiceTools) -> LabelledArticle:
    """Return `article` as a classifier sees it, with its labels.

    Segments are those of the annotation; roles and voices are those that a reading finds, never the annotated ones, so
    that a classifier learns to live with their errors.
    """
    document = gold_document(article)
    plain = simplify(document.text)
    found = segment_document(document, plain)
    segments = gold_segments(article, found)
    views = segment_views(plain, segments, find_voices(document, plain, found, voices), words)
    return LabelledArticle(
        key=article.key,
        views=tuple(views),
        kinds=tuple(segment.kinds for segment in article.segments),
        stances=tuple(segment.stance for segment in article.segments),
    )


def gold_document(article: GoldArticle) -> Document:
    """Return the document that a file with the annotated text would give."""
    return Document(
        article_id=article.key,
        path=f"{article.key}.txt",
        text=article.text,
        script=detect_script(article.text),
        title=article.title or None,
        outlet=article.outlet or None,
    )


def gold_segments(article: GoldArticle, found: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the annotated segments, each with the role of the found segment that it begins in."""
    starts = [segment.start for segment in found]
    segments = []
    for index, gold in enumerate(article.segments):
        role: Role = "body"
        at = bisect_right(starts, gold.start) - 1
        if at >= 0 and gold.start < found[at].end:
            role = found[at].role
        segments.append(Segment(article.key, index, gold.start, gold.end, role))
    return tuple(segments)
