"""The formats of the argument map: one literal table, one file per format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.argmap import aif, argdown, csv_rows, dot, graphml, jsonl, mermaid, opml, outline, xaif, xlsx
from pipeline.argmap.graph import ArgumentMap
from pipeline.records import Tables


@dataclass(frozen=True, slots=True)
class MapFormat:
    """One format.

    Parameters
    ----------
    suffix : str
        The file's ending, after the scope and a dot.
    about : str
        What it is and who opens it.
    render : callable
        Writes a map; the tables are there for sheets that a map does not hold (prices).
    losses : tuple of str
        What the format cannot hold, in words; empty when nothing is lost.
    whole : bool
        Tables take every argument of the scope, pictures the strongest only.
    optional : bool
        Needs something that may not be installed; without it the format is left out with a note.
    """

    suffix: str
    about: str
    render: Callable[[ArgumentMap, Tables], str | bytes]
    losses: tuple[str, ...] = ()
    whole: bool = False
    optional: bool = False


_PICTURE = (
    "arguments are shortened to four lines (the full words are in the tooltip of the SVG)",
    "offsets, confidence, outlet and date are not drawn",
)
FORMATS: dict[str, MapFormat] = {
    "argdown": MapFormat(
        "argdown",
        "Argdown, for the Argdown editor, sandbox and command line",
        argdown.render,
        (
            "`cause` and `member` are written as support (+); `cause` is also named in the data of its source",
            "`about` (takes no side) is no relation in Argdown; it is named in the data of its source",
            "a relation's confidence; line breaks inside a text become spaces",
            "brackets and markup signs in titles become full-width (the exact words stay in the text)",
        ),
    ),
    "aif": MapFormat(
        "aif.json",
        "AIF as JSON, for AIFdb and arguebuf",
        aif.render,
        (
            "`about` (takes no side) has no scheme in AIF and is left out",
            "kind, stance, confidence, mode and offsets have no place in AIF; they stand under the key `lunheng`",
            "a relation's confidence",
        ),
    ),
    "xaif": MapFormat(
        "xaif.json",
        "xAIF, opened by OVA",
        xaif.render,
        (
            "as AIF; the text holds the quoted passages, not the whole articles",
            "an ASCII colon in a speaker's name becomes a full-width one, since OVA ends the name there",
        ),
    ),
    "dot": MapFormat("dot", "Graphviz source", dot.render, _PICTURE),
    "svg": MapFormat("svg", "picture for the web and print (needs Graphviz)", dot.draw_svg, _PICTURE, optional=True),
    "png": MapFormat("png", "picture (needs Graphviz)", dot.draw_png, _PICTURE, optional=True),
    "graphml": MapFormat(
        "graphml",
        "GraphML, for yEd, Gephi, Cytoscape and networkx",
        graphml.render,
        ("control characters, which XML cannot hold", "a missing value is an empty text"),
    ),
    "mermaid": MapFormat(
        "mmd",
        "Mermaid flowchart, for GitHub, GitLab, Notion and Obsidian",
        mermaid.render,
        ("confidence, offsets, article, outlet and date", "how the words were reported (quoted or reported)"),
    ),
    "outline": MapFormat(
        "md",
        "Markdown outline, drawn as a mind map by markmap",
        outline.render,
        (
            "a tree: an argument with several relations hangs on the first, the others are left out",
            "confidence and how the words were reported; line breaks inside a text become spaces",
        ),
    ),
    "opml": MapFormat(
        "opml",
        "OPML, for XMind, FreeMind, OmniOutliner and Logseq",
        opml.render,
        (
            "a tree: an argument with several relations hangs on the first, the others are left out",
            "control characters, which XML cannot hold; a relation's confidence",
        ),
    ),
    "xlsx": MapFormat(
        "xlsx",
        "Excel workbook: arguments, viewpoints, speakers, prices",
        xlsx.render,
        (
            "control characters, and what goes beyond 32,767 characters in a cell",
            "text that a spreadsheet would run as a formula begins with '",
            "a relation's confidence; `about`",
        ),
        whole=True,
    ),
    "csv": MapFormat(
        "csv",
        "CSV with one row per argument, for Excel, R and pandas",
        csv_rows.render,
        (
            "text that a spreadsheet would run as a formula begins with '",
            "a relation's confidence; `about`; viewpoints without arguments, prices",
        ),
        whole=True,
    ),
    "jsonl": MapFormat("jsonl", "JSON Lines with every node and edge", jsonl.render, whole=True),
}
