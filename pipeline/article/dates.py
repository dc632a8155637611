"""Dates in an article, absolute and relative, resolved against its own sequence of events and its own date.

A resolved date is ISO as far as the text says it: `2024-05-21`, `2024-05`, `2024-Q2`, `2024-H1`, `2024`. When no year
is known anywhere, month and day stand alone (`05-21`). The year of `5月21日` is, in this order: the one the text gave
last, the one that puts the date before (or less than two months after) the article's own date, a year in the file's
name, nothing. All but a written year and the article's own date are guesses and say so.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from pipeline.article.numbers import parse_number

_N = r"(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_DAY = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_DATE = re.compile(
    rf"(?P<iso>(?<![0-9])(?P<iy>(?:19|20)[0-9]{{2}})[-/.](?P<im>[01]?[0-9])[-/.](?P<id>[0-3]?[0-9])(?![0-9]))"
    rf"|(?:(?P<year>(?<![0-9])(?:19|20)[0-9]{{2}}) ?年 ?(?:的|，|,)?"
    rf"|(?P<yword>今年|去年|明年|前年|后年|当年|同年|次年|翌年))?"
    rf" ?(?:(?P<month>(?<![0-9/.万])(?:1[0-2]|0?[1-9])"
    rf"|(?<![一二三四五六七八九十])(?:十[一二]?|[一二三四五六七八九])) ?月"
    rf"(?:份)? ?(?:(?P<day>{_DAY}) ?[日号]|(?P<part>[初底末]|上旬|中旬|下旬))?"
    rf"|(?P<half>[上下])半年|(?:第?(?P<quarter>[一二三四1-4])季度?|(?P<q>Q[1-4])(?![0-9A-Za-z]))"
    rf"|(?P<ypart>年?[初底末](?![期盘端])|中))"
    rf"|(?P<onlyyear>(?<![0-9])(?:19|20)[0-9]{{2}}) ?年(?!代|期)"
    rf"|(?P<onlyword>今年|去年|明年|前年)(?!以来)"
    rf"|(?P<rel>{_N}) ?(?P<relunit>个?多?小时|分钟|天|日|周|个?星期|个?月|年)(?:之|以)?(?P<reldir>后|前)"
    rf"|(?P<word>昨日|昨天|昨晚|前天|今日|今天|今晚|今晨|明天|明日|次日|翌日|第二天|隔天|同日|同一天|当日|当天"
    rf"|本月|上个?月|下个?月|次月|当月|同月|本周|上周|下周)(?P<wday>[一二三四五六日天](?![0-9]))?"
)
_OFFSETS = {
    "昨日": -1, "昨天": -1, "昨晚": -1, "前天": -2, "今日": 0, "今天": 0, "今晚": 0, "今晨": 0, "明天": 1, "明日": 1,
}  # fmt: skip
_NEXT = {"次日", "翌日", "第二天", "隔天"}
_SAME = {"同日", "同一天", "当日", "当天"}
_YEARS = {"今年": 0, "去年": -1, "明年": 1, "前年": -2, "后年": 2}
_ANCHOR_YEARS = {"当年": 0, "同年": 0, "次年": 1, "翌年": 1}
_BASE_BEFORE = frozenset("从由自比较")
_STARTS = re.compile(r".{0,3}(?:起|开始|以来)|零时")
_YEAR_HOLDS = 200  # characters for which a year named in the text holds: about a paragraph's length
_AHEAD = dt.timedelta(days=60)  # a date named this far after publication is still this year's (announced ahead)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date at ``text[start:end]``: `value` as described at the top of the module, `guessed` when its year is.

    `base` marks what is compared with (`从去年5月的…`, `较2010年`): the event happened at another time.
    """

    start: int
    end: int
    value: str
    guessed: bool
    base: bool = False


@dataclass(frozen=True, slots=True)
class _Point:
    """What is known of a moment; `year` None when no year is known."""

    year: int | None
    month: int | None = None
    day: int | None = None
    part: str = ""
    guessed: bool = False

    def show(self) -> str:
        if self.part:
            return f"{self.year}-{self.part}" if self.year else self.part
        tail = "".join(f"-{value:02d}" for value in (self.month, self.day) if value is not None)
        return f"{self.year}{tail}" if self.year else tail.lstrip("-")

    def shifted(self, days: int) -> _Point | None:
        if self.month is None or self.day is None:
            return None
        # 2023 stands in for an unknown year: no leap day, so an unknown February never gains one
        moved = dt.date(self.year or 2023, self.month, self.day) + dt.timedelta(days=days)
        return _Point(moved.year if self.year else None, moved.month, moved.day, guessed=self.guessed)


def find_dates(text: str, *, published: dt.date | None = None, hint_year: int | None = None) -> list[DateMention]:
    """Return the dates of a text in order, each resolved.

    Parameters
    ----------
    text : str
        The article in simplified script.
    published : datetime.date, optional
        When it appeared; relative words (`昨日`, `去年底`) count from it.
    hint_year : int, optional
        A year from elsewhere (the file's name), used last and marked as guessed.
    """
    reader = _Reader(published, hint_year)
    mentions = []
    for match in _DATE.finditer(text):
        point = reader.read(match)
        if point is not None and point.show():
            base = _compared(match)
            mentions.append(DateMention(match.start(), match.end(), point.show(), point.guessed, base))
    return mentions


