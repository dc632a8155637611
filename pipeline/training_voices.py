"""From annotated articles to the judge of voices: it learns from the same draft that a reading makes."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.article.candidates import CandidateFinder
from pipeline.article.described import describe_voices
from pipeline.article.draft import Draft
from pipeline.article.segments import segment_document
from pipeline.article.speakers import VoiceTools, draft_voices
from pipeline.gold import AUTHOR, GoldArticle
from pipeline.models.train_voices import VoiceExample
from pipeline.records import Document
from pipeline.score.voices import same_voice
from pipeline.script import detect_script, simplify


def voice_examples(gold: Sequence[GoldArticle], tools: VoiceTools) -> list[VoiceExample]:
    """Return the articles as the judge sees them; those whose segments are cut differently today are left out."""
    found = (voice_example(article, tools) for article in gold)
    return [example for example in found if example is not None]


def voice_example(article: GoldArticle, tools: VoiceTools) -> VoiceExample | None:
    """Return one article as the judge sees it, None when its annotated segments are not those of a reading."""
    document = gold_document(article)
    plain = simplify(document.text)
    segments = segment_document(document, plain)
    spans = tuple((segment.start, segment.end) for segment in segments)
    if not spans or spans != tuple((segment.start, segment.end) for segment in article.segments):
        return None
    draft = draft_voices(document, plain, segments, tools)
    wanted = [(segment.speaker or AUTHOR) if segment.kinds else None for segment in article.segments]
    return VoiceExample(
        key=article.key,
        plain=plain,
        spans=draft.page.spans,
        paragraphs=draft.page.paragraphs,
        values=describe_voices(draft),
        answers=tuple(-1 if who is None else int(who != AUTHOR) for who in wanted),
        candidates=tuple(_candidates(draft, wanted)),
    )


def _candidates(draft: Draft, wanted: Sequence[str | None]) -> list[tuple[dict[str, float], bool]]:
    finder = CandidateFinder(draft)
    return [
        (candidate.signs, same_voice(who, candidate.name))
        for i, who in enumerate(wanted)
        if who is not None and who != AUTHOR and not draft.in_block[i]
        for candidate in finder.of_segment(i)
    ]


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
