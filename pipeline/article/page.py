"""Page: one article prepared for attribution, and what is said of its segments."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.article.reported import Report
from pipeline.records import Mode, Quote, SpeakerKind

# So much may stand between a quotation and the report after it (`“…”在大会现场，周敏表示`).
REACH_AFTER = 48


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of one segment: the voice (None: the author), how, by which cue, how surely."""

    voice: int | None
    mode: Mode
    cue: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Page:
    """One article prepared for attribution: offsets, paragraphs, quotations, blocks of one voice."""

    plain: str
    spans: tuple[tuple[int, int], ...]
    paragraphs: tuple[int, ...]
    quotes: tuple[Quote, ...]
    silent: frozenset[int]  # headings, bylines, captions, furniture: nobody's words
    blocks: tuple[tuple[int, int, Given], ...]
    own: frozenset[str] = frozenset()  # names of the author and the outlet


@dataclass(frozen=True, slots=True)
class Resolved:
    """A report whose speaker is known: `voice` is None for the author."""

    report: Report
    voice: int | None
    mode: Mode


# Share of right attributions among the explicit ones, by kind of voice, on the even half of the annotated articles.
SURETY: dict[SpeakerKind, float] = {
    "person": 0.91,
    "group": 0.78,
    "organisation": 0.72,
    "anonymous": 0.6,
    "author": 0.9,
}
AUTHOR = Given(None, "author", None, 0.96)
