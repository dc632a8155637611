"""From a draft to a document: normalise, place the blocks, find what the text says about itself, give it an id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.ids import content_id
from pipeline.ingest.boilerplate import mark_blocks
from pipeline.ingest.dates import day_in_address, parse_day
from pipeline.ingest.draft import Draft, check_length
from pipeline.ingest.metadata import find_metadata
from pipeline.normalise import Normalised, normalise
from pipeline.records import Block, Document, Failure
from pipeline.script import detect_script, simplify

# A title stands at the head of the text, after the running header at most.
_HEAD_CHARS = 300


def assemble(draft: Draft, path: str, config: IngestConfig) -> Iterator[Document | Failure]:
    """Make the document of one draft, preceded by the failures of its parts.

    Raises
    ------
    InputError
        If the text is shorter or longer than the settings allow.
    """
    yield from draft.notes
    check_length(draft.where, len(draft.text), config)
    whole = normalise(draft.text)
    text = whole.text
    if len(text) < config.min_article_chars:
        got = "no text" if not text else f"only {len(text)} characters of text"
        raise InputError(
            draft.where, got, f"at least {config.min_article_chars}", "leave it out or lower ingest.min_article_chars"
        )
    plain = simplify(text)
    given = tuple(_moved(draft.blocks, whole))
    title, author = _line(draft.title), _line(draft.author)
    unsure = draft.properties and (title or "") not in text[:_HEAD_CHARS]
    found = find_metadata(text, plain, given, title=None if unsure else title)
    title = (found.title if unsure else None) or title or found.title
    author = (found.author if draft.properties else None) or author or found.author
    outlet, url = _line(draft.outlet) or found.outlet, _line(draft.url) or found.url
    published = parse_day(draft.published) or found.published or day_in_address(url)
    yield Document(
        article_id=content_id("a", text, title, author, outlet, _iso(published), url),
        path=path,
        text=text,
        script="hans" if plain == text else detect_script(text),
        title=title,
        author=author,
        outlet=outlet,
        published=published,
        url=url,
        blocks=mark_blocks(text, plain, given, title=title, names=_names(author, outlet)),
    )


def _moved(blocks: tuple[Block, ...], whole: Normalised) -> Iterator[Block]:
    for block in blocks:
        start, end = whole.position(block.start), whole.position(block.end)
        while end > start and whole.text[end - 1].isspace():
            end -= 1
        if end > start:
            yield Block(start, end, block.role)


def _line(value: str | None) -> str | None:
    """Return metadata as one normalised line of at most 300 characters, or `None` for nothing."""
    if value is None:
        return None
    return " ".join(normalise(value[:2000]).text.split())[:300].strip() or None


def _names(author: str | None, outlet: str | None) -> tuple[str, ...]:
    return tuple(name for name in (author, *(author or "").split("、"), outlet) if name)


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
