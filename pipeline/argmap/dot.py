"""Graphviz: the map as DOT, and drawn as SVG or PNG where the `dot` command is installed.

Kinds have colours that stay apart for colour-blind readers (Okabe and Ito 2008, lightened for black text) and in
print, and stance has a sign, so nothing is said by colour alone.
"""

from __future__ import annotations

import html
import shutil
import subprocess

from pipeline.argmap.graph import EDGE_ZH, ArgumentMap, EdgeKind, MapEdge, MapNode
from pipeline.argmap.tree import Branch, walk
from pipeline.argmap.wrap import wrap
from pipeline.errors import ConfigError
from pipeline.records import KIND_ZH, KINDS, STANCE_ZH, Tables

FONT = "Noto Sans CJK SC"
# Six-digit colours: Graphviz draws three-digit ones black.
KIND_COLOUR: dict[str, str] = {
    "cause": "#f4d9a0", "risk": "#f3b9a4", "benefit": "#b5dfcf", "strategy": "#b7d7f0",
    "forecast": "#e3c7dd", "evidence": "#ececec", "claim": "#f6f0b2",
}  # fmt: skip
STANCE_SIGN: dict[str, str] = {"pro": "＋", "con": "－", "neu": "○", "mixed": "±"}
_EDGE_STYLE: dict[EdgeKind, str] = {
    "support": 'color="#1b7f5c", penwidth=1.4',
    "attack": 'color="#b5381f", penwidth=1.4, style=dashed, arrowhead=tee',
    "cause": 'color="#8a6d1a", penwidth=1.2, arrowhead=vee',
    "member": 'color="#8c8c8c", penwidth=0.9, arrowhead=none',
    "about": 'color="#b0b0b0", penwidth=0.9, style=dotted, arrowhead=none',
}
_SECONDS = 60
# Up to this many arguments stand in one column of a printed page.
ONE_SIDED = 16


def render(graph: ArgumentMap, _tables: Tables) -> str:
    """Return the map in the DOT language."""
    numbers = {node.node_id: f"n{i}" for i, node in enumerate(graph.nodes)}
    lines = [
        "digraph map {",
        f'  graph [rankdir=LR, ranksep=0.7, nodesep=0.12, pad=0.3, bgcolor="#ffffff", labelloc=t, labeljust=l,'
        f' fontname="{FONT}", label=<{_head(graph)}>];',
        f'  node [fontname="{FONT}", fontsize=11, shape=box, style="filled,rounded", color="#9a9a9a", penwidth=0.8,'
        ' margin="0.12,0.07"];',
        f'  edge [fontname="{FONT}", fontsize=9, fontcolor="#555555"];',
    ]
    lines += [f"  {numbers[node.node_id]} [{_box(node)}];" for node in graph.nodes]
    issues = {node.node_id for node in graph.of_type("issue")}
    sides = _sides(graph)
    for edge in graph.edges:
        label = f", label={_quote(EDGE_ZH[edge.kind])}" if _between_arguments(edge, issues) else ""
        style = _EDGE_STYLE[edge.kind] + label
        if sides[edge.source] != sides[edge.target] and sides[edge.target]:
            style += ", constraint=false"
        if sides[edge.source] < 0:
            lines.append(f"  {numbers[edge.source]} -> {numbers[edge.target]} [{style}];")
        else:
            # Drawn from the general to the particular, so that evidence stands outside.
            style = style.replace("arrowhead", "arrowtail")
            lines.append(f"  {numbers[edge.target]} -> {numbers[edge.source]} [dir=back, {style}];")
    # Several issues stand in one column, whichever side their viewpoints grow to.
    middle = "; ".join(numbers[node_id] for node_id in sorted(issues))
    lines += [f"  {{rank=same; {middle}}}", "}", ""]
    return "\n".join(lines)


