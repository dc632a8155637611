"""Plain text: one article a file."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.config import IngestConfig
from pipeline.ingest.draft import Draft
from pipeline.ingest.encoding import decode
from pipeline.ingest.paragraphs import unwrap


def read_text(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft]:
    """Yield the one article of a text file; lines that an editor broke at a fixed width are joined."""
    del config
    text = decode(data, where).replace("\r\n", "\n").replace("\r", "\n")
    yield Draft(where=where, text=unwrap(text))
