"""Speakers: who says what in one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.article.voices import Voices
from pipeline.ids import content_id
from pipeline.records import Document, Segment, Speaker

__all__ = ["VoiceTools", "Voices", "build_voice_tools", "find_voices"]


@dataclass(frozen=True)
class VoiceTools:
    """Compiled lexicons for finding voices."""


def build_voice_tools(entities: Path | None) -> VoiceTools:
    """Compile the lexicons that finding voices needs."""
    return VoiceTools()


def find_voices(document: Document, plain: str, segments: Sequence[Segment], tools: VoiceTools) -> Voices:
    """Find the speakers of an article and what each of them says."""
    name = document.author or "作者"
    author = Speaker(
        article_id=document.article_id,
        speaker_id=content_id("s", document.article_id, "author"),
        name=name,
        title=None,
        affiliation=document.outlet,
        kind="author",
        person_id=content_id("p", name, document.outlet or ""),
    )
    return Voices((author,), ())