class _Reader:
    """Reads the dates of one article in order and remembers the last day and the last year named."""

    def __init__(self, published: dt.date | None, hint_year: int | None) -> None:
        self.published = published
        self.hint_year = hint_year
        self.anchor: _Point | None = None
        self.last_year: int | None = None
        self.last_year_at = 0
        self.at = 0
        if published is not None:
            self.today: _Point | None = _Point(published.year, published.month, published.day)
        else:
            self.today = None

    def read(self, match: re.Match[str]) -> _Point | None:
        """Return what a match says, None when it is no possible date."""
        self.at = match.start()
        compared = _compared(match)
        point = self._point(match)
        if point is None or not _possible(point):
            return None
        if point.month is not None or point.part:
            self.anchor = point
        if (match["year"] or match["iy"] or match["onlyyear"]) and not compared:
            self.last_year, self.last_year_at = point.year, match.end()
        return point

    def _point(self, match: re.Match[str]) -> _Point | None:
        if match["iso"]:
            return _Point(int(match["iy"]), int(match["im"]), int(match["id"]))
        if match["rel"]:
            return self._relative(match)
        if match["word"]:
            return self._word(match["word"], match["wday"])
        if match["onlyyear"]:
            return _Point(int(match["onlyyear"]))
        if match["onlyword"]:
            return self._year_of_word(match["onlyword"])
        return self._calendar(match)

    def _calendar(self, match: re.Match[str]) -> _Point | None:
        word = match["yword"]
        if match["year"]:
            base: _Point | None = _Point(int(match["year"]))
        elif word:
            base = self._year_of_word(word) or _Point(None)
        else:
            base = None
        if match["month"]:
            month, day = _small(match["month"]), _small(match["day"])
            if base is None:
                base = self._year_for(month, day)
            return _Point(base.year, month, day, guessed=base.guessed)
        if match["ypart"] and base is None:
            return None
        if base is None:
            base = self._year_for(None, None)
        part = {"上": "H1", "下": "H2"}.get(match["half"] or "")
        if match["quarter"] or match["q"]:
            part = f"Q{_small(match['quarter'] or match['q'][1])}"
        if match["ypart"]:
            month_of = {"初": 1, "底": 12, "末": 12, "中": 6}[match["ypart"][-1]]
            return _Point(base.year, month_of, guessed=base.guessed) if base.year else None
        return _Point(base.year, part=part or "", guessed=base.guessed) if base.year else None

    def _year_of_word(self, word: str) -> _Point | None:
        if word in _ANCHOR_YEARS:
            year = self.anchor.year if self.anchor else None
            return None if year is None else _Point(year + _ANCHOR_YEARS[word], guessed=True)
        if self.published is not None:
            return _Point(self.published.year + _YEARS[word])
        if self.hint_year is not None:
            return _Point(self.hint_year + _YEARS[word], guessed=True)
        return None

    def _year_for(self, month: int | None, day: int | None) -> _Point:
        if self.published is not None:
            year = self.published.year
            if month is not None:
                last = calendar.monthrange(year, month)[1]
                if dt.date(year, month, min(day or 1, last)) > self.published + _AHEAD:
                    year -= 1
            near = self.last_year is not None and self.at - self.last_year_at <= _YEAR_HOLDS
            if near and self.last_year is not None and self.last_year < year:
                return _Point(self.last_year, guessed=True)
            return _Point(year)
        if self.last_year is not None:
            return _Point(self.last_year, guessed=True)
        return _Point(self.hint_year, guessed=self.hint_year is not None)

    def _relative(self, match: re.Match[str]) -> _Point | None:
        number = parse_number(match["rel"])
        base = self.anchor or self.today
        if number is None or base is None or (match["reldir"] == "前" and self.today is None):
            return None
        if match["reldir"] == "前":
            base = self.today or base
        sign = 1 if match["reldir"] == "后" else -1
        unit = match["relunit"]
        if unit.endswith(("小时", "分钟")):
            return base.shifted(0)
        if unit in ("天", "日"):
            return base.shifted(sign * int(number))
        if unit.endswith(("周", "星期")):
            return base.shifted(sign * 7 * int(number))
        if unit == "年":
            return None if base.year is None else _Point(base.year + sign * int(number), guessed=base.guessed)
        return _months(base, sign * int(number))

    def _word(self, word: str, weekday: str | None) -> _Point | None:
        if word in _OFFSETS:
            return self.today.shifted(_OFFSETS[word]) if self.today else None
        if word in _SAME or word in _NEXT:
            return self.anchor.shifted(1 if word in _NEXT else 0) if self.anchor else None
        if word.endswith("周"):
            return self._weekday(word, weekday)
        base = self.anchor if word in ("次月", "当月", "同月") else self.today
        step = {"上": -1, "下": 1, "次": 1}.get(word[0], 0)
        return None if base is None else _months(base, step)

    def _weekday(self, word: str, weekday: str | None) -> _Point | None:
        if self.published is None or not weekday:
            return None
        monday = self.published - dt.timedelta(days=self.published.weekday())
        week = {"上": -7, "下": 7}.get(word[0], 0)
        day = monday + dt.timedelta(days=week + "一二三四五六日天".index(weekday) - (weekday == "天"))
        return _Point(day.year, day.month, day.day)


def _compared(match: re.Match[str]) -> bool:
    """Whether a date is what something is measured from (`从去年5月的…`), not when it starts (`从5月1日起`)."""
    text = match.string
    before = text[max(0, match.start() - 1) : match.start()]
    return before in _BASE_BEFORE and _STARTS.match(text, match.end()) is None


def _months(base: _Point, step: int) -> _Point | None:
    if base.month is None:
        return None
    index = base.month - 1 + step
    year = None if base.year is None else base.year + index // 12
    return _Point(year, index % 12 + 1, guessed=base.guessed)


def _small(text: str | None) -> int | None:
    number = parse_number(text) if text else None
    return None if number is None else int(number)


def _possible(point: _Point) -> bool:
    if point.month is not None and not 1 <= point.month <= 12:
        return False
    if point.day is None or point.month is None:
        return point.day is None
    return 1 <= point.day <= calendar.monthrange(point.year or 2024, point.month)[1]
