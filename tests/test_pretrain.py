"""Pre-training: what is hidden, what must be told, and how weights to begin with come back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rjieba

from pipeline.errors import ConfigError
from pipeline.models.network import GAP, UNKNOWN
from pipeline.models.pretrain import cue_index, raw_example, read_start, write_start
from pipeline.models.train_network import NetworkPlan

TEXTS = ["因为成本下降，所以厂商敢降价。", "小厂可能撑不过冬天。", "茶馆里坐着三个人。"]


def test_cues_are_marked_with_all_their_words_and_nothing_else() -> None:
    """Every word of a cue is marked, the words beside it are not, and each cue is told with its segment."""
    index = cue_index([TEXTS])
    words = {word: row for row, word in enumerate(["因为", "厂商", "可能", "茶馆"], start=2)}
    example = raw_example(TEXTS, rjieba.cut, words, index)
    at = {word: int(np.flatnonzero(example.words == row)[0]) for word, row in words.items()}
    assert example.is_cue[at["因为"]]
    assert example.is_cue[at["可能"]]
    assert not example.is_cue[at["厂商"]]
    assert not example.is_cue[at["茶馆"]]
    told = {(int(segment), term) for segment, cue in example.cues for term, row in index.items() if row == cue}
    assert (0, "因为") in told
    assert (1, "可能") in told
    assert all(segment != 2 for segment, _ in told)


def test_every_segment_has_words_and_a_gap_after_them() -> None:
    """A segment without a known word still stands there; the gap rows are those of the network."""
    example = raw_example(["……", *TEXTS], rjieba.cut, {}, {})
    assert set(example.segment.tolist()) == {0, 1, 2, 3}
    assert example.n == 4
    assert example.words[1] == UNKNOWN
    assert (example.words[-GAP:] == 0).all()
    assert example.cues.shape == (0, 2)


def test_the_commonest_cues_are_kept_in_a_fixed_order() -> None:
    """Ties are broken by the term, so that two runs number alike."""
    index = cue_index([TEXTS, ["可能。", "可能。"]], most=2)
    assert len(index) == 2
    assert index["可能"] == 0
    assert index == cue_index([TEXTS, ["可能。", "可能。"]], most=2)


def test_shifts_come_back_under_their_words(tmp_path: Path) -> None:
    """Another choice of words keeps the shifts of those it shares and gives none to new ones."""
    shift = np.arange(12, dtype=np.float32).reshape(4, 3)
    write_start(tmp_path, {"shift": shift, "mix.bias": np.ones(2, np.float32)}, ["降价", "成本", "芯片"])
    start = read_start(tmp_path, ["芯片", "茶馆", "降价"])
    assert start["shift"].shape == (4, 3)
    assert (start["shift"][1] == shift[3]).all()
    assert (start["shift"][2] == 0).all()
    assert (start["shift"][3] == shift[1]).all()
    assert (start["mix.bias"] == 1).all()


def test_a_missing_start_is_told(tmp_path: Path) -> None:
    """A folder without weights gives the error that names it."""
    with pytest.raises(ConfigError):
        read_start(tmp_path / "nowhere", ["降价"])


def test_weights_come_back_through_the_layers() -> None:
    """What is exported can be begun with: the same weights in other layers."""
    torch = pytest.importorskip("torch", reason="training needs PyTorch, which is not installed")
    from pipeline.models.train_network import begin_with, export, make_layers

    plan = NetworkPlan(hidden=8, article=4, ngram=4, dense=4)
    one, other = make_layers(torch, 6, 5, 3, plan), make_layers(torch, 6, 5, 3, plan)
    begin_with(torch, other, export(one))
    assert all((values == export(other)[name]).all() for name, values in export(one).items())
