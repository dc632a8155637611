"""Excel workbook: sheets for arguments, viewpoints, speakers and prices, ready to sort and filter."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.argmap.graph import ArgumentMap
from pipeline.argmap.rows import argument_rows
from pipeline.records import KIND_ZH, STANCE_ZH, Tables
from pipeline.tables import safe_cell

# Characters that a workbook cannot hold (ECMA-376, and openpyxl refuses them).
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ARGUMENTS = (
    ("论证", "text", 70), ("类别", "kind", 8), ("立场", "stance", 8), ("把握", "confidence", 8),
    ("发言人", "speaker", 16), ("说法", "mode", 9), ("观点", "viewpoint", 28), ("文章", "title", 32),
    ("媒体", "outlet", 16), ("日期", "published", 12),
    ("起", "start", 8), ("止", "end", 8), ("支持", "supports", 16), ("反驳", "attacks", 16), ("导致", "causes", 16),
    ("论证编号", "argument_id", 16), ("观点编号", "viewpoint_id", 16), ("文章编号", "article_id", 16),
)  # fmt: skip
_MODE = {"author": "作者", "direct": "直接引语", "indirect": "转述", "hearsay": "传闻"}
# A fixed time inside the file: the same tables give the same bytes.
_WHEN = dt.datetime(2000, 1, 1)
_MAX_CELL = 32767


def render(graph: ArgumentMap, tables: Tables) -> bytes:
    """Return the workbook."""
    import openpyxl

    book = openpyxl.Workbook(write_only=False)
    del book[book.sheetnames[0]]
    rows = argument_rows(graph)
    head = [(title, width) for title, _, width in _ARGUMENTS]
    _sheet(book, "论证", head, ([_shown(row, key) for _, key, _ in _ARGUMENTS] for row in rows))
    _sheet(
        book,
        "观点",
        _heads("观点 类别 条数 文章 发言人 支持 反对 关键词 编号", (40, 8, 8, 8, 8, 8, 8, 36, 16)),
        _viewpoints(graph, tables),
    )
    _sheet(book, "发言人", _heads("发言人 条数 支持 反对 中立", (24, 8, 8, 8, 8)), _speakers(rows))
    heads = _heads(
        "日期 公司 产品 方向 原价 现价 币种 单位 免费 变动% 原文 文章编号 起 止 存疑",
        (12, 16, 24, 8, 12, 12, 8, 14, 8, 10, 60, 16, 8, 8, 16),
    )
    _sheet(book, "价格", heads, _prices(graph, tables))
    book.properties.created = book.properties.modified = _WHEN
    book.properties.creator = "lunheng"
    sink = io.BytesIO()
    book.save(sink)
    return _still(sink.getvalue())


def _heads(titles: str, widths: Sequence[int]) -> list[tuple[str, int]]:
    return list(zip(titles.split(), widths, strict=True))


def _shown(row: dict[str, Any], key: str) -> Any:
    value = row[key]
    names: dict[str, dict[str, str]] = {"kind": KIND_ZH, "stance": STANCE_ZH, "mode": _MODE}
    return names[key].get(value, value) if key in names else value


def _viewpoints(graph: ArgumentMap, tables: Tables) -> list[list[Any]]:
    inside = {node.node_id for node in graph.of_type("viewpoint")}
    return [
        [v.label, KIND_ZH[v.kind], v.size, v.n_articles, v.n_speakers, v.n_pro, v.n_con, v.keywords, v.viewpoint_id]
        for v in tables.viewpoints
        if v.viewpoint_id in inside
    ]


def _speakers(rows: Iterable[dict[str, Any]]) -> list[list[Any]]:
    counts: Counter[tuple[str, str]] = Counter((row["speaker"], row["stance"]) for row in rows)
    names = Counter(row["speaker"] for row in rows)
    return [[name, n, *(counts[name, stance] for stance in ("pro", "con", "neu"))] for name, n in names.most_common()]


def _prices(graph: ArgumentMap, tables: Tables) -> list[list[Any]]:
    inside = {node.source.article_id for node in graph.nodes if node.source}
    return [
        [p.date, p.vendor, p.product, p.direction, p.old, p.new, p.currency, p.unit, "是" if p.free else "",
         p.change_pct, p.text, p.article_id, p.start, p.end, p.flags]
        for p in tables.price_events
        if p.article_id in inside
    ]  # fmt: skip


def _sheet(book: Any, title: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.append([head for head, _ in heads])
    for row in rows:
        sheet.append([_cell(value) for value in row])
    for number, (_, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        top = sheet.cell(row=1, column=number)
        top.font, top.fill = Font(bold=True), PatternFill("solid", fgColor="EFE9DE")
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{max(1, sheet.max_row)}"


def _cell(value: Any) -> Any:
    value = safe_cell(value)
    return _ILLEGAL.sub("", value)[:_MAX_CELL] if isinstance(value, str) else value


def _still(data: bytes) -> bytes:
    """Return the same zip archive with fixed times in it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(item.filename, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()
