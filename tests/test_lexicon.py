"""Lexicons: matching with exact offsets, extension by the user, fingerprints."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.lexicon import compile_lexicon, fingerprint, load_lexicon, load_raw


def test_longest_match_wins_and_offsets_are_code_points() -> None:
    lexicon = compile_lexicon("t", {"a": ["价格", "价格战"], "b": ["战略"]})
    found = lexicon.find("😀打价格战略")
    assert [(m.start, m.end, m.term, m.group) for m in found] == [(2, 5, "价格战", "a")]
    assert {m.term for m in lexicon.find_overlapping("价格战略")} == {"价格", "价格战", "战略"}


def test_a_term_in_two_groups_belongs_to_the_first() -> None:
    assert compile_lexicon("t", {"a": ["原因"], "b": ["原因"]}).find("原因")[0].group == "a"


def test_empty_lexicon_finds_nothing() -> None:
    assert compile_lexicon("t", {}).find("什么都有") == []


@given(st.lists(st.text("价格战略，", min_size=1, max_size=4), max_size=8), st.text("价格战略，。", max_size=60))
@settings(max_examples=100, deadline=None)
def test_every_match_is_verbatim(terms: list[str], text: str) -> None:
    lexicon = compile_lexicon("t", {"g": terms})
    ends = 0
    for match in lexicon.find(text):
        assert text[match.start : match.end] == match.term
        assert match.start >= ends
        ends = match.end
    expected = {(i, t) for t in terms for i in range(len(text)) if text.startswith(t, i)}
    assert {(m.start, m.term) for m in lexicon.find_overlapping(text)} == expected


def test_user_file_extends_a_group(tmp_path: Path) -> None:
    extra = tmp_path / "mine.toml"
    extra.write_text('[my_cause]\nterms = ["根子在于某事"]\n', encoding="utf-8")
    assert load_lexicon("cues", extra).find("根子在于某事")[0].group == "my_cause"


@pytest.mark.parametrize(
    ("content", "message"), [(None, "check the path"), (b"[x", "expected TOML"), (b"\xff", "UTF-8")]
)
def test_bad_user_files_are_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    extra = tmp_path / "mine.toml"
    if content is not None:
        extra.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        load_raw("cues", extra)


def test_fingerprint_follows_user_files(tmp_path: Path) -> None:
    extra = tmp_path / "mine.toml"
    extra.write_text("a = 1", encoding="utf-8")
    assert fingerprint() == fingerprint()
    assert fingerprint([extra]) != fingerprint()
