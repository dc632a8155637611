"""The command line as a user meets it: output, exit codes, one line per mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ARTICLE = """# 降价之后

作者 | 顾远

降价的原因是推理成本下降。但价格战可能挤压创业公司，厂商应该提供差异化服务。
“没有利润的增长走不远。”虚构公司云栈智能的创始人陆闻舟说。
"""


def lunheng(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "120", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments], input=stdin, capture_output=True, env=environment, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "降价之后.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def finished(article: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("out") / "result"
    return out, lunheng("run", str(article), "--out", str(out), "--csv")


def test_run_ends_with_a_summary(finished: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, done = finished
    assert done.returncode == 0, done.stderr
    for word in ("1 篇文章", "论点", "立场", str(out / "explorer.html"), str(out / "report.md")):
        assert word in done.stdout
    assert (out / "tables" / "arguments.csv").exists()


def test_read_shows_voices(article: Path) -> None:
    done = lunheng("read", str(article))
    assert done.returncode == 0, done.stderr
    assert "降价之后" in done.stdout
    assert "陆闻舟" in done.stdout


def test_read_takes_standard_input(article: Path) -> None:
    done = lunheng("read", "-", stdin=article.read_bytes())
    assert done.returncode == 0, done.stderr
    assert "推理成本下降" in done.stdout


def test_map_exports(finished: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    done = lunheng("map", str(finished[0]), "--format", "argdown,dot")
    assert done.returncode == 0, done.stderr
    assert {Path(line).suffix for line in done.stdout.split()} >= {".argdown", ".dot"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["map", "OUT", "--format", "pptx"], 2, "expected some of argdown"),
        (["map", "/nonexistent"], 2, "run `lunheng run` first"),
        (["run", "ARTICLE"], 2, "--out"),
        (["run", "ARTICLE", "--out", "OUT", "--profile", "quick"], 2, "profile"),
        (["run", "ARTICLE", "--out", "OUT", "--config", "/nonexistent.toml"], 2, "check the path"),
        (["run", "/nonexistent", "--out", "NEW"], 1, "/nonexistent"),
        (["read", "/nonexistent"], 1, "/nonexistent"),
        (["fly"], 2, "fly"),
    ],
)
def test_mistakes_end_with_one_clear_message(
    arguments: list[str],
    code: int,
    message: str,
    article: Path,
    finished: tuple[Path, subprocess.CompletedProcess[str]],
    tmp_path: Path,
) -> None:
    names = {"ARTICLE": str(article), "OUT": str(finished[0]), "NEW": str(tmp_path / "new")}
    done = lunheng(*(names.get(a, a) for a in arguments))
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_strict_turns_warnings_into_failure(article: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    arguments = ["run", str(article), str(tmp_path / "empty.txt"), "--out", str(tmp_path / "out")]
    relaxed = lunheng(*arguments)
    assert relaxed.returncode == 0
    assert "empty.txt" in relaxed.stderr
    assert lunheng(*arguments, "--strict").returncode == 1


def test_settings_and_version_print() -> None:
    assert "min_confidence" in lunheng("settings").stdout
    assert lunheng("version").stdout.startswith("lunheng ")
