"""Argdown (https://argdown.org): plain text that people edit and that the Argdown tools draw.

Issues and viewpoints are statements, arguments are arguments. Speaker, source, offsets, kind, stance and confidence
stand in the YAML data of each element; kind and stance are also tags, so that Argdown's filters and colours see them.
"""

from __future__ import annotations

import json
from collections import defaultdict

from pipeline.argmap.graph import ArgumentMap, EdgeKind, MapEdge, MapNode
from pipeline.records import KIND_ZH, STANCE_ZH, Tables

# Characters that start Argdown or Markdown syntax; a backslash before each round-trips exactly (measured on the cli).
_SPECIAL = frozenset("\\[]<>#*_{}@:/.()=+-|^`~&!\"'")
# In titles backslashes are kept, so the signs that would end or change a title become their full-width twins.
_TITLE = str.maketrans("[]<>\\{}#@:*_/", "［］＜＞＼｛｝＃＠:＊＿／", "\r\n\t")
# `about` takes no side: Argdown has no such relation, so it stands in the data instead.
_SIGN: dict[EdgeKind, str] = {"support": "+", "attack": "-", "cause": "+", "member": "+"}


def render(graph: ArgumentMap, _tables: Tables) -> str:
    """Return the map as one Argdown document."""
    names = titles(graph)
    incoming: dict[str, list[MapEdge]] = defaultdict(list)
    outgoing: dict[str, list[MapEdge]] = defaultdict(list)
    for edge in graph.edges:
        incoming[edge.target].append(edge)
        outgoing[edge.source].append(edge)
    lines = ["===", f"title: {json.dumps(graph.title, ensure_ascii=False)}", "===", ""]
    for node in graph.nodes:
        lines.append(_element(node, outgoing[node.node_id], names))
        lines += [f"  {_SIGN[e.kind]} {names[e.source]}" for e in incoming[node.node_id] if e.kind in _SIGN]
        lines.append("")
    return "\n".join(lines)


def titles(graph: ArgumentMap) -> dict[str, str]:
    """Return the bracketed Argdown name of every node, unique within the map."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for node in graph.nodes:
        base = (node.source.speaker if node.source else node.text).translate(_TITLE).strip() or "?"
        number = 1
        name = f"{base} {number}" if node.source else base
        while name in taken:
            number += 1
            name = f"{base} {number}"
        taken.add(name)
        names[node.node_id] = f"<{name}>" if node.source else f"[{name}]"
    return names


def escape(text: str) -> str:
    """Return `text` so that Argdown reads it back as plain text; line breaks become spaces."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in " ".join(text.split("\n")))


def _element(node: MapNode, edges: list[MapEdge], names: dict[str, str]) -> str:
    tags = [KIND_ZH[node.kind]] if node.kind else []
    tags.append(STANCE_ZH[node.stance])
    marks = " ".join(f"#({tag})" for tag in tags)
    return f"{names[node.node_id]}: {escape(node.text)} {marks} {_data(node, edges, names)}"


def _data(node: MapNode, edges: list[MapEdge], names: dict[str, str]) -> str:
    data: dict[str, object] = {"id": node.node_id, "type": node.type, "kind": node.kind, "stance": node.stance}
    if node.source:
        source = node.source
        data |= {
            "confidence": round(node.confidence, 3),
            "speaker": source.speaker,
            "speaker_kind": source.speaker_kind,
        }
        data |= {"mode": source.mode, "article": source.article_id, "article_title": source.title}
        data |= {"outlet": source.outlet, "published": source.published, "start": source.start, "end": source.end}
    else:
        data["size"] = node.size
    for kind in ("about", "cause"):
        targets = [names[e.target][1:-1] for e in edges if e.kind == kind]
        if targets:
            data[kind] = targets
    return json.dumps(data, ensure_ascii=False)
