"""Reading annotated articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.gold import gold_digest, read_gold

TEXT = "价格降了。因为成本下降。"


def row(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "key": "k1", "title": "价格", "outlet": "", "date": "", "issue": "降价",
        "speaker_stance": {"N": "neu"}, "text": TEXT,
        "segments": [
            {"start": 0, "end": 5, "kinds": [], "speaker": None, "stance": None, "viewpoint": None},
            {"start": 5, "end": 12, "kinds": ["cause"], "speaker": "N", "stance": "neu", "viewpoint": "成本下降"},
        ],
        "prices": [{"date": "-", "vendor": "甲", "product": "乙", "direction": "-", "old": "-",
                    "new": "免费", "change_pct": "-"}],
    }  # fmt: skip
    return base | changes


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(item, ensure_ascii=False) for item in rows) + "\n", encoding="utf-8")
    return path


def test_an_article_comes_back_as_annotated(tmp_path: Path) -> None:
    (article,) = read_gold(write(tmp_path / "a.jsonl", row()))
    assert [segment.kinds for segment in article.segments] == [(), ("cause",)]
    assert article.text[article.segments[1].start : article.segments[1].end] == "因为成本下降。"
    assert article.prices[0].free


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", row(key="second"))
    write(tmp_path / "a.jsonl", row(key="first"))
    assert [article.key for article in read_gold(tmp_path)] == ["first", "second"]


def test_the_digest_follows_the_labels(tmp_path: Path) -> None:
    one = read_gold(write(tmp_path / "a.jsonl", row()))
    changed = row()
    changed["segments"][1]["kinds"] = ["risk"]
    other = read_gold(write(tmp_path / "b.jsonl", changed))
    assert gold_digest(one) == gold_digest(read_gold(tmp_path / "a.jsonl")) != gold_digest(other)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"kinds": ["reason"]}, "kind 'reason'"),
        ({"stance": "against"}, "stance 'against'"),
        ({"end": 99}, "span 5:99"),
        ({"start": 3}, "overlaps"),
        ({"speaker": None}, "without a speaker"),
    ],
)
def test_a_broken_segment_is_refused_with_its_place(tmp_path: Path, change: dict[str, Any], word: str) -> None:
    broken = row()
    broken["segments"][1] |= change
    with pytest.raises(InputError, match="line 1") as caught:
        read_gold(write(tmp_path / "a.jsonl", broken))
    assert word in str(caught.value)


def test_what_is_no_json_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="not JSON"):
        read_gold(tmp_path / "a.jsonl")
    with pytest.raises(InputError, match="check the path"):
        read_gold(tmp_path / "none.jsonl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="without"):
        read_gold(tmp_path / "empty")
