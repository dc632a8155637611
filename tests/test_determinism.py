"""The same input gives the same bytes: workers, order, hash seed, locale, time zone, an earlier run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_run import result_bytes

pytestmark = pytest.mark.slow


def run_command(folder: Path, out: Path, *more: str, **environment: str) -> dict[str, bytes]:
    """Run in a process of its own, from the folder above the articles, so that paths as given are the same."""
    package = str(Path(__file__).resolve().parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", folder.name, "--out", str(out), *more],
        cwd=folder.parent, env={**os.environ, "PYTHONPATH": package, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return result_bytes(out)


@pytest.fixture(scope="module")
def articles(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample articles, and enough short ones beside them that workers are started."""
    folder = tmp_path_factory.mktemp("input") / "articles"
    shutil.copytree(root / "corpus" / "articles", folder)
    for number in range(60):
        text = f"第{number}次降价之后，成本仍然是关键。低价可能带来恶性竞争，厂商应该提供差异化服务。\n" * 2
        (folder / f"short{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def expected(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("calm") / "out"
    return run_command(articles, out, "--workers", "1", PYTHONHASHSEED="0", LC_ALL="C.UTF-8", TZ="UTC")


ENVIRONMENTS = {
    "two workers and another hash seed": (("--workers", "2"), {"PYTHONHASHSEED": "4711"}),
    "plain C locale and a zone ahead": (("--workers", "1"), {"LC_ALL": "C", "LANG": "C", "TZ": "Asia/Shanghai"}),
    "another locale and a zone behind": (("--workers", "2"), {"LC_ALL": "de_DE.UTF-8", "TZ": "America/Los_Angeles"}),
    "more threads for linear algebra": (("--workers", "1"), {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}),
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_surroundings_do_not_show(name: str, articles: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    more, environment = ENVIRONMENTS[name]
    assert differences(expected, run_command(articles, tmp_path / "out", *more, **environment)) == []


def test_the_order_in_which_files_are_given_or_lie_on_the_disk_does_not_show(
    articles: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    shuffled = tmp_path / "articles"
    shuffled.mkdir()
    for path in sorted(articles.iterdir(), key=lambda p: p.name[::-1]):
        shutil.copy(path, shuffled / path.name)
    assert differences(expected, run_command(shuffled, tmp_path / "out")) == []


def test_an_earlier_run_does_not_show(articles: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_command(articles, out)
    assert differences(expected, run_command(articles, out)) == [], "nothing changed, results left as they are"
    shutil.rmtree(out / ".cache")
    assert differences(expected, run_command(articles, out)) == [], "everything read again"
    shutil.rmtree(out / "tables")
    assert differences(expected, run_command(articles, out)) == [], "from the cache alone"


def differences(expected: dict[str, bytes], got: dict[str, bytes]) -> list[str]:
    return sorted(name for name in expected.keys() | got.keys() if expected.get(name) != got.get(name))
