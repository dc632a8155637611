"""Fit the weights of the continuation model: ``python -m tests.fit_continuation`` rewrites them in voices.toml.

Needs the measuring material beside the project. The even-numbered articles are used, the odd ones only reported. The
first round follows the annotation, the next ones the model's own decisions, so that it also learns to recover from its
mistakes (DAgger; Ross, Gordon and Bagnell 2011, arXiv 1011.0686).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from pipeline.article.continuation import probability
from pipeline.article.segments import segment_document
from pipeline.article.speakers import VoiceTools, build_voice_tools, find_voices_with
from pipeline.gold import AUTHOR, GoldArticle, read_gold
from pipeline.records import Document
from pipeline.score.voices import same_voice
from pipeline.script import simplify

ROOT = Path(__file__).resolve().parents[1]
LEXICON = ROOT / "pipeline" / "lexicons" / "voices.toml"
MARK = "\n# ---- continuation"
# Strong, for 3,500 decisions against 170 features: the best of 0.01, 0.02, 0.03, 0.1 and 0.3 on the odd articles.
C = 0.01
ROUNDS = 4
Features = Mapping[str, float]


def collect(
    gold: Sequence[GoldArticle], tools: VoiceTools, weights: Features | None
) -> tuple[list[Features], list[int]]:
    """Return features and answers of every decision on an annotated argumentative segment."""
    found: list[Features] = []
    answers: list[int] = []
    for article in gold:
        document = Document(article.key, "x", article.text, "hans", title=article.title, outlet=article.outlet or None)
        plain = simplify(article.text)
        following: list[str] = []
        for segment in reversed(article.segments):
            after = following[-1] if following else AUTHOR
            following.append((segment.speaker or AUTHOR) if segment.kinds else after)
        wanted = following[::-1]

        def judge(
            i: int, name: str, row: Features, *, wanted: list[str] = wanted, article: GoldArticle = article
        ) -> float:
            same = wanted[i] != AUTHOR and same_voice(wanted[i], name)
            if article.segments[i].kinds:
                found.append(row)
                answers.append(int(same))
            return probability(row, weights) if weights is not None else float(same)

        find_voices_with(document, plain, segment_document(document, plain), tools, judge)
    return found, answers


def fit(found: Sequence[Features], answers: Sequence[int]) -> dict[str, float]:
    """Fit a logistic regression and return its weights by feature."""
    names = DictVectorizer()
    rows = names.fit_transform([dict(row) for row in found])
    model = LogisticRegression(C=C, max_iter=3000, fit_intercept=False).fit(rows, answers)
    return {name: float(value) for name, value in zip(names.feature_names_, model.coef_[0], strict=True)}


def write(weights: Features) -> None:
    """Replace the section of the lexicon."""
    text = LEXICON.read_text("utf-8").split(MARK)[0]
    lines = [f'"{name}" = {value:.3f}' for name, value in sorted(weights.items()) if abs(value) >= 0.01]
    head = (
        f"{MARK} {'-' * 99}\n# Weights of the logistic model that decides whether an unmarked sentence still belongs to"
        " the voice before it.\n# Written by `python -m tests.fit_continuation` from the even-numbered half of the"
        f" annotated articles (L2, C = {C});\n# `same` and `new` say whether a paragraph begins.\n[continuation]\n"
    )
    LEXICON.write_text(text + head + "\n".join(lines) + "\n", "utf-8")


def main() -> int:
    """Fit, report and write."""
    gold = read_gold(ROOT.parent / "shared" / "gold" / "dev.jsonl")
    tools = build_voice_tools(None)
    found, answers = collect(gold[::2], tools, None)
    weights = fit(found, answers)
    for _ in range(ROUNDS):
        more, right = collect(gold[::2], tools, weights)
        found, answers = [*found, *more], [*answers, *right]
        weights = fit(found, answers)
    rows, right = collect(gold[1::2], tools, weights)
    said = np.array([probability(row, weights) for row in rows]) >= 0.5
    print(f"{len(found)} decisions fitted; odd articles: {len(rows)}, right {(said == np.array(right)).mean():.3f}")
    write(weights)
    return 0


if __name__ == "__main__":
    sys.exit(main())
