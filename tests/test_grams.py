"""Looking up n-grams of a whole article at once gives what a dictionary gives."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ContractError
from pipeline.models.features import char_ngrams
from pipeline.models.grams import GramTable
from pipeline.models.linear import first_layer, tfidf_row

TEXTS = st.lists(st.text(alphabet="价格战降成本。，12ab 📚\ud800^$", max_size=30), min_size=1, max_size=6)


def vocabulary_of(texts: list[str], step: int) -> dict[str, int]:
    grams = sorted({gram for text in texts for gram in char_ngrams(text)})
    return {gram: row for row, gram in enumerate(grams[::step])}


@given(TEXTS, TEXTS, st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_finds_what_a_dictionary_finds_in_its_order(known: list[str], texts: list[str], step: int) -> None:
    vocabulary = vocabulary_of(known, step)
    owners, rows = GramTable(vocabulary).find(texts)
    expected = [(i, vocabulary[g]) for i, text in enumerate(texts) for g in char_ngrams(text) if g in vocabulary]
    assert list(zip(owners.tolist(), rows.tolist(), strict=True)) == expected


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_first_layer_is_the_product_of_tfidf_rows(known: list[str], texts: list[str]) -> None:
    vocabulary = vocabulary_of(known, 2)
    dice = np.random.default_rng(7)
    idf = dice.random(len(vocabulary), dtype=np.float32) + 1
    weights = dice.standard_normal((len(vocabulary), 2, 11)).astype(np.float32)
    found = first_layer(texts, GramTable(vocabulary), idf, weights)
    for row, text in enumerate(texts):
        columns, values = tfidf_row(text, vocabulary, idf)
        assert set(columns.tolist()) == set(Counter(vocabulary[g] for g in char_ngrams(text) if g in vocabulary))
        for member in range(2):
            np.testing.assert_allclose(found[member, row], values @ weights[columns, member], atol=1e-4)


def test_a_vocabulary_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ContractError, match="at most 4"):
        GramTable({"五个字太长": 0})
