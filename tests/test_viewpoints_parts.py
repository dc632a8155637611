from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_viewpoints import CONFIG, ROWS, cut, tables

from pipeline.config import load_config
from pipeline.errors import ConfigError
from pipeline.records import Tables
from pipeline.run import run
from pipeline.viewpoints import build_viewpoints
from pipeline.viewpoints.agreement import measure_agreement, speaker_matrix
from pipeline.viewpoints.cluster import link, split
from pipeline.viewpoints.figures import Plots
from pipeline.viewpoints.label import essence
from pipeline.viewpoints.phrases import MAX_CHARS, find_phrases, read_sentence
from pipeline.viewpoints.quality import find_candidates
from pipeline.viewpoints.space import fit_embedder
from pipeline.viewpoints.vectors import load_encoder, shipped_model

ROOT = Path(__file__).resolve().parents[1]


def finished(rows: Sequence[tuple[int, str, str, str]] = ROWS) -> Tables:
    made = tables(list(rows))
    result = build_viewpoints(made, CONFIG, cut=cut)
    return replace(made, viewpoints=result.viewpoints, memberships=result.memberships)


def test_shipped_vectors_are_small_and_know_what_is_alike() -> None:
    folder = Path(__file__).parents[1] / "pipeline" / "viewpoints" / "static"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 15_000_000
    model = shipped_model()
    rows = model(["推理成本下降", "成本降低", "创业公司难以生存"], cut)
    assert rows[0] @ rows[1] > 0.5 > rows[0] @ rows[2]
    assert model.rarity("因为") < 1 < model.rarity("寡头")


def test_unknown_words_are_read_through_their_parts() -> None:
    assert shipped_model().pieces("价格战略师傅") != ["价格战略师傅"]
    assert np.linalg.norm(shipped_model()(["低价竞争策略性"], lambda text: [text])[0]) == pytest.approx(1, abs=1e-3)


def test_shipped_vectors_open_as_a_model2vec_model_and_give_the_same_directions() -> None:
    pytest.importorskip("model2vec")
    folder = Path(__file__).parents[1] / "pipeline" / "viewpoints" / "static"
    texts = ["推理成本下降", "创业公司难以生存"]
    theirs = load_encoder(str(folder))(texts, cut)
    assert np.allclose(theirs, shipped_model()(texts, cut), atol=1e-2)


def small_model(folder: Path) -> Path:
    """Save a model2vec model of three words."""
    from safetensors.numpy import save_file

    vocabulary = {"[UNK]": 0, "成本": 1, "份额": 2, "质量": 3}
    save_file({"embeddings": np.eye(4, dtype=np.float32)}, folder / "model.safetensors")
    tokenizer = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None, "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }  # fmt: skip
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    (folder / "config.json").write_text(json.dumps({"model_type": "model2vec", "normalize": True}), encoding="utf-8")
    return folder


def test_another_model2vec_model_replaces_the_vectors_by_one_setting(tmp_path: Path) -> None:
    pytest.importorskip("model2vec")
    folder = small_model(tmp_path)
    rows = load_encoder(str(folder))(["成本 下降", "份额", "成本"], cut)
    assert rows[0] @ rows[2] == pytest.approx(1)
    assert rows[0] @ rows[1] == pytest.approx(0)
    result = build_viewpoints(tables(ROWS), replace(CONFIG, vectors=str(folder)), cut=cut)
    assert result.viewpoints
    assert len(result.memberships) == 9


@pytest.mark.parametrize("make", [lambda p: p / "nowhere", lambda p: p], ids=["absent", "empty"])
def test_a_folder_without_a_model_is_refused_with_what_would_do(tmp_path: Path, make: object) -> None:
    with pytest.raises(ConfigError, match=r"viewpoints.vectors.*expected"):
        load_encoder(str(make(tmp_path)))  # type: ignore[operator]


def test_large_kinds_are_split_and_every_row_stays() -> None:
    texts = [f"{a}{b}{c}" for a in ("成本", "份额", "质量") for b in ("下降", "上升") for c in map(str, range(500))]
    space = fit_embedder(texts, cut, shipped_model())(texts)
    blocks = split(space, np.arange(len(texts)))
    assert len(blocks) > 1
    assert sorted(np.concatenate(blocks).tolist()) == list(range(len(texts)))
    labels = link(space, [False] * len(texts), granularity=1.0, seed=7)
    assert len(labels) == len(texts)
    assert labels.min() == 0


def test_finer_granularity_never_makes_fewer_viewpoints() -> None:
    counts = []
    for granularity in (0.5, 1.0, 2.0):
        texts = [row[3] for row in ROWS]
        space = fit_embedder(texts, cut, shipped_model())(texts)
        counts.append(len(set(link(space, [False] * len(texts), granularity=granularity, seed=7))))
    assert counts == sorted(counts)


