"""A batch from files to files: nothing lost, the same bytes, every failure told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.config import load_config
from pipeline.errors import ConfigError
from pipeline.run import Progress, RunSummary, run
from pipeline.tables import find_broken_rows, read_tables

ONE = """# 低价不是护城河

作者 | 顾远

五月以来，几家模型厂商接连降价。降价的根本原因是推理成本下降，厂商也想借此抢占开发者。

但价格战可能挤压创业公司的生存空间，研发投入因此不足。

“没有利润的增长走不远。”虚构公司云栈智能的创始人陆闻舟说。他还指出，厂商应该把精力放在差异化服务上。

预计明年会有一半的厂商退出。
"""
TWO = """# 便宜是好事

作者 | 林夏

价格降下来，中小企业第一次用得起大模型，应用会因此爆发。有业内人士认为，低价能够推动技术普及。

不过，低价也可能带来恶性竞争，最后损害的是整个行业。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "articles"
    source.mkdir()
    (source / "one.md").write_text(ONE, encoding="utf-8")
    (source / "two.md").write_text(TWO, encoding="utf-8")
    return source


def read_into(out: Path, *paths: Path, **options: object) -> RunSummary:
    return run([str(path) for path in paths], out, config=load_config(), workers=1, **options)  # type: ignore[arg-type]


def result_bytes(out: Path) -> dict[str, bytes]:
    """Results that the input alone decides: without seconds, and without what changed since the last run."""
    skipped = {"manifest.json", ".lock", "changes.md", "_run.json"}
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and ".cache" not in p.parts and p.name not in skipped]
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def test_every_table_is_written_and_verbatim(folder: Path, tmp_path: Path) -> None:
    summary = read_into(tmp_path / "out", folder)
    tables = read_tables(tmp_path / "out" / "tables")
    assert tables == summary.tables
    assert find_broken_rows(tables) == []
    assert {a.title for a in tables.articles} == {"低价不是护城河", "便宜是好事"}
    assert "陆闻舟" in {s.name for s in tables.speakers}
    assert tables.arguments
    assert tables.memberships
    assert (tmp_path / "out" / "quarantine.jsonl").read_text() == ""
    for name in ("explorer.html", "report.md", "changes.md", "manifest.json"):
        assert (tmp_path / "out" / name).stat().st_size > 0


def test_second_run_reads_nothing_and_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_into(out, folder)
    before = result_bytes(out)
    summary = read_into(out, folder)
    assert summary.n_cached == 2
    assert summary.unchanged
    assert len(summary.tables.articles) == 2
    assert result_bytes(out) == before


def test_a_changed_article_alone_is_read_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_into(out, folder)
    (folder / "two.md").write_text(TWO + "\n监管应当介入，防止恶性竞争。\n", encoding="utf-8")
    summary = read_into(out, folder)
    assert summary.n_cached == 1
    assert not summary.unchanged
    assert len(list((out / ".cache").glob("??/*.json"))) == 2
    assert len(list((out / ".cache" / "sources").rglob("*.json"))) == 2


