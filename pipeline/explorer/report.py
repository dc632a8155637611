"""The report: two pages of Markdown that could be sent to an editor."""

from __future__ import annotations

from pipeline.records import Tables


def render_report(tables: Tables) -> str:
    """Return the report in Markdown."""
    return f"# 观点报告\n\n{len(tables.articles)} 篇文章,{len(tables.arguments)} 条论证。\n"


def render_report_page(tables: Tables) -> str:
    """Return the report as one HTML page."""
    return f"<!DOCTYPE html><html lang='zh-CN'><meta charset='utf-8'><title>观点报告</title><p>{len(tables.articles)}</html>"
