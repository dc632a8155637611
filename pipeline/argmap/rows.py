"""The map as flat rows, for tables: one row per argument, with everything that is known of it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipeline.argmap.graph import ArgumentMap

COLUMNS = (
    "argument_id", "text", "kind", "stance", "confidence", "speaker", "speaker_kind", "mode", "viewpoint",
    "viewpoint_id", "supports", "attacks", "causes", "article_id", "title", "outlet", "published", "start", "end",
)  # fmt: skip


def argument_rows(graph: ArgumentMap) -> list[dict[str, Any]]:
    """Return one dictionary per argument, keys as in `COLUMNS`; relations are tuples of argument ids."""
    labels = {node.node_id: node.text for node in graph.nodes}
    out: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for edge in graph.edges:
        out[edge.source][edge.kind].append(edge.target)
    found = []
    for node in graph.of_type("argument"):
        source, does = node.source, out[node.node_id]
        home = does["member"][0] if does["member"] else ""
        row: dict[str, Any] = {"argument_id": node.node_id, "text": node.text, "kind": node.kind, "stance": node.stance}
        row |= {"confidence": round(node.confidence, 3), "viewpoint": labels.get(home, ""), "viewpoint_id": home}
        for key, kind in (("supports", "support"), ("attacks", "attack"), ("causes", "cause")):
            row[key] = tuple(target for target in does[kind] if not target.startswith("issue:"))
        if source:
            row |= {name: getattr(source, name) for name in COLUMNS if hasattr(source, name)}
        found.append({name: row[name] for name in COLUMNS})
    return found
