"""Exports judged by other people's programs: Argdown's command line, arguebuf, Graphviz."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sample_tables import hostile_tables, many_tables, sample_tables

from pipeline.argmap import FORMATS, ArgumentMap, aif, argdown, build_map, export_maps
from pipeline.records import Tables

pytestmark = pytest.mark.slow
# @argdown/cli 2.0.0 asks for a version of its Markdown plugin that the registry does not have.
ARGDOWN = {
    "private": True,
    "dependencies": {"@argdown/cli": "2.0.0"},
    "overrides": {"@argdown/markdown-it-plugin": "1.7.7"},
}
MAPS = {
    "sample": (sample_tables, "all"),
    "hostile": (hostile_tables, "all"),
    "speaker": (sample_tables, "speaker:顾明岚"),
    "many": (lambda: many_tables(12), "all"),
}


@pytest.fixture(params=list(MAPS))
def case(request: pytest.FixtureRequest) -> tuple[Tables, ArgumentMap]:
    make, scope = MAPS[request.param]
    tables = make()
    return tables, build_map(tables, scope)


@pytest.fixture(scope="session")
def argdown_command(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Argdown's command line, installed into a throw-away folder."""
    found = shutil.which("argdown")
    if found:
        return found
    if not shutil.which("npm"):
        pytest.skip("npm is not installed, so @argdown/cli cannot judge the Argdown files")
    folder = tmp_path_factory.mktemp("argdown")
    (folder / "package.json").write_text(json.dumps(ARGDOWN), encoding="utf-8")
    try:
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=folder, check=True, capture_output=True, timeout=240,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"@argdown/cli could not be installed: {error}")
    return str(folder / "node_modules" / ".bin" / "argdown")


@pytest.fixture(scope="session")
def arguebuf_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python with arguebuf, whose old protobuf and lxml must not meet ours."""
    folder = tmp_path_factory.mktemp("arguebuf")
    python = str(folder / "bin" / "python")
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=120)
        command = [python, "-m", "pip", "-q", "install", "arguebuf==2.7.*"]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"arguebuf could not be installed: {error}")
    return python


def plain_text(statement: dict[str, object]) -> str:
    """The text that Argdown shows of a description, less the tags that we put after it."""
    return re.sub(r"(\s#\([^()]*\))+\s*$", "", str(statement["text"])).strip()


def test_argdown_reads_every_node_edge_and_word(
    case: tuple[Tables, ArgumentMap], argdown_command: str, tmp_path: Path
) -> None:
    tables, graph = case
    (tmp_path / "map.argdown").write_text(argdown.render(graph, tables), encoding="utf-8")
    done = subprocess.run(
        [argdown_command, "json", "map.argdown", "out"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    written = tmp_path / "out" / "map.json"
    assert done.returncode == 0, done.stdout + done.stderr
    assert written.exists(), done.stdout + done.stderr
    read = json.loads(written.read_text(encoding="utf-8"))
    assert len(read["arguments"]) == len(graph.of_type("argument"))
    assert len(read["statements"]) == len(graph.nodes) - len(graph.of_type("argument"))
    assert len(read["relations"]) == sum(e.kind != "about" for e in graph.edges)
    by_id = {item["data"]["id"]: item for group in ("arguments", "statements") for item in read[group].values()}
    for node in graph.nodes:
        described = next(m for m in by_id[node.node_id]["members"] if not m.get("isReference"))
        assert plain_text(described) == node.text.strip()
        if node.source:
            data = by_id[node.node_id]["data"]
            assert (data["start"], data["end"], data["speaker"]) == (
                node.source.start, node.source.end, node.source.speaker,
            )  # fmt: skip


COUNT = """
import json, sys, arguebuf
graph = arguebuf.load.file(sys.argv[1])
texts = sorted(node.plain_text for node in graph.atom_nodes.values())
print(json.dumps([len(graph.atom_nodes), len(graph.scheme_nodes), len(graph.edges), texts]))
"""
XCOUNT = COUNT.replace("arguebuf.load.file(sys.argv[1])", "arguebuf.load.xaif(json.load(open(sys.argv[1])))")


@pytest.mark.parametrize(("name", "script"), [("aif", COUNT), ("xaif", XCOUNT)])
def test_arguebuf_reads_aif(
    case: tuple[Tables, ArgumentMap], arguebuf_python: str, tmp_path: Path, name: str, script: str
) -> None:
    tables, graph = case
    path = tmp_path / "map.json"
    path.write_text(str(FORMATS[name].render(graph, tables)), encoding="utf-8")
    done = subprocess.run([arguebuf_python, "-c", script, str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    atoms, schemes, edges, texts = json.loads(done.stdout.splitlines()[-1])
    joined = sum(e.kind != "about" for e in graph.edges)
    assert (atoms, schemes, edges) == (len(graph.nodes), joined, 2 * joined)
    assert texts == sorted(node.text for node in graph.nodes)
    assert aif.find_faults(aif.build(graph)) == []


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed (sh scripts/setup-system.sh)")
def test_graphviz_draws_a_picture_that_is_not_empty(case: tuple[Tables, ArgumentMap], tmp_path: Path) -> None:
    tables, graph = case
    report = export_maps(tables, ["svg", "png"], tmp_path, scope=graph.scope)
    assert not report.notes
    svg, png = (path for path in report.paths if path.suffix in (".svg", ".png"))
    text = svg.read_text(encoding="utf-8")
    assert text.count('class="node"') == len(graph.nodes)
    assert text.count('class="edge"') == len(graph.edges)
    assert "<script" not in text
    assert len(png.read_bytes()) > 20_000
