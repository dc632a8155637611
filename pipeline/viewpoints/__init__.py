"""Viewpoints: the points that arguments make, across speakers and articles. Tables in, tables out."""

from __future__ import annotations

from pipeline.viewpoints.build import ViewpointResult, build_viewpoints
from pipeline.viewpoints.repeats import RepeatFinder, find_repeats

__all__ = ["RepeatFinder", "ViewpointResult", "build_viewpoints", "find_repeats"]
