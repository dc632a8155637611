"""Finding files: folders, globs, standard input, links, odd names; and inputs that want to do harm."""

import io
import os
import sys
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import load_config
from pipeline.ingest import READERS, Source, find_sources, read_source
from pipeline.ingest.sources import KINDS
from pipeline.records import Document, Failure

HOSTILE_FILES = Path(__file__).parent / "hostile"
EXPECTED = tomllib.loads((HOSTILE_FILES / "expected.toml").read_text(encoding="utf-8"))
CONFIG = load_config().ingest
BODY = "价格战打到第三周，几家云厂商都开始算账，谁也不愿意先停下来。"


def names(sources, folder):
    return [os.path.relpath(source.path, folder) for source in sources]


def test_every_kind_has_a_reader():
    assert set(KINDS.values()) == set(READERS)


def test_folders_are_searched_in_order_and_hidden_files_passed_over(tmp_path):
    for name in (
        "b.txt",
        "a.md",
        "子/c.html",
        "子/深/d.csv",
        ".hidden.txt",
        "~$e.docx",
        "notes.log",
        ".git/x.txt",
        "__MACOSX/y.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BODY, encoding="utf-8")
    sources, failures = find_sources([str(tmp_path)], CONFIG)
    assert failures == []
    assert names(sources, tmp_path) == ["a.md", "b.txt", "子/c.html", "子/深/d.csv"]
    assert [source.kind for source in sources] == ["markdown", "text", "html", "csv"]
    again, _ = find_sources([str(tmp_path / "b.txt"), str(tmp_path)], CONFIG)
    assert again == sources


def test_globs(tmp_path):
    for name in ("a.txt", "b.txt", "c.log"):
        (tmp_path / name).write_text(BODY, encoding="utf-8")
    (tmp_path / "x[1].txt").write_text(BODY, encoding="utf-8")
    sources, failures = find_sources([str(tmp_path / "?.txt")], CONFIG)
    assert names(sources, tmp_path) == ["a.txt", "b.txt"]
    assert failures == []
    literal, _ = find_sources([str(tmp_path / "x[1].txt")], CONFIG)
    assert names(literal, tmp_path) == ["x[1].txt"]


@pytest.mark.parametrize(
    ("name", "got"),
    [
        ("nowhere.txt", "no such file"),
        ("*.txt", "matches nothing"),
        ("empty", "without articles"),
        ("*.log", "other kinds"),
    ],
)
def test_what_is_not_there_is_one_failure(tmp_path, name, got):
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.log").write_text(BODY, encoding="utf-8")
    sources, failures = find_sources([str(tmp_path / name)], CONFIG)
    assert sources == []
    assert [got in failure.got for failure in failures] == [True]
    assert all(failure.remedy for failure in failures)


def test_a_file_of_unknown_kind_is_told_by_its_content_when_named(tmp_path):
    path = tmp_path / "article"
    path.write_text(BODY, encoding="utf-8")
    sources, _ = find_sources([str(path)], CONFIG)
    assert [item.text for item in read_source(sources[0], CONFIG)] == [BODY]
    path.write_text(f"<html><body><p>{BODY}</p></body></html>", encoding="utf-8")
    assert [item.text for item in read_source(sources[0], CONFIG)] == [BODY]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (failure,) = read_source(sources[0], CONFIG)
    assert failure.got == "an image"


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f'{{"text": "{BODY}"}}\n'.encode())))
    sources, _ = find_sources(["-"], CONFIG)
    (document,) = read_source(sources[0], CONFIG)
    assert (document.path, document.text) == ("-", BODY)


