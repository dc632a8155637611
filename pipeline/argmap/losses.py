"""What each format cannot hold, written beside the exports so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.argmap.formats import FORMATS
from pipeline.argmap.graph import ArgumentMap


def render_losses(graph: ArgumentMap, formats: Sequence[str], notes: Sequence[str], *, n_quarantined: int) -> str:
    """Return ``losses.md`` for one export: per format what it cannot hold, and what was left out this time."""
    drawn = len(graph.of_type("argument"))
    lines = ["# What the exported maps leave out", ""]
    lines.append(
        f"Scope `{graph.scope}`: {graph.n_arguments} arguments, of which the pictures show the strongest {drawn}."
    )
    if n_quarantined:
        lines.append(f"{n_quarantined} rows whose words are not verbatim were not exported; see quarantine.jsonl.")
    for note in notes:
        lines.append(f"- {note}")
    for name in formats:
        chosen = FORMATS[name]
        lines += ["", f"## {name} (.{chosen.suffix})", "", f"{chosen.about}.", ""]
        if not chosen.whole and graph.n_arguments > drawn:
            lines.append(f"- {graph.n_arguments - drawn} weaker arguments of the scope (raise `--max-arguments`)")
        lines += [f"- {loss}" for loss in chosen.losses] or ["- nothing"]
    return "\n".join(lines) + "\n"
