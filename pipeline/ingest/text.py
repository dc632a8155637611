"""Plain text: one article a file."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.config import IngestConfig
from pipeline.ingest.draft import Draft
from pipeline.ingest.encoding import decode


def read_text(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft]:
    """Yield the one article of a text file."""
    del config
    yield Draft(where=where, text=decode(data, where))
