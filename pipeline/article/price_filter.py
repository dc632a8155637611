"""Which moves of a sentence are price events: not share prices, revenues, market sizes, guesses or mere mentions."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from pipeline.article.price_grammar import Move
from pipeline.article.units import TOKENS

_ANNOUNCED = frozenset({"price", "at_price", "promotion", "promotion2", "direction", "set_new", "offer", "to_new"})
_BACK = 26  # codes looked back for the noun that owns a figure: the longest clause seen between 价格 and its figure
_HERALD = 80  # codes between 宣布 and the last price of the list that it opens
_CHEAPER = re.compile(r"(?:最多|可|还|要|更|能)*(?:便宜|贵|省|低|高出|高了)")
_THAN = re.compile(
    r"(?:比|相比|对比|相较)(?![^，,。；;]{0,6}(?:年|月|周|日|初|期|(?<!目)前|此前|之前|去|上|原))[^，,。；;]{1,14}[，,]?[^，,。；;]{0,4}$"
)
_LISTED = frozenset({"offer", "price", "at_price", "also", "old_new", "new_old", "new_was"})
_NEXT = 24  # codes between two entries of a price list
_OWNING = frozenset({"step_list", "step_of", "step_of_pct"})  # rules that name the price after their verb
_ALIKE = 5  # prices of one list are of one order of size
_BELOW = re.compile(r"(?:低于|高于|不及)[^，,。；;]{1,12}[，,][^，,。；;]{0,4}$")
_TRADED = frozenset({"tonne", "kg", "lb", "barrel", "W", "Wh", "L", "oz", "g"})  # units of goods, not of revenue
_QUOTED = -2  # decimals of an exchange's percentages
_MANIFOLD = Decimal(100)
_CEILING = Decimal(10**8)  # nothing with a list price in this corpus costs 100 million


def admissible(
    move: Move, codes: str, *, named: bool, product: bool, owned: bool = False, launched: bool = False
) -> bool:
    """Whether a move is an announced or reported price change.

    Parameters
    ----------
    move : Move
    codes : str
        The codes of its sentence.
    named : bool
        Whether the sentence names a firm or a product of the lexicon.
    product : bool
        Whether it names a product.
    owned : bool
        Whether a good stands directly before the move.
    launched : bool
        Whether one of the sentences before tells that the product comes out.
    """
    clause = _clause_start(codes, move.first)
    if "h" in codes[max(0, clause - 20) : move.first] or "h" in codes[move.first : move.last + 1]:
        return False
    if "w" in codes[clause : move.last + 1]:  # 不会降价, 否认了, 停止了10%的优惠
        return False
    amounts = [amount for amount in (move.old, move.new, move.delta) if amount is not None]
    if any(amount.low is not None and amount.low >= _CEILING for amount in amounts):
        return False
    if move.delta is not None and move.delta.low == 0:
        return False
    if move.rule == "free_new":
        return named and "x" not in codes[move.first : move.last + 1]
    if move.rule == "free":
        return _free(move, codes, clause, named=named, launched=launched)
    if any(amount.norm_unit == TOKENS for amount in amounts):
        return move.rule not in ("promotion", "promotion2")
    owner = "p" if owned or move.rule in _OWNING else _owner(codes, move)
    if move.rule == "level_step" and owner != "x" and amounts[0].norm_unit in _TRADED:
        return "x" not in codes[clause : move.first]
    if owned and _quotation(move, codes, clause):
        return False
    if move.rule == "cap":
        return owner == "p" and named
    if move.rule in ("by_pct", "pct_by", "by_money") and "x" in codes[move.first : move.last]:
        return False
    if move.rule == "also":
        return False
    rules = set(move.rule.split("+"))
    if rules <= _ANNOUNCED:
        return _announced(move, codes, owner, clause, named=named, launched=launched)
    if rules == {"fold"} and not (product or owned or owner == "p" or (named and _heralded(codes, move))):
        return False
    if move.pct is not None and move.pct >= _MANIFOLD and move.old is None and move.new is None and not named:
        return False  # 十倍 of a whole market: a figure of speech more often than a price
    if move.strong:
        return "x" not in codes[max(clause, move.first - 6) : move.first] and not _followed(codes, move)
    if move.old is not None and move.new is not None:
        return owner == "p" or (owner == "" and "x" not in codes) or (move.free and owner != "x")
    if move.free:
        return owner != "x"
    unclaimed = owner == "" and product and "x" not in codes
    if move.rule == "by_money" and owner == "" and named and move.delta is not None and move.delta.unit:
        unclaimed = "x" not in codes  # 某钢厂主要品种上调200元/吨
    return (owner == "p" or unclaimed) and not _followed(codes, move)


def contrasts(text: str, move: Move) -> bool:
    """Whether a step is a difference to another seller or product (`比同行便宜50元`), not to an earlier time."""
    told = text[move.start : move.end]
    before = text[max(0, move.start - _BACK) : move.start]
    return move.old is None and bool(_CHEAPER.match(told) and (_THAN.search(before) or _BELOW.search(before)))


def continues(move: Move, previous: Move | None) -> bool:
    """Whether a bare figure goes on with the price list that the move before it began: `Plus版1499元`."""
    if move.rule != "also" or previous is None or move.new is None:
        return False
    if previous.rule == "step_list" and previous.delta is not None:
        return move.first - previous.last <= _NEXT and move.new.norm_unit == previous.delta.norm_unit
    if previous.new is None:
        return False
    if previous.rule.partition("+")[0] not in _LISTED or move.first - previous.last > _NEXT or previous.sign:
        return False
    one, other = previous.new.low, move.new.low
    return one is not None and other is not None and one < _ALIKE * other and other < _ALIKE * one


def as_entry(move: Move, previous: Move) -> Move:
    """Return a bare figure as an entry of the list that `previous` belongs to: a step after steps."""
    if previous.rule != "step_list":
        return move
    return replace(move, rule=previous.rule, new=None, delta=move.new, sign=previous.sign, figure=move.start)


def may_complete(move: Move, codes: str) -> bool:
    """Whether a bare price that announces nothing may still be the level of a change told next to it."""
    inside = codes[move.first : move.last + 1]
    return move.rule in ("price", "at_price") and not set("xhc") & set(inside) and _owner(codes, move) == "p"


def _announced(move: Move, codes: str, owner: str, clause: int, *, named: bool, launched: bool) -> bool:
    """A bare price counts when the sentence announces it, or names it as a new one (`起售价`) of something known."""
    inside = codes[move.first : move.last + 1]
    if move.rule in ("promotion", "promotion2"):
        owner = _owner(codes[clause:], replace(move, first=move.first - clause, last=move.last - clause))
    if "x" in inside or "c" in inside or owner == "x" or _followed(codes, move):
        return False
    heralded = (
        launched
        or "a" in codes[max(0, move.first - _HERALD) : move.first + 1]
        or "a" in codes[move.last : move.last + 6]
    )
    if move.rule in ("promotion", "promotion2"):
        return named and "x" not in codes[max(clause, move.first - 10) : move.last + 3]
    if move.rule == "offer":
        return "y" not in codes[clause : move.first]  # 此前到手价多在15元以上
    if move.rule in ("to_new", "set_new"):
        within = codes[clause : move.last + 1]
        return (owner == "p" or (named and "x" not in within)) and (move.rule == "to_new" or heralded)
    return named and heralded


def _heralded(codes: str, move: Move) -> bool:
    return "a" in codes[max(0, move.first - _HERALD) : move.first]


def _quotation(move: Move, codes: str, clause: int) -> bool:
    """Whether a good moves by per cent with two decimals and no price is named: 氧化铝跌1.88% quotes an exchange."""
    exact = move.pct is not None and int(move.pct.as_tuple().exponent) <= _QUOTED
    return exact and move.rule == "by_pct" and "p" not in codes[clause : move.first]


def _free(move: Move, codes: str, clause: int, *, named: bool, launched: bool) -> bool:
    heralded = _heralded(codes, move)
    strong = codes[move.first] == "F" or (codes[move.first] == "G" and (heralded or launched))
    after = codes[move.last + 1 : move.last + 2]
    if not strong and "x" in codes[max(clause, move.first - 3) : move.first]:
        return False
    return named and ((strong and (heralded or after in ("", ",", "."))) or (heralded and after in ("", ",")))


def _owner(codes: str, move: Move) -> str:
    """Return `p` when the nearest noun before (or in) the move is a price, `x` when it is another, empty when none."""
    inside = codes[move.first : move.last + 1]
    head = inside.lstrip("f")[:6]
    for code in (*head, *reversed(codes[max(0, move.first - _BACK) : move.first])):
        if code in "pqoev":
            return "p"
        if code == "x":
            return "x"
    return "p" if "p" in codes[move.last + 1 : move.last + 3] else ""  # 上调5%的价格


def _followed(codes: str, move: Move) -> bool:
    """Whether another noun follows the figure directly (`9.9元的成本`)."""
    after = codes[move.last + 1 : move.last + 5]
    return "x" in after.partition(",")[0]


def _clause_start(codes: str, at: int) -> int:
    return codes.rfind(",", 0, at) + 1
