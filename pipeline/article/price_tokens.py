"""A sentence as a string of one-letter codes: what the grammar of price moves is written over.

Amounts, percentages, discounts and the words of `lexicons/prices.toml` become one code each; every other character
becomes ``.``, punctuation ``,``. So a rule is a short regular expression with bounded gaps, and its cost is linear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.article.numbers import ARABIC, HAN, parse_number
from pipeline.article.price_names import NameRules, compile_names
from pipeline.article.price_nouns import Nouns, compile_nouns
from pipeline.article.units import Amount, find_amounts
from pipeline.lexicon import Lexicon, compile_lexicon, load_raw

CODES: Mapping[str, str] = {
    "to_fall": "t", "to_rise": "T", "to_any": "k", "fall": "d", "fall_strong": "e", "rise": "u", "rise_strong": "v",
    "price": "p", "price_new": "q", "old_price": "o", "now": "n", "from": "f", "to": "z", "announce": "a",
    "hypothetical": "h", "not_price": "x", "compare": "c", "input": "i", "output": "j", "free": "g",
    "free_strong": "F", "free_state": "G", "free_not": "N", "fall_word": "l", "rise_word": "r", "negation": "w",
    "extent": "s", "then": "y", "cap": "m",
}  # fmt: skip
COMPETES = "competes"  # the group of `context` that rules a price event out
AMOUNT, BARE, PERCENT, DISCOUNT, RATIO = "A", "B", "P", "D", "R"

_FUZZY = r"(?:多|余|左右|以上|以下)?"
_PERCENT = re.compile(
    rf"(?<![0-9.])(?<![0-9],)(?P<low>{ARABIC}) ?%?(?: ?[-~～—–至到]+ ?(?P<high>{ARABIC}))? ?%(?!点)"
    rf"|百分之(?P<han>{HAN}|{ARABIC})"
    r"|(?<![第达构组变促形完年生收制合赞])"
    r"(?P<tenths>[一二两三四五六七八九]|(?<![0-9.])[1-9](?:\.[0-9])?)"
    r" ?成(?:(?P<half>半)|(?P<one>[一二三四五六七八九]))?"
    r"(?![为了本功员立果长交都人])"
    rf"|(?P<halved>腰斩|半价|对半砍|砍半|减半)"
    r"|(?P<times>(?<![0-9.])[0-9]{1,3}(?:\.[0-9])?|[一两二三四五六七八九十]{1,2}) ?倍"
    r"|翻(?:了|上)?(?:一番|一倍|番|倍)(?![0-9])"
)
_DISCOUNT = re.compile(
    r"(?P<cue>打(?:了|出|到|个)?|享受?|可享|低至|全场|全线|仅|只要|最低|以|按|的|限时|一律|统统|销售|折扣)? ?"
    r"(?P<fold>(?<![0-9.])[0-9]{1,2}(?:\.[0-9])?|[一二三四五六七八九](?:[一二三四五六七八九]|点[一二三四五六七八九])?)"
    r"(?: ?[-~～至到] ?[0-9.一二三四五六七八九]{1,3})? ?折(?!合|叠|旧|算|扣店|磨|腾|射|返|线|页|纸|屏)"
    r"(?P<after>起|优惠|左右|出售|促销|销售|价|特价|以下|的?价格)?"
)
_RATIO = re.compile(r"(?<!百)(?P<whole>[二两三四五六七八九十百千]{1,3})分之(?P<part>[一二两三四五六七八九])")
_PUNCTUATION = frozenset("，,、：:；;。！？!?（）()“”‘’\"'「」『』《》…\n\t【】[]")


class _PlainTable(dict[int, str]):
    """Codes of ordinary characters: every one but punctuation is a dot."""

    def __missing__(self, key: int) -> str:
        return "."


_PLAIN = _PlainTable({ord(char): "," for char in _PUNCTUATION})
_NO_SPACE = re.compile(r"[^ ]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One coded stretch ``text[start:end]``: `amount` for money, `low` and `high` for per cent, unsigned."""

    code: str
    start: int
    end: int
    amount: Amount | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class PriceLexicon:
    """The compiled words of price moves."""

    words: Lexicon
    context: Lexicon
    denial: Lexicon
    names: NameRules
    nouns: Nouns


def load_price_lexicon(extra: Path | None = None, *, goods: Sequence[str] = ()) -> PriceLexicon:
    """Load `lexicons/prices.toml`, extended by the user's file `extra` and the user's own `goods`."""
    raw = load_raw("prices", extra)
    groups = {group: raw[group]["terms"] for group in CODES if group in raw}
    competing = raw["competing_context"]
    context = compile_lexicon("price context", {COMPETES: competing["terms"], "other": competing["except"]})
    return PriceLexicon(
        words=compile_lexicon("prices", groups),
        context=context,
        denial=compile_lexicon("price denial", {"denial": raw["denial"]["terms"]}),
        names=compile_names(raw["names"], raw["compounds"]),
        nouns=compile_nouns(raw["goods"], goods),
    )


