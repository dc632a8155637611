"""From a move to a row of `price_events`: figures as written, normal units, checked percentages, flags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from pipeline.article.numbers import show
from pipeline.article.price_grammar import Move
from pipeline.article.units import CURRENCIES, Amount
from pipeline.records import Direction

_CENT = Decimal("0.01")
_TOLERANCE = Decimal("1.0")  # a stated whole per cent is a rounding or a floor (97.5 % told as 97 %)
_LOOSE = Decimal("6.0")  # "超过30%", "近四成": the words themselves allow that much
_WORDS = "|".join(sorted(map(re.escape, CURRENCIES), key=lambda word: (-len(word), word)))
_CURRENCY = re.compile(rf" ?(?:{_WORDS})|(?: ?/ ?| ?每 ?|(?<=[元块万亿])一).*", re.IGNORECASE)
_SUBUNIT = re.compile(r"块[0-9一二三四五六七八九]|[分毛角厘]钱|美分")
_LOOSE_WORDS = re.compile(r"超过|超|近|约|左右|多|余|以上|将近|接近|不到|逾|大概|大约|上下|几乎|至少")
_BOUND_WORDS = re.compile(r"最高(?!限|零售|价)|至多|最多|高达|最大")
_BY_INDUSTRY = {"cars": "car", "coffee": "cup", "tea": "cup"}
_CUES = (("汽车", "cars"), ("车型", "cars"), ("轿车", "cars"), ("SUV", "cars"), ("咖啡", "coffee"), ("拿铁", "coffee"),
         ("奶茶", "tea"), ("茶饮", "tea"), ("柠檬茶", "tea"))  # fmt: skip
_LEAST_CAR = Decimal(5000)
_MOST_CUP = Decimal(100)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figure columns of a price event."""

    direction: Direction
    old: str | None
    new: str | None
    currency: str
    unit: str
    free: bool
    change_pct: str | None
    old_norm: str | None
    new_norm: str | None
    norm_unit: str
    change: str | None
    flags: tuple[str, ...]


def trade_of(vendor: str, product: str, industry: str) -> str:
    """Return the industry that says what an amount is for; the names tell it where the lexicon does not."""
    if industry:
        return industry
    return next((trade for cue, trade in _CUES if cue in vendor or cue in product), "")


def figures(move: Move, text: str, *, side: str, industry: str) -> Figures:
    """Work out the figures of a move.

    Parameters
    ----------
    move : Move
    text : str
        Its sentence, to which the amounts' offsets refer.
    side : str
        ``input``, ``output``, ``both`` or empty.
    industry : str
        Industry of the vendor, which says what an amount without a unit is for (a car, a cup).
    """
    amounts = [amount for amount in (move.new, move.old, move.delta) if amount is not None]
    unit = next((a.unit for a in amounts if a.unit), "")
    currency = next((a.currency for a in amounts if a.currency), "CNY" if amounts else "")
    norm_unit, per = next(((a.norm_unit, a.per) for a in amounts if a.norm_unit), ("", Decimal(1)))
    if not norm_unit and amounts:
        norm_unit = _unit_of(industry, amounts[0])
    old, new = _value(move.old, per), _value(move.new, per)
    if move.free:
        new = Decimal(0)
    pct, mismatch = _percent(move, old, new, text)
    flags = [flag for flag, on in (
        ("pct-mismatch", mismatch),
        ("number-unclear", any(not amount.clear for amount in amounts)),
        ("range", any(amount.low != amount.high for amount in amounts) or move.pct != move.pct_high),
        ("upper-bound", bool(_BOUND_WORDS.search(text, max(0, move.start - 4), move.end))),
        ("approximate", any(a.fuzzy for a in amounts) or bool(_LOOSE_WORDS.search(text[move.start : move.end + 2]))),
    ) if on]  # fmt: skip
    return Figures(
        direction="input" if side == "input" else "output" if side == "output" else "both" if side == "both" else "-",
        old=_written(move.old, text),
        new="免费" if move.free else _written(move.new, text),
        currency=currency,
        unit=unit,
        free=move.free,
        change_pct=None if pct is None else show(pct),
        old_norm=None if old is None else show(old),
        new_norm=None if new is None else show(new),
        norm_unit=norm_unit,
        change=_step(move),
        flags=tuple(flags),
    )


def _value(amount: Amount | None, per: Decimal) -> Decimal | None:
    if amount is None or amount.low is None:
        return None
    return _exact(amount.low / (amount.per if amount.norm_unit else per))


def _exact(value: Decimal) -> Decimal:
    """Divide without a tail of 28 digits: 1元/3tokens is cut at ten places."""
    return value if -value.as_tuple().exponent <= 10 else value.quantize(Decimal("1e-10"), ROUND_HALF_EVEN)  # type: ignore[operator]


def _percent(move: Move, old: Decimal | None, new: Decimal | None, text: str) -> tuple[Decimal | None, bool]:
    """Return the signed change in per cent and whether the stated one contradicts the computed one."""
    stated = None if move.pct is None else abs(move.pct) * (move.sign or 1)
    if not old or new is None:
        return stated, False
    computed = ((new - old) / old * 100).quantize(_CENT, ROUND_HALF_EVEN)
    if stated is None:
        return computed, False
    gap = abs(abs(stated) - abs(computed))
    loose = _LOOSE_WORDS.search(text[max(0, move.start - 2) : move.end + 3]) or move.pct != move.pct_high
    return computed, gap >= (_LOOSE if loose else _TOLERANCE)


def _step(move: Move) -> str | None:
    if move.delta is None or move.delta.low is None or not move.sign:
        return None
    return show(move.delta.low * move.sign)


def _written(amount: Amount | None, text: str) -> str | None:
    """Return the number as written, without currency and unit: `1.2万`, `110万-115万`."""
    if amount is None:
        return None
    raw = text[amount.start : amount.end]
    if amount.unit and raw.endswith(amount.unit):  # 1元200万tokens, 9.9元一杯
        raw = raw[: -len(amount.unit)].rstrip("/ 每一")
    if _SUBUNIT.search(raw):  # 9块9, 5分钱, 86美分: the number alone would mislead
        return raw
    for cut in ("元/", "/", "每"):
        head, joint, tail = raw.partition(cut)
        if joint and not re.search(r"[-~～—–至到]", tail):
            raw = head + ("元" if cut == "元/" else "")
    return _CURRENCY.sub("", raw).strip() or raw


def _unit_of(industry: str, amount: Amount) -> str:
    unit = _BY_INDUSTRY.get(industry, "item")
    if amount.low is None or (unit == "car" and amount.low < _LEAST_CAR) or (unit == "cup" and amount.low > _MOST_CUP):
        return "item"
    return unit
