"""A short document as blocks, written as Markdown or as HTML; every text is escaped for where it goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import Literal

# Signs that Markdown (CommonMark with tables) reads as markup inside a line.
_INLINE = re.compile(r"([\\`*_\[\]<>|~$&])")
_LINE_START = re.compile(r"^(\s*)(#|>|[+\-](?=\s|$)|=+\s*$|-+\s*$|\d+[.)](?=\s|$))")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Where a quotation is from, and the id of the argument behind it."""

    source: str
    argument_id: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block: ``h1``, ``h2``, ``p`` (with `lead` in bold), ``quote`` or ``table`` (first row is the head)."""

    type: Literal["h1", "h2", "p", "quote", "table"]
    text: str
    lead: str = ""
    quotation: Quotation | None = None
    rows: tuple[tuple[str, ...], ...] = ()


def markdown_text(text: str) -> str:
    """Return `text` as Markdown that shows exactly these characters, on one line."""
    flat = _INLINE.sub(r"\\\1", " ".join(text.split("\n")))
    return _LINE_START.sub(lambda m: m[1] + (f"\\{m[2]}" if len(m[2]) == 1 else f"{m[2][:-1]}\\{m[2][-1]}"), flat)


def to_markdown(blocks: Sequence[Block]) -> str:
    """Return the document in Markdown."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    text = markdown_text(block.text)
    if block.type in ("h1", "h2"):
        return f"{'#' * int(block.type[1])} {text}"
    if block.type == "quote":
        source = markdown_text(block.quotation.source) if block.quotation else ""
        return f"> {text}\n>\n> ——{source}"
    if block.type == "table":
        head, *body = ([markdown_text(cell) for cell in row] for row in block.rows)
        lines = [head, ["---"] * len(head), *body]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"**{markdown_text(block.lead)}** {text}" if block.lead else text


def to_html(blocks: Sequence[Block], *, title: str) -> str:
    """Return the document as one HTML page that loads nothing."""
    style = (resources.files("pipeline") / "explorer" / "static" / "report.css").read_text(encoding="utf-8")
    body = "\n".join(_html(block) for block in blocks)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html(block: Block) -> str:
    clean: Callable[[str], str] = escape
    if block.type in ("h1", "h2"):
        return f"<{block.type}>{clean(block.text)}</{block.type}>"
    if block.type == "quote":
        source = clean(block.quotation.source) if block.quotation else ""
        link = f"explorer.html#arg={block.quotation.argument_id}" if block.quotation else ""
        return (
            f"<blockquote><p>{clean(block.text)}</p>"
            f'<footer>——<a href="{clean(link)}">{source}</a></footer></blockquote>'
        )
    if block.type == "table":
        head, *body = block.rows
        cells = "".join(f'<th scope="col">{clean(cell)}</th>' for cell in head)
        rows = "".join("<tr>" + "".join(f"<td>{clean(cell)}</td>" for cell in row) + "</tr>" for row in body)
        return f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"
    lead = f"<strong>{clean(block.lead)}</strong> " if block.lead else ""
    return f"<p>{lead}{clean(block.text)}</p>"
