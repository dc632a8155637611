"""Ten thousand generated inputs: whatever comes in, there is an article or one clear refusal, and spans are verbatim.

A quarter of them are damaged copies of real files (cut, doubled, spliced, bytes changed), as a fuzzer makes them; the
rest is built from pieces that mean something to a reader: quotation marks, prices, names, headings, front matter.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.article.analyse import analyse
from pipeline.article.tools import Tools, build_tools
from pipeline.config import load_config
from pipeline.gather import gather
from pipeline.ingest import Source, read_source
from pipeline.ingest.sources import KINDS
from pipeline.models import load_classifier
from pipeline.normalise import normalise
from pipeline.records import Document, Failure
from pipeline.script import detect_script
from pipeline.tables import find_broken_rows

pytestmark = pytest.mark.slow
CONFIG = load_config(profile="fast")
N_FILES, N_TEXTS, N_ARTICLES = 2_500, 6_000, 1_500  # 10,000 together
THOROUGH = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck), "database": None}

PIECES = st.sampled_from(
    [
        *"“”「『」（）《》：，。！？；|@#\n\t 📚ﬁ\u3000\u202e\x00\ufeff",
        *("……", "\n\n", "e\u0301", "# ", "---\n", "title: ", "<p>", "&lt;", "=1+1", "http://a.b/c", "１２３", "ＡＢ"),
        *("张三", "某公司", "业内人士", "专家", "记者", "作者", "编辑", "说", "表示", "认为", "据报道", "他", "我们"),
        *(
            "降价",
            "成本",
            "因为",
            "所以",
            "但是",
            "风险",
            "建议",
            "预计",
            "第一",
            "原因有三",
            "價格戰",
            "廠商",
            "价(jià)",
        ),
        *("从", "到", "0.0008元", "1.2万", "97%", "每千tokens", "免费", "2024年5月", "昨日", "GPT-4o", "豆包·Pro"),
    ]
)
TEXT = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=60).map("".join)


@lru_cache(maxsize=1)
def seeds() -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of the small files that are damaged."""
    root = Path(__file__).resolve().parents[1]
    files = [*sorted((root / "tests" / "hostile").iterdir()), *sorted((root / "corpus" / "articles").glob("*"))[:8]]
    return tuple((p.name, p.read_bytes()) for p in files if p.is_file() and p.stat().st_size < 30_000)


@lru_cache(maxsize=1)
def tools() -> Tools:
    return build_tools(CONFIG, load_classifier("shipped", "fast"))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A real file with up to four wounds."""
    name, data = draw(st.sampled_from(seeds()))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(len(data), 1)))
        length = draw(st.integers(0, 200))
        wound = draw(st.sampled_from(("cut", "drop", "double", "bytes", "splice")))
        if wound == "cut":
            data = data[:at]
        elif wound == "drop":
            data = data[:at] + data[at + length :]
        elif wound == "double":
            data = data[: at + length] + data[at:]
        elif wound == "bytes":
            data = data[:at] + draw(st.binary(max_size=8)) + data[at + 1 :]
        else:
            other = draw(st.sampled_from(seeds()))[1]
            data = data[:at] + other[:length] + data[at:]
    return name, data


@given(damaged())
@settings(max_examples=N_FILES, **THOROUGH)
def test_damaged_files_give_articles_or_refusals(
    tmp_path_factory: pytest.TempPathFactory, file: tuple[str, bytes]
) -> None:
    name, data = file
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    kind = KINDS.get(path.suffix, "unknown")
    for item in read_source(Source(name, kind, path), CONFIG.ingest):
        if isinstance(item, Failure):
            told = (item.where, item.got, item.expected, item.remedy)
            assert all(text and text.isprintable() for text in told)
        else:
            item.text.encode("utf-8")
            assert normalise(item.text).text == item.text
            assert all(0 <= b.start <= b.end <= len(item.text) for b in item.blocks)


@given(TEXT)
@settings(max_examples=N_TEXTS, **THOROUGH)
def test_normalising_is_idempotent_and_says_where_each_character_was(text: str) -> None:
    once = normalise(text)
    assert normalise(once.text).text == once.text
    assert len(once.source) == len(once.text)
    assert all(0 <= index < len(text) for index in once.source)
    assert list(once.source) == sorted(once.source)


@given(TEXT)
@settings(max_examples=N_ARTICLES, **THOROUGH)
def test_any_text_is_read_and_every_span_is_verbatim(text: str) -> None:
    plain = normalise(text).text
    document = Document("a1", "a.txt", plain, detect_script(plain))
    tables, _ = gather([analyse(document, tools())])
    assert find_broken_rows(tables) == []
    ids = {a.argument_id for a in tables.arguments}
    assert all(r.source_id in ids and r.target_id in ids for r in tables.relations)
