"""Dates resolve against the article's own sequence of events and its date."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.dates import find_dates

DAY = dt.date(2025, 3, 12)  # a Wednesday


def values(text, **known):
    return [mention.value for mention in find_dates(text, **known)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023年11月5日", "2023-11-05"),
        ("2023-11-05", "2023-11-05"),
        ("2023年11月", "2023-11"),
        ("3月3日", "2025-03-03"),
        ("12月30日", "2024-12-30"),
        ("4月1日起", "2025-04-01"),
        ("昨日", "2025-03-11"),
        ("前天", "2025-03-10"),
        ("本月", "2025-03"),
        ("上个月", "2025-02"),
        ("上周五", "2025-03-07"),
        ("去年底", "2024-12"),
        ("明年上半年", "2026-H1"),
        ("今年一季度", "2025-Q1"),
        ("2022年Q4", "2022-Q4"),
        ("去年2月份", "2024-02"),
        ("三个月前", "2024-12"),
        ("十一月底", "2024-11"),
    ],
)
def test_one_date_against_the_day_of_publication(text, value):
    assert values(text, published=DAY) == [value]


def test_a_sequence_of_events_carries_the_relative_ones():
    text = (
        "7月3日甲公司先动手。一天后，乙公司跟上。6天后，也就是7月10日，丙公司宣布免费，"
        "四小时后丁公司也免费。次日全线降价。"
    )
    assert values(text) == ["07-03", "07-04", "07-10", "07-10", "07-10", "07-11"]
    assert values(text, published=dt.date(2024, 8, 1))[-1] == "2024-07-11"


def test_a_year_from_elsewhere_is_a_guess():
    (mention,) = find_dates("7月3日", hint_year=2024)
    assert (mention.value, mention.guessed) == ("2024-07-03", True)
    (mention,) = find_dates("7月3日", published=DAY)
    assert not mention.guessed


def test_the_year_named_last_holds_for_what_follows():
    first, second = find_dates("2021年5月9日涨价，6月2日又涨。")
    assert (first.value, second.value, second.guessed) == ("2021-05-09", "2021-06-02", True)


@pytest.mark.parametrize("text", ["2月30日", "13月5日", "99月", "第三天", "1.5月", "月底前"])
def test_what_is_no_date_is_left_out(text):
    assert values(text, published=DAY) == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789年月日号一二十前后天个小时今去明昨上下半季度Q初底-./ ", max_size=40))
def test_any_text_is_read_without_failing(text):
    for mention in find_dates(text, published=DAY):
        assert text[mention.start : mention.end].strip()
        assert mention.value
