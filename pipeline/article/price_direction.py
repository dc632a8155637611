"""Which way the prices of a sentence move, when no figure need be told."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.article.price_tokens import PriceLexicon, tokenise

# +1 rise, -1 fall; words that speak of prices by themselves count double
_WEIGHT = {"e": -2, "v": 2, "d": -2, "t": -2, "u": 2, "T": 2, "l": -1, "r": 1}
_NEAR = 14  # codes between a price noun and its verb: the longest seen in one clause
_AFTER = 8  # 推高废纸价格: codes between a verb and the price it moves


def direction_of(text: str, lexicon: PriceLexicon) -> Literal["rise", "fall"] | None:
    """Return the direction most price verbs of `text` have; None when there is none or it is a tie.

    A verb counts when the nearest noun before it in its clauses is a price, or a price follows it directly. When no
    verb does, those count that no other noun (sales, output, costs) claims: 引发原油大涨.
    """
    codes = tokenise(text, lexicon).codes
    strict = sum(_WEIGHT[codes[i]] for i in _verbs(codes) if codes[i] in "ev" or _owner(codes, i) == "p")
    if strict:
        return "rise" if strict > 0 else "fall"
    loose = sum(_WEIGHT[codes[i]] for i in _verbs(codes) if _owner(codes, i) == "")
    return "rise" if loose > 0 else "fall" if loose < 0 else None


def _verbs(codes: str) -> list[int]:
    return [match.start() for match in re.finditer("[evdtuTlr]", codes)]


def _owner(codes: str, index: int) -> str:
    """Return `p` when a price owns the verb, `x` when another noun does, empty when none is near."""
    after = codes[index + 1 : index + 1 + _AFTER].partition(",")[0]
    for code in reversed(codes[max(0, index - _NEAR) : index]):
        if code in "pqo":
            return "p"
        if code == "x":
            return "p" if "p" in after else "x"
    return "p" if "p" in after else ""
