"""The map as a tree, for formats that only nest: issue, viewpoint, argument, what backs or rebuts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.argmap.graph import ArgumentMap, EdgeKind, MapEdge, MapNode


@dataclass(frozen=True, slots=True)
class Branch:
    """A node in the tree: its depth, what it does to its parent (None for a root)."""

    node: MapNode
    depth: int
    does: EdgeKind | None


def walk(graph: ArgumentMap) -> Iterator[Branch]:
    """Yield every node once, parents first; a node with several parents hangs on the first."""
    nodes = {node.node_id: node for node in graph.nodes}
    incoming: dict[str, list[MapEdge]] = defaultdict(list)
    for edge in graph.edges:
        incoming[edge.target].append(edge)
    seen: set[str] = set()
    # Viewpoints and arguments that hang on nothing above them become roots of their own, last.
    for root in sorted(graph.nodes, key=lambda n: ("issue", "viewpoint", "argument").index(n.type)):
        stack: list[Branch] = [Branch(root, 0, None)]
        while stack:
            branch = stack.pop()
            if branch.node.node_id in seen:
                continue
            seen.add(branch.node.node_id)
            yield branch
            below = [Branch(nodes[e.source], branch.depth + 1, e.kind) for e in incoming[branch.node.node_id]]
            stack += reversed([b for b in below if b.node.node_id not in seen])
