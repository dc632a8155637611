"""Words: exact offsets, user words of every shape, two engines that agree."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.words import Words, build_words
from pipeline.config import WordsConfig
from pipeline.errors import ConfigError

USER = ("豆包·Pro", "GPT-4o mini", "输入/输出价", "Qwen-Long", "价格屠夫")
TEXT = "字节跳动把豆包·Pro的输入/输出价砍到底，GPT-4o mini和Qwen-Long跟着降，价格屠夫又来了，大模型价格战没完。"


@pytest.fixture(scope="module", params=["rjieba", "jieba"])
def words(request: pytest.FixtureRequest) -> Words:
    return build_words(WordsConfig(request.param, USER), None)


def test_words_join_to_the_text_at_exact_offsets(words: Words) -> None:
    cut = words.cut(TEXT)
    assert "".join(word.text for word in cut) == TEXT
    assert all(TEXT[word.start : word.end] == word.text for word in cut)


def test_user_words_and_domain_words_stay_whole(words: Words) -> None:
    cut = {word.text for word in words.cut(TEXT)}
    assert cut >= {*USER, "大模型", "价格战"}


def test_a_user_word_inside_a_longer_latin_word_is_left_alone() -> None:
    words = build_words(WordsConfig("rjieba", ("GPT-4",)), None)
    assert "GPT-4" not in {word.text for word in words.cut("GPT-40X发布")}
    assert "GPT-4" in {word.text for word in words.cut("用GPT-4写")}


@pytest.mark.parametrize("bad", ["", "  ", "一\n二"])
def test_an_impossible_user_word_is_refused(bad: str) -> None:
    with pytest.raises(ConfigError, match=r"words\.user_words"):
        build_words(WordsConfig("rjieba", (bad,)), None)


def test_the_tokenizer_says_that_it_cannot_be_pickled(words: Words) -> None:
    with pytest.raises(TypeError, match="build_words in every worker"):
        pickle.dumps(words)


def test_the_engines_agree() -> None:
    fast, slow = (build_words(WordsConfig(engine, ()), None) for engine in ("rjieba", "jieba"))  # type: ignore[arg-type]
    text = (
        "瑞幸和库迪把一杯咖啡卖到九块九，加盟商说越卖越亏。光伏组件价格跌破成本线，头部企业呼吁停止内卷式竞争。"
        "比亚迪官宣降价两万元，多家车企当天跟进，经销商库存却还在上升。外卖平台的百亿补贴，最后由谁买单？"
    )
    a, b = ({(word.start, word.end) for word in engine.cut(text)} for engine in (fast, slow))
    assert 2 * len(a & b) / (len(a) + len(b)) > 0.97


@given(st.text(alphabet="豆包·Pro GPT-4o mini输入/价格😀𠮷\n", max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_is_covered_without_gaps(text: str) -> None:
    cut = _FAST.cut(text)
    assert "".join(word.text for word in cut) == text


_FAST = build_words(WordsConfig("rjieba", USER), None)
