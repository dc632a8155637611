"""Arguments: spans, cues, modality, silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article.arguments import find_arguments, find_cue
from pipeline.article.modality import modality_of
from pipeline.article.voices import Voices
from pipeline.lexicon import load_lexicon
from pipeline.models.decide import plain_decider
from pipeline.records import KINDS, Argument, Document, Kind, Prediction, Role, Segment, Speaker

CUES = load_lexicon("cues")
AUTHOR = Speaker("a1", "s1", "作者", None, None, "author", "p1")


def predict(kind: Kind | None, confidence: float = 0.8) -> Prediction:
    kinds = tuple(1.0 if name == kind else 0.0 for name in (None, *KINDS))
    return Prediction(kinds, (0.0, 0.0, 1.0), kind, None, confidence, "neu", 0.7)


def arguments_of(text: str, *answers: Prediction, role: Role = "body", least: float = 0.0) -> tuple[Argument, ...]:
    document = Document("a1", "a.txt", text, "hans")
    segments, at = [], 0
    for index, part in enumerate(text.splitlines()):
        segments.append(Segment("a1", index, at, at + len(part), role))
        at += len(part) + 1
    voices = Voices((AUTHOR,), ())
    return find_arguments(document, text, segments, voices, answers, cues=CUES, min_confidence=least)


def test_an_argument_is_verbatim_and_without_outer_blanks() -> None:
    (found,) = arguments_of("  因为芯片便宜了。 ", predict("cause"))
    assert found.text == "因为芯片便宜了。"
    assert (found.start, found.end, found.cue) == (2, 10, "因为")


def test_what_stands_beside_the_article_is_silent() -> None:
    assert arguments_of("应该立刻关注我们", predict("strategy"), role="boilerplate") == ()
    assert arguments_of("只是讲述。", predict(None)) == ()


def test_only_what_is_sure_enough_is_kept() -> None:
    text = "工厂会停工。\n利润会变薄。"
    sure, unsure = predict("risk", 0.9), predict("risk", 0.5)
    assert len(arguments_of(text, sure, unsure)) == 2
    assert [a.text for a in arguments_of(text, sure, unsure, least=0.8)] == ["工厂会停工。"]


def test_the_cue_is_the_longest_of_the_kind() -> None:
    assert find_cue("原因很简单，主要是芯片便宜了。", "cause", CUES) == "主要是"
    assert find_cue("天气很好。", "cause", CUES) is None


@given(st.text(alphabet="价格会降吗\u3000 。？\n", min_size=1, max_size=40))
def test_spans_are_always_verbatim(text: str) -> None:
    lines = [line for line in text.split("\n") if line]
    for found in arguments_of("\n".join(lines), *[predict("claim")] * len(lines)):
        assert found.text == "\n".join(lines)[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("门店关了一半。", "asserted"),
        ("明年价格可能还会往下走。", "possible"),
        ("厂家必须把账算清楚。", "necessary"),
        ("如果只剩低价，研发就会停下来。", "hypothetical"),
        ("降价并没有带来新客人。", "negated"),
        ("谁会为这样的服务付钱？", "rhetorical"),
        ("难道便宜就一定是好事？", "rhetorical"),
        ("这样的低价还能撑多久？", "question"),
        ("厂家不得不承认，并非没有人反对。", "necessary"),
        ("不能不说，这是一步好棋。", "necessary"),
        ("未必不是一条出路。", "possible"),
        ("无人不知这笔账。", "asserted"),
        ("不可能没有代价。", "asserted"),
        ("没有证据表明降价拉动了消费。", "negated"),
        ("价格战不会停。", "negated"),
        ("小厂不得不跟着降。", "necessary"),
        ("没有谁不盼着便宜。", "asserted"),
        ("不可否认，顾客得了实惠。", "asserted"),
        ("这未必是好事。", "possible"),
    ],
)
def test_modality(text: str, modality: str) -> None:
    assert modality_of(text) == modality


def test_the_plain_decider_takes_the_largest() -> None:
    import numpy as np

    kinds = np.array([[0.2, 0.5, 0.3, 0, 0, 0, 0, 0]], np.float32)
    (answer,) = plain_decider().decide(kinds, np.array([[0.1, 0.2, 0.7]], np.float32))
    assert (answer.kind, answer.stance) == ("cause", "neu")
    assert answer.confidence == pytest.approx(0.5, abs=1e-3)


def test_a_segment_that_turns_gives_two_spans() -> None:
    text = "降价让更多顾客受益，但是也留下质量隐忧。"
    first, second = arguments_of(text, replace(predict("benefit"), kind2="risk"))
    assert (first.text, first.kind) == ("降价让更多顾客受益，", "benefit")
    assert (second.text, second.kind) == ("但是也留下质量隐忧。", "risk")


def test_a_segment_without_a_plain_turn_keeps_both_kinds() -> None:
    (found,) = arguments_of("降价让更多顾客受益也有隐忧。", replace(predict("benefit"), kind2="risk"))
    assert (found.kind, found.kind2) == ("benefit", "risk")
