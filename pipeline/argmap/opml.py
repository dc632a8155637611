"""OPML 2.0 (http://opml.org), for outliners and mind maps: XMind, FreeMind, OmniOutliner, Logseq."""

from __future__ import annotations

from dataclasses import asdict
from xml.etree import ElementTree

from pipeline.argmap.graph import ArgumentMap, MapNode
from pipeline.argmap.tree import walk
from pipeline.argmap.xml_text import xml_text
from pipeline.records import Tables


def render(graph: ArgumentMap, _tables: Tables) -> bytes:
    """Return the map as OPML; `text` is what outliners show, the other fields are attributes of their own."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = xml_text(graph.title)
    path: list[ElementTree.Element] = [ElementTree.SubElement(root, "body")]
    for branch in walk(graph):
        del path[branch.depth + 1 :]
        path.append(ElementTree.SubElement(path[-1], "outline", _attributes(branch.node, branch.does or "")))
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _attributes(node: MapNode, relation: str) -> dict[str, str]:
    text = f"{node.source.speaker}：{node.text}" if node.source else node.text
    found = {"text": xml_text(text), "id": node.node_id, "type": node.type, "relation": relation}
    found |= {"kind": node.kind or "", "stance": node.stance, "confidence": f"{node.confidence:.3f}"}
    if node.source:
        found |= {key: xml_text(str(value)) for key, value in asdict(node.source).items() if key != "title"}
        found["article_title"] = xml_text(node.source.title)
    return found
