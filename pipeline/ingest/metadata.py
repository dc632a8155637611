"""What an article says about itself: title, author, outlet, day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records import Block


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; `None` where the text says nothing."""

    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: dt.date | None = None
    url: str | None = None


def find_metadata(text: str, plain: str, blocks: tuple[Block, ...], *, title: str | None) -> Metadata:
    """Find metadata in the head and the closing lines of an article."""
    del text, plain, blocks, title
    return Metadata()
