"""Scoring tables against annotated articles."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.gold import GoldArticle, GoldSegment
from pipeline.records import KINDS, Argument, Article, Kind, Speaker, SpeakerStance, Stance, Tables
from pipeline.score import align, score_tables
from pipeline.score.calibration import score_calibration
from pipeline.score.kinds import score_kinds
from tests.gate import compare, pin

TEXT = "成本降了。所以价格降了。利润没了。"
SPANS = ((0, 5), (5, 12), (12, 17))


def gold(text: str = TEXT, shift: int = 0) -> GoldArticle:
    kinds: tuple[tuple[Kind, ...], ...] = (("cause",), (), ("risk",))
    stances: tuple[Stance | None, ...] = ("neu", None, "con")
    return GoldArticle(
        "k", "", "", "", "降价", {"N": "con"}, text,
        tuple(
            GoldSegment(a + shift, b + shift, k, "N" if k else None, s, None)
            for (a, b), k, s in zip(SPANS, kinds, stances, strict=True)
        ),
        (),
    )  # fmt: skip


def argument(index: int, kind: Kind, stance: Stance = "neu", confidence: float = 0.9) -> Argument:
    start, end = SPANS[index]
    return Argument(
        f"g{index}", "a1", index, start, end, TEXT[start:end], kind, None, "s1", "author", stance, confidence, 0.9,
        None, "asserted", None, 0.9,
    )  # fmt: skip


def tables(*arguments: Argument) -> Tables:
    return Tables(
        articles=(Article("a1", "a.txt", None, None, None, None, None, TEXT, len(TEXT), "hans", "降价", None),),
        speakers=(Speaker("a1", "s1", "作者", None, None, "author", "p1"),),
        arguments=arguments,
        stances=(SpeakerStance("a1", "s1", "con", 0, 1, 0, 0.9),),
    )


def test_a_perfect_run_scores_one() -> None:
    scores = score_tables([gold()], tables(argument(0, "cause"), argument(2, "risk", "con")))
    assert scores.kinds.per_kind["cause"].f1 == scores.kinds.per_kind["risk"].f1 == 1.0
    assert scores.kinds.detection.f1 == 1.0
    assert scores.speaker_stance.n == 1
    assert scores.stance.per_stance["con"] == 1.0


def test_an_invented_argument_costs_precision_and_a_missed_one_recall() -> None:
    scores = score_tables([gold()], tables(argument(0, "cause"), argument(1, "claim")))
    assert scores.kinds.detection.precision == 0.5
    assert scores.kinds.detection.recall == 0.5


def test_normalised_text_is_met_through_the_source_map() -> None:
    spaced = "\u200b" + TEXT.replace("价格", "价 格")
    wide = dataclasses.replace(gold(spaced, 1), segments=gold(spaced, 1).segments[:1])
    (found,) = align([wide], tables(argument(0, "cause"))).articles
    assert found.segments[0].argument is not None
    assert (found.segments[0].start, found.segments[0].end) == SPANS[0]


def test_an_article_that_is_not_there_is_named() -> None:
    other = dataclasses.replace(gold(), text="别的文章。" * 3, segments=())
    assert align([other], tables()).missing == ("k",)
    with pytest.raises(InputError, match="none of the annotated articles"):
        score_tables([other], tables())


@given(st.lists(st.sampled_from([*KINDS, None]), max_size=30))
def test_scores_of_the_same_answer_are_perfect(kinds: list[str | None]) -> None:
    scores = score_kinds(kinds, kinds)
    assert all(value.f1 in (0.0, 1.0) for value in scores.per_kind.values())


def test_calibration_is_the_gap_between_saying_and_being() -> None:
    assert score_calibration([0.8] * 10, [True] * 8 + [False] * 2).error == pytest.approx(0.0)
    assert score_calibration([0.9] * 10, [False] * 10).error == pytest.approx(0.9)
    assert score_calibration([], []).points == ()


def test_the_gate_fails_below_a_floor_and_pins_only_upward_unless_told() -> None:
    floors = {"core": 0.5}
    assert compare({"core": 0.49}, floors) == ["core"]
    assert compare({"core": 0.499, "new": 0.1}, floors) == []
    assert compare({}, floors) == ["core"]
    pin({"core": 0.4, "new": 0.1}, floors, lower=False)
    assert floors == {"core": 0.5, "new": 0.1}
    pin({"core": 0.4}, floors, lower=True)
    assert floors["core"] == 0.4