def test_a_reporting_clause_is_no_part_of_the_point() -> None:
    assert essence("分析师林澈认为，推理成本还会继续下降。") == "推理成本还会继续下降。"
    assert essence("林澈：推理成本还会继续下降。") == "推理成本还会继续下降。"
    assert essence("他表示，会的。") == "他表示，会的。"


def test_headings_are_cut_at_words_and_not_through_phrases() -> None:
    found = [c.text for c in find_candidates("长期来看，闲置的算力需要尽快消化掉。", "strategy", cut)]
    assert all(4 <= len(text) <= MAX_CHARS for text in found)
    assert "闲置的算力需要" not in found
    assert found[0].endswith("消化掉")


@pytest.mark.parametrize(
    ("text", "torn"),
    [
        ("第二家不敢不降。", "家不敢不降"),
        ("我们不能把补贴当成护城河。", "把补贴当成护城河"),
        ("需求越大，供应越大。", "供应越大"),
        ("如何把价格降下来是厂商的难题。", "降下来是厂商的"),
        ("他们的劳动换来了工资。", "的劳动换来工资"),
        ("商家和顾客会不会吃亏？", "商家和顾客不会吃亏"),
        ("价格战会不会停，谁也说不准。", "不会停"),
        ("之后他们向你收水费。", "之后向收水费"),
        ("但别把低价当成应有的价格。", "把低价当成应有的价格"),
        ("平时并不需要电能维持显示。", "电能维持显示"),
        ("不是价格战毁了行业。", "价格战毁了行业"),
        ("降价则要看成本。", "降价则要看成本"),
        ("政府为了抑制通胀，可能加息。", "政府为了抑制通胀"),
        ("盲人因为角膜疾病丧失视力。", "盲人角膜疾病丧失视力"),
        ("工人要长期保障。", "工人长期保障"),
        ("依赖补贴的人早晚被淘汰。", "人早晚被淘汰"),
        ("以硅为主的原材料大幅涨价。", "为主的原材料大幅涨价"),
        ("小概率事件变成必然事件。", "概率事件变成必然事件"),
    ],
)
def test_torn_phrases_are_no_candidates(text: str, torn: str) -> None:
    assert torn not in {p.text for p in find_phrases(read_sentence(text, cut))}


def test_a_phrase_that_says_nothing_of_its_thing_has_less_chance() -> None:
    found = {c.text: c for c in find_candidates("市场份额下降，研发投入的前景。", "risk", cut)}
    assert found["市场份额下降"].subject
    assert all(not c.subject for text, c in found.items() if text == "研发投入前景")


def test_light_words_quotes_and_brackets_may_go_and_order_stays() -> None:
    found = {p.text for p in find_phrases(read_sentence("行业必将迎来产业的“节能升级”（见上表）。", cut))}
    assert {"行业迎来产业节能升级", "行业迎来产业的节能升级"} <= found
    for text in found:
        letters = iter("行业必将迎来产业的节能升级")
        assert all(char in letters for char in text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="价格的了不，。“”（）是成本下降推理越A9把被和 ", max_size=60))
def test_every_heading_keeps_words_of_its_sentence_in_order(text: str) -> None:
    sentence = read_sentence(text, cut)
    for phrase in find_phrases(sentence):
        assert list(phrase.kept) == sorted(set(phrase.kept))
        assert "".join(sentence.words[i] for i in phrase.kept) == phrase.text.replace(" ", "")
        assert len(phrase.text) <= MAX_CHARS


def test_agreement_counts_voices_and_finds_what_divides_and_what_bridges() -> None:
    rows = [
        (1, "benefit", "pro", "推理成本下降，用户得到实惠。"),
        (2, "benefit", "con", "推理成本下降，用户得到实惠，只是一时。"),
        (3, "benefit", "pro", "用户得到实惠，因为推理成本下降。"),
        (2, "risk", "con", "创业公司难以生存。"),
    ]
    made = finished(rows)
    agreement = {row.viewpoint_id: row for row in measure_agreement(made)}
    largest = agreement[made.viewpoints[0].viewpoint_id]
    assert (largest.n_pro, largest.n_con, largest.bridging) == (2, 1, True)
    assert largest.controversy == pytest.approx(2 / 3, abs=1e-3)
    matrix = speaker_matrix(made)
    assert len(matrix.cells) == len(matrix.names)
    assert all(len(row) == len(matrix.labels) for row in matrix.cells)


@pytest.mark.parametrize("plot", ["map", "hierarchy", "over_time", "matrix", "stance_by_outlet"])
@pytest.mark.parametrize("rows", [ROWS, ROWS[:0]], ids=["some", "none"])
def test_every_plot_draws_in_a_chinese_font(plot: str, rows: list) -> None:
    made = finished(rows)
    dated = replace(made, articles=tuple(replace(a, published=dt.date(2024, 5, 20)) for a in made.articles))
    figure = getattr(Plots(dated), plot)()
    assert "Noto Sans CJK SC" in figure.layout.font.family
    assert figure.to_json()


