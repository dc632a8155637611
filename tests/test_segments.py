"""Segments: where they end, which role they have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.segments import segment_document
from pipeline.records import Block, Document


def cut(text: str, blocks: tuple[Block, ...] = ()) -> list[tuple[str, str]]:
    document = Document("a1", "x.txt", text, "hans", blocks=blocks)
    return [(text[s.start : s.end], s.role) for s in segment_document(document, text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("降价了。涨价了！真的?是的", ["降价了。", "涨价了！", "真的?", "是的"]),
        ("他说：“降价。”然后走了。", ["他说：“降价。”", "然后走了。"]),
        ("一是成本；二是份额;三是人心", ["一是成本；", "二是份额;", "三是人心"]),
        ("便宜……但是慢。", ["便宜……", "但是慢。"]),
        ("便宜…但是慢。", ["便宜…但是慢。"]),
        ("「好！」她笑道。（完）", ["「好！」", "她笑道。", "（完）"]),
        ("第一行\n\n  第二行  \n", ["第一行", "第二行"]),
        ("---\n***\n正文开始。", ["正文开始。"]),
    ],
)
def test_ends(text: str, wanted: list[str]) -> None:
    assert [piece for piece, _ in cut(text)] == wanted


def test_roles_come_from_the_document_first() -> None:
    text = "文 / 某人\n一、成本在下降\n" + "正文说明成本为什么下降，" * 6 + "如此。\n长按二维码关注"
    start = text.index("长按")
    found = cut(text, (Block(0, 6, "byline"), Block(start, len(text), "boilerplate")))
    assert [role for _, role in found] == ["byline", "heading", "body", "boilerplate"]


def test_a_short_line_between_paragraphs_is_a_heading_and_a_sentence_is_not() -> None:
    long = "价格一降再降，受益的先是用户，随后是应用开发者，最后才轮到云厂商自己，" * 2 + "次序如此。"
    found = cut(f"{long}\n谁先撑不住\n{long}\n没人知道。\n{long}")
    assert [role for piece, role in found if len(piece) < 10] == ["heading", "body"]


@given(st.text(alphabet="价格战。！？；…“”\n a1（）—", max_size=200))
@settings(max_examples=100, deadline=None)
def test_segments_are_ordered_trimmed_and_lose_no_word(text: str) -> None:
    document = Document("a1", "x", text, "hans")
    segments = segment_document(document, text)
    last = 0
    for i, segment in enumerate(segments):
        assert segment.index == i
        assert last <= segment.start < segment.end <= len(text)
        piece = text[segment.start : segment.end]
        assert piece == piece.strip()
        assert "\n" not in piece
        last = segment.end


def test_a_line_of_two_million_characters_is_cut_in_linear_time() -> None:
    text = "价格" * 1_000_000
    assert len(segment_document(Document("a1", "x", text, "hans"), text)) == 1


@pytest.mark.shared
def test_agreement_with_the_annotated_segments(shared: Path) -> None:
    same = wanted = found = 0
    for line in (shared / "gold" / "dev.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        gold = {(s["start"], s["end"]) for s in row["segments"]}
        ours = {(s.start, s.end) for s in segment_document(Document("a", "x", row["text"], "hans"), row["text"])}
        same, wanted, found = same + len(gold & ours), wanted + len(gold), found + len(ours)
    assert 2 * same / (wanted + found) > 0.9999
