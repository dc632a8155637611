"""The data of the page: tables as compact JSON that no text can break out of.

Texts are stored once, arguments point into them. Offsets are given in UTF-16 units, since that is how a browser
counts; the page turns them back into code points where it exports.
"""

from __future__ import annotations

import bisect
import json
from collections.abc import Sequence
from typing import Any

from pipeline.records import Argument, Article, Tables
from pipeline.script import simplify

# Inside <script> an HTML parser only looks for these; JSON may spell any of them as an escape. U+2028 and U+2029 end
# lines in older JavaScript.
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def to_script_json(value: Any) -> str:
    """Return `value` as JSON that is safe inside a ``<script type="application/json">`` block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.encode("utf-8", "replace").decode("utf-8")
    for char, escape in _UNSAFE.items():
        text = text.replace(char, escape)
    return text


def build_payload(tables: Tables, *, title: str) -> dict[str, Any]:
    """Return everything the page shows, as plain lists and dictionaries."""
    articles = {a.article_id: i for i, a in enumerate(tables.articles)}
    units = {a.article_id: _Units(a.text) for a in tables.articles}
    speakers = {(s.article_id, s.speaker_id): i for i, s in enumerate(tables.speakers)}
    numbers = {a.argument_id: i for i, a in enumerate(tables.arguments)}
    viewpoints = {v.viewpoint_id: i for i, v in enumerate(tables.viewpoints)}
    segments: list[list[list[Any]]] = [[] for _ in tables.articles]
    for segment in tables.segments:
        unit = units[segment.article_id]
        segments[articles[segment.article_id]].append([unit(segment.start), unit(segment.end), segment.role])
    members = {m.argument_id: m for m in tables.memberships}
    rows = []
    for argument in tables.arguments:
        member = members.get(argument.argument_id)
        home = viewpoints.get(member.viewpoint_id or "", -1) if member else -1
        place = [round(member.x, 3), round(member.y, 3)] if member else [0, 0]
        rows.append([*_argument(argument, articles, speakers, units), home, *place])
    return {
        "title": title,
        "articles": [_article(a, articles) for a in tables.articles],
        "segments": segments,
        "speakers": [[s.name, s.title, s.affiliation, s.kind, s.person_id] for s in tables.speakers],
        "arguments": rows,
        "relations": [
            [numbers[r.source_id], numbers[r.target_id], r.kind, round(r.confidence, 2)]
            for r in tables.relations
            if r.source_id in numbers and r.target_id in numbers
        ],
        "stances": [[speakers[s.article_id, s.speaker_id], s.stance] for s in tables.stances],
        "prices": [
            [articles[p.article_id], units[p.article_id](p.start), units[p.article_id](p.end), *_price(p)]
            for p in tables.price_events
        ],
        "viewpoints": [
            [v.viewpoint_id, v.label, v.kind, list(v.keywords), v.size, v.n_articles, v.n_speakers, v.n_pro, v.n_con,
             [numbers[e] for e in v.exemplar_ids if e in numbers], viewpoints.get(v.parent_id or "", -1),
             round(v.x, 3), round(v.y, 3)]
            for v in tables.viewpoints
        ],
    }  # fmt: skip


def _article(article: Article, articles: dict[str, int]) -> list[Any]:
    return [
        article.article_id,
        article.title,
        article.author,
        article.outlet,
        article.published.isoformat() if article.published else None,
        article.url,
        article.path,
        article.issue,
        articles.get(article.repeat_of or "", -1),
        article.script,
        article.text,
        # Traditional text is also found by simplified words; the view keeps every offset.
        simplify(article.text) if article.script == "hant" else None,
    ]


def _argument(
    argument: Argument, articles: dict[str, int], speakers: dict[tuple[str, str], int], units: dict[str, _Units]
) -> list[Any]:
    unit = units[argument.article_id]
    return [
        argument.argument_id,
        articles[argument.article_id],
        speakers[argument.article_id, argument.speaker_id],
        unit(argument.start),
        unit(argument.end),
        argument.kind,
        argument.kind2,
        argument.mode,
        argument.modality,
        argument.stance,
        round(argument.confidence, 2),
        round(argument.stance_confidence, 2),
    ]


def _price(event: Any) -> list[Any]:
    names = ("date", "vendor", "product", "direction", "old", "new", "currency", "unit", "free", "change_pct")
    more = ("old_norm", "new_norm", "norm_unit", "flags", "change")
    return [getattr(event, name) for name in (*names, *more)]


class _Units:
    """Code point offsets of one text to UTF-16 offsets."""

    def __init__(self, text: str) -> None:
        self._wide: Sequence[int] = [] if text.isascii() else [i for i, c in enumerate(text) if c > "\uffff"]

    def __call__(self, offset: int) -> int:
        return offset + bisect.bisect_left(self._wide, offset)
