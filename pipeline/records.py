"""Every frozen record that crosses a border between stages.

Offsets are code points, half-open, into the text of the article (`Document.text`). Ids derive from content.
The records from `Article` to `Membership` are the rows of the tables; their field order is the column order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

# The words are part of the records' public face, so they are imported here for everybody.
from pipeline.terms import (  # isort: skip # noqa: F401
    CORE_KINDS, KIND_ZH, KINDS, STANCE_ZH, STANCES, Direction, Kind, Modality, Mode, RelationKind, Role, Script,
    SpeakerKind, SpeakerStanceLabel, Stance,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of `Document.text` whose role the reader of the file already knows."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Document:
    """One article as read from a file: normalised text and what the file says about it.

    `blocks` are sorted, do not overlap and need not cover the text; what they leave open is `body`.
    """

    article_id: str
    path: str
    text: str
    script: Script
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: dt.date | None = None
    url: str | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An input, or a part of one, that was not taken in, and why."""

    where: str
    got: str
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, `text == article.text[start:end]` up to script conversion."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch between quotation marks; `start` and `end` include the marks, `level` is 0 outside others."""

    start: int
    end: int
    level: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words a stretch of text is; `confidence` in [0, 1]."""

    start: int
    end: int
    speaker_id: str
    mode: Mode
    cue: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class SegmentView:
    """What a segment classifier sees of one segment (text in simplified script, words cut)."""

    text: str
    words: tuple[str, ...]
    role: Role
    mode: Mode
    speaker: str
    starts_paragraph: bool


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a segment classifier says of one segment.

    `kinds` holds one probability per entry of ``("none", *KINDS)`` and sums to 1; `stances` one per entry of `STANCES`.
    `kind` is the decision (None: no argument), which may differ from the likeliest entry because rare kinds get a lower
    bar; `kind2` is a second kind that the segment also holds. `confidence` is the calibrated probability that `kind` is
    right, `stance_confidence` that `stance` is.
    """

    kinds: tuple[float, ...]
    stances: tuple[float, ...]
    kind: Kind | None
    kind2: Kind | None
    confidence: float
    stance: Stance
    stance_confidence: float


@dataclass(frozen=True, slots=True)
class Article:
    """Row of `articles`."""

    article_id: str
    path: str
    title: str | None
    author: str | None
    outlet: str | None
    published: dt.date | None
    url: str | None
    text: str
    n_chars: int
    script: Script
    issue: str
    repeat_of: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """Row of `segments`: a sentence-like stretch with its role on the page."""

    article_id: str
    index: int
    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Speaker:
    """Row of `speakers`: one voice of one article; `person_id` is the same across articles."""

    article_id: str
    speaker_id: str
    name: str
    title: str | None
    affiliation: str | None
    kind: SpeakerKind
    person_id: str


@dataclass(frozen=True, slots=True)
class Argument:
    """Row of `arguments`: a verbatim span with its kind, voice and stance."""

    argument_id: str
    article_id: str
    segment: int
    start: int
    end: int
    text: str
    kind: Kind
    kind2: Kind | None
    speaker_id: str
    mode: Mode
    stance: Stance
    confidence: float
    stance_confidence: float
    cue: str | None
    modality: Modality
    speaker_cue: str | None
    speaker_confidence: float


@dataclass(frozen=True, slots=True)
class SpeakerStance:
    """Row of `stances`: what one voice of one article thinks of its issue, all arguments taken together."""

    article_id: str
    speaker_id: str
    stance: SpeakerStanceLabel
    n_pro: int
    n_con: int
    n_neu: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Relation:
    """Row of `relations`: `source` supports, attacks or causes `target` (argument ids)."""

    article_id: str
    source_id: str
    target_id: str
    kind: RelationKind
    confidence: float
    cue: str | None


@dataclass(frozen=True, slots=True)
class PriceEvent:
    """Row of `price_events`: one announced price change.

    `old`, `new` and `unit` are as written (`0.0008`, `1.2万`, `千tokens`; `免费`); `old_norm` and `new_norm` are
    decimal strings in `currency` per `norm_unit`; `change_pct` and `change` (in `currency` per `unit`, when only the
    step is told) are decimal strings, negative for a fall. `date` is ISO as far as known, `05-21` when no year is.
    `vendor` or `product` is `-` when the text names none. `flags` names what is unsure, comma-separated, empty when
    nothing is: `year-guessed year-unknown date-carried vendor-carried pct-mismatch number-unclear range upper-bound
    approximate`.
    """

    article_id: str
    start: int
    end: int
    text: str
    date: str | None
    vendor: str
    product: str
    direction: Direction
    old: str | None
    new: str | None
    currency: str
    unit: str
    free: bool
    change_pct: str | None
    old_norm: str | None
    new_norm: str | None
    norm_unit: str
    flags: str
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Row of `viewpoints`: a point that several arguments make. `keywords` and `exemplar_ids` are ordered."""

    viewpoint_id: str
    kind: Kind
    label: str
    keywords: tuple[str, ...]
    size: int
    n_articles: int
    n_speakers: int
    n_pro: int
    n_con: int
    exemplar_ids: tuple[str, ...]
    parent_id: str | None
    x: float
    y: float
    n_outlets: int = 0


@dataclass(frozen=True, slots=True)
class Membership:
    """Row of `memberships`: the viewpoint of an argument; null when it stands alone ("其他观点")."""

    argument_id: str
    viewpoint_id: str | None
    similarity: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one article; every span is verbatim in `document.text`."""

    document: Document
    issue: str
    segments: tuple[Segment, ...]
    speakers: tuple[Speaker, ...]
    arguments: tuple[Argument, ...]
    stances: tuple[SpeakerStance, ...]
    relations: tuple[Relation, ...]
    price_events: tuple[PriceEvent, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """The whole result of a run: one tuple of records per table, in table order."""

    articles: tuple[Article, ...] = ()
    segments: tuple[Segment, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    arguments: tuple[Argument, ...] = ()
    stances: tuple[SpeakerStance, ...] = ()
    relations: tuple[Relation, ...] = ()
    price_events: tuple[PriceEvent, ...] = ()
    viewpoints: tuple[Viewpoint, ...] = ()
    memberships: tuple[Membership, ...] = ()
