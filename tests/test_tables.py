"""Tables: record to Arrow to Parquet and back, and every refusal."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ContractError
from pipeline.records import Argument, Article, Segment, Speaker, Tables, Viewpoint
from pipeline.tables import find_broken_rows, from_arrow, read_tables, safe_cell, schema, to_arrow, write_tables

TEXT = "降价不可怕。“不降才可怕”，周予安说。"
ARTICLE = Article("a1", "x.md", "题", None, None, dt.date(2024, 5, 21), None, TEXT, len(TEXT), "hans", "降价", None)
SEGMENT = Segment("a1", 0, 0, 6, "body")
AUTHOR = Speaker("a1", "s0", "作者", None, None, "author", "p0")
ARGUMENT = Argument(
    "g1", "a1", 0, 0, 6, TEXT[:6], "claim", None, "s0", "author", "pro", 0.9, 0.8, None, "asserted", None, 1.0
)
VIEWPOINT = Viewpoint("v1", "claim", "降价不可怕", ("降价",), 1, 1, 1, 1, 0, ("g1",), None, 0.0, 1.0)
TABLES = Tables((ARTICLE,), (SEGMENT,), (AUTHOR,), (ARGUMENT,), (), (), (), (VIEWPOINT,), ())


def test_round_trip_through_parquet(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path)
    assert read_tables(tmp_path) == TABLES


def test_same_records_give_same_bytes(tmp_path: Path) -> None:
    first = [p.read_bytes() for p in write_tables(TABLES, tmp_path / "a", csv=True)]
    second = [p.read_bytes() for p in write_tables(TABLES, tmp_path / "b", csv=True)]
    assert first == second


def test_column_order_is_the_contract() -> None:
    assert schema("segments").names == ["article_id", "index", "start", "end", "role"]
    assert schema("viewpoints").field("parent_id").nullable
    assert not schema("arguments").field("text").nullable


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (replace(SEGMENT, role="footer"), "role"),
        (replace(SEGMENT, article_id=None), "1 nulls"),
        (replace(SEGMENT, start="x"), "start"),
        (ARTICLE, "expected a Segment"),
    ],
)
def test_bad_rows_are_refused_by_name(row: object, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        to_arrow("segments", [row])


def test_lone_surrogate_is_refused_with_the_column() -> None:
    with pytest.raises(ContractError, match="text"):
        to_arrow("arguments", [replace(ARGUMENT, text="\ud800")])


def test_foreign_columns_are_refused() -> None:
    with pytest.raises(ContractError, match="another version"):
        from_arrow("segments", pa.table({"a": [1]}))


def test_null_that_arrow_would_let_pass_is_refused_on_reading(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path)
    table = pq.read_table(tmp_path / "segments.parquet")
    holes = table.set_column(4, schema("segments").field("role"), pa.array([None], pa.string()))
    with pytest.raises(ContractError, match="nulls"):
        from_arrow("segments", holes)


def test_missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path)
    (tmp_path / "speakers.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(ContractError, match=r"speakers\.parquet"):
        read_tables(tmp_path)
    (tmp_path / "articles.parquet").unlink()
    with pytest.raises(ContractError, match=r"articles\.parquet: not found"):
        read_tables(tmp_path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": "别的话"}, "not the article's text"),
        ({"end": 999}, "outside"),
        ({"article_id": "a9"}, "unknown article"),
        ({"speaker_id": "s9"}, "unknown speaker"),
    ],
)
def test_broken_rows_are_found(change: dict[str, object], reason: str) -> None:
    broken = find_broken_rows(replace(TABLES, arguments=(ARGUMENT, replace(ARGUMENT, **change))))
    assert [(name, reason in why) for name, _, why in broken] == [("arguments", True)]


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(tmp_path: Path) -> None:
    evil = replace(ARTICLE, title="=cmd|'/c calc'!A1")
    write_tables(replace(TABLES, articles=(evil,)), tmp_path, csv=True)
    data = (tmp_path / "articles.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'=cmd" in data.decode("utf-8-sig")


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_no_cell_starts_a_formula(value: str) -> None:
    cell = safe_cell(value)
    assert cell == "-" or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
