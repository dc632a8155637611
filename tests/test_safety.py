"""No code runs from data: nothing that is loaded can execute, and programs are started without a shell."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))
# Importing one of these is reason enough to look: they run code on loading.
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "skops", "hickle"}
# Calls that load with pickle or run text, by their last name or by module and name.
UNSAFE_CALLS = {
    "read_pickle", "to_pickle", "from_pickle", "load_module", "eval", "exec", "__import__", "os.system", "os.popen",
    "yaml.load", "yaml.full_load", "yaml.unsafe_load", "torch.load", "torch.save", "joblib.load", "joblib.dump",
}  # fmt: skip
# What the package may hold beside code: text, and arrays in a format that cannot carry code.
DATA = {
    ".py",
    ".toml",
    ".json",
    ".safetensors",
    ".npz",
    ".md",
    ".js",
    ".css",
    ".html",
    ".svg",
    ".txt",
    ".typed",
    ".LICENSE",
}


def called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def keyword(node: ast.Call, name: str) -> object:
    return next((getattr(k.value, "value", k.value) for k in node.keywords if k.arg == name), None)


def faults(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"imports {name}" for name in names if name.split(".")[0] in UNSAFE_MODULES)
        elif isinstance(node, ast.Call):
            name = called(node)
            if name in UNSAFE_CALLS or name.rpartition(".")[2] in UNSAFE_CALLS:
                yield f"calls {name}"
            if name in {"np.load", "numpy.load"} and keyword(node, "allow_pickle") is not False:
                yield f"{name} without allow_pickle=False"
            if name.startswith("subprocess."):
                if keyword(node, "shell"):
                    yield f"{name} with a shell"
                if keyword(node, "timeout") is None:
                    yield f"{name} without a time limit"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_that_is_loaded_can_run(path: Path) -> None:
    assert list(faults(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle", "from joblib import load", "import torch\ntorch.load(path)", "yaml.load(text)",
        "np.load(path)", "np.load(path, allow_pickle=True)", "pd.read_pickle(path)", "eval(text)",
        "subprocess.run(['dot'], shell=True, timeout=1)", "subprocess.run(['dot'])", "os.system('dot')",
    ],
)  # fmt: skip
def test_the_check_sees_what_it_should(code: str) -> None:
    assert list(faults(ast.parse(code)))


def test_the_package_holds_no_file_that_could_carry_code() -> None:
    files = [p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert [str(p.relative_to(PACKAGE)) for p in files if p.suffix not in DATA] == []
