"""AIF, the Argument Interchange Format, as the JSON of AIFdb (http://www.arg.tech).

Information nodes (I) hold issues, viewpoints and arguments; a locution (L) with a participant asserts (YA) each
argument; support runs through RA, attack through CA, restating a viewpoint through MA. I never joins I directly.
What AIF has no place for stands under the key ``lunheng``, which other readers ignore.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from pipeline.argmap.graph import ArgumentMap, EdgeKind
from pipeline.records import Tables

# Scheme node per kind of edge; `about` takes no side and has none.
_SCHEME: dict[EdgeKind, tuple[str, str]] = {
    "support": ("RA", "Default Inference"),
    "attack": ("CA", "Default Conflict"),
    "cause": ("RA", "Cause To Effect"),
    "member": ("MA", "Default Rephrase"),
}
TYPES = frozenset({"I", "L", "RA", "CA", "MA", "PA", "TA", "YA"})


def render(graph: ArgumentMap, _tables: Tables) -> str:
    """Return the map as AIF JSON."""
    return json.dumps(build(graph), ensure_ascii=False, indent=1) + "\n"


def build(graph: ArgumentMap) -> dict[str, Any]:
    """Return the map as the dictionary that AIF JSON holds; ids are decimal strings in map order."""
    nodes: list[dict[str, str]] = []
    edges: list[dict[str, str | None]] = []
    locutions: list[dict[str, str]] = []
    people: dict[str, str] = {}
    numbers: dict[str, str] = {}
    extra: dict[str, Any] = {}

    def add(type_: str, text: str) -> str:
        nodes.append({"nodeID": str(len(nodes) + 1), "text": text, "type": type_})
        return nodes[-1]["nodeID"]

    def join(*chain: str) -> None:
        for start, end in pairwise(chain):
            edges.append({"edgeID": str(len(edges) + 1), "fromID": start, "toID": end, "formEdgeID": None})

    for node in graph.nodes:
        numbers[node.node_id] = add("I", node.text)
        extra[numbers[node.node_id]] = _extra(node)
        if node.source:
            name = node.source.speaker
            person = people.setdefault(name, str(len(people) + 1))
            locution = add("L", f"{speaker_prefix(name)}{node.text}")
            locutions.append({"nodeID": locution, "personID": person})
            join(locution, add("YA", "Asserting"), numbers[node.node_id])
    for edge in graph.edges:
        if edge.kind in _SCHEME:
            join(numbers[edge.source], add(*_SCHEME[edge.kind]), numbers[edge.target])
    return {
        "nodes": nodes,
        "edges": edges,
        "schemefulfillments": [],
        "descriptorfulfillments": [],
        "participants": [
            {"participantID": number, "firstname": name, "surname": ""} for name, number in people.items()
        ],
        "locutions": locutions,
        "lunheng": {"title": graph.title, "scope": graph.scope, "nodes": extra},
    }


def speaker_prefix(name: str) -> str:
    """Return a locution's beginning: OVA takes the speaker from before the first ASCII colon."""
    return f"{name.replace(':', '：')} : "


def _extra(node: Any) -> dict[str, Any]:
    found = {"id": node.node_id, "type": node.type, "kind": node.kind, "stance": node.stance}
    if node.source is None:
        return found | {"size": node.size}
    source = node.source
    return found | {
        "confidence": round(node.confidence, 3), "speaker_kind": source.speaker_kind, "mode": source.mode,
        "article": source.article_id, "title": source.title, "outlet": source.outlet, "published": source.published,
        "start": source.start, "end": source.end,
    }  # fmt: skip


def find_faults(data: dict[str, Any]) -> list[str]:
    """Return what is wrong with an AIF graph: unknown types, dangling or doubled edges, I joined to I, loose schemes.

    Other readers accept such graphs and draw them wrongly, so this is checked before a file is written.
    """
    types = {node["nodeID"]: node["type"] for node in data["nodes"]}
    faults = [f"node {n}: type {t!r}, expected one of {sorted(TYPES)}" for n, t in types.items() if t not in TYPES]
    if len(types) != len(data["nodes"]):
        faults.append("two nodes have one nodeID")
    into: set[str] = set()
    out: set[str] = set()
    for edge in data["edges"]:
        start, end = edge["fromID"], edge["toID"]
        if start not in types or end not in types:
            faults.append(f"edge {edge['edgeID']}: from {start} to {end}, one of which is no node")
            continue
        if types[start] in ("I", "L") and types[end] in ("I", "L"):
            faults.append(f"edge {edge['edgeID']}: {types[start]} joined to {types[end]}, expected a scheme between")
        into.add(end)
        out.add(start)
    schemes = [n for n, t in types.items() if t not in ("I", "L")]
    faults += [f"node {n}: a scheme with nothing on one side" for n in schemes if n not in into or n not in out]
    people = {p["participantID"] for p in data.get("participants", [])}
    for locution in data.get("locutions", []):
        if types.get(locution["nodeID"]) != "L" or locution["personID"] not in people:
            faults.append(f"locution {locution['nodeID']}: not a locution of a known participant")
    return faults
