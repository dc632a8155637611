"""What the head of a page says of its article: meta elements and JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# The head of a page is small; a script larger than this is data of another kind.
_MAX_JSON = 262_144
_TITLES = ("og:title", "twitter:title", "article:title", "headline")
_AUTHORS = ("author", "article:author", "og:article:author", "byl", "dc.creator")
_OUTLETS = ("og:site_name", "mediaid", "source", "publisher", "application-name")
_DAYS = (
    *("article:published_time", "og:article:published_time", "og:published_time", "publishdate", "pubdate"),
    *("published_time", "datepublished", "publish_time", "og:release_date", "weibo: article:create_at", "apub:time"),
)
_URLS = ("og:url", "twitter:url")
# Names of systems, not of outlets.
_NO_OUTLET = frozenset(["微信公众平台", "WordPress", "weixin"])
_SUFFIX = re.compile(r"\s*(?:[-_|–—｜丨]+\s*[^-_|–—｜丨]{2,24}){1,3}$")


def read_head(root: Any) -> dict[str, str]:
    """Return title, author, outlet, published and url as far as the head of the page gives them."""
    metas: dict[str, str] = {}
    for node in root.iter("meta"):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
        content = (node.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, content[:1000])
    ld = next(_articles(root), {})
    found = {
        "title": _first(metas, _TITLES) or _text(ld.get("headline")),
        "author": _text(ld.get("author")) or _first(metas, _AUTHORS),
        "outlet": _text(ld.get("publisher")) or _first(metas, _OUTLETS),
        "published": _text(ld.get("datePublished")) or _first(metas, _DAYS),
        "url": _canonical(root) or _first(metas, _URLS),
    }
    if found["outlet"] in _NO_OUTLET:
        del found["outlet"]
    if (found["author"] or "").startswith("http"):
        del found["author"]
    return {name: value for name, value in found.items() if value}


def page_title(root: Any, headlines: list[str]) -> str | None:
    """Return the title of a page without the name of its site: the first-level heading that ``<title>`` begins with.

    Parameters
    ----------
    root : element
        The page.
    headlines : list of str
        The lines that stand in first-level headings.
    """
    node = next(root.iter("title"), None)
    title = " ".join("".join(node.itertext()).split())[:300] if node is not None else ""
    for headline in headlines:
        if len(headline) >= 4 and title.startswith(headline[:60]):
            return headline
    if len(headlines) == 1:
        return headlines[0]
    short = _SUFFIX.sub("", title)
    return (short if len(short) >= 4 else title) or None


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _canonical(root: Any) -> str | None:
    for node in root.iter("link"):
        if (node.get("rel") or "").lower() == "canonical" and (node.get("href") or "").startswith("http"):
            return str(node.get("href"))[:1000]
    return None


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    for node in root.iter("script"):
        text = node.text or ""
        if node.get("type") != "application/ld+json" or len(text) > _MAX_JSON:
            continue
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph", [data]) if isinstance(data, dict) else data
        for item in graph if isinstance(graph, list) else []:
            if isinstance(item, dict) and ("headline" in item or "datePublished" in item):
                yield item


def _text(value: object) -> str | None:
    if isinstance(value, list):
        names = [name for name in map(_text, value[:10]) if name]
        return "、".join(names) or None
    if isinstance(value, dict):
        return _text(value.get("name"))
    return value.strip()[:1000] if isinstance(value, str) and value.strip() else None
