"""Argument maps: what is chosen, what is joined, and that every format keeps the words."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import networkx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_tables import hostile_tables, many_tables, sample_tables

from pipeline.argmap import FORMATS, ArgumentMap, aif, argdown, build_map, dot, export_maps, mermaid, outline, wrap
from pipeline.argmap.rows import argument_rows
from pipeline.argmap.tree import walk
from pipeline.errors import ConfigError
from pipeline.records import Tables

TEXT_FORMATS = [name for name, chosen in FORMATS.items() if not chosen.optional]


@pytest.fixture(params=[sample_tables, hostile_tables], ids=["sample", "hostile"])
def tables(request: pytest.FixtureRequest) -> Tables:
    return request.param()


def rendered(name: str, tables: Tables, graph: ArgumentMap | None = None) -> str | bytes:
    return FORMATS[name].render(graph or build_map(tables), tables)


def test_map_of_everything_joins_arguments_to_viewpoints_and_viewpoints_to_the_issue() -> None:
    tables = sample_tables()
    graph = build_map(tables)
    assert len(graph.of_type("issue")) == 1
    assert len(graph.of_type("viewpoint")) == len(tables.viewpoints)
    assert len(graph.of_type("argument")) == graph.n_arguments == len(tables.arguments)
    known = {node.node_id for node in graph.nodes}
    assert all(edge.source in known and edge.target in known for edge in graph.edges)
    members = [edge for edge in graph.edges if edge.kind == "member"]
    assert len(members) == sum(v.size for v in tables.viewpoints)
    assert {"support", "attack"} <= {edge.kind for edge in graph.edges}


def test_every_argument_hangs_on_something() -> None:
    graph = build_map(many_tables(12), max_arguments=30)
    sources = {edge.source for edge in graph.edges} | {edge.target for edge in graph.edges}
    assert all(node.node_id in sources for node in graph.of_type("argument"))


@pytest.mark.parametrize("limit", [1, 5, 12, 40])
def test_map_holds_at_most_as_many_arguments_as_asked(limit: int) -> None:
    graph = build_map(many_tables(9), max_arguments=limit)
    assert len(graph.of_type("argument")) == limit
    assert graph.n_arguments > limit


def test_small_map_shows_several_viewpoints_and_several_arguments_of_each() -> None:
    graph = build_map(many_tables(9), max_arguments=18)
    sizes = [sum(e.kind == "member" and e.target == v.node_id for e in graph.edges) for v in graph.of_type("viewpoint")]
    assert len(sizes) >= 4
    assert min(sizes) >= 2


@pytest.mark.parametrize("word", ["viewpoint", "article", "speaker", "issue"])
def test_scope_keeps_only_its_arguments(word: str) -> None:
    tables = sample_tables()
    value = {
        "viewpoint": tables.viewpoints[0].viewpoint_id,
        "article": tables.articles[0].article_id,
        "speaker": "顾明岚",
        "issue": tables.articles[0].issue,
    }[word]
    graph = build_map(tables, f"{word}:{value}")
    sources = [node.source for node in graph.of_type("argument") if node.source]
    assert sources
    if word == "article":
        assert {s.article_id for s in sources} == {value}
    if word == "speaker":
        assert {s.speaker for s in sources} == {"顾明岚"}
    if word == "viewpoint":
        assert len(sources) == tables.viewpoints[0].size


@pytest.mark.parametrize("scope", ["viewpoint:nope", "article:", "speaker:谁", "everything", "issue:别的"])
def test_unknown_scope_is_refused_with_what_there_is(scope: str) -> None:
    with pytest.raises(ConfigError, match="scope"):
        build_map(sample_tables(), scope)


def test_copies_of_an_article_do_not_count_again() -> None:
    tables = sample_tables()
    first, *rest = tables.articles
    copied = replace(tables, articles=(replace(first, repeat_of=rest[0].article_id), *rest))
    assert build_map(copied).n_arguments < build_map(tables).n_arguments
    assert build_map(copied, f"article:{first.article_id}").n_arguments > 0


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_same_tables_give_same_bytes(name: str, tables: Tables) -> None:
    assert rendered(name, tables) == rendered(name, tables)


@pytest.mark.parametrize("name", ["jsonl", "csv", "aif", "xaif", "xlsx"])
def test_formats_that_can_hold_every_word(name: str, tables: Tables) -> None:
    words = {a.text for a in tables.arguments}
    data = rendered(name, tables)
    if name == "jsonl":
        rows = [json.loads(line) for line in str(data).split("\n") if line]
        found = {row["text"] for row in rows if row["record"] == "node" and row["type"] == "argument"}
        assert {row["record"] for row in rows} == {"map", "node", "edge"}
    elif name == "csv":
        rows = list(csv.DictReader(io.StringIO(str(data).removeprefix("\ufeff"), newline="")))
        found = {row["text"].removeprefix("'") for row in rows}
        assert not any(re.match(r"[=+\-@]", cell) for row in rows for cell in row.values())
    elif name in ("aif", "xaif"):
        graph = json.loads(data)
        found = {node["text"] for node in graph.get("AIF", graph)["nodes"] if node["type"] == "I"}
    else:
        assert isinstance(data, bytes)
        sheet = openpyxl.load_workbook(io.BytesIO(data))["论证"]
        found = {str(row[0]).removeprefix("'") for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert words <= found


def test_offsets_speakers_and_confidence_survive_in_rows() -> None:
    tables = sample_tables()
    by_id = {a.argument_id: a for a in tables.arguments}
    for row in argument_rows(build_map(tables)):
        argument = by_id[row["argument_id"]]
        assert (row["start"], row["end"], row["stance"]) == (argument.start, argument.end, argument.stance)
        assert row["confidence"] == pytest.approx(argument.confidence, abs=1e-3)
        assert row["speaker"]


def test_workbook_has_sheets_filters_and_no_formula(tables: Tables) -> None:
    data = rendered("xlsx", tables)
    assert isinstance(data, bytes)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["论证", "观点", "发言人", "价格"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_graphml_is_read_back_equal(tables: Tables) -> None:
    graph = build_map(tables)
    data = rendered("graphml", tables, graph)
    assert isinstance(data, bytes)
    network = networkx.parse_graphml(data.decode(), force_multigraph=True)
    assert set(network) == {node.node_id for node in graph.nodes}
    assert sorted((s, t, d["kind"]) for s, t, d in network.edges(data=True)) == sorted(
        (e.source, e.target, e.kind) for e in graph.edges
    )
    for node in graph.of_type("argument"):
        read = network.nodes[node.node_id]
        assert node.source
        assert (read["label"], read["start"], read["speaker"]) == (node.text, node.source.start, node.source.speaker)


def test_opml_is_xml_and_holds_every_node(tables: Tables) -> None:
    graph = build_map(tables)
    root = ElementTree.fromstring(rendered("opml", tables, graph))
    assert {o.get("id") for o in root.iter("outline")} == {node.node_id for node in graph.nodes}


def test_tree_holds_every_node_once(tables: Tables) -> None:
    graph = build_map(tables)
    assert sorted(b.node.node_id for b in walk(graph)) == sorted(n.node_id for n in graph.nodes)


def test_outline_has_a_line_per_node_and_keeps_markup_quiet() -> None:
    tables = hostile_tables()
    text = str(rendered("outline", tables))
    assert text.count("\n") == len(build_map(tables).nodes) + 2
    assert "<script>" not in text
    assert outline.plain("**粗** [a](b) <b>") == r"\*\*粗\*\* \[a\](b) \<b\>"


def test_mermaid_labels_hold_no_sign_that_ends_them(tables: Tables) -> None:
    graph = build_map(tables)
    text = str(rendered("mermaid", tables, graph))
    labels = re.findall(r'^  n\d+\["(.*)"\]:::\w+$', text, re.M)
    assert len(labels) == len(graph.nodes)
    assert not any(re.search(r'["<>\\`]', label.replace("<br>", "")) for label in labels)
    assert mermaid.escape('a"b') == "a#34;b"


def test_dot_has_a_statement_per_node_and_edge(tables: Tables) -> None:
    graph = build_map(tables)
    lines = str(rendered("dot", tables, graph)).splitlines()
    assert sum(bool(re.match(r"  n\d+ \[", line)) for line in lines) == len(graph.nodes)
    assert sum(" -> " in line and line.startswith("  n") for line in lines) == len(graph.edges)
    assert not re.search(r'#[0-9a-fA-F]{3}"', "\n".join(lines)), "Graphviz draws three-digit colours black"
    assert set(dot.KIND_COLOUR) >= {a.kind for a in tables.arguments}


def test_argdown_names_are_unique_and_brackets_stay_out_of_them(tables: Tables) -> None:
    names = list(argdown.titles(build_map(tables)).values())
    assert len(set(names)) == len(names)
    assert not any(set(name[1:-1]) & set("[]<>{}\\#@") for name in names)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="[]<>*_#{}/\\:😀文a 1.-+", max_size=40))
def test_argdown_escaping_leaves_no_bare_sign(text: str) -> None:
    escaped = argdown.escape(text)
    assert re.sub(r"\\(.)", r"\1", escaped) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]<>*_#{}/:]", escaped)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="价格战，。“”（）abc 12.5%", max_size=120), st.integers(4, 40))
def test_wrapping_keeps_every_character_and_the_width(text: str, columns: int) -> None:
    lines = wrap.wrap(text, columns)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    # Marks that may not begin a line hang over, and an opening mark that may not end one is carried along.
    assert all(wrap.width(line.rstrip("，。”）.%")) <= columns + 2 for line in lines)


def test_aif_graph_is_sound_and_asserts_every_argument(tables: Tables) -> None:
    graph = build_map(tables)
    data = aif.build(graph)
    assert aif.find_faults(data) == []
    types = [node["type"] for node in data["nodes"]]
    assert types.count("L") == types.count("YA") == len(graph.of_type("argument")) == len(data["locutions"])
    assert types.count("CA") == sum(e.kind == "attack" for e in graph.edges)
    assert types.count("RA") == sum(e.kind in ("support", "cause") for e in graph.edges)
    people = {p["participantID"]: p["firstname"] for p in data["participants"]}
    said = {node["nodeID"]: node["text"] for node in data["nodes"]}
    for locution in data["locutions"]:
        name = said[locution["nodeID"]].split(":")[0].split(" ")
        assert people[locution["personID"]].replace(":", "：").startswith(name[0])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: d["edges"].append({"edgeID": "x", "fromID": "1", "toID": "999999"}), "no node"),
        (lambda d: d["nodes"][0].update(type="Q"), "type 'Q'"),
        (lambda d: d["edges"].append({"edgeID": "x", "fromID": "1", "toID": "2"}), "I joined to I"),
        (lambda d: d["edges"].clear(), "nothing on one side"),
        (lambda d: d["participants"].clear(), "not a locution"),
    ],
)
def test_aif_checker_refuses_broken_graphs(change: object, complaint: str) -> None:
    data = aif.build(build_map(sample_tables()))
    change(data)  # type: ignore[operator]
    assert any(complaint in fault for fault in aif.find_faults(data))


def test_xaif_has_a_place_for_every_box_and_escapes_the_text() -> None:
    tables = hostile_tables()
    data = json.loads(rendered("xaif", tables))
    assert {n["nodeID"] for n in data["OVA"]["nodes"]} == {n["nodeID"] for n in data["AIF"]["nodes"]}
    assert "<script>" not in data["text"]
    assert aif.find_faults(data["AIF"]) == []


def test_export_writes_files_and_says_what_is_lost(tmp_path: Path) -> None:
    tables = sample_tables()
    report = export_maps(tables, TEXT_FORMATS, tmp_path, scope="speaker:顾明岚")
    assert {path.name for path in report.paths} == {
        *(f"speaker-顾明岚.{FORMATS[name].suffix}" for name in TEXT_FORMATS),
        "losses.md",
    }
    losses = (tmp_path / "losses.md").read_text(encoding="utf-8")
    assert all(f"## {name} " in losses for name in TEXT_FORMATS)


def test_tables_take_every_argument_where_pictures_take_the_strongest(tmp_path: Path) -> None:
    tables = many_tables(9)
    export_maps(tables, ["csv", "outline"], tmp_path, max_arguments=10)
    rows = list(csv.DictReader((tmp_path / "all.csv").open(encoding="utf-8-sig")))
    assert len(rows) == len(tables.arguments)
    assert (tmp_path / "all.md").read_text(encoding="utf-8").count("——") == 10


def test_row_that_is_not_verbatim_is_not_exported(tmp_path: Path) -> None:
    tables = sample_tables()
    wrong = replace(tables.arguments[0], text="篡改过的话")
    report = export_maps(replace(tables, arguments=(wrong, *tables.arguments[1:])), ["jsonl"], tmp_path)
    assert [row for _, row, _ in report.quarantined] == [wrong]
    assert "篡改" not in (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    assert "1 rows" in (tmp_path / "losses.md").read_text(encoding="utf-8")


def test_missing_graphviz_is_a_note_and_not_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dot.shutil, "which", lambda _: None)
    report = export_maps(sample_tables(), ["svg", "dot"], tmp_path)
    assert (tmp_path / "all.dot").exists()
    assert "setup-system.sh" in report.notes[0]


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="argdown"):
        export_maps(sample_tables(), ["word"], tmp_path)


def test_theme_as_scope_holds_the_viewpoints_under_it() -> None:
    tables = sample_tables()
    first, second, *rest = tables.viewpoints
    theme = replace(first, viewpoint_id="vtheme", label="价格战的由来", exemplar_ids=())
    children = (replace(first, parent_id="vtheme"), replace(second, parent_id="vtheme"))
    graph = build_map(replace(tables, viewpoints=(theme, *children, *rest)), "viewpoint:vtheme")
    assert graph.n_arguments == first.size + second.size
    assert graph.title == "观点：价格战的由来"
