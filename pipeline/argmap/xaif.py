"""xAIF: AIF inside the envelope that OVA (http://ova.arg.tech) opens, with the text and a place for every box."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from pipeline.argmap import aif
from pipeline.argmap.graph import ArgumentMap
from pipeline.records import Tables

# Columns and rows of OVA's canvas, in its pixels: information nodes left, their locutions right.
_COLUMN = {"I": 0, "RA": 260, "CA": 260, "MA": 260, "YA": 520, "L": 780}
_ROW = 90


def render(graph: ArgumentMap, _tables: Tables) -> str:
    """Return the map as xAIF JSON."""
    return json.dumps(build(graph), ensure_ascii=False, indent=1) + "\n"


def build(graph: ArgumentMap) -> dict[str, Any]:
    """Return the map as the dictionary that xAIF holds."""
    inner = aif.build(graph)
    extra = inner.pop("lunheng")
    places = []
    rows: dict[str, int] = {}
    for node in inner["nodes"]:
        row = rows.get(node["type"], 0)
        rows[node["type"]] = row + 1
        places.append({"nodeID": node["nodeID"], "visible": True, "x": _COLUMN[node["type"]], "y": row * _ROW})
    spans = [
        f'<span class="highlighted" id="node{node["nodeID"]}">{escape(node["text"])}</span>'
        for node in inner["nodes"]
        if node["type"] == "L"
    ]
    return {
        "AIF": inner,
        "text": "<br>".join(spans),
        "dialog": True,
        "OVA": {"firstname": "", "surname": "", "url": "", "nodes": places, "edges": []},
        "lunheng": extra,
    }
