"""Reading articles against cutting their words with jieba alone, on the same text in the same process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jieba
import rjieba

from pipeline.article.analyse import analyse
from pipeline.article.tools import build_tools
from pipeline.config import load_config
from pipeline.ids import content_id
from pipeline.ingest import find_sources, read_source
from pipeline.models import load_classifier
from pipeline.records import Document, Failure

ROOT = Path(__file__).resolve().parents[1]


def load_documents(limit: int) -> list[Document]:
    """Return the sample articles, repeated with another id until there are `limit`."""
    config = load_config().ingest
    sources, _ = find_sources([str(ROOT / "corpus" / "articles")], config)
    documents = [d for s in sources for d in read_source(s, config) if not isinstance(d, Failure)]
    return [documents[i % len(documents)] for i in range(limit)]


def seconds(work: Callable[[Document], Any], documents: Sequence[Document]) -> float:
    """Return the seconds that `work` takes over all documents."""
    start = time.perf_counter()
    for document in documents:
        work(document)
    return time.perf_counter() - start


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
            rounds[name].append(seconds(work, documents))
    median = {name: sorted(times)[1] for name, times in rounds.items()}
    chars = sum(len(d.text) for d in documents)
    return {
        "articles": len(documents),
        "characters": chars,
        "digest": content_id("d", *(d.article_id for d in documents)),
        "seconds": {name: round(value, 3) for name, value in median.items()},
        "times jieba.cut": {name: round(value / median["jieba.cut"], 2) for name, value in median.items()},
        "articles of 1,600 characters per second and core": {
            name: round(chars / 1600 / value, 1) for name, value in median.items()
        },
    }