def test_damaged_cache_is_read_anew(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_into(out, folder)
    before = result_bytes(out)
    for number, path in enumerate(sorted((out / ".cache").rglob("*.json"))):
        path.write_bytes((path.read_bytes()[:100], b"[]", b"", b'[null, "x"]')[number % 4])
    shutil.rmtree(out / "tables")
    assert read_into(out, folder).n_cached == 0
    assert result_bytes(out) == before


@pytest.mark.parametrize("name", ["explorer.html", "tables/arguments.parquet", "maps/all.argdown", "changes.md"])
def test_a_damaged_result_is_written_again(name: str, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_into(out, folder)
    changes = (out / "changes.md").read_bytes()
    before = result_bytes(out)
    (out / name).write_bytes(b"damaged")
    summary = read_into(out, folder)
    assert not summary.unchanged
    assert summary.n_cached == 2
    assert result_bytes(out) == before
    assert name.startswith("tables") or (out / "changes.md").read_bytes() == changes
    assert read_into(out, folder).unchanged


def test_a_lost_file_comes_back_the_same_though_the_viewpoints_have_a_history(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_into(out, folder)
    (folder / "three.md").write_text(ONE.replace("一半", "三成") + "\n监管应当介入。\n", encoding="utf-8")
    (folder / "two.md").unlink()
    read_into(out, folder)
    before = {path.name: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    for name in ("explorer.html", "report.md", "changes.md", "quarantine.jsonl", "maps/all.dot"):
        (out / name).unlink()
    read_into(out, folder)
    after = {path.name: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    assert {name for name in before | after if before.get(name) != after.get(name)} <= {"manifest.json"}


def test_another_setting_of_the_corpus_steps_reads_no_article_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_into(out, folder)
    config = load_config(viewpoints={"granularity": 2.0})
    summary = run([str(folder)], out, config=config, workers=1)
    assert summary.n_cached == 2
    assert not summary.unchanged


def test_results_of_another_version_are_told_and_replaced(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_into(out, folder)
    before = result_bytes(out)
    pq.write_table(pa.table({"name": ["x"]}), out / "tables" / "viewpoints.parquet")
    (out / "tables" / "mine.txt").write_text("somebody's own")
    summary = read_into(out, folder)
    assert any("named anew" in note and "viewpoints" in note for note in summary.notes)
    assert (out / "tables" / "mine.txt").read_text() == "somebody's own"
    (out / "tables" / "mine.txt").unlink()
    assert result_bytes(out) == before


@pytest.mark.slow
def test_workers_and_file_order_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "articles"
    source.mkdir()
    for number in range(8):
        text = ONE if number % 2 else TWO
        (source / f"{number}.md").write_text(text + f"\n第{number}次降价之后，成本仍然是关键。\n", encoding="utf-8")
    files = sorted(source.iterdir())
    run([str(f) for f in files], tmp_path / "a", config=load_config(), workers=1)
    monkeypatch.setattr("pipeline.pool.MIN_SOURCES_FOR_WORKERS", 1)
    run([str(f) for f in reversed(files)], tmp_path / "b", config=load_config(), workers=2)
    assert result_bytes(tmp_path / "a") == result_bytes(tmp_path / "b")


def test_failures_are_told_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.md").write_text("")
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 20)
    summary = read_into(tmp_path / "out", folder, tmp_path / "nowhere.md")
    assert len(summary.tables.articles) == 2
    told = {Path(f.where).name for f in summary.failures}
    assert told == {"empty.md", "noise.txt", "nowhere.md"}
    assert all(f.got and f.expected and f.remedy for f in summary.failures)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert {Path(f["where"]).name for f in manifest["failed"]} == told


def test_the_same_article_twice_counts_once(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy"
    other.mkdir()
    shutil.copy(folder / "one.md", other / "one.md")
    summary = read_into(tmp_path / "out", folder, other)
    assert len(summary.tables.articles) == 2
    assert any("the same article" in f.got for f in summary.failures)


def test_a_fault_in_one_article_is_told_and_the_rest_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipeline.worker as worker

    real = worker.analyse

    def broken(document, tools, *, issue=None):  # type: ignore[no-untyped-def]
        if document.title == "便宜是好事":
            raise ZeroDivisionError("planted")
        return real(document, tools, issue=issue)

    monkeypatch.setattr(worker, "analyse", broken)
    summary = read_into(tmp_path / "out", folder)
    assert [a.title for a in summary.tables.articles] == ["低价不是护城河"]
    assert "planted" in summary.errors[0].got


def test_two_runs_on_one_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    seen: list[str] = []

    def meddle(_: Progress) -> None:
        if not seen:
            with pytest.raises(ConfigError, match="another run"):
                read_into(out, folder)
            seen.append("refused")

    read_into(out, folder, progress=meddle)
    assert seen == ["refused"]


def test_given_issue_is_used(folder: Path, tmp_path: Path) -> None:
    summary = read_into(tmp_path / "out", folder, issue="大模型价格战")
    assert {a.issue for a in summary.tables.articles} == {"大模型价格战"}


def test_output_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="file"):
        read_into(tmp_path / "file" / "out", folder)


def test_a_run_that_reads_nothing_leaves_earlier_results_alone(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_into(out, folder)
    before = {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    summary = read_into(out, tmp_path / "mistyped")
    assert "left as it was" in summary.notes[0]
    assert summary.paths == ()
    assert {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()} == before
