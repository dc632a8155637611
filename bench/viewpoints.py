"""Viewpoints: B-cubed on unified points, clusters of titles, time and memory, against TF-IDF with KMeans.

What needs the measuring material beside the project is left out where that is absent.
"""

from __future__ import annotations

import json
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.article.words import build_words
from pipeline.config import load_config
from pipeline.ids import content_id
from pipeline.records import CORE_KINDS, Argument, Article, Speaker, Tables
from pipeline.viewpoints import build_viewpoints
from pipeline.viewpoints.encode import encode_tfidf
from pipeline.viewpoints.vectors import load_encoder

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
CONFIG = load_config()


def cutter() -> Callable[[str], list[str]]:
    """Return the word cutter of a run."""
    words = build_words(CONFIG.words, None)
    return lambda text: [word.text for word in words.cut(text)]


def gold_tables() -> tuple[Tables, dict[str, str]]:
    """Return the annotated articles that have unified points as tables, and the point of every argument."""
    lines = (ROOT / "corpus" / "gold" / "viewpoints_dev.tsv").read_text(encoding="utf-8").splitlines()[1:]
    points = {(key, int(start)): point for key, start, point in (line.split("\t") for line in lines)}
    keys = {key for key, _ in points}
    articles, speakers, arguments, gold = [], {}, [], {}
    for line in (SHARED / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["key"] not in keys:
            continue
        key, text = row["key"], row["text"]
        articles.append(
            Article(key, key, row["title"], None, row["outlet"], None, None, text, len(text), "hans", "", None)
        )
        for index, part in enumerate(row["segments"]):
            point = points.get((key, part["start"]))
            if point is None or not part["kinds"] or part["kinds"][0] not in CORE_KINDS:
                continue
            voice = part["speaker"]
            speakers[key, voice] = Speaker(key, voice, voice, None, None, "person", f"{key}:{voice}")
            identity = content_id("g", key, part["start"])
            gold[identity] = point
            start, end = part["start"], part["end"]
            arguments.append(
                Argument(
                    identity, key, index, start, end, text[start:end], part["kinds"][0], None, voice, "author",
                    part["stance"], 1.0, 1.0, None, "asserted", None, 1.0,
                )
            )  # fmt: skip
    return Tables(tuple(articles), (), tuple(speakers.values()), tuple(arguments)), gold


def b_cubed(gold: Sequence[Hashable], found: Sequence[Hashable | None]) -> dict[str, float]:
    """Return B-cubed precision, recall and F1 (Bagga & Baldwin 1998); None in `found` stands alone."""
    given = [("alone", i) if label is None else label for i, label in enumerate(found)]
    mine, theirs = defaultdict(set), defaultdict(set)
    for index, (left, right) in enumerate(zip(gold, given, strict=True)):
        theirs[left].add(index)
        mine[right].add(index)
    shared = [len(theirs[left] & mine[right]) for left, right in zip(gold, given, strict=True)]
    precision = float(np.mean([s / len(mine[right]) for s, right in zip(shared, given, strict=True)]))
    recall = float(np.mean([s / len(theirs[left]) for s, left in zip(shared, gold, strict=True)]))
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def grouping(cut: Callable[[str], list[str]]) -> dict[str, Any]:
    """Return B-cubed of ours and of TF-IDF + KMeans with as many groups, on the unified points."""
    tables, gold = gold_tables()
    truth = [gold[a.argument_id] for a in tables.arguments]
    result: dict[str, Any] = {"arguments": len(truth), "points": len(set(truth))}
    for granularity in (0.8, 1.0, 1.25):
        built = build_viewpoints(tables, replace(CONFIG.viewpoints, granularity=granularity), cut=cut)
        homes = {m.argument_id: m.viewpoint_id for m in built.memberships}
        found = [homes[a.argument_id] for a in tables.arguments]
        score = b_cubed(truth, found)
        outliers = round(sum(f is None for f in found) / len(found), 3)
        result[f"granularity {granularity}"] = {**score, "viewpoints": len(set(found) - {None}), "outliers": outliers}
        if granularity == 1.0:
            count = len(set(found) - {None})
    result["tfidf + kmeans"] = {**b_cubed(truth, _kmeans_per_kind(tables, count, cut)), "viewpoints": count}
    return result


def _kmeans_per_kind(tables: Tables, count: int, cut: Callable[[str], list[str]]) -> list[Hashable]:
    from sklearn.cluster import KMeans

    found: dict[str, Hashable] = {}
    for kind in sorted({a.kind for a in tables.arguments}):
        part = [a for a in tables.arguments if a.kind == kind]
        groups = max(1, round(count * len(part) / len(tables.arguments)))
        labels = KMeans(groups, n_init=4, random_state=7).fit_predict(encode_tfidf([a.text for a in part], cut))
        found.update({a.argument_id: (kind, int(label)) for a, label in zip(part, labels, strict=True)})
    return [found[a.argument_id] for a in tables.arguments]


def beside_bertopic(cut: Callable[[str], list[str]]) -> dict[str, Any]:
    """Return coherence and diversity of our keywords beside plain BERTopic's (its words and groups, our vectors)."""
    from pipeline.viewpoints.bertopic import fit_topics

    tables, gold = gold_tables()
    result: dict[str, Any] = {}
    for name, method in (("ours", "default"), ("bertopic", "bertopic")):
        built = build_viewpoints(tables, replace(CONFIG.viewpoints, method=method), cut=cut)
        run = replace(tables, viewpoints=built.viewpoints, memberships=built.memberships)
        parents = {v.parent_id for v in built.viewpoints}
        words = [list(v.keywords) for v in built.viewpoints if v.viewpoint_id not in parents]
        if name == "bertopic":
            found = fit_topics(run, cut=cut).model.get_topics()
            words = [[w for w, _ in pairs if w and " " not in w][:6] for topic, pairs in found.items() if topic >= 0]
        homes = {m.argument_id: m.viewpoint_id for m in built.memberships}
        score = b_cubed(
            [gold[a.argument_id] for a in tables.arguments], [homes[a.argument_id] for a in tables.arguments]
        )
        result[name] = {
            **score,
            "viewpoints": len(words),
            **coherence(words, [set(cut(a.text)) for a in tables.arguments]),
        }
    return result


def coherence(topics: Sequence[Sequence[str]], texts: Sequence[set[str]]) -> dict[str, float]:
    """Return mean NPMI of the words of each topic (Bouma 2009), counted in arguments, and the share of unique words."""
    holders: dict[str, set[int]] = defaultdict(set)
    for index, words in enumerate(texts):
        for word in words:
            holders[word.lower()].add(index)
    scores = []
    for words in topics:
        for left, right in combinations(words, 2):
            one, two, both = len(holders[left]), len(holders[right]), len(holders[left] & holders[right])
            if not both:
                scores.append(-1.0)
            elif both < len(texts):
                scores.append(float(np.log(both * len(texts) / (one * two)) / -np.log(both / len(texts))))
    flat = [word for words in topics for word in words]
    return {"npmi": round(float(np.mean(scores)), 3), "diversity": round(len(set(flat)) / len(flat), 3)}


def titles(cut: Callable[[str], list[str]]) -> dict[str, Any]:
    """Return NMI and ARI of 10 KMeans groups of news titles, shipped vectors beside TF-IDF + SVD."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    lines = (SHARED / "bench" / "thucnews_titles" / "test.txt").read_text(encoding="utf-8").splitlines()
    texts, classes = zip(*(line.split("\t") for line in lines), strict=True)
    result = {}
    for name in ("shipped", "tfidf"):
        vectors = load_encoder(name)(texts, cut)
        scores = []
        for seed in (0, 1, 2):
            labels = KMeans(10, n_init=4, random_state=seed).fit_predict(vectors)
            scores.append((normalized_mutual_info_score(classes, labels), adjusted_rand_score(classes, labels)))
        result[name] = dict(zip(("nmi", "ari"), np.round(np.mean(scores, axis=0), 3).tolist(), strict=True))
    return result


def sized_tables(count: int) -> Tables:
    """Return `count` arguments made by joining halves of the sample's sentences in a fixed, shuffled order."""
    texts = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "corpus" / "articles").glob("*.md"))]
    halves = [
        half for text in texts for half in text.replace("\n", "。").replace("，", "。").split("。") if len(half) > 6
    ]
    generator = np.random.default_rng(7)
    picks = generator.integers(len(halves), size=(count, 2))
    arguments = []
    for index, (left, right) in enumerate(picks.tolist()):
        text = f"{halves[left]}，{halves[right]}。"
        kind = ("cause", "risk", "benefit", "strategy", "forecast", "claim")[index % 6]
        arguments.append(
            Argument(
                content_id("g", index), f"a{index // 20}", index % 20, 0, len(text), text, kind, None, "s0", "author",
                "neu", 1.0, 1.0, None, "asserted", None, 1.0,
            )
        )  # fmt: skip
    return Tables(arguments=tuple(arguments))


def speed(cut: Callable[[str], list[str]], sizes: Sequence[int] = (1_000, 10_000)) -> dict[str, Any]:
    """Return seconds and peak memory at each size; two runs of the first size must agree."""
    result: dict[str, Any] = {}
    for size in sizes:
        tables = sized_tables(size)
        start = time.perf_counter()
        built = build_viewpoints(tables, CONFIG.viewpoints, cut=cut)
        seconds = round(time.perf_counter() - start, 2)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        result[str(size)] = {"seconds": seconds, "peak_mb": peak, "viewpoints": len(built.viewpoints)}
        if size == sizes[0]:
            result["same twice"] = built == build_viewpoints(tables, CONFIG.viewpoints, cut=cut)
    return result


def measure() -> dict[str, Any]:
    """Return all figures."""
    cut = cutter()
    result: dict[str, Any] = {"speed": speed(cut)}
    if SHARED.is_dir():
        result |= {"grouping": grouping(cut), "bertopic": beside_bertopic(cut), "titles": titles(cut)}
    return result
