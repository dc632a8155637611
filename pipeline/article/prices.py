"""Price events: who announced which price, from what, to what, per what, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.article.entities import Entities, load_entities
from pipeline.records import Document, PriceEvent, Segment


@dataclass(frozen=True)
class PriceTools:
    """The compiled lexicons that price events need; build with `build_price_tools`."""

    entities: Entities


def build_price_tools(entities: Path | None = None) -> PriceTools:
    """Compile the lexicons, the entity lexicon extended by the user's file `entities`."""
    return PriceTools(entities=load_entities(entities))


def find_price_events(
    document: Document, plain: str, segments: Sequence[Segment], tools: PriceTools
) -> tuple[PriceEvent, ...]:
    """Return the price events of one article, by their place in the text."""
    del document, plain, segments, tools
    return ()
