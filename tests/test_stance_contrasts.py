"""Irony and negation: sentences whose stance turns while their words hardly do."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.contrasts import DEVICES, leanings, measure, read_contrasts
from pipeline.article.words import build_words
from pipeline.config import load_config
from pipeline.models import load_classifier

# What the shipped weights reach (see docs/quality.md), less two pairs: a fall below is a loss, not noise.
LEAST_IRONY, LEAST_NEGATION = 0.66, 0.43


def test_every_pair_holds_both_stances() -> None:
    """A pair without contrast would measure nothing."""
    rows = read_contrasts()
    stances: dict[str, set[str]] = {}
    for row in rows:
        stances.setdefault(row["pair"], set()).add(row["stance"])
    assert all(found == {"pro", "con"} for found in stances.values())
    assert set(DEVICES) == {row["device"] for row in rows}
    assert max(Counter(row["text"] for row in rows).values()) == 1


@pytest.mark.slow
def test_ironic_praise_leans_less_to_pro_than_sincere_praise() -> None:
    """The order within pairs holds for most of them, for irony and for negation."""
    order = measure()["right_order"]
    assert order["irony"] >= LEAST_IRONY
    assert order["negation"] >= LEAST_NEGATION


@pytest.mark.slow
def test_a_leaning_is_a_difference_of_probabilities() -> None:
    """Plain praise and plain blame of one thing lie on different sides."""
    rows = [
        {"issue": "外卖补贴", "text": "补贴让普通人真正得了实惠，这是一件好事。"},
        {"issue": "外卖补贴", "text": "补贴拖垮了小店，损害了整个行业。"},
    ]
    good, bad = leanings(rows, load_classifier("shipped", "best"), build_words(load_config().words, None))
    assert -1.0 <= bad < 0.0 < good <= 1.0
