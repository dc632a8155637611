"""Normalisation: what changes, what stays, and where every character came from."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalise import normalise

TRICKY = st.text(
    alphabet=st.sampled_from("价格战记者文王 \u3000\n\r(（)）jiàde，。：“”…1２．a\u200b\x00\ud800⼤—|"), max_size=60
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ＧＰＴ－４ ０．０００８元", "GPT-4 0.0008元"),
        ("降价９７％，直降（力度大）：就这样", "降价97%，直降（力度大）：就这样"),
        ("價(jià)格戰(zhàn)的(de)影響（yǐng xiǎng）", "價格戰的影響"),
        ("内卷(nèi juǎn)是什么", "内卷是什么"),
        ("模型(lite)更便宜", "模型(lite)更便宜"),
        ("大 模型 降价之后，厂商 更累。", "大模型降价之后，厂商更累。"),
        ("摘 要", "摘要"),
        ("记者：张　三", "记者：张三"),
        ("谁在降价 谁在观望", "谁在降价 谁在观望"),
        ("来源：甲报　　时间：昨天", "来源：甲报\u3000时间：昨天"),
        ("（记者 王小明 李大强）昨日，价格 下调。", "（记者 王小明 李大强）昨日，价格下调。"),
        ("他说 “对” 。", "他说“对”。"),
        ('said "yes" and “no” too', 'said "yes" and “no” too'),
        ("第一段完了。　　第二段开始", "第一段完了。\n第二段开始"),
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"),
        ("甲\n\n\n\n乙", "甲\n\n乙"),
        ("零\u200b宽\ufeff与\x07控制\u00ad符", "零宽与控制符"),
        ("⼤模型⻓期⽤户", "大模型长期用户"),
        ("坏\ud800字", "坏\ufffd字"),
        ("2024 年 5 月", "2024 年 5 月"),
        ("   \n \u3000 \n", ""),
    ],
)
def test_examples(before, after):
    assert normalise(before).text == after


def test_the_source_points_at_the_same_character():
    before = "ＡＩ價(jià)格 戰，\u200b開始"
    result = normalise(before)
    assert result.text == "AI價格戰，開始"
    assert [before[i] for i in result.source] == ["Ａ", "Ｉ", "價", "格", "戰", "，", "開", "始"]
    assert result.position(before.index("開")) == result.text.index("開")


@given(st.one_of(TRICKY, st.text(max_size=80)))
@settings(max_examples=100, deadline=None)
def test_idempotent_with_a_right_source(before):
    result = normalise(before)
    assert normalise(result.text).text == result.text
    assert len(result.source) == len(result.text)
    assert list(result.source) == sorted(set(result.source))
    result.text.encode("utf-8")


@given(st.text(alphabet="降价潮的背后是什么。，", max_size=200))
@settings(max_examples=50, deadline=None)
def test_clean_text_is_left_alone(before):
    assert normalise(before).text == before


@pytest.mark.parametrize("piece", [" ", "价 ", "价(jià)", "\n", "(a", "价(aa", "\u3000", "记者 王", "１．"])
def test_time_is_linear(piece):
    def seconds(n):
        text = piece * n
        start = time.perf_counter()
        normalise(text)
        return time.perf_counter() - start

    seconds(1000)
    small, large = seconds(10_000), seconds(80_000)
    assert large < 40 * small + 0.05  # 8 times the text; quadratic would be 64 times the time
