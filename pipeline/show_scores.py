"""What the terminal shows of a comparison with annotated articles and of a training, as lines; pure."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.records import KIND_ZH, KINDS
from pipeline.score import Scores
from pipeline.score.kinds import KindScores, Prf
from pipeline.score.prices import PriceScores
from pipeline.training import TrainReport


def score_lines(scores: Scores, prices: PriceScores) -> Iterator[str]:
    """Yield the scores of a run as a table a person can read."""
    yield f"{scores.n_articles} articles, {scores.n_segments} segments compared"
    if scores.missing:
        shown = ", ".join(scores.missing[:5]) + (" …" if len(scores.missing) > 5 else "")
        yield f"{len(scores.missing)} annotated articles are not in the run: {shown}"
    yield from _kind_lines(scores.kinds)
    yield f"立场 stance, macro-F1 over pro, con, neu     {scores.stance.macro_f1:.3f}"
    yield f"各声音的立场 stance of each voice, macro-F1  {scores.speaker_stance.macro_f1:.3f}"
    yield f"把握 confidence, expected calibration error  {scores.calibration.error:.3f}"
    if prices.events.n_gold:
        yield _row("调价 price events", prices.events)


def train_lines(report: TrainReport) -> Iterator[str]:
    """Yield what was learned, each model scored on articles that its training did not see."""
    yield f"trained on {report.n_articles} articles, {report.n_segments} segments"
    for name, kinds in report.scores.items():
        yield ""
        yield f"{name}: scores out of fold (each article read by weights that did not see it)"
        yield from _kind_lines(kinds)
    for note in report.notes:
        yield f"note: {note}"


def _kind_lines(scores: KindScores) -> Iterator[str]:
    yield f"{'':24} precision recall    F1  annotated found"
    for kind in KINDS:
        yield _row(f"{KIND_ZH[kind]} {kind}", scores.per_kind[kind])
    yield _row("是否论点 argumentative", scores.detection)
    yield f"macro-F1 of the five core kinds {scores.core_macro_f1:.3f}, of all seven {scores.all_macro_f1:.3f}"


def _row(name: str, scores: Prf) -> str:
    wide = sum(ord(char) > 0x2E80 for char in name)  # Han characters take two columns
    figures = f"{scores.precision:9.3f} {scores.recall:6.3f} {scores.f1:5.3f} {scores.n_gold:10d} {scores.n_found:5d}"
    return f"{name:{24 - wide}} {figures}"
