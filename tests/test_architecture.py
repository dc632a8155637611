"""The shape of the code: layers, sizes, what may be imported where."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline"
# From top to bottom; an import may only go down, and rooms on one line do not import each other.
LAYERS: list[set[str]] = [
    {"__main__"},
    {"cli"},
    {"__init__"},
    {"show", "show_scores"},
    {"run", "training", "results"},
    {"pool", "cluster", "stream", "corpus", "training_voices"},
    {"worker"},
    {"cache", "gather", "manifest", "output", "spread", "selection"},
    {"ingest", "article", "viewpoints", "argmap", "explorer", "score", "view", "models"},
    {"config", "lexicon", "tables", "gold", "stances", "normalise", "script", "ids", "atomic"},
    {"records", "errors"},
    {"terms", "version"},
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
# Within the second line from the bottom, these are plain helpers that the others there may use.
HELPERS = {"atomic", "ids", "script", "normalise"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def internal_imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pipeline":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("pipeline.")}
    return found


def test_every_module_has_a_place_in_the_layers() -> None:
    assert {room(path) for path in MODULES} <= set(LEVEL)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_go_down(path: Path) -> None:
    here = room(path)
    for target in internal_imports(ast.parse(path.read_text(encoding="utf-8"))):
        if target == here or target in HELPERS or target == "version":
            continue
        assert LEVEL[target] > LEVEL[here], f"{here} imports {target}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_and_functions_are_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            doc = ast.get_docstring(node, clean=False) or ""
            length = (node.end_lineno or 0) - node.lineno + 1 - doc.count("\n")
            assert length <= 50, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_internal_import_inside_a_function(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert not internal_imports(node), f"{node.name} imports from the package"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_pickle_eval_or_clock_in_stages(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    stage = room(path) in {"article", "viewpoints", "argmap", "explorer", "score", "view", "records", "gather"}
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec"}
        for name in names:
            assert name.split(".")[0] not in {"pickle", "dill", "joblib", "shelve", "marshal"}
            if stage:
                assert name.split(".")[0] not in {"uuid", "time", "multiprocessing"}


def test_public_face_is_small() -> None:
    import pipeline

    assert 1 <= len(pipeline.__all__) <= 15
    assert all(hasattr(pipeline, name) for name in pipeline.__all__)


@pytest.mark.parametrize("module", ["pipeline", "pipeline.cli"])
def test_importing_is_light(module: str) -> None:
    """The first article is shown within 2 s: nothing heavy is imported before a step needs it."""
    import subprocess
    import sys

    heavy = (
        "bertopic",
        "umap",
        "hdbscan",
        "spacy",
        "torch",
        "sklearn",
        "pandas",
        "plotly",
        "networkx",
        "IPython",
        "distributed",
    )
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
