"""Mermaid flowchart, for GitHub, GitLab, Notion, Obsidian."""

from __future__ import annotations

from pipeline.argmap.dot import KIND_COLOUR, STANCE_SIGN
from pipeline.argmap.graph import ArgumentMap, EdgeKind, MapNode
from pipeline.argmap.wrap import wrap
from pipeline.records import KIND_ZH, Tables

# Mermaid reads `#number;` inside quoted labels as a character; everything that could end the label or become markup
# is written so.
_ENTITY = {ord(char): f"#{ord(char)};" for char in '#"<>&`\\{}[]()|*_~$;'}
_ARROW: dict[EdgeKind, str] = {
    "support": "-->|支持|", "attack": "-. 反驳 .-x", "cause": "==>|导致|", "member": "---", "about": "-.-",
}  # fmt: skip


def render(graph: ArgumentMap, _tables: Tables) -> str:
    """Return the map as one flowchart."""
    numbers = {node.node_id: f"n{i}" for i, node in enumerate(graph.nodes)}
    lines = ["---", "config:", "  flowchart:", "    htmlLabels: true", "---", "flowchart RL"]
    lines += [f'  {numbers[node.node_id]}["{_label(node)}"]:::{node.kind or "issue"}' for node in graph.nodes]
    lines += [f"  {numbers[e.source]} {_ARROW[e.kind]} {numbers[e.target]}" for e in graph.edges]
    lines += [f"  classDef {kind} fill:{colour},stroke:#666666,color:#111111" for kind, colour in KIND_COLOUR.items()]
    lines.append("  classDef issue fill:#2b2b2b,stroke:#2b2b2b,color:#ffffff")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return `text` for a quoted Mermaid label."""
    return text.translate(_ENTITY)


def _label(node: MapNode) -> str:
    lines = wrap(node.text, 40)
    if node.type != "issue":
        head = f"{KIND_ZH[node.kind or 'claim']} {STANCE_SIGN[node.stance]}"
        lines.insert(0, f"{head} {node.source.speaker if node.source else f'{node.size} 条'}")
    return "<br>".join(escape(line) for line in lines)
