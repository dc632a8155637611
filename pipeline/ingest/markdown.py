"""Markdown with an optional front matter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import yaml

from pipeline.config import IngestConfig
from pipeline.ingest.columns import field_of
from pipeline.ingest.draft import Draft, join_lines
from pipeline.ingest.encoding import decode
from pipeline.records import Block, Failure, Role

# A front matter holds a dozen settings; more is data, and a parser fed with it a danger.
_MAX_FRONT_CHARS = 65536
_FRONT = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_TABLE_RULE = re.compile(r"[ \t|:-]*-[ \t|:-]*$")
_MARKER = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)?")
_IMAGE = re.compile(r"!\[([^\[\]]{0,300})\]\([^()\s]{0,2000}(?:[ \t]+[\"'][^\"']{0,300}[\"'])?\)")
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:[ \t]+[\"'][^\"']{0,300}[\"'])?\)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|<!--[^<>]{0,2000}-->|\{#[\w-]{1,80}\}")
_STRONG = re.compile(
    r"(?<![\\\w])(\*\*|__|\*|_|~~)(?=[^\s*_~])([^\n*_~]{1,500}?)(?<=[^\s])\1(?!\w)|(\*\*)(?=\S)([^\n*]{1,500}?)(?<=\S)\3"
)
# A short line all in bold is a heading; a question in bold is one of an interview.
_BOLD_HEADING = re.compile(r"(?:\*\*|__)[^*_。，？?；]{2,30}(?:\*\*|__)")
_CODE = re.compile(r"`([^`\n]{1,300})`")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~])")


def read_markdown(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft]:
    """Yield the one article of a Markdown file: marks removed, headings and code marked as blocks.

    A front matter that cannot be read is left out with a note; the article is kept.
    """
    source = decode(data, where).replace("\r\n", "\n").replace("\r", "\n")
    fields: dict[str, Any] = {}
    notes: tuple[Failure, ...] = ()
    front = _FRONT.match(source[: _MAX_FRONT_CHARS + 8])
    if front is not None:
        source = source[front.end() :]
        fields, notes = _front_matter(front, where, config)
    text, blocks = plain_text(source)
    yield Draft(where=where, text=text, blocks=blocks, notes=notes, **fields)


def _front_matter(front: re.Match[str], where: str, config: IngestConfig) -> tuple[dict[str, Any], tuple[Failure, ...]]:
    try:
        tree = tomllib.loads(front[2]) if front[1] == "+++" else yaml.safe_load(front[2])
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        what = " ".join(str(getattr(error, "problem", None) or error).split())[:120]
        note = Failure(
            f"{where}, front matter",
            f"not readable: {what}",
            "plain YAML or TOML",
            "mend it; the text was read without it",
        )
        return {}, (note,)
    if not isinstance(tree, dict):
        note = Failure(
            f"{where}, front matter",
            "no names with values",
            "lines such as title: …",
            "mend it; the text was read without it",
        )
        return {}, (note,)
    fields: dict[str, Any] = {}
    for key, value in tree.items():
        name = field_of(str(key), config.columns)
        if name is None or name == "text" or name in fields:
            continue
        if isinstance(value, list):
            value = "、".join(str(item) for item in value[:20] if isinstance(item, str | int))
        if value not in (None, "") and not isinstance(value, dict):
            fields[name] = value if name == "published" else str(value)[:2000]
    return fields, ()


def plain_text(source: str) -> tuple[str, tuple[Block, ...]]:
    """Return the text of Markdown without its marks, and the blocks of its headings, tables, images and code."""
    return join_lines([(line, role if line.strip() else None) for line, role in _lines(source.split("\n"))])


def _lines(lines: list[str]) -> Iterator[tuple[str, Role | None]]:
    fence = ""
    for index, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence):
                fence = ""
            else:
                yield line, "boilerplate"
            continue
        if mark:
            fence = mark[1]
            continue
        heading = _ATX.match(line)
        if heading:
            yield inline(heading[2]), "heading"
        elif _RULE.match(line) or (_UNDERLINE.match(line) and index and lines[index - 1].strip()):
            continue
        elif line.strip() and index + 1 < len(lines) and _UNDERLINE.match(lines[index + 1]):
            yield inline(_MARKER.sub("", line, count=1)), "heading"
        elif "|" in line and _TABLE_RULE.match(line):
            continue
        elif _BOLD_HEADING.fullmatch(line.strip()):
            yield inline(line.strip(" *_")), "heading"
        else:
            only_image = _IMAGE.fullmatch(line.strip())
            yield (only_image[1], "caption") if only_image else (inline(_MARKER.sub("", line, count=1)), None)


def inline(line: str) -> str:
    """Return a line without emphasis, links, images, code marks and tags."""
    line = _IMAGE.sub("", line)
    line = _LINK.sub(r"\1", line)
    line = _AUTOLINK.sub(r"\1", line)
    line = _TAG.sub("", line)
    line = _CODE.sub(r"\1", line)
    line = _STRONG.sub(lambda m: m[2] or m[4], line)
    return _ESCAPE.sub(r"\1", line)
