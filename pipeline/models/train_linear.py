"""Training of the quick classifier: n-grams, then stacking."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from pipeline.models.features import Floats, char_ngrams, dense_features
from pipeline.models.labels import LabelledArticle, Labels, fold_of, kind_labels, stance_labels
from pipeline.models.linear import N_KINDS, N_STANCES, LinearMember, stacked_inputs, tfidf_row

MIN_ARTICLES = 5  # an n-gram in fewer training articles than this is left out: names and slips
MIN_SHARE = 150  # nor one in fewer than one article of this many: thousands of articles would bring a huge vocabulary
# Inverse regularisation. With thousands of articles 1 gave better first answers than 4 or 0.5; 4 did not converge.
FIRST_C, SECOND_C = 1.0, 0.1
MAX_STEPS, TOLERANCE = 150, 1e-4
INNER_FOLDS = 3
# Weight in the second layer of the articles nearest to what will be read: with 4 and with 12 the stance gained .01, the
# probabilities of kinds were best with 4.
NEAR_WEIGHT = 4.0


def train_linear(
    articles: Sequence[LabelledArticle], vocabulary: dict[str, int], idf: Floats, near: Collection[str] = ()
) -> LinearMember:
    """Learn both layers of the quick classifier over a given vocabulary (`build_vocabulary`).

    The second layer learns on answers of first layers that did not see the article (`INNER_FOLDS` parts), then the
    first layer is learned again on everything. The articles whose keys `near` holds weigh more in the second layer:
    they are labelled most like what will be read.
    """
    rows = [_matrix(article, vocabulary, idf) for article in articles]
    kinds = [kind_labels(article) for article in articles]
    stances = [stance_labels(article) for article in articles]
    dense = [dense_features(article.views) for article in articles]
    folds = np.array([fold_of(f"inner {article.key}", INNER_FOLDS) for article in articles])
    logits: list[Floats] = [np.zeros((len(k), N_KINDS + N_STANCES), np.float32) for k in kinds]
    for fold in range(INNER_FOLDS):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if not len(outside) or not len(inside):
            continue
        weights, bias = _fit_first([rows[i] for i in inside], [kinds[i] for i in inside], [stances[i] for i in inside])
        for i in outside:
            logits[i] = (rows[i] @ weights + bias).astype(np.float32)
    first, first_bias = _fit_first(rows, kinds, stances)
    inputs = np.vstack([stacked_inputs(a, b) for a, b in zip(logits, dense, strict=True)])
    kind, stance = np.concatenate(kinds), np.concatenate(stances)
    weigh = np.array([NEAR_WEIGHT if article.key in near else 1.0 for article in articles for _ in article.views])
    second_kind, second_kind_bias = _fit(inputs, kind, N_KINDS, c=SECOND_C, weigh=weigh)
    seen = stance >= 0
    second_stance, second_stance_bias = _fit(inputs[seen], stance[seen], N_STANCES, c=SECOND_C, weigh=weigh[seen])
    return LinearMember(first, first_bias, second_kind, second_kind_bias, second_stance, second_stance_bias)


def build_vocabulary(articles: Sequence[LabelledArticle]) -> tuple[dict[str, int], Floats]:
    """Return the n-grams of at least `MIN_ARTICLES` articles (half of them in small sets) and their idf."""
    in_articles: dict[str, int] = {}
    in_segments: dict[str, int] = {}
    n = 0
    for article in articles:
        seen: set[str] = set()
        for view in article.views:
            grams = set(char_ngrams(view.text))
            n += 1
            seen |= grams
            for gram in grams:
                in_segments[gram] = in_segments.get(gram, 0) + 1
        for gram in seen:
            in_articles[gram] = in_articles.get(gram, 0) + 1
    least = min(max(MIN_ARTICLES, len(articles) // MIN_SHARE), max(1, len(articles) // 4))
    kept = sorted(gram for gram, count in in_articles.items() if count >= least)
    idf = np.log((1 + n) / (1 + np.array([in_segments[gram] for gram in kept]))) + 1.0
    return {gram: i for i, gram in enumerate(kept)}, idf.astype(np.float32)


def _matrix(article: LabelledArticle, vocabulary: dict[str, int], idf: Floats) -> sp.csr_matrix:
    cells = [tfidf_row(view.text, vocabulary, idf) for view in article.views]
    ends = np.cumsum([0, *(len(columns) for columns, _ in cells)])
    columns = np.concatenate([c for c, _ in cells]) if cells else np.zeros(0, np.int64)
    values = np.concatenate([v for _, v in cells]) if cells else np.zeros(0, np.float32)
    return sp.csr_matrix((values, columns, ends), shape=(len(cells), len(vocabulary)))


def _fit_first(
    rows: Sequence[sp.csr_matrix], kinds: Sequence[Labels], stances: Sequence[Labels]
) -> tuple[Floats, Floats]:
    matrix, kind, stance = sp.vstack(rows).tocsr(), np.concatenate(kinds), np.concatenate(stances)
    seen = np.flatnonzero(stance >= 0)
    kind_weights, kind_bias = _fit(matrix, kind, N_KINDS, c=FIRST_C)
    stance_weights, stance_bias = _fit(matrix[seen], stance[seen], N_STANCES, c=FIRST_C)
    return np.hstack([kind_weights, stance_weights]), np.concatenate([kind_bias, stance_bias])


def _fit(
    inputs: Floats | sp.csr_matrix,
    labels: Labels,
    classes: int,
    *,
    c: float,
    weigh: npt.NDArray[np.float64] | None = None,
) -> tuple[Floats, Floats]:
    """Fit one multinomial logistic regression; a class without examples gets no weight and a low bias."""
    from sklearn.linear_model import LogisticRegression

    present = np.unique(labels)
    weights = np.zeros((inputs.shape[1], classes), np.float32)
    bias = np.full(classes, -10.0, np.float32)
    if len(present) < 2:
        bias[present] = 0.0
        return weights, bias
    model = LogisticRegression(C=c, max_iter=MAX_STEPS, tol=TOLERANCE).fit(inputs, labels, sample_weight=weigh)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(present) == 2:
        coefficients, intercepts = (
            np.vstack([-coefficients, coefficients]) / 2,
            np.hstack([-intercepts, intercepts]) / 2,
        )
    weights[:, present] = coefficients.T
    bias[present] = intercepts
    return weights, bias
