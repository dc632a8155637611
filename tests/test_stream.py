"""Bounded memory: groups of articles, samples of arguments, and what they must not change."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cache import Entry
from pipeline.config import load_config
from pipeline.records import Article
from pipeline.run import run
from pipeline.stream import in_order
from pipeline.tables import TableWriter, read_parts, read_tables
from pipeline.viewpoints import RepeatFinder, find_repeats
from pipeline.viewpoints.sample import is_sampled, sampling_rates

SENTENCES = (
    "降价的根本原因是推理成本下降。", "但价格战可能挤压创业公司的生存空间。", "厂商应该提供差异化服务。",
    "预计明年会有一半的厂商退出。", "低价能够推动技术普及，让更多企业用得起。", "补贴难以持续，最终会损害行业。",
    "监管部门应当制止恶性竞争。", "算力效率提升带来成本下降。",
)  # fmt: skip


def write_articles(folder: Path, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        body = "".join(SENTENCES[(n * 3 + i * (n % 5 + 1)) % len(SENTENCES)] for i in range(6))
        text = f"第{n}篇\n\n{body}\n\n第{n}次降价之后，成本仍然是关键。\n"
        (folder / f"{n:03}.txt").write_text(text, encoding="utf-8")
    return folder


def article(identity: str, text: str) -> Article:
    return Article(identity, identity, None, None, None, None, None, text, len(text), "hans", "", None)


def test_groups_do_not_show_in_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_articles(tmp_path / "articles", 12)
    whole = run([str(folder)], tmp_path / "whole", config=load_config(), workers=1)
    monkeypatch.setattr("pipeline.stream.gather_to_files.__kwdefaults__", {"group": 5})
    parts = run([str(folder)], tmp_path / "parts", config=load_config(), workers=1)
    assert len(list(read_parts(tmp_path / "parts" / "tables", ("arguments", "speakers")))) == 3
    assert parts.tables == whole.tables
    assert parts.counts == whole.counts


def test_a_sample_serves_where_all_would_not_fit(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", 40)
    full = run([str(folder)], tmp_path / "full", config=load_config(), workers=1)
    config = load_config(viewpoints={"max_fitted": 60})
    sampled = run([str(folder)], tmp_path / "sampled", config=config, workers=1)
    assert any("max_fitted" in note for note in sampled.notes)
    tables = sampled.tables
    assert [m.argument_id for m in tables.memberships] == [m.argument_id for m in full.tables.memberships]
    known = {v.viewpoint_id: v for v in tables.viewpoints}
    homes = {m.argument_id: m.viewpoint_id for m in tables.memberships}
    rows = {a.argument_id: a for a in tables.arguments}
    for identity, home in homes.items():
        assert home is None or known[home].kind == rows[identity].kind
    copies = {a.article_id for a in tables.articles if a.repeat_of is not None}
    outlets = {a.article_id: a.outlet or None for a in tables.articles}
    for viewpoint in (v for v in tables.viewpoints if v.viewpoint_id in set(homes.values())):
        own = [rows[i] for i, home in homes.items() if home == viewpoint.viewpoint_id]
        own = [a for a in own if a.article_id not in copies]
        assert viewpoint.size == len(own)
        assert viewpoint.n_articles == len({a.article_id for a in own})
        assert viewpoint.n_con == sum(a.stance == "con" for a in own)
        assert viewpoint.n_outlets == len({outlets[a.article_id] for a in own} - {None})
    again = run([str(folder)], tmp_path / "again", config=config, workers=1)
    assert again.tables == tables


def test_page_and_report_say_what_they_leave_out(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", 20)
    summary = run([str(folder)], tmp_path / "out", config=load_config(export={"max_page_arguments": 50}), workers=1)
    n = len(summary.tables.arguments)
    assert n > 50
    line = next(note for note in summary.notes if "文章太多" in note)
    assert f"{n} 条论证里的" in line
    for name in ("explorer.html", "report.md", "report.html"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8").replace("\\", "")
        assert "文章太多，这里收录 20 篇里的" in text
    shown = json.loads(
        (tmp_path / "out" / "explorer.html").read_text(encoding="utf-8").split('id="data">')[1].split("</script>")[0]
    )
    assert 30 < len(shown["arguments"]) <= 50
    assert run([str(folder)], tmp_path / "out", config=load_config(export={"max_page_arguments": 50})).unchanged
    whole = run([str(folder)], tmp_path / "whole", config=load_config(), workers=1)
    assert "文章太多" not in (tmp_path / "whole" / "explorer.html").read_text(encoding="utf-8")
    assert summary.tables == whole.tables


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 10**6), min_size=1), st.integers(10, 10**6))
@settings(max_examples=100, deadline=None)
def test_rates_keep_within_the_limit_and_rare_kinds_whole(counts: dict[str, int], limit: int) -> None:
    rates = sampling_rates(counts, limit)
    assert rates.keys() == counts.keys()
    assert all(0 < rate <= 1 for rate in rates.values())
    assert sum(rates[kind] * n for kind, n in counts.items()) <= limit + 1e-6
    assert all(rates[kind] == 1 for kind, n in counts.items() if n <= limit // len(counts))


def test_the_sample_is_nested_and_has_about_its_share() -> None:
    ids = [f"a{n}" for n in range(4000)]
    half = {i for i in ids if is_sampled(i, 0.5)}
    assert {i for i in ids if is_sampled(i, 0.25)} < half
    assert 1850 < len(half) < 2150
    assert all(is_sampled(i, 1.0) for i in ids)


def test_copies_are_found_with_fewer_shingles_as_well() -> None:
    dice = np.random.default_rng(7)
    words = ["成本", "降价", "厂商", "模型", "竞争", "服务", "补贴", "利润", "用户", "监管", "市场", "技术"]
    texts = ["".join(dice.choice(words, size=300)) for _ in range(30)]
    rows = [article(f"a{n:02}", text) for n, text in enumerate(texts)]
    rows += [article(f"b{n:02}", text + "转载。") for n, text in enumerate(texts[:10])]
    small = RepeatFinder(room=1000)
    small.add(reversed(rows))
    assert small.find() == find_repeats(rows)
    assert len(find_repeats(rows)) == 10


def test_each_article_once_in_the_order_of_paths() -> None:
    entries = [
        Entry(f"k{n}", "d", path, identity) for n, (path, identity) in enumerate([("b", "1"), ("a", "2"), ("c", "1")])
    ]
    kept, duplicates = in_order(entries)
    assert [(e.path, e.article_id) for e in kept] == [("a", "2"), ("b", "1")]
    assert [(d.where, d.got) for d in duplicates] == [("c", "the same article as b")]


def test_empty_parts_keep_the_tables_in_step(tmp_path: Path) -> None:
    rows = [article("a1", "价格战。"), article("a2", "成本。")]
    with TableWriter(tmp_path, ("articles", "segments")) as writer:
        for row in rows:
            writer.write("articles", [row])
            writer.write("segments", [])
    assert [part.articles for part in read_parts(tmp_path, ("articles", "segments"))] == [(row,) for row in rows]
    assert read_tables(tmp_path, ("articles",)).articles == tuple(rows)
    assert replace(rows[0], text="") not in read_tables(tmp_path, ("articles",)).articles
