"""The page and the report as files: nothing breaks out, nothing is fetched, nothing is lost."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from sample_tables import hostile_tables, many_tables, sample_tables

from pipeline.explorer import render_page, render_report, render_report_page
from pipeline.explorer.blocks import markdown_text
from pipeline.explorer.payload import to_script_json
from pipeline.records import Tables

STATIC = Path(__file__).resolve().parents[1] / "pipeline" / "explorer" / "static"
APP = {path.name: path.read_text(encoding="utf-8") for path in sorted((STATIC / "app").glob("*.js"))}


@pytest.fixture(params=[sample_tables, hostile_tables, Tables], ids=["sample", "hostile", "empty"])
def tables(request: pytest.FixtureRequest) -> Tables:
    made: Tables = request.param()
    return made


def payload(page: str) -> dict[str, list[list[object]]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found
    data: dict[str, list[list[object]]] = json.loads(found[1])
    return data


def test_same_tables_give_the_same_page(tables: Tables) -> None:
    assert render_page(tables, title="题") == render_page(tables, title="题")


def test_every_argument_is_in_the_page_word_for_word(tables: Tables) -> None:
    data = payload(render_page(tables, title="题"))
    texts = [str(article[10]).encode("utf-16-le", "surrogatepass") for article in data["articles"]]
    for argument, row in zip(tables.arguments, data["arguments"], strict=True):
        start, end = 2 * int(str(row[3])), 2 * int(str(row[4]))
        assert texts[int(str(row[1]))][start:end].decode("utf-16-le") == argument.text


def test_no_text_breaks_out_of_the_data_block() -> None:
    page = render_page(hostile_tables(), title="</title><script>alert(1)</script>")
    scripts = len(APP) + 2  # the library and the data
    assert len(re.findall(r"<script", page)) == len(re.findall(r"</script", page)) == scripts
    block = page[page.index('id="data">') + 10 :].split("</script>")[0]
    assert not set(block) & set("<>&\u2028\u2029")
    assert "<title>&lt;/title&gt;" in page


def test_json_keeps_what_it_escapes() -> None:
    value = "</script><!-- ]]> &amp; \u2028\u2029 \x00 \ud83d\ude00 😀"
    assert json.loads(to_script_json(value)) == value.encode("utf-8", "replace").decode()


def test_policy_allows_the_scripts_of_the_page_and_nothing_else() -> None:
    page = render_page(sample_tables(), title="题")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    for source in re.findall(r"<script>(.*?)</script>", page, re.S):
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert not re.search(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="?(?:https?:)?//', page)


def test_sample_of_24_articles_stays_small() -> None:
    assert len(render_page(many_tables(24), title="题").encode()) < 1_000_000


@pytest.mark.parametrize("name", APP)
def test_scripts_make_elements_without_markup(name: str) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|setAttribute\(\"style|fetch\(|XMLHttp|import\("
    )
    assert not re.search(forbidden, APP[name])
    assert APP[name].count("\n") <= 300


def test_every_word_of_the_interface_has_two_languages() -> None:
    both = r'\b(\w+): \[\s*"((?:[^"\\]|\\.)*)",\s*"(?:[^"\\]|\\.)+",?\s*\]'
    words = dict(re.findall(both, APP["01-words.js"]))
    used = {key for source in APP.values() for key in re.findall(r'L\.t\("(\w+)"', source)}
    assert used <= set(words)
    assert len(words) > 80


def test_libraries_are_the_ones_that_are_named() -> None:
    listed = json.loads((STATIC / "vendor" / "package.json").read_text(encoding="utf-8"))
    readme = (STATIC / "README.md").read_text(encoding="utf-8")
    for name, entry in listed["files"].items():
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == entry["sha256"]
        package = entry["from"].split("/")[0]
        assert f"| {package} | {listed['dependencies'][package]} | {entry['licence']}" in readme
        assert (STATIC / "vendor" / f"{package}.LICENSE").exists()


def test_report_tells_issue_camps_themes_disputes_prices_and_method() -> None:
    report = render_report(sample_tables())
    assert report.startswith("# 观点报告：大模型价格战是好是坏")
    for heading in ("谁站在哪一边", "原因", "风险", "策略", "尚无定论", "价格变动", "方法与局限"):
        assert re.search(rf"^## .*{heading}", report, re.M), heading
    assert "| 2024-05-15? | 青禾智能 | 主力模型（输入） | 0.012 元/千tokens |" in report


def test_report_quotes_word_for_word_and_names_who_and_where() -> None:
    tables = sample_tables()
    report = render_report(tables)
    quotes = re.findall(r"^> (?!——)(.+)$", report, re.M)
    said = {markdown_text(a.text) for a in tables.arguments}
    assert len(quotes) >= 8
    assert set(quotes) <= said
    assert len(re.findall(r"^> ——\S+，《", report, re.M)) + report.count("> ——＋") + report.count("> ——－") >= len(
        quotes
    )


def test_report_fits_two_pages() -> None:
    assert len(render_report(many_tables(60))) < 4500


def test_report_of_nothing_says_so() -> None:
    report = render_report(Tables())
    assert "0 篇文章" in report
    assert "没有" in report


def test_report_page_escapes_and_loads_nothing() -> None:
    page = render_report_page(hostile_tables())
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_report_in_markdown_keeps_markup_of_articles_quiet() -> None:
    report = render_report(hostile_tables())
    assert "<script>" not in report
    assert "](http" not in report


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. 一", r"1\. 一"),
        ("# 题", r"\# 题"),
        ("- 条", r"\- 条"),
        ("0.5元", "0.5元"),
        ("a|b*c*", r"a\|b\*c\*"),
        ("-3%", "-3%"),
    ],
)
def test_markdown_escapes_only_what_markdown_reads(text: str, expected: str) -> None:
    assert markdown_text(text) == expected
