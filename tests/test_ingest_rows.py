"""Tables of articles: csv, tsv, xlsx, jsonl and parquet, with their failures."""

import datetime as dt
import json
import zipfile

import openpyxl
import pyarrow
import pytest
from pyarrow import parquet

from pipeline.config import load_config
from pipeline.errors import ConfigError
from pipeline.ingest import find_sources, read_source
from pipeline.records import Document, Failure

CONFIG = load_config().ingest
TEXT = "便宜的接口带来了调用量，也带来了更薄的利润，这笔账迟早要算。"


def read(path, config=CONFIG):
    sources, failures = find_sources([str(path)], config)
    assert failures == []
    return [item for source in sources for item in read_source(source, config)]


def check(document):
    assert isinstance(document, Document), document
    assert (document.title, document.author, document.outlet) == ("便宜之后", "秦望舒", "远山评论")
    assert (document.published, document.url) == (dt.date(2024, 5, 20), "https://example.com/1")
    assert document.text == TEXT


HEADER = ["标题", "作者", "来源", "日期", "链接", "正文", "备注"]
ROW = ["便宜之后", "秦望舒", "远山评论", "2024-05-20", "https://example.com/1", TEXT, "x"]


@pytest.mark.parametrize(
    ("name", "separator", "encoding"),
    [
        ("a.csv", ",", "utf-8"),
        ("a.csv", ",", "utf-8-sig"),
        ("a.csv", ",", "gb18030"),
        ("a.csv", ";", "utf-8"),
        ("a.tsv", "\t", "utf-16"),
    ],
)
def test_delimited(tmp_path, name, separator, encoding):
    path = tmp_path / name
    path.write_bytes(f"{separator.join(HEADER)}\r\n{separator.join(ROW)}\r\n".encode(encoding))
    (document,) = read(path)
    check(document)
    assert document.path == str(path)


@pytest.mark.parametrize(
    "header",
    [
        ["title", "author", "outlet", "date", "url", "text", "x"],
        ["Title", "Author", "Source", "Publish Date", "Link", "Content", "x"],
        ["題目", "記者", "媒體", "發布時間", "網址".replace("網", "网"), "內文", "x"],
        ["文章标题", "撰稿人", "公众号", "发布日期", "原文链接", "文章内容", "x"],
    ],
)
def test_names_of_columns(tmp_path, header):
    path = tmp_path / "a.csv"
    path.write_text(",".join(header) + "\n" + ",".join(ROW) + "\n", encoding="utf-8")
    check(read(path)[0])


