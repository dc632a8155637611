"""Quotations: every kind of mark, nested, missing, over paragraphs."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.quotes import find_quotes


def found(text: str, level: int = 0) -> list[str]:
    return [text[q.start : q.end] for q in find_quotes(text) if q.level == level]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("他说：“降。”", ["“降。”"]),
        ("他说：「降。」又说『涨』", ["「降。」", "『涨』"]),
        ('他说"降。"又说"涨"', ['"降。"', '"涨"']),
        ("他说'价格会降'，她说‘不会’", ["'价格会降'", "‘不会’"]),
        ("他说“所谓‘内卷’要停”", ["“所谓‘内卷’要停”"]),
        ("没有引号", []),
        ("孤零零的右引号”在这里", []),
        ('一台65"的电视', []),
        ("it's a pity, don't go", []),
    ],
)
def test_outer_quotations(text: str, wanted: list[str]) -> None:
    assert found(text) == wanted


def test_nested_quotations_have_levels() -> None:
    assert found("他说“所谓‘内卷’要停”", 1) == ["‘内卷’"]


def test_a_missing_closing_mark_ends_with_the_paragraph() -> None:
    text = "他说：“成本还会降。\n下一段是作者的话。"
    quotes = find_quotes(text)
    assert [(text[q.start : q.end], q.closed) for q in quotes] == [("“成本还会降。", False)]


def test_a_quotation_may_open_again_in_each_paragraph() -> None:
    text = "他说：“第一段。\n“第二段。\n“第三段。”"
    assert [q.closed for q in find_quotes(text)] == [False, False, True]


def test_a_quotation_may_close_paragraphs_later() -> None:
    text = "他说：“第一段。\n第二段。\n第三段。”作者的话。"
    assert found(text) == ["“第一段。\n第二段。\n第三段。”"]


@given(st.text(alphabet="价“”「」『』‘’\"'。\n", max_size=120))
@settings(max_examples=100, deadline=None)
def test_any_marks_give_sorted_spans_inside_the_text(text: str) -> None:
    quotes = find_quotes(text)
    assert list(quotes) == sorted(quotes, key=lambda q: (q.start, -q.end))
    assert all(0 <= q.start < q.end <= len(text) and q.level >= 0 for q in quotes)
    outer = [q for q in quotes if q.level == 0]
    assert all(a.end <= b.start for a, b in pairwise(outer))


def test_time_grows_with_length_only() -> None:
    def seconds(n: int) -> float:
        text = "他说“" + "价格" * 50 + "「" * n
        start = time.process_time()
        find_quotes(text * 20)
        return time.process_time() - start

    small, large = seconds(2_000), seconds(20_000)
    assert large < 40 * max(small, 0.002)
