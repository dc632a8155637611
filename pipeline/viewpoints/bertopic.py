"""BERTopic over the viewpoints (extra: topics): hierarchy, course over time, per outlet and per kind, a model to save.

The only place where BERTopic is imported. It gets our words, our vectors and our groups, so its topics are the
viewpoints, and none of its own defaults (English, sentence-transformers, UMAP) takes part.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from pipeline.errors import ConfigError, ContractError
from pipeline.records import KIND_ZH, Argument, Tables
from pipeline.script import simplify
from pipeline.viewpoints.encode import Cut, content_words
from pipeline.viewpoints.vectors import load_encoder

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TopicModel:
    """A fitted BERTopic and what it was fitted on; topic -1 is 其他观点.

    `topics` holds one number per argument, `viewpoint_ids` the viewpoint of topic 0, 1, …
    """

    model: Any
    documents: tuple[str, ...]
    arguments: tuple[Argument, ...]
    topics: tuple[int, ...]
    viewpoint_ids: tuple[str, ...]
    tables: Tables

    def hierarchy(self) -> pd.DataFrame:
        """Return which topics join at which distance (columns of `BERTopic.hierarchical_topics`)."""
        found: pd.DataFrame = self._quiet(self.model.hierarchical_topics, list(self.documents))
        return found

    def over_time(self, bins: int | None = None) -> pd.DataFrame:
        """Return the words and counts of every topic per day of publication; articles without a date are left out.

        Raises
        ------
        ContractError
            If no article has a date.
        """
        dates = {a.article_id: a.published for a in self.tables.articles}
        known = [i for i, a in enumerate(self.arguments) if dates.get(a.article_id) is not None]
        if not known:
            raise ContractError(
                "topics over time: no article has a date; expected at least one; give dates in the files"
            )
        found: pd.DataFrame = self._quiet(
            self.model.topics_over_time,
            [self.documents[i] for i in known],
            [str(dates[self.arguments[i].article_id]) for i in known],
            topics=[self.topics[i] for i in known],
            nr_bins=bins,
        )
        return found

    def per_outlet(self) -> pd.DataFrame:
        """Return the words and counts of every topic per outlet (``未知`` where unknown)."""
        outlets = {a.article_id: a.outlet for a in self.tables.articles}
        return self._per([outlets.get(a.article_id) or "未知" for a in self.arguments])

    def per_kind(self) -> pd.DataFrame:
        """Return the words and counts of every topic per kind of argument."""
        return self._per([KIND_ZH[a.kind] for a in self.arguments])

    def save(self, folder: Path) -> None:
        """Save the model as safetensors; `BERTopic.load(folder)` opens it."""
        self._quiet(self.model.save, str(folder), serialization="safetensors", save_ctfidf=True)

    def _per(self, classes: Sequence[str]) -> pd.DataFrame:
        found: pd.DataFrame = self._quiet(self.model.topics_per_class, list(self.documents), classes=list(classes))
        return found

    @staticmethod
    def _quiet(call: Any, *args: Any, **kwargs: Any) -> Any:
        with warnings.catch_warnings(), threadpool_limits(limits=1):
            warnings.simplefilter("ignore")
            return call(*args, **kwargs)


def fit_topics(tables: Tables, *, cut: Cut, vectors: str = "shipped") -> TopicModel:
    """Fit BERTopic on the grouped arguments of a run, one topic per viewpoint.

    Parameters
    ----------
    tables : Tables
        A finished run.
    cut : callable
        Cuts text in simplified script into words.
    vectors : str
        As the setting `viewpoints.vectors`.

    Raises
    ------
    ConfigError
        If BERTopic is not installed.
    ContractError
        If the run holds no viewpoint.
    """
    rows = {a.argument_id: a for a in tables.arguments}
    members = [m for m in tables.memberships if m.argument_id in rows]
    themes = {v.parent_id for v in tables.viewpoints}
    used = {m.viewpoint_id for m in members} - themes  # what stands under a theme alone shares no point
    order = [v for v in tables.viewpoints if v.viewpoint_id in used]
    if not order:
        raise ContractError("topics: the run holds no viewpoint; expected at least one; read more articles")
    number = {v.viewpoint_id: index for index, v in enumerate(order)}
    arguments = tuple(rows[m.argument_id] for m in members)
    given = [number.get(m.viewpoint_id or "", -1) for m in members]
    documents = tuple(" ".join(content_words(simplify(a.text), cut)) or "无" for a in arguments)
    points = load_encoder(vectors)([simplify(a.text) for a in arguments], cut)
    model = _blank()
    topics, _ = TopicModel._quiet(model.fit_transform, list(documents), embeddings=points, y=given)
    # BERTopic numbers topics by size; find out which of its numbers each of ours became.
    ours = {theirs: mine for theirs, mine in zip(topics, given, strict=True)}  # noqa: C416
    names = {theirs: order[mine].label if mine >= 0 else "其他观点" for theirs, mine in ours.items()}
    model.set_topic_labels(names)
    ids = tuple(order[ours[topic]].viewpoint_id for topic in sorted(ours) if topic >= 0)
    return TopicModel(model, documents, arguments, tuple(int(t) for t in topics), ids, tables)


def _blank() -> Any:
    """Return a BERTopic that reduces nothing, groups nothing and reads words as they come."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from bertopic import BERTopic
            from bertopic.cluster import BaseCluster
            from bertopic.dimensionality import BaseDimensionalityReduction
            from bertopic.vectorizers import ClassTfidfTransformer
    except ImportError as error:
        raise ConfigError(
            "topics: BERTopic is not installed; install the extra: pip install 'lunheng[topics]'"
        ) from error
    from sklearn.feature_extraction.text import CountVectorizer

    return BERTopic(
        language="multilingual",  # "english", the default without a model, deletes every Chinese character
        embedding_model=None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        vectorizer_model=CountVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), lowercase=False),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        calculate_probabilities=False,
    )
