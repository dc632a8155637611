"""What a reading needs beside the article: built once per worker, passed down, never global."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.article.draft import VoiceJudge
from pipeline.article.prices import PriceTools, build_price_tools
from pipeline.article.speakers import VoiceTools, build_voice_tools
from pipeline.article.words import Words, build_words
from pipeline.config import Config
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.records import Prediction, SegmentView


class SegmentClassifier(Protocol):
    """Says of every segment of one article which kind and stance it has."""

    @property
    def fingerprint(self) -> str:
        """Digest of the weights."""

    @property
    def voices(self) -> VoiceJudge | None:
        """The judge of voices that was learned beside it; None where the rules alone decide."""

    def predict(self, views: Sequence[SegmentView]) -> list[Prediction]:
        """Return one prediction per segment, in order."""


@dataclass(frozen=True)
class Tools:
    """The compiled tools of one worker."""

    words: Words
    voices: VoiceTools
    prices: PriceTools
    cues: Lexicon
    classifier: SegmentClassifier
    min_confidence: float


def build_tools(config: Config, classifier: SegmentClassifier) -> Tools:
    """Compile lexicons and load the tokenizer; takes about a second, so build once per worker."""
    from pathlib import Path

    entities = Path(config.lexicons.entities) if config.lexicons.entities else None
    cues = Path(config.lexicons.cues) if config.lexicons.cues else None
    return Tools(
        words=build_words(config.words, entities),
        voices=build_voice_tools(entities, classifier.voices),
        prices=build_price_tools(entities),
        cues=load_lexicon("cues", cues),
        classifier=classifier,
        min_confidence=config.arguments.min_confidence,
    )