def test_links(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/o.txt").write_text(BODY, encoding="utf-8")
    (folder / "a.txt").write_text(BODY, encoding="utf-8")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    (folder / "broken.txt").symlink_to(tmp_path / "gone.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "out").symlink_to(tmp_path / "outside")
    sources, failures = find_sources([str(folder)], CONFIG)
    assert names(sources, folder) == ["a.txt"]
    assert sorted(os.path.basename(failure.where) for failure in failures) == ["broken.txt", "loop", "out"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_and_devices_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    sources, failures = find_sources([str(tmp_path / "pipe.txt"), "/dev/zero"], CONFIG)
    assert sources == []
    assert {failure.got for failure in failures} == {"a device or pipe"}


def test_odd_names_stay_on_one_line(tmp_path):
    name = "两\n行\x1b[31m\u202e.txt"
    (tmp_path / name).write_text(BODY, encoding="utf-8")
    (tmp_path / os.fsdecode(b"\xb0\xa1.txt")).write_text(BODY, encoding="utf-8")
    sources, _ = find_sources([str(tmp_path)], CONFIG)
    assert len(sources) == 2
    for source in sources:
        (document,) = read_source(source, CONFIG)
        assert document.path.isprintable()
        document.path.encode("utf-8")


def test_an_unreadable_file_is_one_failure(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(BODY, encoding="utf-8")
    sources, _ = find_sources([str(path)], CONFIG)
    path.unlink()
    (failure,) = read_source(sources[0], CONFIG)
    assert (failure.where, failure.got) == (str(path), "No such file or directory")


def test_limits(tmp_path):
    config = load_config(ingest={"max_file_mb": 1, "max_article_chars": 1000}).ingest
    path = tmp_path / "a.txt"
    for text, got in (("价" * 400_000, "a larger file"), (BODY * 100, "characters")):
        path.write_text(text, encoding="utf-8")
        (failure,) = read_source(Source(str(path), "text", path), config)
        assert got in failure.got


@pytest.mark.parametrize("kind", sorted(READERS))
@given(
    data=st.one_of(
        st.binary(max_size=300), st.text(alphabet="价<p>{}[]\"':,\n\t#-|=\\*_", max_size=200).map(str.encode)
    )
)
@settings(max_examples=25, deadline=None)
def test_arbitrary_bytes_never_raise(tmp_path_factory, kind, data):
    path = tmp_path_factory.getbasetemp() / f"any-{kind}"
    path.write_bytes(data)
    for item in read_source(Source("any", kind, path), CONFIG):
        assert isinstance(item, Document | Failure)


def test_the_collection_of_hostile_files_is_whole():
    kept = {path.name for path in HOSTILE_FILES.iterdir() if path.suffix in KINDS}
    assert kept == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_hostile_files(name):
    path = HOSTILE_FILES / name
    (source,), _ = find_sources([str(path)], CONFIG)
    items = list(read_source(source, CONFIG))
    documents = [item for item in items if isinstance(item, Document)]
    failures = [item for item in items if isinstance(item, Failure)]
    assert len(documents) == EXPECTED[name].get("articles", 0)
    wanted = EXPECTED[name].get("failures", [])
    assert len(failures) == len(wanted)
    for failure, beginning in zip(failures, wanted, strict=True):
        assert failure.got.startswith(beginning)
        assert failure.where.startswith(str(path))
        assert all(text.isprintable() for text in (failure.where, failure.got, failure.expected, failure.remedy))
    for document in documents:
        assert not set(document.text) & set("\0\u202e\u2066\ud800")
        assert len(document.text) < 25_000


HOSTILE = {
    "line.txt": lambda n: "价格战没有赢家，" * n,
    "quotes.txt": lambda n: "“" * n + BODY,
    "blanks.txt": lambda n: " " * 8 * n + BODY,
    "brackets.txt": lambda n: "（记者" * n,
    "bars.txt": lambda n: "作者|" * n,
    "links.md": lambda n: "[" * n + "](" * n + BODY,
    "stars.md": lambda n: "**a" * n + BODY,
    "images.md": lambda n: "![" * n + BODY,
    "front.md": lambda n: "---\n" + "a: &a\n" * n,
    "tags.html": lambda n: "<p>" * n + BODY,
    "open.html": lambda n: "<" * n + BODY,
    "percent.html": lambda n: "<%" * n + BODY,
    "lines.html": lambda n: f"<p>{BODY}</p>" * (n // 20),
    "quotes.csv": lambda n: '正文\n"' + '""' * n,
    "columns.csv": lambda n: "正文," * n,
    "deep.jsonl": lambda n: '{"text":' * n,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_time_grows_with_length_only(tmp_path, name):
    def seconds(n):
        path = tmp_path / name
        path.write_text(HOSTILE[name](n), encoding="utf-8")
        (source,), _ = find_sources([str(path)], CONFIG)
        start = time.perf_counter()
        assert all(isinstance(item, Document | Failure) for item in read_source(source, CONFIG))
        return time.perf_counter() - start

    seconds(1000)
    small, large = seconds(2_500), seconds(20_000)
    assert large < 30 * small + 0.1  # 8 times the text; quadratic would be 64 times the time
