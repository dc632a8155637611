"""Relations inside an article."""

from __future__ import annotations

from dataclasses import replace

from pipeline.article.relations import find_relations
from pipeline.lexicon import load_lexicon
from pipeline.records import Argument, Kind, Relation, Segment, Stance
from tests.test_score import argument

CUES = load_lexicon("cues")


def related(*parts: tuple[str, Kind, Stance, str]) -> tuple[tuple[Relation, ...], list[Argument]]:
    text, arguments, segments = "", [], []
    for index, (sentence, kind, stance, speaker) in enumerate(parts):
        start = len(text)
        text += sentence
        base = argument(0, kind, stance)
        arguments.append(
            replace(
                base,
                argument_id=f"g{index}",
                segment=index,
                start=start,
                end=len(text),
                text=sentence,
                speaker_id=speaker,
            )
        )
        segments.append(Segment("a1", index, start, len(text), "body"))
    return find_relations(text, segments, arguments, cues=CUES), arguments


def test_evidence_supports_the_view_before_it() -> None:
    (found,), _ = related(
        ("城东小店撑不住低价竞争。", "risk", "con", "s1"),
        ("去年城东小店因低价竞争关了四十家。", "evidence", "neu", "s1"),
    )
    assert (found.source_id, found.target_id, found.kind) == ("g1", "g0", "support")


def test_a_summing_up_takes_the_evidence_before_it() -> None:
    found, _ = related(("去年城东关了四十家。", "evidence", "neu", "s1"), ("可见小店撑不住。", "risk", "con", "s1"))
    assert ("g0", "g1", "support") in {(r.source_id, r.target_id, r.kind) for r in found}


def test_evidence_of_another_voice_supports_nothing() -> None:
    found, _ = related(("低价挤掉了小店。", "risk", "con", "s1"), ("去年我开了四十家。", "evidence", "neu", "s2"))
    assert found == ()


def test_a_contrast_between_sides_attacks() -> None:
    found, _ = related(("顾客得了实惠。", "benefit", "pro", "s1"), ("但是工人的工钱少了。", "risk", "con", "s1"))
    assert [(r.source_id, r.target_id, r.kind, r.cue) for r in found] == [("g1", "g0", "attack", "但是")]


def test_an_explanation_causes_what_it_explains() -> None:
    found, _ = related(("价格还会往下走。", "forecast", "neu", "s1"), ("因为产能还在增加。", "cause", "neu", "s1"))
    assert [(r.source_id, r.target_id, r.kind) for r in found] == [("g1", "g0", "cause")]