@pytest.mark.slow
def test_bertopic_gets_our_viewpoints_and_its_saved_model_opens(tmp_path: Path) -> None:
    pytest.importorskip("bertopic")
    from bertopic import BERTopic

    from pipeline.viewpoints.bertopic import fit_topics

    made = finished([*ROWS, *((n + 3, *rest) for n, *rest in ROWS)])
    dated = replace(
        made, articles=tuple(replace(a, published=dt.date(2024, a.n_chars % 12 + 1, 1)) for a in made.articles)
    )
    topics = fit_topics(dated, cut=cut)
    assert set(topics.viewpoint_ids) <= {v.viewpoint_id for v in made.viewpoints}
    words = " ".join(word for word, _ in topics.model.get_topic(0))
    assert any("\u4e00" <= char <= "\u9fff" for char in words)
    assert len(topics.hierarchy())
    assert len(topics.over_time())
    assert len(topics.per_outlet())
    assert len(topics.per_kind())
    topics.save(tmp_path / "model")
    assert BERTopic.load(str(tmp_path / "model")).get_topic(0)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["bertopic", "umap"])
def test_density_methods_give_the_same_twice(method: str) -> None:
    pytest.importorskip("hdbscan")
    rows = [(n, kind, stance, text) for n in range(1, 12) for _, kind, stance, text in ROWS]
    config = replace(CONFIG, method=method)
    assert build_viewpoints(tables(rows), config, cut=cut) == build_viewpoints(tables(rows), config, cut=cut)


@pytest.mark.slow
def test_threads_do_not_change_a_byte() -> None:
    from threadpoolctl import threadpool_limits

    rows = [(n, kind, stance, text + "又" * (n % 3)) for n in range(1, 30) for _, kind, stance, text in ROWS]
    made = tables(rows)
    results = []
    for threads in (1, 2):
        with threadpool_limits(limits=threads):
            results.append(repr(build_viewpoints(made, CONFIG, cut=cut)))
    assert results[0] == results[1]


def test_an_added_article_leaves_members_and_headings_where_they_were() -> None:
    made = finished()
    new = [
        (9, "risk", "con", "研发投入会被压缩。"),
        (9, "cause", "neu", "资本逼着大家抢份额。"),
        (9, "strategy", "neu", "应该专注垂直场景。"),
    ]
    more = tables([*ROWS, *new])
    result = build_viewpoints(more, CONFIG, cut=cut, previous=made)
    before = {m.argument_id: m.viewpoint_id for m in made.memberships}
    after = {m.argument_id: m.viewpoint_id for m in result.memberships}
    assert all(after[argument] == home for argument, home in before.items() if home is not None)
    labels = {v.viewpoint_id: v.label for v in result.viewpoints}
    assert all(labels[v.viewpoint_id] == v.label for v in made.viewpoints)
    afresh = build_viewpoints(more, replace(CONFIG, granularity=3.0), cut=cut, previous=made)
    assert afresh.changes.startswith("# ")


def test_the_same_articles_over_their_own_results_give_the_same_results() -> None:
    made = finished()
    again = build_viewpoints(made, CONFIG, cut=cut, previous=made)
    assert (again.viewpoints, again.memberships) == (made.viewpoints, made.memberships)


@pytest.mark.slow
@pytest.mark.parametrize("added", ["llm-08", "car-03", "coffee-01"])
def test_an_article_added_to_the_sample_leaves_the_rest_as_it_was(added: str, tmp_path: Path) -> None:
    """At least 95 in 100 memberships stay, and every viewpoint that no argument joined or left keeps its heading."""
    sample = sorted((ROOT / "corpus" / "articles").iterdir())
    folder = tmp_path / "articles"
    folder.mkdir()
    late = [path for path in sample if path.name.startswith(added)]
    assert len(late) == 1
    for path in sample:
        if path not in late:
            shutil.copy(path, folder)
    before = run([str(folder)], tmp_path / "out", config=load_config(), workers=1).tables
    shutil.copy(late[0], folder)
    after = run([str(folder)], tmp_path / "out", config=load_config(), workers=1).tables
    assert len(after.articles) == len(before.articles) + 1
    homes = {m.argument_id: m.viewpoint_id for m in before.memberships}
    now = {m.argument_id: m.viewpoint_id for m in after.memberships}
    assert homes.keys() < now.keys()
    stayed = sum(now[argument] == home for argument, home in homes.items())
    assert stayed >= 0.95 * len(homes)
    labels = {v.viewpoint_id: v.label for v in after.viewpoints}
    parents = {v.parent_id for v in before.viewpoints}
    for viewpoint in before.viewpoints:
        members = {a for a, home in homes.items() if home == viewpoint.viewpoint_id}
        untouched = members == {a for a, home in now.items() if home == viewpoint.viewpoint_id}
        if viewpoint.viewpoint_id not in parents and untouched:
            assert labels[viewpoint.viewpoint_id] == viewpoint.label
