"""CSV: one row per argument; opens as Chinese text in Excel, and no cell can run as a formula."""

from __future__ import annotations

import csv
import io

from pipeline.argmap.graph import ArgumentMap
from pipeline.argmap.rows import COLUMNS, argument_rows
from pipeline.records import Tables
from pipeline.tables import safe_cell


def render(graph: ArgumentMap, _tables: Tables) -> str:
    """Return the arguments as CSV with a byte-order mark."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(row[name]) for name in COLUMNS] for row in argument_rows(graph))
    return "\ufeff" + sink.getvalue()
