"""Numbers as Chinese text writes them, exact: `Decimal`, never float."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

ARABIC = r"[0-9][0-9,]*(?:\^[0-9]+|(?: ?\.[0-9]+)+)?"
HAN = r"[零〇一二两三四五六七八九十百千万亿点半]+"
MAGNITUDE = r"(?:[十百千]?[万亿]|[百千])"

_DIGITS = {char: index for index, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_MAX_LENGTH = 24  # longer than any price that was ever written; a longer run of digits is dirt
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def parse_number(text: str) -> Decimal | None:
    """Return the exact value of a number, or None when it is not one (`0.0.8`, `10^30`, `1,2`).

    Parameters
    ----------
    text : str
        Arabic (`1,299.5`), Han (`三百五十`, `一点二`, `半`), or Arabic with a magnitude (`1.2万`).
    """
    text = text.replace(" ", "")
    if not text or len(text) > _MAX_LENGTH:
        return None
    if text[0].isascii():
        digits = text.rstrip("十百千万亿")
        base = _arabic(digits)
        factor = magnitude(text[len(digits) :])
        return None if base is None or factor is None else base * factor
    return _han(text)


def magnitude(text: str) -> Decimal | None:
    """Return the factor of `万`, `千万`, `百` …; 1 for the empty string, None for anything else."""
    factor = Decimal(1)
    last = 0
    for char in text:
        value = _SMALL.get(char) or _LARGE.get(char)
        if value is None or (char in _SMALL and last):
            return None
        factor *= value
        last = value
    return factor


def show(value: Decimal) -> str:
    """Return `value` as a plain decimal string without trailing zeros or exponent."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _arabic(text: str) -> Decimal | None:
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _han(text: str) -> Decimal | None:
    if text in ("半", "点"):
        return Decimal("0.5") if text == "半" else None
    if text.endswith("半") and len(text) == 2:  # 三半 as in 三成半: the caller's unit decides the place
        one = _han(text[0])
        return None if one is None else one + Decimal("0.5")
    if "半" in text:
        return None
    whole, point, fraction = text.partition("点")
    value = _han_whole(whole)
    if value is None or (point and not (fraction and all(char in _DIGITS for char in fraction))):
        return None
    decimals = "".join(str(_DIGITS[char]) for char in fraction)
    return Decimal(f"{value}.{decimals}") if decimals else Decimal(value)


def _han_whole(text: str) -> int | None:
    if not text:
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text)) if len(text) < 3 or "零" in text else None
    total = section = 0
    digit: int | None = None
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SMALL:
            if digit is None and char != "十":
                return None
            section += (1 if digit is None else digit) * _SMALL[char]
            digit = None
        elif char in _LARGE:
            section += digit or 0
            if not section:
                return None
            total = (total + section) * _LARGE[char] if char == "亿" else total + section * _LARGE[char]
            section, digit = 0, None
        else:
            return None
    return total + section + _trailing(text, digit)


def _trailing(text: str, digit: int | None) -> int:
    """Return the value of the last digit: `一百二` is 120, `一万二` 12,000, `一百零二` 102."""
    if digit is None:
        return 0
    before = text[-2]
    if before in "百千":
        return digit * _SMALL[before] // 10
    if before in _LARGE:
        return digit * _LARGE[before] // 10
    return digit
