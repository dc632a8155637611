"""From tables to a spaCy `Doc`, so that notebooks can show an article with displaCy and search it with spaCy."""

from __future__ import annotations

import html
from typing import Any

from pipeline.errors import ContractError
from pipeline.records import KIND_ZH, STANCE_ZH, Article, Tables

# Okabe–Ito, lightened: told apart by colour-blind readers and in print.
KIND_COLOURS: dict[str, str] = {
    "原因": "#a6cee3",
    "风险": "#f4a582",
    "利好": "#a6dba0",
    "策略": "#cab2d6",
    "预判": "#9edae5",
    "依据": "#dddddd",
    "主张": "#ffe08a",
}


def find_article(tables: Tables, article: str) -> Article:
    """Return the article with this id, or the only one whose title or path holds `article`.

    Raises
    ------
    ContractError
        If none or several fit; the message lists some of them.
    """
    for row in tables.articles:
        if row.article_id == article:
            return row
    fitting = [row for row in tables.articles if article in (row.title or "") or article in row.path]
    if len(fitting) != 1:
        shown = "、".join((row.title or row.path) for row in (fitting or tables.articles)[:5])
        raise ContractError(f"article {article!r}: {len(fitting)} fit, expected one; some there are: {shown}")
    return fitting[0]


def to_doc(tables: Tables, article: str) -> Any:
    """Return a spaCy `Doc` of an article: one token per character, so that offsets are token numbers.

    ``doc.ents`` are the arguments labelled with their Chinese kind; ``doc.spans`` holds ``arguments``, ``speakers``
    (spans labelled with the voice) and ``stances``.
    """
    import spacy
    from spacy.tokens import Doc, Span

    row = find_article(tables, article)
    names = {s.speaker_id: s.name for s in tables.speakers if s.article_id == row.article_id}
    arguments = [a for a in tables.arguments if a.article_id == row.article_id]
    doc = Doc(spacy.blank("zh").vocab, words=list(row.text), spaces=[False] * len(row.text))
    doc.spans["arguments"] = [Span(doc, a.start, a.end, label=KIND_ZH[a.kind]) for a in arguments]
    doc.spans["speakers"] = [Span(doc, a.start, a.end, label=names[a.speaker_id]) for a in arguments]
    doc.spans["stances"] = [Span(doc, a.start, a.end, label=STANCE_ZH[a.stance]) for a in arguments]
    doc.set_ents([Span(doc, a.start, a.end, label=KIND_ZH[a.kind]) for a in arguments])
    return doc


def render_article(tables: Tables, article: str) -> str:
    """Return an article as HTML with its arguments marked by kind and voice (displaCy)."""
    from spacy import displacy

    row = find_article(tables, article)
    voices = {s.speaker_id: s for s in tables.speakers if s.article_id == row.article_id}
    entities = []
    colours = {}
    for a in tables.arguments:
        if a.article_id != row.article_id:
            continue
        voice = voices[a.speaker_id]
        label = KIND_ZH[a.kind] if voice.kind == "author" else f"{KIND_ZH[a.kind]} · {html.escape(voice.name)}"
        colours[label] = KIND_COLOURS[KIND_ZH[a.kind]]
        entities.append({"start": a.start, "end": a.end, "label": label})
    data = {"text": row.text, "ents": entities, "title": html.escape(row.title or "")}
    markup: str = displacy.render(data, style="ent", manual=True, jupyter=False, options={"colors": colours})
    return markup
