"""Markdown outline: nested lists that any Markdown tool shows and markmap draws as a mind map."""

from __future__ import annotations

import re

from pipeline.argmap.dot import STANCE_SIGN
from pipeline.argmap.graph import EDGE_ZH, ArgumentMap
from pipeline.argmap.tree import Branch, walk
from pipeline.records import KIND_ZH, Tables

_MARKUP = re.compile(r"([\\`*_\[\]<>|~$&#])")


def render(graph: ArgumentMap, _tables: Tables) -> str:
    """Return the map as one Markdown outline."""
    lines = [f"# {plain(graph.title)}", ""]
    lines += [f"{'  ' * branch.depth}- {_line(branch)}" for branch in walk(graph)]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Return `text` as Markdown that shows these characters, on one line."""
    flat = _MARKUP.sub(r"\\\1", " ".join(text.split("\n")))
    return re.sub(r"^(\d+)([.)])(?=\s)", r"\1\\\2", flat)


def _line(branch: Branch) -> str:
    node = branch.node
    if node.type == "issue":
        return f"**{plain(node.text)}**"
    marks = f"{KIND_ZH[node.kind or 'claim']} {STANCE_SIGN[node.stance]}"
    if node.source is None:
        return f"**{plain(node.text)}** （{marks}，{node.size} 条）"
    does = f"{EDGE_ZH[branch.does]}：" if branch.does in ("support", "attack", "cause") else ""
    source = node.source
    where = " ".join(filter(None, (f"《{source.title}》", source.outlet, source.published)))
    return (
        f"{does}（{marks}） {plain(node.text)} ——{plain(source.speaker)}，{plain(where)} [{source.start}:{source.end}]"
    )
