"""Classifiers: weights on disk, training, decisions, speed, silence."""

from __future__ import annotations

import json
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.analyse import analyse
from pipeline.article.tools import Tools, build_tools
from pipeline.config import load_config
from pipeline.errors import ConfigError, InputError
from pipeline.models import load_classifier, member_alone, shipped_folder
from pipeline.models.decide import decider_from
from pipeline.models.features import char_ngrams, dense_features, dense_names, feature_digest, fold
from pipeline.models.labels import LabelledArticle
from pipeline.models.linear import LinearModel, linear_arrays, load_linear
from pipeline.models.network import _run_grus, load_network, network_arrays, tuned_rows
from pipeline.models.store import read_model, write_model
from pipeline.models.train import FOLDS, OutOfFold, frequent_ngrams
from pipeline.models.train_linear import build_vocabulary, train_linear
from pipeline.models.tune import class_weights, confidence_curve, macro_f1
from pipeline.records import KINDS, Document, Kind, SegmentView, Stance
from pipeline.training import train_from_files
from tests.silence import TEXTS


def view(text: str) -> SegmentView:
    return SegmentView(text, tuple(text), "body", "author", "s1", True)


def labelled(n: int = 8) -> list[LabelledArticle]:
    lines: tuple[tuple[str, Kind | None, Stance], ...] = (
        ("因为芯片便宜了，所以价格降了。", "cause", "neu"),
        ("小店会被挤垮，风险很大。", "risk", "con"),
        ("昨天上午开了会。", None, "neu"),
        ("厂家应该先把服务做好。", "strategy", "neu"),
    )
    return [
        LabelledArticle(
            f"k{i}",
            tuple(view(f"第{i}家{text}") for text, _, _ in lines),
            tuple((kind,) if kind else () for _, kind, _ in lines),
            tuple(stance if kind else None for _, kind, stance in lines),
        )
        for i in range(n)
    ]


def learned(articles: list[LabelledArticle]) -> LinearModel:
    vocabulary, idf = build_vocabulary(articles)
    return LinearModel(vocabulary, idf, (train_linear(articles, vocabulary, idf),))


@pytest.fixture(scope="module")
def tools() -> Tools:
    return build_tools(load_config(), load_classifier("shipped", "best"))


