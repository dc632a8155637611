"""The notebooks are thin, committed without outputs, and run from top to bottom on the results of a small run."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# One article with several voices, one column, one round table, one with prices: every cell has something to show.
ARTICLES = (
    "car-01-two-wan-overnight",
    "car-02-do-not-blame-the-cut",
    "car-03-roundtable-how-long",
    "coffee-01-nine-yuan-nine",
)

nbformat = pytest.importorskip("nbformat", reason="the notebooks need the extra 'notebooks'")


def cells(path: Path, kind: str) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def python_only(source: str) -> str:
    """Drop the lines that call a shell command, which are no Python."""
    return re.sub(r"^(\w+ = )?!.*$", "", source, flags=re.M)


def test_there_are_three_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["01_read_one_article", "02_explore_viewpoints", "03_argument_maps"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_thin(path: Path) -> None:
    code = [ast.parse(python_only(source)) for source in cells(path, "code")]
    assert 1 <= len(code) <= 15
    defined = [
        type(n).__name__ for tree in code for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))
    ]
    assert defined == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_import_the_package_by_its_public_face_alone(path: Path) -> None:
    imported = {
        name
        for source in cells(path, "code")
        for node in ast.walk(ast.parse(python_only(source)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert "pipeline" in imported
    assert [name for name in imported if name.startswith("pipeline.")] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_committed_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert [cell.outputs for cell in notebook.cells if cell.cell_type == "code" and cell.outputs] == []
    assert path.stat().st_size < 40_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_section_says_in_both_languages_what_to_look_at(path: Path) -> None:
    titled = [text for text in cells(path, "markdown") if text.startswith("#")]
    assert len(titled) >= 5
    for text in titled:
        assert re.match(r"#+ [^\n]*[\u4e00-\u9fff][^\n]*\n\*[A-Z][^\n]*[a-z][^\n]*\*\n", text + "\n"), (
            text.splitlines()[:2]
        )


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    articles = folder / "articles"
    articles.mkdir()
    for name in ARTICLES:
        shutil.copy(ROOT / "corpus" / "articles" / f"{name}.md", articles)
    command = [sys.executable, "-m", "pipeline", "run", str(articles), "--out", str(folder / "build"), "--workers", "1"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "where"), [*((path, "notebooks") for path in NOTEBOOKS), (NOTEBOOKS[0], ".")], ids=lambda p: Path(p).stem
)
def test_notebooks_run_from_top_to_bottom(path: Path, where: str, small_run: Path) -> None:
    nbclient = pytest.importorskip("nbclient", reason="running the notebooks needs the extra 'notebooks'")
    folder = small_run / where
    folder.mkdir(exist_ok=True)
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    client.execute()
    shown = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= len(cells(path, "code")) - 1
    printed = "".join(output.get("text", "") for cell in shown for output in cell.outputs)
    assert "Traceback" not in printed
    assert "Error" not in printed
