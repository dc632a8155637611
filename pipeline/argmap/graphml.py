"""GraphML, for yEd, Gephi, Cytoscape and networkx: every field as an attribute."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import Any

from pipeline.argmap.graph import ArgumentMap
from pipeline.argmap.xml_text import xml_text
from pipeline.records import KIND_ZH, STANCE_ZH, Tables


def render(graph: ArgumentMap, _tables: Tables) -> bytes:
    """Return the map as GraphML, UTF-8."""
    import networkx

    network = networkx.MultiDiGraph(title=xml_text(graph.title), scope=xml_text(graph.scope))
    for node in graph.nodes:
        network.add_node(xml_text(node.node_id), **_attributes(node))
    for i, edge in enumerate(graph.edges):
        ends = xml_text(edge.source), xml_text(edge.target)
        network.add_edge(*ends, key=f"e{i}", kind=edge.kind, confidence=round(edge.confidence, 3))
    sink = io.BytesIO()
    networkx.write_graphml_xml(network, sink)
    return sink.getvalue() + b"\n"


def _attributes(node: Any) -> dict[str, str | int | float]:
    found: dict[str, str | int | float] = {
        "label": xml_text(node.text), "type": node.type, "kind": node.kind or "", "stance": node.stance,
        "kind_zh": KIND_ZH[node.kind] if node.kind else "", "stance_zh": STANCE_ZH[node.stance],
        "confidence": round(node.confidence, 3), "size": node.size,
    }  # fmt: skip
    if node.source:
        found |= {key: xml_text(v) if isinstance(v, str) else v for key, v in asdict(node.source).items()}
    return found
