"""The offline page: one HTML file with its data, its style and its libraries inside."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib import resources

from pipeline.explorer.payload import build_payload, to_script_json
from pipeline.records import Tables

SCRIPTS = ("explorer.js",)
STYLES = ("explorer.css",)


def render_page(tables: Tables, *, title: str) -> str:
    """Return the page for `tables`: one HTML file that asks the network for nothing.

    Parameters
    ----------
    tables : Tables
        The result of a run.
    title : str
        Heading of the page.
    """
    styles = "\n".join(_static(name) for name in STYLES)
    scripts = [_static(name) for name in SCRIPTS]
    data = to_script_json(build_payload(tables, title=title))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src {_digest(styles)}",
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
        f"<title>{escape(title)}</title>\n<style>{styles}</style>\n</head>\n"
    )
    blocks = "\n".join(f"<script>{script}</script>" for script in scripts)
    return (
        f'{head}<body>\n<noscript>本页需要 JavaScript 才能显示。This page needs JavaScript.</noscript>\n<div id="app"></div>\n'
        f'<script type="application/json" id="data">{data}</script>\n{blocks}\n</body>\n</html>\n'
    )


def _static(name: str) -> str:
    return (resources.files("pipeline") / "explorer" / "static" / name).read_text(encoding="utf-8")


def _digest(source: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode() + "'"
