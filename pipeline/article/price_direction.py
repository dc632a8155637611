"""Which way the prices of a sentence move, when no figure need be told."""

from __future__ import annotations

from typing import Literal

from pipeline.article.price_tokens import PriceLexicon, tokenise

_FALL = "dte"
_RISE = "uTv"
_NEAR = 14  # codes between a price noun and its verb


def direction_of(text: str, lexicon: PriceLexicon) -> Literal["rise", "fall"] | None:
    """Return the direction most price verbs of `text` have; None when there is none or it is a tie."""
    codes, tokens = tokenise(text, lexicon)
    score = 0
    for index, code in enumerate(codes):
        if code in "ev":
            score += 1 if code == "v" else -1
        elif code in "duTt" and _is_price(codes, index):
            score += 1 if code in _RISE else -1
    del tokens
    return "rise" if score > 0 else "fall" if score < 0 else None


def _is_price(codes: str, index: int) -> bool:
    for code in reversed(codes[max(0, index - _NEAR) : index]):
        if code in "pqo":
            return True
        if code == "x":
            return False
    return False



