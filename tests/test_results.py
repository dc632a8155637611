"""The package's public face: frames, one readable table, displaCy."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipeline as lunheng
from pipeline.config import load_config
from pipeline.run import run
from pipeline.tables import RECORDS, columns
from pipeline.view import to_doc

ARTICLE = """# 降价之后<script>

作者 | 顾远

降价的原因是推理成本下降。但价格战可能挤压创业公司，厂商应该提供差异化服务。
“没有利润的增长走不远。”虚构公司云栈智能的创始人陆闻舟说。
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> lunheng.Results:
    folder = tmp_path_factory.mktemp("results")
    (folder / "one.md").write_text(ARTICLE, encoding="utf-8")
    run([str(folder / "one.md")], folder / "out", config=load_config(), workers=1)
    return lunheng.open(folder / "out")


def test_every_table_is_a_frame(results: lunheng.Results) -> None:
    for name in RECORDS:
        frame = getattr(results, name)
        assert list(frame.columns) == [column.name for column in columns(name)]
        assert len(frame) == len(getattr(results.tables, name))


def test_who_says_what_is_readable(results: lunheng.Results) -> None:
    frame = results.who_says_what
    assert len(frame) == len(results.arguments)
    assert {"观点", "类别", "立场", "谁", "原文", "文章"} <= set(frame.columns)
    assert "陆闻舟" in set(frame["谁"])


def test_doc_spans_are_verbatim(results: lunheng.Results) -> None:
    doc = results.doc("降价之后")
    assert [span.text for span in doc.spans["arguments"]] == list(results.arguments["text"])
    assert len(doc.ents) == len(results.arguments)


def test_show_marks_and_escapes(results: lunheng.Results) -> None:
    markup = results.show("降价之后").data
    assert "<script>" not in markup
    assert "推理成本下降" in markup


def test_unknown_article_lists_some(results: lunheng.Results) -> None:
    with pytest.raises(lunheng.ContractError, match="降价之后"):
        to_doc(results.tables, "没有这一篇")


def test_opening_nothing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(lunheng.ContractError, match="lunheng run"):
        lunheng.open(tmp_path)
