"""Saved web pages: ordinary ones and those of WeChat accounts."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.ingest.boilerplate import line_role
from pipeline.ingest.content import Content, is_prose
from pipeline.ingest.draft import Draft, check_length, join_lines
from pipeline.ingest.encoding import decode
from pipeline.ingest.page import HEADINGS, Line, lines_of, parse
from pipeline.ingest.pagemeta import page_title, read_head
from pipeline.records import Role
from pipeline.script import simplify

logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its remarks on pages are not for the user

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# trafilatura walks the tree several times and recurses: large pages go without its opinion.
_MAX_LINES, _MAX_DEPTH = 3000, 150
# A page of short lines without one paragraph is an article if trafilatura finds this much text without links.
_MIN_LOOSE = 100
_KEY = re.compile(r"\W+")
_WECHAT_TIME = re.compile(r"\b(?:ct|publish_time|create_time|oriCreateTime)\s*=\s*[\"'](\d{10})[\"']")
_WECHAT_NAME = re.compile(r"\bnickname\s*=\s*(?:htmlDecode\()?[\"']([^\"'<>]{1,40})[\"']")
_WECHAT_URL = re.compile(r"\bmsg_link\s*=\s*[\"'](https?://[^\"'\s]{5,1000})[\"']")


def read_html(data: bytes, where: str, config: IngestConfig) -> Iterator[Draft]:
    """Yield the article of a page: its visible text in order, what is no article marked as blocks.

    Raises
    ------
    InputError
        If the page holds no article.
    """
    declared = _CHARSET.search(data[:4096])
    root = parse(decode(data, where, declared[1].decode("ascii") if declared else None), where)
    lines = [] if root is None else lines_of(root)
    check_length(where, sum(len(line.text) for line in lines), config)
    wechat = None if root is None else _by_id(root, "js_content")
    fields: dict[str, Any] = {} if root is None else dict(read_head(root))
    roles, title = _roles(root, lines, wechat)
    if sum(len(line.text) for line, role in zip(lines, roles, strict=True) if role is None) < config.min_article_chars:
        raise InputError(
            where,
            "a page without an article",
            "a saved page with running text",
            "save the page of the article itself, or its text",
        )
    text, blocks = join_lines([(line.text, role) for line, role in zip(lines, roles, strict=True)])
    fields["title"] = title or fields.get("title", "")
    if wechat is not None:
        fields |= _wechat_fields(root)
    yield Draft(where=where, text=text, blocks=blocks, **fields)


def _roles(root: Any, lines: Sequence[Line], wechat: Any) -> tuple[list[Role | None], str | None]:
    """Return the role of each line (`None`: part of the article) and the title."""
    if not lines:
        return [], None
    content = Content(root, lines)
    if wechat is not None and content.prose.get(wechat):
        content.main = wechat
        content.inside = set(wechat.iter("*"))
    headline = _by_id(root, "activity-name")
    title = (
        _flat(headline) if headline is not None else page_title(root, [line.text for line in lines if line.tag == "h1"])
    )
    last = max((i for i, line in enumerate(lines) if line.node in content.inside), default=-1)
    first = next((i for i, line in enumerate(lines) if title and line.text == title), last)
    seconded = frozenset() if wechat is not None else _second_opinion(root, lines)
    if not content.prose.get(content.main) and _unlinked(lines, seconded) < _MIN_LOOSE:
        return ["boilerplate"] * len(lines), title  # a list of links, a form
    return [
        _role(line, content, title, first < i < last or _key(line.text) in seconded) for i, line in enumerate(lines)
    ], title


def _role(line: Line, content: Content, title: str | None, near: bool) -> Role | None:
    zone = content.zones.get(line.node)
    if line.node not in content.inside:
        if zone != "boilerplate" and near and is_prose(line):
            return None
        if title and line.text == title and line.tag in HEADINGS:
            return "heading"
        if not near or zone == "boilerplate" or is_prose(line):
            return "boilerplate"
        return "byline" if zone == "byline" or line_role(simplify(line.text), edge=True) == "byline" else "boilerplate"
    if line.tag in HEADINGS and len(line.text) <= 60:
        return "heading"
    if zone is None or (is_prose(line) and zone != "boilerplate"):
        return None
    return zone  # type: ignore[return-value]


def _unlinked(lines: Sequence[Line], keys: frozenset[str]) -> int:
    """Return the characters of the lines in `keys` that are no links."""
    return sum(len(line.text) - line.links for line in lines if _key(line.text) in keys)


def _second_opinion(root: Any, lines: Sequence[Line]) -> frozenset[str]:
    """Return the lines that trafilatura takes for the article (Barbaresi, ACL 2021 demonstrations, pp. 122-131)."""
    extract = _extractor()
    if extract is None or len(lines) > _MAX_LINES or _depth(lines) > _MAX_DEPTH:
        return frozenset()
    found = extract(root, include_comments=False, include_tables=True, favor_recall=True, with_metadata=False)
    text = getattr(found, "text", None) or ""
    return frozenset(_key(line) for line in text.split("\n"))


@cache
def _extractor() -> Callable[..., Any] | None:
    """Return trafilatura's extraction, `None` without the extra `ingest`: our own choice of lines stands alone then."""
    try:
        from trafilatura import bare_extraction
    except ImportError:
        return None
    return bare_extraction


def _key(text: str) -> str:
    return _KEY.sub("", text)


def _depth(lines: Sequence[Line]) -> int:
    step = max(1, len(lines) // 50)  # a sample: depth matters only where it is pathological
    return max(sum(1 for _ in line.node.iterancestors()) for line in lines[::step])


def _by_id(root: Any, name: str) -> Any:
    return next(iter(root.xpath("//*[@id=$name]", name=name)), None)


def _flat(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _wechat_fields(root: Any) -> dict[str, str]:
    """Account, author, time and address as a page of mp.weixin.qq.com states them."""
    scripts = "\n".join(node.text or "" for node in root.iter("script"))
    fields: dict[str, str] = {}
    account = _by_id(root, "js_name")
    nickname = _WECHAT_NAME.search(scripts)
    fields["outlet"] = (_flat(account) if account is not None else "") or (nickname[1] if nickname else "")
    author = _by_id(root, "js_author_name")
    spans = [author] if author is not None else root.xpath("//span[contains(@class,'rich_media_meta_text')]")
    fields["author"] = next((name for name in map(_flat, spans) if name and name != "原创"), "")
    time = _by_id(root, "publish_time")
    stamp = _WECHAT_TIME.search(scripts)
    fields["published"] = (_flat(time) if time is not None else "") or (stamp[1] if stamp else "")
    link = _WECHAT_URL.search(scripts)
    if link:
        fields["url"] = link[1].replace("&amp;", "&")
    return {name: value for name, value in fields.items() if value}