@dataclass(frozen=True)
class Coded:
    """A sentence in codes: `codes[i]` stands for the text from `starts[i]`; `tokens` holds those that are not plain."""

    text: str
    codes: str
    starts: list[int]
    tokens: dict[int, Token]

    def end(self, index: int) -> int:
        """Return where the text of a code ends."""
        token = self.tokens.get(index)
        return token.end if token else self.starts[index] + 1


def tokenise(text: str, lexicon: PriceLexicon) -> Coded:
    """Return the codes of `text`."""
    taken: list[Token] = [_money(amount) for amount in find_amounts(text)]
    taken += [_percent(match) for match in _PERCENT.finditer(text)]
    taken += [token for match in _RATIO.finditer(text) if (token := _ratio(match)) is not None]
    taken += [token for match in _DISCOUNT.finditer(text) if (token := _discount(match)) is not None]
    words = [Token(CODES[m.group], m.start, m.end) for m in lexicon.words.find(text)]
    numbers = _without_overlap(sorted(taken, key=lambda token: (token.start, -token.end)))
    tokens = _weave(words, numbers)
    return _fill(text, tokens)


def _weave(words: list[Token], numbers: list[Token]) -> list[Token]:
    """Merge words and numbers in order; where they overlap the number wins, except `0元` read as free."""
    merged: list[Token] = []
    index = 0
    for number in numbers:
        while index < len(words) and words[index].start < number.start:
            word = words[index]
            if word.end <= number.start:
                merged.append(word)
            index += 1
        if number.amount is not None and number.amount.low == 0 and not number.amount.unit:
            merged.append(Token(CODES["free"], number.start, number.end, amount=number.amount))
        else:
            merged.append(number)
        while index < len(words) and words[index].start < number.end:
            index += 1
    return merged + words[index:]


def _fill(text: str, tokens: list[Token]) -> Coded:
    codes: list[str] = []
    starts: list[int] = []
    coded: dict[int, Token] = {}
    position = 0
    for token in [*tokens, Token("", len(text), len(text))]:
        for match in _NO_SPACE.finditer(text, position, token.start):
            codes.append(match.group().translate(_PLAIN))
            starts.extend(range(match.start(), match.end()))
        if token.code:
            coded[len(starts)] = token
            codes.append(token.code)
            starts.append(token.start)
        position = token.end
    return Coded(text, "".join(codes), starts, coded)


def _without_overlap(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        if not kept or token.start >= kept[-1].end:
            kept.append(token)
    return kept


def _money(amount: Amount) -> Token:
    weak = amount.bare and not amount.unit
    return Token(BARE if weak else AMOUNT, amount.start, amount.end, amount=amount)


def _percent(match: re.Match[str]) -> Token:
    if match["halved"]:
        value: Decimal | None = Decimal(50)
        high = value
    elif match["times"] or match[0][0] == "翻":
        value = parse_number(match["times"] or "一")
        value = None if value is None else value * 100
        high = value
    elif match["tenths"]:
        value = parse_number(match["tenths"])
        more = parse_number(match["one"]) if match["one"] else None
        value = None if value is None else value * 10 + (more or (5 if match["half"] else 0))
        high = value
    else:
        value = parse_number(match["low"] or match["han"])
        high = parse_number(match["high"]) if match["high"] else value
    return Token(PERCENT, match.start(), match.end(), low=value, high=high)


def _ratio(match: re.Match[str]) -> Token | None:
    """`四分之一` of a price is 75 per cent off."""
    whole, part = parse_number(match["whole"]), parse_number(match["part"])
    if not whole or part is None or part >= whole:
        return None
    off = ((whole - part) / whole * 100).quantize(Decimal("0.01"))
    return Token(RATIO, match.start(), match.end(), low=off, high=off)


def _discount(match: re.Match[str]) -> Token | None:
    """`七折` is 30 per cent off, `85折` and `8.5折` 15."""
    text = match["fold"]
    if not text[0].isascii() and not (match["cue"] or match["after"]):  # 一波三折
        return None
    if text[0].isascii():
        value = parse_number(text)
    elif len(text) == 2:
        ten, one = parse_number(text[0]), parse_number(text[1])
        value = None if ten is None or one is None else ten * 10 + one
    else:
        value = parse_number(text)
    if value is None or value == 0:
        return None
    off = 100 - (value * 10 if value < 10 else value)
    return Token(DISCOUNT, match.start(), match.end(), low=off, high=off)
