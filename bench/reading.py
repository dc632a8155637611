"""Reading articles against cutting their words with jieba alone, on the same text in the same process."""

from __future__ import annotations

import lzma
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jieba
import rjieba
from threadpoolctl import threadpool_limits

from pipeline.article.analyse import analyse
from pipeline.article.tools import build_tools
from pipeline.config import load_config
from pipeline.ids import content_id
from pipeline.ingest import find_sources, read_source
from pipeline.models import load_classifier
from pipeline.records import Document, Failure

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT.parent / "shared" / "raw" / "zh_commentary.txt.xz"
TARGETS = {"read (best)": "at most 6", "read (fast)": "at most 1.5"}


def load_documents(limit: int) -> list[Document]:
    """Return real articles where the measuring material lies beside the project, else the sample, repeated."""
    config = load_config().ingest
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(raw_articles(limit)):
            (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        sources, _ = find_sources([name if any(folder.iterdir()) else str(ROOT / "corpus" / "articles")], config)
        documents = [d for s in sources for d in read_source(s, config) if not isinstance(d, Failure)]
    return [documents[i % len(documents)] for i in range(limit)]


def raw_articles(limit: int) -> list[str]:
    """Return up to `limit` articles of the measuring material, evenly spread; none where it is absent."""
    if not RAW.exists():
        return []
    with lzma.open(RAW, "rt", encoding="utf-8") as stream:
        articles = [article for article in stream.read().split("\n\n") if article.strip()]
    return articles[:: max(1, len(articles) // limit)][:limit]


def seconds(work: Callable[[Document], Any], documents: Sequence[Document]) -> float:
    """Return the processor's seconds that `work` takes over all documents."""
    start = time.process_time()
    for document in documents:
        work(document)
    return time.process_time() - start


def measure(limit: int = 100) -> dict[str, Any]:
    """Return seconds and ratios; the medians of three interleaved rounds."""
    documents = load_documents(limit)
    reference = jieba.Tokenizer()
    reference.initialize()
    works: dict[str, Callable[[Document], Any]] = {
        "jieba.cut": lambda d: list(reference.cut(d.text)),
        "rjieba.cut": lambda d: rjieba.cut(d.text),
    }
    for profile in ("best", "fast"):
        config = load_config(profile=profile)
        tools = build_tools(config, load_classifier(config.arguments.model, profile))
        works[f"read ({profile})"] = lambda d, tools=tools: analyse(d, tools)
    rounds: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work(documents[0])
    for _ in range(3):
        for name, work in works.items():
            with threadpool_limits(limits=1):
                rounds[name].append(seconds(work, documents))
    median = {name: sorted(times)[1] for name, times in rounds.items()}
    chars = sum(len(d.text) for d in documents)
    return {
        "articles": len(documents),
        "characters": chars,
        "digest": content_id("d", *(d.article_id for d in documents)),
        "seconds": {name: round(value, 3) for name, value in median.items()},
        "times jieba.cut": {name: round(value / median["jieba.cut"], 2) for name, value in median.items()},
        "times rjieba.cut": {name: round(value / median["rjieba.cut"], 1) for name, value in median.items()},
        "articles of 1,600 characters per second and core": {
            name: round(chars / 1600 / value, 1) for name, value in median.items()
        },
    }


def headline(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what the table shows: figure, value, target."""
    speed = result["articles of 1,600 characters per second and core"]
    return [
        (
            f"{name} against jieba.cut alone",
            f"{result['times jieba.cut'][name]} times, {speed[name]} articles/s",
            target,
        )
        for name, target in TARGETS.items()
    ]
