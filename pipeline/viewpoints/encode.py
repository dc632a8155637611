"""Arguments to unit vectors.

Back ends are functions from texts and a word cutter to a matrix; every one of them returns the same bytes for the same
input whatever the number of threads: sums run in one BLAS thread and the result is rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from threadpoolctl import threadpool_limits

Matrix = npt.NDArray[np.float32]
Cut = Callable[[str], Sequence[str]]

DIMENSIONS = 100  # the usual size for latent semantic analysis; 50 to 200 score alike
DECIMALS = 5  # float32 keeps 7 digits; the last ones differ between machines


def content_words(text: str, cut: Cut) -> list[str]:
    """Return the words of `text` that are letters or digits, lower-cased."""
    return [word.lower() for word in cut(text) if any(char.isalnum() for char in word)]


def unit_rows(matrix: npt.NDArray[Any]) -> Matrix:
    """Scale every row to length 1 (zero rows stay zero) and round, so that equal input gives equal bytes."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled = np.divide(matrix, norms, out=np.zeros_like(matrix, dtype=np.float64), where=norms > 1e-9)
    return np.asarray(np.round(scaled, DECIMALS), dtype=np.float32)


def count_matrix(bags: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> sparse.csr_matrix:
    """Return term counts, shape (len(bags), len(vocabulary)); unknown words are left out."""
    rows, columns = [], []
    for index, bag in enumerate(bags):
        found = [vocabulary[word] for word in bag if word in vocabulary]
        rows += [index] * len(found)
        columns += found
    shape = (len(bags), len(vocabulary))
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def encode_tfidf(texts: Sequence[str], cut: Cut) -> Matrix:
    """Return latent semantic vectors (TF-IDF, then truncated SVD) of `texts`, shape (n, at most 100), unit rows.

    Method: Deerwester et al. 1990. Needs nothing but the texts, so it serves as the baseline and as the fallback.
    """
    bags = [content_words(text, cut) for text in texts]
    vocabulary = {word: index for index, word in enumerate(sorted({word for bag in bags for word in bag}))}
    if not vocabulary:
        return np.zeros((len(texts), 1), dtype=np.float32)
    counts = count_matrix(bags, vocabulary)
    documents = np.asarray((counts > 0).sum(axis=0)).ravel()
    weights = np.log((1 + len(texts)) / (1 + documents)) + 1
    weighted = sparse.csr_matrix(counts.multiply(weights))
    with threadpool_limits(limits=1):
        return unit_rows(_project(weighted, min(DIMENSIONS, *weighted.shape)))


def _project(weighted: sparse.csr_matrix, rank: int) -> npt.NDArray[np.float64]:
    """Return the rows in their `rank` strongest directions (randomised SVD, Halko et al. 2011, fixed seed)."""
    generator = np.random.default_rng(7)
    width = min(rank + 10, *weighted.shape)
    basis = np.linalg.qr(weighted @ generator.standard_normal((weighted.shape[1], width)))[0]
    for _ in range(4):
        basis = np.linalg.qr(weighted.T @ basis)[0]
        basis = np.linalg.qr(weighted @ basis)[0]
    _, _, directions = np.linalg.svd(np.asarray((weighted.T @ basis).T), full_matrices=False)
    return np.asarray(weighted @ directions[:rank].T)