def test_the_quick_model_learns_and_survives_the_disk(tmp_path: Path) -> None:
    model = learned(labelled())
    arrays, meta = linear_arrays(model)
    write_model(tmp_path, "linear", arrays, meta)
    back = load_linear(*read_model(tmp_path, "linear"))
    views = labelled()[0].views
    kinds, stances = back.scores(views)
    assert kinds.argmax(axis=1).tolist() == [1, 2, 0, 4]
    assert stances.shape == (4, 3)
    np.testing.assert_allclose(kinds, model.scores(views)[0], atol=0.05)


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        arrays, meta = linear_arrays(learned(labelled()))
        write_model(tmp_path / name, "linear", arrays, meta)
    for file in ("linear.json", "linear.safetensors"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_the_network_survives_the_disk(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    h, g, grams, width = 6, 4, frequent_ngrams(labelled()), 5
    shapes = {
        "conv0.weight": (3, width, h), "conv0.bias": (h,), "conv1.weight": (3, h, h), "conv1.bias": (h,),
        "conv2.weight": (3, h, h), "conv2.bias": (h,), "shift": (2, width),
        "attention.weight": (h, 2), "attention.bias": (2,), "dense.weight": (len(dense_names()), 3), "dense.bias": (3,),
        "mix.weight": (3 * h + 4 + 3, 2 * h), "mix.bias": (2 * h,), "ngram": (len(grams) + 1, 4),
        "kind.weight": (2 * g + 2 * h, 8), "kind.bias": (8,), "stance.weight": (2 * g + 2 * h, 3), "stance.bias": (3,),
    }  # fmt: skip
    for way in ("forward", "backward"):
        shapes |= {
            f"{way}.input": (2 * h, 3 * g), f"{way}.hidden": (g, 3 * g), f"{way}.input_bias": (3 * g,),
            f"{way}.hidden_bias": (3 * g,),
        }  # fmt: skip
    member = {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    vectors = rng.normal(0, 1, (4, width)).astype(np.float32)
    arrays, meta = network_arrays(vectors, ["因", "为"], grams, [member, member], tuned=["为"])
    write_model(tmp_path, "network", arrays, meta)
    network = load_network(*read_model(tmp_path, "network"))
    views = labelled()[0].views
    kinds, stances = network.scores(views)
    assert kinds.shape == (4, 8)
    np.testing.assert_allclose(np.exp(kinds).sum(axis=1), 1.0, atol=1e-4)
    np.testing.assert_allclose(np.exp(stances).sum(axis=1), 1.0, atol=1e-4)


def test_a_member_shifts_the_vectors_of_the_words_it_tuned() -> None:
    rows = tuned_rows({"因": 2, "为": 3}, ["为", "无"], 4)
    assert rows.tolist() == [0, 0, 0, 1]


def test_decisions_may_be_learned_on_some_articles_alone() -> None:
    kinds = np.full((4, 8), 0.05, np.float32)
    kinds[:, 0], kinds[:, 1] = 0.4, 0.3
    truth, stances = np.array([1, 1, 0, 0]), np.full((4, 3), 1 / 3, np.float32)
    found = OutOfFold(("a", "a", "b", "b"), kinds, stances, truth, np.zeros(4, np.int64))
    trusting = replace(found, deciding=frozenset({"a"})).decider()
    assert (kinds[0] * trusting.kind_weights).argmax() == 1
    assert (kinds[0] * replace(found, deciding=frozenset({"b"})).decider().kind_weights).argmax() == 0


def test_damaged_or_missing_weights_are_refused(tmp_path: Path) -> None:
    write_model(tmp_path, "linear", {"a": np.zeros(3, np.float32)}, {})
    (tmp_path / "linear.safetensors").write_bytes(b"broken")
    with pytest.raises(ConfigError, match="not the weights"):
        read_model(tmp_path, "linear")
    (tmp_path / "linear.json").write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(ConfigError, match="format 99"):
        read_model(tmp_path, "linear")
    with pytest.raises(ConfigError, match=r"none.*linear\.json"):
        load_classifier(str(tmp_path / "none"), "fast")
    with pytest.raises(ConfigError, match="profile"):
        load_classifier("shipped", "slow")


def test_shipped_weights_are_small_quick_and_without_pickle() -> None:
    files = list(shipped_folder().iterdir())
    assert {file.suffix for file in files} <= {".json", ".safetensors", ".md"}
    assert sum(file.stat().st_size for file in files) <= 25_000_000
    start = time.perf_counter()
    load_classifier("shipped", "best")
    assert time.perf_counter() - start < 3.0  # under one second on a free core


def test_the_same_article_gets_the_same_answer() -> None:
    classifier = load_classifier("shipped", "best")
    views = labelled()[0].views
    assert classifier.predict(views) == classifier.predict(views)
    assert classifier.predict([]) == []


def test_texts_without_arguments_stay_nearly_silent(tools: Tools) -> None:
    invented = segments = 0
    for topic, texts in TEXTS.items():
        for index, text in enumerate(texts):
            reading = analyse(Document(f"{topic}{index}", "x.txt", text, "hans"), tools)
            invented += len(reading.arguments)
            segments += len(reading.segments)
    assert invented <= 0.05 * segments


def test_an_article_of_one_segment_and_one_of_thousands_are_read(tools: Tools) -> None:
    one = analyse(Document("one", "x.txt", "价格战伤害了研发。", "hans"), tools)
    assert len(one.segments) == 1
    long = analyse(Document("long", "x.txt", "价格战伤害了研发。\n昨天下了雨。\n" * 2500, "hans"), tools)
    assert len(long.segments) == 5000
    assert all(a.text == "价格战伤害了研发。" or a.text == "昨天下了雨。" for a in long.arguments)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_features_are_finite_whatever_the_text(text: str) -> None:
    rows = dense_features([view(text), view(text)])
    assert rows.shape == (2, len(dense_names()))
    assert np.isfinite(rows).all()
    assert fold(fold(text)) == fold(text)
    assert char_ngrams(text)[0] == "^"


def test_class_weights_raise_the_aim_and_curves_rise() -> None:
    rng = np.random.default_rng(1)
    labels = rng.choice(8, 600, p=[0.5, 0.1, 0.1, 0.05, 0.05, 0.05, 0.1, 0.05])
    scores = rng.dirichlet(np.ones(8), 600).astype(np.float32) + 0.25 * np.eye(8, dtype=np.float32)[labels]
    weights = class_weights(scores, labels, core=range(1, 6), rest=(6, 7))
    assert macro_f1(labels, (scores * weights).argmax(1), range(1, 6)) >= macro_f1(
        labels, scores.argmax(1), range(1, 6)
    )
    curve = confidence_curve(rng.random(400).astype(np.float32), rng.random(400) < 0.5)
    assert (np.diff(curve[0]) > 0).all()
    assert (np.diff(curve[1]) >= 0).all()


def test_deciders_survive_json() -> None:
    decider = load_classifier("shipped", "fast").decider
    again = decider_from(json.loads(json.dumps(decider.as_settings())))
    np.testing.assert_allclose(again.kind_weights, decider.kind_weights, atol=1e-4)
    assert len(again.kind_weights) == len(KINDS) + 1


def test_the_cue_lexicon_is_the_one_that_the_weights_were_learned_with() -> None:
    for name in ("linear", "network"):
        _, meta = read_model(shipped_folder(), name)
        assert meta["features"] == feature_digest(), "cues.toml changed: train again"


def test_members_answer_alone() -> None:
    classifier = load_classifier("shipped", "best")
    alone = [member_alone(classifier, index).predict(labelled()[0].views) for index in range(FOLDS)]
    assert len({str(answer) for answer in alone}) == FOLDS


@pytest.mark.slow
def test_a_stranger_can_train_on_the_articles_of_the_project(tmp_path: Path, root: Path) -> None:
    report = train_from_files([root / "corpus" / "gold"], tmp_path, load_config(), network=False)
    assert report.n_articles == 8
    assert report.scores["fast"].detection.f1 > 0.7
    answers = load_classifier(str(tmp_path), "best").predict(labelled()[0].views)
    assert len(answers) == 4


def test_too_few_articles_to_train_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "好。", "segments": []}\n', encoding="utf-8")
    with pytest.raises(InputError, match="at least 5"):
        train_from_files([tmp_path / "a.jsonl"], tmp_path / "out", load_config())


def test_a_gate_far_from_zero_is_shut_without_a_warning() -> None:
    """Long numbers and odd text drive the gates of the recurrent layer far; nothing may overflow."""
    inside = np.full((2, 1, 6), -1e4, np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        states = _run_grus(inside, np.zeros((1, 2, 6), np.float32), np.zeros((1, 6), np.float32))
    assert np.isfinite(states).all()