def draw(source: str, kind: str) -> bytes:
    """Return DOT source drawn as ``svg`` or ``png``.

    Raises
    ------
    ConfigError
        If Graphviz is not installed, fails, or takes more than a minute.
    """
    command = shutil.which("dot")
    if command is None:
        raise ConfigError(
            f"{kind} left out: the Graphviz command `dot` is not installed; "
            "install it with `sh scripts/setup-system.sh` (Debian: apt-get install graphviz fonts-noto-cjk)"
        )
    try:
        done = subprocess.run(
            [command, f"-T{kind}", *(["-Gdpi=110"] if kind == "png" else [])],
            input=source.encode("utf-8", "replace"),
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        raise ConfigError(
            f"{kind} left out: dot ended with {error.returncode}: {error.stderr.decode()[:200]}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise ConfigError(
            f"{kind} left out: dot took more than {_SECONDS} s; lower export.max_map_arguments"
        ) from error
    return done.stdout


def draw_svg(graph: ArgumentMap, tables: Tables) -> bytes:
    """Return the map as SVG."""
    return draw(render(graph, tables), "svg")


def draw_png(graph: ArgumentMap, tables: Tables) -> bytes:
    """Return the map as PNG."""
    return draw(render(graph, tables), "png")


def _head(graph: ArgumentMap) -> str:
    """Return title and legend as one table; it stands above the map, where no line can cross it."""
    drawn = len(graph.of_type("argument"))
    more = f"，共 {graph.n_arguments} 条" if graph.n_arguments > drawn else ""
    title = html.escape(f"论证图 · {graph.title}（{drawn} 条论证{more}）")
    kinds = "".join(f'<TD BGCOLOR="{KIND_COLOUR[kind]}"> {KIND_ZH[kind]} </TD>' for kind in KINDS)
    signs = "　".join(f"{STANCE_SIGN[s]} {STANCE_ZH[s]}" for s in ("pro", "con", "mixed", "neu"))
    lines = "绿线支持　红虚线反驳　褐线导致　灰线持此观点"
    return (
        f'<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="5"><TR><TD ALIGN="LEFT" COLSPAN="{len(KINDS) + 1}">'
        f'<FONT POINT-SIZE="22">{title}</FONT></TD></TR>'
        f'<TR>{kinds}<TD ALIGN="LEFT">　{signs}　　{lines}</TD></TR></TABLE>'
    )


def _sides(graph: ArgumentMap) -> dict[str, int]:
    """Return -1 (left), 0 (middle) or 1 (right) per node: a large map grows both ways and keeps the shape of a page."""
    branches = list(walk(graph))
    both = len(graph.of_type("argument")) > ONE_SIDED
    sides: dict[str, int] = {}
    stem: list[Branch] = []
    stems: dict[str, list[str]] = {}
    for branch in branches:
        if branch.depth == 0:
            sides[branch.node.node_id] = 0 if branch.node.type == "issue" else 1
        if branch.depth == 1:
            stem = [branch]
        if branch.depth >= 1:
            stems.setdefault(stem[0].node.node_id, []).append(branch.node.node_id)
    weight = {-1: 0, 1: 0}
    for ids in stems.values():
        side = -1 if both and weight[-1] < weight[1] else 1
        weight[side] += len(ids)
        sides |= dict.fromkeys(ids, side)
    return sides


def _box(node: MapNode) -> str:
    sign = STANCE_SIGN[node.stance]
    if node.type == "issue":
        label = "\n".join(wrap(node.text, 20))
        return f'label={_quote(label)}, shape=box, style=filled, fillcolor="#2b2b2b", fontcolor="#ffffff", fontsize=15'
    colour = KIND_COLOUR[node.kind or "claim"]
    kind = KIND_ZH[node.kind or "claim"]
    if node.type == "viewpoint":
        label = "\n".join([*wrap(node.text, 24), f"{kind} {sign} · {node.size} 条"])
        return f'label={_quote(label)}, fillcolor="{colour}", penwidth=1.8, color="#4a4a4a", fontsize=13'
    speaker = node.source.speaker if node.source else ""
    text = wrap(node.text, 44, max_lines=4)
    head = f"{kind} {sign} {speaker}"
    label = "\\l".join(_escape(line) for line in [head, *text]) + "\\l"
    tip = _quote(f"{node.text}\n{STANCE_ZH[node.stance]} · {node.source.title if node.source else ''}")
    return f'label="{label}", tooltip={tip}, fillcolor="{colour}"'


def _between_arguments(edge: MapEdge, issues: set[str]) -> bool:
    return edge.kind in ("attack", "cause") and edge.target not in issues


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _quote(text: str) -> str:
    return '"' + _escape(text).replace("\n", "\\n") + '"'
