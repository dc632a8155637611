"""Days, as files write them. A day is never guessed: a month or a year alone gives nothing."""

from __future__ import annotations

import datetime as dt
import re

# Articles are dated in China; a bare time stamp is read there, so that the day does not depend on the reader's machine.
_CHINA = dt.timezone(dt.timedelta(hours=8))
_EARLIEST, _LATEST = 1949, 2100

DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})\s{0,2}(?:[-/.]|年)\s{0,2}(?P<m>1[0-2]|0?[1-9])\s{0,2}(?:[-/.]|月)\s{0,2}"
    r"(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)(?:\s{0,2}[日号號])?"
)
_COMPACT = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_ADDRESS = re.compile(r"/[a-z]?(20[0-3]\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])[/_]")
_STAMP = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_CHINESE = re.compile(
    "([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号號]"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_ENGLISH = re.compile(r"\b(?:(\d{1,2})\s+)?([A-Z][a-z]{2})[a-z]*\.?\s+(?:(\d{1,2}),?\s+)?((?:19|20)\d{2})\b")


def parse_day(value: object) -> dt.date | None:
    """Return the day that a cell, an attribute or a front matter gives, or `None` when it gives no full day.

    Parameters
    ----------
    value : object
        A date, a date and time (with a zone: the day in China), seconds or milliseconds since 1970, or text.
    """
    if isinstance(value, dt.datetime):
        return (value.astimezone(_CHINA) if value.tzinfo else value).date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()[:200]
    if _STAMP.fullmatch(text):
        return _stamp(float(text))
    if re.search(r"T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$", text):
        try:
            return dt.datetime.fromisoformat(text).astimezone(_CHINA).date()
        except ValueError:
            pass
    return find_day(text)


def find_day(text: str) -> dt.date | None:
    """Return the first full day written in `text`."""
    for pattern in (DAY, _COMPACT):
        match = pattern.search(text)
        if match is not None:
            return _day(int(match["y"]), int(match["m"]), int(match["d"]))
    chinese = _CHINESE.search(text)
    if chinese is not None:
        return _day(int(chinese[1].translate(_DIGITS)), _number(chinese[2]), _number(chinese[3]))
    english = _ENGLISH.search(text)
    if english is not None and english[2].lower() in _MONTHS and (english[1] or english[3]):
        return _day(int(english[4]), _MONTHS.index(english[2].lower()) + 1, int(english[1] or english[3]))
    return None


def day_in_address(url: str | None) -> dt.date | None:
    """Return the day that the path of an address holds (``/2024/05/20/``, ``/20240520/``, ``/2024-05/20/``)."""
    match = _ADDRESS.search(url or "")
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else None


def _number(chinese: str) -> int:
    if "十" not in chinese:
        return int(chinese.translate(_DIGITS))
    tens, _, ones = chinese.partition("十")
    return 10 * int(tens.translate(_DIGITS) or 1) + int(ones.translate(_DIGITS) or 0)


def _day(year: int, month: int, day: int) -> dt.date | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _stamp(value: float) -> dt.date | None:
    seconds = value / 1000 if value >= 1e11 else value
    day = dt.datetime.fromtimestamp(seconds, _CHINA).date()
    return day if _EARLIEST <= day.year <= _LATEST else None
