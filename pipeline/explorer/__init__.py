"""What people read: the offline page to explore, and the report for an editor."""

from __future__ import annotations

from pipeline.explorer.page import render_page
from pipeline.explorer.report import render_report, render_report_page

__all__ = ["render_page", "render_report", "render_report_page"]
