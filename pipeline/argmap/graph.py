"""The argument map: issues, viewpoints and arguments as nodes, what they do to each other as edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.records import Kind, Mode, RelationKind, SpeakerKind, SpeakerStanceLabel

NodeType = Literal["issue", "viewpoint", "argument"]
EdgeKind = Literal["support", "attack", "cause", "member", "about"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an argument stands and whose it is; offsets are code points into the article's text."""

    article_id: str
    title: str
    outlet: str
    published: str
    start: int
    end: int
    speaker: str
    speaker_kind: SpeakerKind
    mode: Mode


@dataclass(frozen=True, slots=True)
class MapNode:
    """One box of the map.

    `text` is an issue's wording, a viewpoint's label, or an argument's verbatim span. `size` counts the arguments
    behind a node in the whole corpus (1 for an argument); `source` is set for arguments alone.
    """

    node_id: str
    type: NodeType
    text: str
    kind: Kind | None
    stance: SpeakerStanceLabel
    confidence: float
    size: int
    source: Source | None


@dataclass(frozen=True, slots=True)
class MapEdge:
    """`source` does `kind` to `target` (node ids).

    ``member``: an argument makes the point of a viewpoint; ``about``: it speaks on an issue without taking a side;
    ``support``, ``attack`` and ``cause`` between arguments come from the relations table, toward an issue from stance.
    """

    source: str
    target: str
    kind: EdgeKind
    confidence: float


@dataclass(frozen=True, slots=True)
class ArgumentMap:
    """A map of one scope; `n_arguments` counts what the scope holds, of which the strongest were drawn."""

    scope: str
    title: str
    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    n_arguments: int

    def of_type(self, node_type: NodeType) -> tuple[MapNode, ...]:
        """Return the nodes of one type, in map order."""
        return tuple(node for node in self.nodes if node.type == node_type)


RELATION_EDGES: dict[RelationKind, EdgeKind] = {"support": "support", "attack": "attack", "cause": "cause"}
EDGE_ZH: dict[EdgeKind, str] = {
    "support": "支持",
    "attack": "反驳",
    "cause": "导致",
    "member": "持此观点",
    "about": "论及",
}
