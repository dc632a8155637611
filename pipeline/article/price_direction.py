"""Which way the prices of a sentence move, when no figure need be told."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.article.price_tokens import PriceLexicon, tokenise

# +1 rise, -1 fall; words that speak of prices by themselves count double
_WEIGHT = {"e": -2, "v": 2, "d": -2, "t": -2, "u": 2, "T": 2, "l": -1, "r": 1}
_REACH = 16  # characters before a verb in which its good stands
_ADVERBS = re.compile(
    r"(?:开始|继续|持续|连续|小幅|大幅|逐步|逐渐|有所|有望|预计|可能|仍|将|会|震荡|普遍|整体|明显|快速|不断|稳中|再度|再次"
    r"|环比|同比|的|也|已|均|较快|略有|维持|处于)+$"
)
_NEAR = 14  # codes between a price noun and its verb: the longest seen in one clause
_AFTER = 12  # 推高废纸价格: codes between a verb and the price it moves


def direction_of(text: str, lexicon: PriceLexicon) -> Literal["rise", "fall"] | None:
    """Return the direction most price verbs of `text` have; None when there is none or it is a tie.

    A verb counts when the nearest noun before it in its clauses is a price, a price follows it directly, or a good
    stands before it (大米格小幅上扬: the news lose 价 now and then). When no verb does, those count that no other noun
    (sales, output, costs) claims: 引发原油大涨. Of as many rises as falls the last one told is what the rest leads to.
    """
    sentence = tokenise(text, lexicon)
    codes = sentence.codes
    strict = [
        _WEIGHT[codes[i]]
        for i in _verbs(codes)
        if codes[i] in "ev" or _owner(codes, i) == "p" or _good(text, sentence.starts[i], lexicon)
    ]
    told = strict or [_WEIGHT[codes[i]] for i in _verbs(codes) if _owner(codes, i) == ""]
    if not told:
        return None
    return "rise" if (sum(told) or told[-1]) > 0 else "fall"


def _good(text: str, at: int, lexicon: PriceLexicon) -> bool:
    """Whether a good stands before a verb with nothing but adverbs between them."""
    before = _ADVERBS.sub("", text[max(0, at - _REACH) : at])
    return lexicon.nouns.ends_with_good(before.removesuffix("格").removesuffix("的"))


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
