"""The built wheel in an empty environment: it holds all it needs and reads an article."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = "# 降价之后\n\n降价的原因是推理成本下降。但价格战可能挤压创业公司，厂商应该提供差异化服务。\n" * 2

pytestmark = pytest.mark.slow


def find_uv() -> str:
    uv = shutil.which("uv") or (str(ROOT / ".uv/bin/uv") if (ROOT / ".uv/bin/uv").exists() else None)
    if uv is None:
        pytest.skip("uv is not installed")
    return uv


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([find_uv(), "build", "--quiet", "--wheel", "--out-dir", str(out), str(ROOT)], check=True)
    return next(out.glob("*.whl"))


def test_wheel_holds_data_and_stays_small(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("pipeline/defaults.toml", "pipeline/lexicons/cues.toml", "pipeline/py.typed"):
        assert needed in names
    assert any(name.startswith("pipeline/models/") and name.endswith((".safetensors", ".npz")) for name in names)
    assert not [name for name in names if name.startswith(("tests/", "corpus/", "notebooks/"))]
    assert wheel.stat().st_size < 60e6


def test_wheel_reads_an_article_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    uv = find_uv()
    env = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH"}}
    subprocess.run([uv, "venv", "--quiet", str(tmp_path / "env")], check=True, env=env)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), str(wheel)], check=True, env=env)
    (tmp_path / "one.md").write_text(ARTICLE, encoding="utf-8")
    command = [str(tmp_path / "env/bin/lunheng"), "run", "one.md", "--out", "out"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/explorer.html").exists()
