"""From annotated articles to weights: a classifier learns from the same views that a reading builds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.article.analyse import segment_views
from pipeline.article.segments import segment_document
from pipeline.article.speakers import VoiceTools, build_voice_tools, find_voices
from pipeline.article.words import Words, build_words
from pipeline.config import Config
from pipeline.errors import ConfigError, InputError
from pipeline.gold import GoldArticle, read_gold
from pipeline.models import shipped_folder
from pipeline.models.labels import LabelledArticle, fold_of
from pipeline.models.train import FOLDS, OutOfFold, shipped_vectors, train_best, train_quick
from pipeline.models.train_network import NetworkPlan
from pipeline.models.voices import VoiceModel, load_voices
from pipeline.records import KINDS, Role, Segment
from pipeline.score.kinds import KindScores, score_kinds
from pipeline.script import simplify
from pipeline.training_voices import gold_document, train_judge

MIN_TRAINING_ARTICLES = 5  # one for each part of the cross-validation


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What was learned: scores out of fold per profile, and what was left out and why."""

    n_articles: int
    n_segments: int
    scores: dict[str, KindScores]
    notes: tuple[str, ...]


def train_from_files(
    paths: Sequence[Path],
    out: Path,
    config: Config,
    *,
    network: bool = True,
    decide_on: Path | None = None,
    start: Path | None = None,
) -> TrainReport:
    """Train both models on annotated articles and write them to the folder `out`.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders of annotated articles (`pipeline.gold`).
    out : Path
        Folder for the weights; name it in the setting ``arguments.model`` to read with them.
    config : Config
        Settings of words and lexicons.
    decide_on : Path, optional
        One of `paths`, with the articles most like those that will be read: the last passes are over them, and the
        decisions (a factor per kind, confidence) are learned on them alone. For the shipped weights these were the
        development articles.
    start : Path, optional
        Folder with pre-trained weights for the network to begin with (``scripts/pretrain.py``).
    network : bool
        Train the network too; it needs PyTorch. Without PyTorch only the quick model is trained, with a note.

    Raises
    ------
    InputError
        If an annotation breaks the format or there are fewer than `MIN_TRAINING_ARTICLES` articles.
    """
    gold = [article for path in paths for article in read_gold(path)]
    if len(gold) < MIN_TRAINING_ARTICLES:
        raise InputError(
            ", ".join(map(str, paths)),
            f"{len(gold)} annotated articles",
            f"at least {MIN_TRAINING_ARTICLES}",
            "annotate more, or add corpus/gold",
        )
    entities = Path(config.lexicons.entities) if config.lexicons.entities else None
    words = build_words(config.words, entities)
    judge = train_judge(gold, build_voice_tools(entities), out)
    notes = [] if judge is not None else ["too few annotated voices to learn a judge; the shipped one is kept"]
    heard = voice_tools_by_fold(judge, entities)
    articles = [label_article(article, words, heard[fold_of(article.key, FOLDS)]) for article in gold]
    deciding = frozenset(article.key for article in read_gold(decide_on)) if decide_on else frozenset()
    quick = train_quick(articles, out, deciding)
    found: dict[str, OutOfFold] = {"fast": quick}
    if network:
        try:
            vectors = shipped_vectors(shipped_folder())
            found["best"] = train_best(articles, out, quick=quick, vectors=vectors, plan=NetworkPlan(), start=start)
        except ConfigError as error:
            notes.append(str(error))
    return TrainReport(
        n_articles=len(articles),
        n_segments=sum(len(article.views) for article in articles),
        scores={name: out_of_fold_scores(result) for name, result in found.items()},
        notes=tuple(notes),
    )


def voice_tools_by_fold(judge: VoiceModel | None, entities: Path | None) -> list[VoiceTools]:
    """Return the voice tools for the articles of each fold: their judge did not see those articles."""
    judge = judge or load_voices(shipped_folder())[0]
    return [build_voice_tools(entities, judge.without_fold(fold)) for fold in range(FOLDS)]


def out_of_fold_scores(result: OutOfFold) -> KindScores:
    """Return the scores of predictions for articles that the weights did not see."""
    names = (None, *KINDS)
    chosen = (result.kinds * result.decider().kind_weights).argmax(axis=1)
    return score_kinds([names[i] for i in result.kind_truth], [names[i] for i in chosen])


def label_article(article: GoldArticle, words: Words, voices: VoiceTools) -> LabelledArticle:
    """Return `article` as a classifier sees it, with its labels.

    Segments are those of the annotation; roles and voices are those that a reading finds, never the annotated ones, so
    that a classifier learns to live with their errors.
    """
    document = gold_document(article)
    plain = simplify(document.text)
    found = segment_document(document, plain)
    segments = gold_segments(article, found)
    views = segment_views(plain, segments, find_voices(document, plain, found, voices), words)
    return LabelledArticle(
        key=article.key,
        views=tuple(views),
        kinds=tuple(segment.kinds for segment in article.segments),
        stances=tuple(segment.stance for segment in article.segments),
    )


def gold_segments(article: GoldArticle, found: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the annotated segments, each with the role of the found segment that it begins in."""
    starts = [segment.start for segment in found]
    segments = []
    for index, gold in enumerate(article.segments):
        role: Role = "body"
        at = bisect_right(starts, gold.start) - 1
        if at >= 0 and gold.start < found[at].end:
            role = found[at].role
        segments.append(Segment(article.key, index, gold.start, gold.end, role))
    return tuple(segments)
