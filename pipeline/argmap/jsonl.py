"""JSON Lines: a line per node and per edge, nothing lost."""

from __future__ import annotations

import json
from dataclasses import asdict

from pipeline.argmap.graph import ArgumentMap
from pipeline.records import Tables


def render(graph: ArgumentMap, _tables: Tables) -> str:
    """Return the map as JSON Lines: first the map itself, then its nodes, then its edges."""
    head = {"record": "map", "scope": graph.scope, "title": graph.title, "n_arguments": graph.n_arguments}
    rows = [head]
    rows += [{"record": "node", **asdict(node)} for node in graph.nodes]
    rows += [{"record": "edge", **asdict(edge)} for edge in graph.edges]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
