"""The learned judge of voices: what it sees, what it decides, how it is learned and stored."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.candidates import CandidateFinder
from pipeline.article.described import describe_voices
from pipeline.article.draft import Draft
from pipeline.article.segments import segment_document
from pipeline.article.speakers import Voices, build_voice_tools, draft_voices, find_voices
from pipeline.errors import ConfigError
from pipeline.gold import GoldArticle, GoldSegment
from pipeline.models import shipped_folder
from pipeline.models.train_voices import FOLDS, VoiceExample, train_member, train_voices
from pipeline.models.voices import load_voices, style_scores
from pipeline.records import Document
from pipeline.script import simplify
from pipeline.training_voices import train_judge, voice_example

RULES = build_voice_tools(None)
JUDGE, _ = load_voices(shipped_folder())
TOOLS = build_voice_tools(None, JUDGE)


def draft_of(text: str) -> Draft | None:
    document = Document("a1", "x.txt", text, "hans")
    plain = simplify(text)
    segments = segment_document(document, plain)
    return draft_voices(document, plain, segments, RULES) if segments else None


def read(text: str) -> Voices:
    document = Document("a1", "x.txt", text, "hans")
    plain = simplify(text)
    return find_voices(document, plain, segment_document(document, plain), TOOLS)


def chances(draft: Draft) -> list[float]:
    page = draft.page
    return JUDGE.chances(page.plain, page.spans, paragraphs=page.paragraphs, values=describe_voices(draft))


STORY = (
    "店长周敏早上六点就到了门店。\n“房租已经占到营收的三成，我们真的撑不住了。”周敏说，“再这样下去，年底就关门。”\n"
    "蓝海咨询分析师陈立群认为，这轮降价有三个原因：一是产能过剩；二是同质化。\n这一点，园区里没有人否认。"
)


def test_the_judge_gives_one_probability_a_segment_and_tells_speech_from_narration() -> None:
    draft = draft_of(STORY)
    assert draft is not None
    found = chances(draft)
    assert len(found) == len(draft.page.spans)
    assert all(0.0 < chance < 1.0 for chance in found)
    assert found[1] > JUDGE.threshold > found[0]


def test_clear_speech_and_clear_narration_stay_as_the_rules_found_them() -> None:
    assert {s.name for s in read(STORY).speakers[1:]} == {"周敏", "陈立群"}
    assert [s.kind for s in read("数据显示，今年上半年销量下降了两成。\n门店关了三千家。").speakers] == ["author"]


@given(st.text(alphabet="陈立群周敏说表示认为：“”，。\n他我们问答？「」A12", min_size=1, max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_is_described_by_the_same_columns(text: str) -> None:
    draft = draft_of(text)
    if draft is None:
        return
    values = describe_voices(draft)
    assert values.shape == (len(draft.page.spans), JUDGE.columns)
    assert np.isfinite(values).all()
    for item in read(text).attributions:
        assert 0.0 <= item.confidence <= 1.0
        assert 0 <= item.start < item.end <= len(text)


def test_candidates_name_each_voice_once_with_its_signs() -> None:
    draft = draft_of(STORY)
    assert draft is not None
    found = CandidateFinder(draft, RULES.finder.reader).of_segment(len(draft.page.spans) - 1)
    names = [candidate.name for candidate in found]
    assert len(set(names)) == len(names)
    assert {"周敏", "陈立群"} <= set(names)
    assert all(candidate.signs["bias"] == 1.0 for candidate in found)


def test_weights_for_other_columns_are_refused() -> None:
    draft = draft_of(STORY)
    assert draft is not None
    page = draft.page
    with pytest.raises(ConfigError, match="columns"):
        JUDGE.chances(page.plain, page.spans, paragraphs=page.paragraphs, values=describe_voices(draft)[:, 1:])


def examples(n: int) -> list[VoiceExample]:
    """Articles in which the third column and the word `我们` tell the voice."""
    rng = np.random.default_rng(0)
    found = []
    for k in range(n):
        said = [int(answer) for answer in rng.integers(0, 2, 12)]
        plain = "".join("我们都很难啊。" if answer else "价格又降了吧。" for answer in said)
        values = rng.normal(size=(12, 4)).astype(np.float32)
        values[:, 2] += np.array(said)
        spans = tuple((7 * i, 7 * i + 7) for i in range(12))
        signs = [({"bias": 1.0, "here": float(answer)}, bool(answer)) for answer in said]
        found.append(VoiceExample(f"a{k}", plain, spans, (0,) * 6 + (1,) * 6, values, tuple(said), tuple(signs)))
    return found


def test_what_is_learned_is_stored_and_read_again(tmp_path: Path) -> None:
    articles = examples(40)
    learned = train_voices(articles, tmp_path)
    again, digest = load_voices(tmp_path)
    one = articles[0]
    for fold in range(FOLDS):
        kept = again.without_fold(fold).chances(one.plain, one.spans, paragraphs=one.paragraphs, values=one.values)
        fresh = learned.without_fold(fold).chances(one.plain, one.spans, paragraphs=one.paragraphs, values=one.values)
        assert np.abs(np.array(kept) - np.array(fresh)).max() < 0.05
    said = np.array(again.chances(one.plain, one.spans, paragraphs=one.paragraphs, values=one.values)) >= 0.5
    assert (said == np.array(one.answers)).all()
    assert again.name_chance({"bias": 1.0, "here": 1.0}) > again.name_chance({"bias": 1.0, "here": 0.0})
    train_voices(articles, tmp_path / "twice")
    assert load_voices(tmp_path / "twice")[1] == digest


def test_style_is_a_sum_over_the_segment_alone() -> None:
    member = train_member(examples(20))
    alone = style_scores(member.style, member.style_bias, "我们都很难啊。", [(0, 7)])
    inside = style_scores(member.style, member.style_bias, "价格又降了吧。我们都很难啊。价格又降了吧。", [(7, 14)])
    assert alone[0] == pytest.approx(inside[0], abs=1e-4)


def gold_article(cut: int) -> GoldArticle:
    text = "陈立群认为，价格会降。\n这不奇怪。"
    spans = [(0, 11), (12, cut)]
    segments = tuple(
        GoldSegment(start, end, ("claim",), speaker, "neu", None)
        for (start, end), speaker in zip(spans, ("陈立群", "N"), strict=True)
    )
    return GoldArticle("a1", "", "", "", "降价", {}, text, segments, ())


def test_an_annotated_article_becomes_an_example() -> None:
    example = voice_example(gold_article(17), RULES)
    assert example is not None
    assert example.answers == (1, 0)
    assert [right for _, right in example.candidates] == [True]


def test_articles_cut_otherwise_are_left_out_and_few_voices_teach_nothing(tmp_path: Path) -> None:
    assert voice_example(gold_article(16), RULES) is None
    assert train_judge([gold_article(17)], RULES, tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_time_grows_with_length_only() -> None:
    def seconds(n: int) -> float:
        text = "\n".join(
            ["远山公司经理陈立群表示，价格还会下降。", "“库存太多了。”他说。", "这没有争议，周敏也看到了。"] * n
        )
        start = time.process_time()
        read(text)
        return time.process_time() - start

    read(STORY)
    small, large = (min(seconds(n) for _ in range(3)) for n in (60, 600))
    assert large < 25 * max(small, 0.004), (small, large)


def test_hearsay_stays_apart_from_the_author() -> None:
    text = "补贴该收了\n有人担心，管多了会伤了竞争的活力。\n这种担心不无道理，但是要管的是行为，不是价签。"
    voices = read(text)
    at = text.index("有人担心")
    found = voices.of_span(at, at + 16)
    assert found.mode == "hearsay"
    assert found.speaker_id != voices.speakers[0].speaker_id
