"""From annotated articles to the judge of voices: it learns from the same draft that a reading makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.article.candidates import CandidateFinder
from pipeline.article.described import describe_voices
from pipeline.article.draft import Draft
from pipeline.article.segments import segment_document
from pipeline.article.speakers import VoiceTools, draft_voices
from pipeline.gold import AUTHOR, GoldArticle
from pipeline.models.train_voices import VoiceExample, train_voices
from pipeline.models.voices import VoiceModel
from pipeline.records import Document
from pipeline.score.voices import same_voice
from pipeline.script import detect_script, simplify

# Fewer annotated segments of other voices than this teach less than the shipped judge knows: a tenth of its material.
MIN_VOICE_SEGMENTS = 400


def train_judge(gold: Sequence[GoldArticle], tools: VoiceTools, out: Path) -> VoiceModel | None:
    """Learn the judge of voices and write it to `out`; None when the articles hold too few voices to learn from."""
    examples = voice_examples(gold, tools)
    quoted = sum(answer == 1 for example in examples for answer in example.answers)
    return train_voices(examples, out) if quoted >= MIN_VOICE_SEGMENTS else None


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
        candidates=tuple(_candidates(draft, wanted, tools)),
    )


def _candidates(draft: Draft, wanted: Sequence[str | None], tools: VoiceTools) -> list[tuple[dict[str, float], bool]]:
    """Return the candidates of the segments of other voices; where a rule names one, that one alone."""
    finder = CandidateFinder(draft, tools.finder.reader)
    found: list[tuple[dict[str, float], bool]] = []
    for i, who in enumerate(wanted):
        if who is None or who == AUTHOR or draft.in_block[i]:
            continue
        given = draft.given[i].voice
        for candidate in finder.of_segment(i):
            if given is None or candidate.voice == given:
                found.append((candidate.signs, same_voice(who, candidate.name)))
    return found


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
