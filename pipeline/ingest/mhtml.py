"""Pages that a browser saved as one file (MHTML): the page itself, without its pictures."""

from __future__ import annotations

import email
import email.errors
from collections.abc import Iterator
from dataclasses import replace

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.ingest.draft import Draft
from pipeline.ingest.html import read_html


def read_mhtml(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft]:
    """Yield the article of the first page in the file; the address it was saved from is its URL.

    Raises
    ------
    InputError
        If there is no page in the file, or no article in the page.
    """
    try:
        message = email.message_from_bytes(data)
        pages = (part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html")
        page = next((body for body in pages if isinstance(body, bytes) and body.strip()), None)
        address = str(message.get("Snapshot-Content-Location") or message.get("Content-Location") or "")
    except (email.errors.MessageError, ValueError, LookupError, RecursionError) as error:
        raise InputError(
            where, f"a broken file ({type(error).__name__})", "a page saved as one file", "save the page again"
        ) from error
    if page is None:
        raise InputError(where, "a file without a page", "a page saved as one file", "save the page again")
    for draft in read_html(page, where, config):
        yield replace(draft, url=draft.url or (address if address.startswith("http") else None))
