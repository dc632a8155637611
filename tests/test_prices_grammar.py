"""Numbers, amounts and units are exact."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.numbers import parse_number, show
from pipeline.article.price_grammar import find_moves
from pipeline.article.price_tokens import load_price_lexicon, tokenise
from pipeline.article.units import find_amounts

LEXICON = load_price_lexicon()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.0008", "0.0008"),
        ("1,299.50", "1299.5"),
        ("1.2万", "12000"),
        ("3千万", "30000000"),
        ("一千万", "10000000"),
        ("三百五十", "350"),
        ("一百二", "120"),
        ("一万二", "12000"),
        ("一亿三千万", "130000000"),
        ("十二", "12"),
        ("两", "2"),
        ("半", "0.5"),
        ("一点二", "1.2"),
    ],
)
def test_numbers(text, value):
    assert show(parse_number(text)) == value


@pytest.mark.parametrize("text", ["0.0.8", "10^30", "1,2", "", "点", "万", "一二三四", "9" * 40, "1万千"])
def test_what_is_no_number_is_none(text):
    assert parse_number(text) is None


@settings(max_examples=100, deadline=None)
@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_a_decimal_survives_reading_and_showing(value):
    assert Decimal(show(parse_number(format(value, "f")))) == value


@pytest.mark.parametrize(
    ("text", "written", "value", "currency", "norm_unit"),
    [
        ("0.0008元/千Tokens", "0.0008元/千Tokens", "0.8", "CNY", "1M tokens"),
        ("每百万token输入1元", "1元", "1", "CNY", "1M tokens"),
        ("1元200万tokens", "1元200万tokens", "0.5", "CNY", "1M tokens"),
        ("0.21/万Tokens", "0.21/万Tokens", "21", "", "1M tokens"),
        ("每1000 tokens收0.02美元", "0.02美元", "20", "USD", "1M tokens"),
        ("$0.15/百万tokens", "$0.15/百万tokens", "0.15", "USD", "1M tokens"),
        ("9.9元一杯", "9.9元一杯", "9.9", "CNY", "cup"),
        ("9块9", "9块9", "9.9", "CNY", ""),
        ("0.8元/W", "0.8元/W", "0.8", "CNY", "W"),
        ("20美元/月", "20美元/月", "20", "USD", "month"),
        ("每吨上调200元", "200元", "200", "CNY", "tonne"),
        ("5元/斤", "5元/斤", "10", "CNY", "kg"),
        ("86美分/磅", "86美分/磅", "0.86", "USD", "lb"),
        ("10.98万元起", "10.98万元", "109800", "CNY", ""),
        ("三百五十元", "三百五十元", "350", "CNY", ""),
    ],
)
def test_amounts_and_their_normal_form(text, written, value, currency, norm_unit):
    (amount,) = find_amounts(text)
    assert text[amount.start : amount.end] == written
    assert (show(amount.normal()), amount.currency, amount.norm_unit) == (value, currency, norm_unit)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("100至300元", "100", "300"), ("1.7美元/瓦~1.8美元/瓦", "1.7", "1.8"), ("20-25万元", "200000", "250000")],
)
def test_ranges(text, low, high):
    (amount,) = find_amounts(text)
    assert (show(amount.low), show(amount.high)) == (low, high)


def test_from_to_is_no_range():
    assert len(find_amounts("从9000元到5000元")) == 2


@pytest.mark.parametrize("text", ["2024年5月", "27万辆", "几十元", "元元元", "千元机", "12%"])
def test_what_is_no_money_is_left_out(text):
    assert find_amounts(text) == []


@pytest.mark.parametrize(
    ("text", "pct"),
    [("打七折", 30), ("打8.5折", 15), ("打85折", 15), ("便宜三成", 30), ("降价一成半", 15), ("直降97%", 97),
     ("价格下跌百分之二十", 20), ("享九折优惠", 10)],
)  # fmt: skip
def test_percentages_and_discounts(text, pct):
    (move,) = find_moves(tokenise(text, LEXICON))
    assert (move.pct, move.sign) == (pct, -1)


def test_an_idiom_is_no_discount():
    assert find_moves(tokenise("谈判一波三折", LEXICON)) == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789.,-~^万亿千百元块美每一/tokens价格从降至涨到免费折%成，。输入出原现", max_size=60))
def test_any_text_is_read_without_failing(text):
    sentence = tokenise(text, LEXICON)
    assert len(sentence.codes) == len(sentence.starts)
    for move in find_moves(sentence):
        assert 0 <= move.start < move.end <= len(text)