def test_columns_named_by_the_user(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("标题,文章主体,正文\n便宜之后," + TEXT + ",别的一栏\n", encoding="utf-8")
    config = load_config(ingest={"columns": {"文章主体": "text"}}).ingest
    assert read(path, config)[0].text == TEXT


def test_several_columns_of_one_meaning_take_the_usual_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("时间,发布日期,正文\n10:00,2024-05-20," + TEXT + "\n", encoding="utf-8")
    assert read(path)[0].published == dt.date(2024, 5, 20)


def test_quoted_cells_with_line_breaks_and_formulas(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'标题,正文\n"=HYPERLINK(""http://x"")","{TEXT}\n第二段说""便宜""的好处。"\n', encoding="utf-8")
    (document,) = read(path)
    assert document.title == '=HYPERLINK("http://x")'
    assert document.text == TEXT + '\n第二段说"便宜"的好处。'


def test_a_row_without_text_costs_that_row_only(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"标题,正文\n甲,\n乙,{TEXT}\n,\n丙,太短\n", encoding="utf-8")
    failure, document, short = read(path)
    assert failure.where == f"{path}, row 2"
    assert failure.got == "a row with no text"
    assert document.title == "乙"
    assert short.where == f"{path}, row 5"


def test_no_column_of_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("编号,数量\n1,2\n", encoding="utf-8")
    (failure,) = read(path)
    assert "编号, 数量" in failure.got
    assert "[ingest.columns]" in failure.remedy


def test_a_thousand_columns_are_read_and_more_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{i}" for i in range(1000)) + ",正文\n" + "," * 1000 + TEXT + "\n", encoding="utf-8")
    assert read(path)[0].text == TEXT
    path.write_text(",".join(f"c{i}" for i in range(2000)) + ",正文\n" + "," * 2000 + TEXT + "\n", encoding="utf-8")
    assert "2001 columns" in read(path)[0].got


def test_xlsx(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("文章")
    sheet.append(HEADER)
    sheet.append([*ROW[:3], dt.datetime(2024, 5, 20, 8), *ROW[4:]])
    sheet.append(["没有正文"])
    book.save(path)
    document, failure = read(path)
    check(document)
    assert failure.where == f"{path}, sheet 文章, row 3"


def test_jsonl(tmp_path):
    path = tmp_path / "a.jsonl"
    good = json.dumps(dict(zip(HEADER, ROW, strict=True)), ensure_ascii=False)
    path.write_text(f'{good}\n{{"text": \n\n[1]\n{{"id": 1}}\n{good}\n', encoding="utf-8")
    first, broken, no_object, no_text, last = read(path)
    check(first)
    check(last)
    assert [item.where for item in (broken, no_object, no_text)] == [f"{path}, line {n}" for n in (2, 4, 5)]


def test_json_arrays_objects_and_lists_of_paragraphs(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"title": "甲", "content": [TEXT, TEXT]}]), encoding="utf-8")
    assert read(path)[0].text == f"{TEXT}\n{TEXT}"
    path.write_text(json.dumps({"title": "甲", "content": TEXT}, indent=2), encoding="utf-8")
    assert read(path)[0].text == TEXT


def test_deeply_nested_json_is_one_line_of_failure(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": ' + "[" * 100_000 + "\n" + json.dumps({"text": TEXT}), encoding="utf-8")
    failure, document = read(path)
    assert isinstance(failure, Failure)
    assert document.text == TEXT


def test_lone_surrogates_and_nul_in_json(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "' + TEXT + '\\ud800\\u0000\\u202e"}', encoding="utf-8")
    assert read(path)[0].text == TEXT + "\ufffd"


def test_parquet(tmp_path):
    path = tmp_path / "a.parquet"
    columns = dict(zip(HEADER, [[cell, cell] for cell in ROW], strict=True))
    columns["日期"] = [dt.date(2024, 5, 20), None]
    columns["正文"] = [TEXT, None]
    parquet.write_table(pyarrow.table(columns), path)
    document, failure = read(path)
    check(document)
    assert failure.where == f"{path}, row 2"


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.docx", "a.pdf"])
def test_truncated_and_foreign_bytes(tmp_path, name):
    path = tmp_path / name
    for data in (
        b"PK\x03\x04broken",
        b"PAR1broken",
        TEXT.encode(),
        b"%PDF-1.4\nbroken",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    ):
        path.write_bytes(data)
        (failure,) = read(path)
        assert isinstance(failure, Failure)
        assert failure.where.startswith(str(path))


def test_truncation_anywhere(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(ROW)
    book.save(path)
    data = path.read_bytes()
    for cut in range(10, len(data), max(1, len(data) // 40)):
        path.write_bytes(data[:cut])
        assert all(isinstance(item, Failure) for item in read(path))


def test_zip_bombs_are_refused_before_unpacking(tmp_path):
    for name in ("a.xlsx", "a.docx"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in range(5):
                archive.writestr(f"part{i}.xml", b"\0" * 50_000_000)
        (failure,) = read(path)
        assert "unpacks to 250 MB" in failure.got


def test_a_column_mapped_to_nothing_known_is_refused(tmp_path):
    config = load_config(ingest={"columns": {"文章主体": "body"}}).ingest
    with pytest.raises(ConfigError, match="expected one of text, title"):
        find_sources([str(tmp_path)], config)
