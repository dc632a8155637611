"""The offline page: one HTML file with its data, its style and its libraries inside."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib import resources

from pipeline.explorer.payload import build_payload, to_script_json
from pipeline.records import Tables

# In the order in which they run; cytoscape.js (MIT) draws the argument map.
SCRIPTS = (
    "vendor/cytoscape.min.js",
    "app/01-words.js",
    "app/02-data.js",
    "app/03-dom.js",
    "app/04-filter.js",
    "app/10-overview.js",
    "app/20-points.js",
    "app/30-map-choice.js",
    "app/31-map.js",
    "app/40-matrix.js",
    "app/50-prices.js",
    "app/60-reader.js",
    "app/62-argument.js",
    "app/80-filters.js",
    "app/90-main.js",
)
STYLE = "explorer.css"
# The one rule that cytoscape.js adds by itself; the policy knows it by its digest like everything else.
_CYTOSCAPE_RULE = ".__________cytoscape_container { position: relative; }"


def render_page(tables: Tables, *, title: str, note: str = "") -> str:
    """Return the page for `tables`: one HTML file that asks the network for nothing.

    Parameters
    ----------
    tables : Tables
        The result of a run.
    title : str
        Heading of the page.
    note : str
        A line above the page, such as what it leaves out.
    """
    style = _static(STYLE)
    scripts = [_static(name) for name in SCRIPTS]
    data = to_script_json(build_payload(tables, title=title))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src {_digest(style)} {_digest(_CYTOSCAPE_RULE)}",
            "script-src " + " ".join(_digest(script) for script in scripts),
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
    )
    blocks = "\n".join(f"<script>{script}</script>" for script in scripts)
    told = f'<aside class="foot" role="note"><p><strong>{escape(note)}</strong></p></aside>\n' if note else ""
    return (
        f"{head}<body>\n<noscript>本页需要 JavaScript 才能显示。This page needs JavaScript.</noscript>\n{told}"
        '<div id="app"></div>\n'
        f'<script type="application/json" id="data">{data}</script>\n{blocks}\n</body>\n</html>\n'
    )


def _static(name: str) -> str:
    # HTML parsers turn every line end into one line feed; the digests must be of what the browser sees.
    path = resources.files("pipeline") / "explorer" / "static" / name
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def _digest(source: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode() + "'"
