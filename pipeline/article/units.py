"""Amounts of money with their unit (`0.0008元/千Tokens`, `1元200万tokens`, `每吨200元`) and their normal form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.article.numbers import ARABIC, HAN, MAGNITUDE, parse_number

# word as written -> (currency, factor to the currency's main unit)
CURRENCIES: dict[str, tuple[str, Decimal]] = {
    "元人民币": ("CNY", Decimal(1)), "人民币": ("CNY", Decimal(1)), "RMB": ("CNY", Decimal(1)),
    "块钱": ("CNY", Decimal(1)), "块": ("CNY", Decimal(1)), "元": ("CNY", Decimal(1)), "圆": ("CNY", Decimal(1)),
    "毛钱": ("CNY", Decimal("0.1")), "角钱": ("CNY", Decimal("0.1")), "分钱": ("CNY", Decimal("0.01")),
    "厘钱": ("CNY", Decimal("0.001")), "¥": ("CNY", Decimal(1)), "￥": ("CNY", Decimal(1)),
    "美元": ("USD", Decimal(1)), "美金": ("USD", Decimal(1)), "刀": ("USD", Decimal(1)), "US$": ("USD", Decimal(1)),
    "$": ("USD", Decimal(1)), "USD": ("USD", Decimal(1)), "美分": ("USD", Decimal("0.01")),
    "港元": ("HKD", Decimal(1)), "港币": ("HKD", Decimal(1)), "HK$": ("HKD", Decimal(1)),
    "欧元": ("EUR", Decimal(1)), "€": ("EUR", Decimal(1)), "英镑": ("GBP", Decimal(1)), "£": ("GBP", Decimal(1)),
    "日元": ("JPY", Decimal(1)), "韩元": ("KRW", Decimal(1)), "卢比": ("INR", Decimal(1)),
    "新台币": ("TWD", Decimal(1)), "加元": ("CAD", Decimal(1)), "澳元": ("AUD", Decimal(1)),
    "新加坡元": ("SGD", Decimal(1)), "泰铢": ("THB", Decimal(1)), "卢布": ("RUB", Decimal(1)),
}  # fmt: skip

# word as written -> (normal unit, how many normal units one such unit is)
UNITS: dict[str, tuple[str, Decimal]] = {
    "吨": ("tonne", Decimal(1)), "公斤": ("kg", Decimal(1)), "千克": ("kg", Decimal(1)), "kg": ("kg", Decimal(1)),
    "斤": ("kg", Decimal("0.5")), "克": ("g", Decimal(1)), "磅": ("lb", Decimal(1)), "盎司": ("oz", Decimal(1)),
    "升": ("L", Decimal(1)), "毫升": ("mL", Decimal(1)), "加仑": ("gal", Decimal(1)), "桶": ("barrel", Decimal(1)),
    "瓦时": ("Wh", Decimal(1)), "Wh": ("Wh", Decimal(1)), "瓦": ("W", Decimal(1)), "W": ("W", Decimal(1)),
    "千瓦时": ("kWh", Decimal(1)), "kWh": ("kWh", Decimal(1)), "度电": ("kWh", Decimal(1)),
    "度": ("kWh", Decimal(1)), "千瓦": ("kW", Decimal(1)), "kW": ("kW", Decimal(1)), "平方米": ("m2", Decimal(1)),
    "平米": ("m2", Decimal(1)), "平方": ("m2", Decimal(1)), "公里": ("km", Decimal(1)), "米": ("m", Decimal(1)),
    "月": ("month", Decimal(1)), "个月": ("month", Decimal(1)), "年": ("year", Decimal(1)),
    "季度": ("quarter", Decimal(1)), "季": ("quarter", Decimal(1)), "周": ("week", Decimal(1)),
    "天": ("day", Decimal(1)), "日": ("day", Decimal(1)), "晚": ("night", Decimal(1)), "间夜": ("night", Decimal(1)),
    "小时": ("hour", Decimal(1)), "分钟": ("minute", Decimal(1)), "秒": ("second", Decimal(1)),
    "杯": ("cup", Decimal(1)), "瓶": ("bottle", Decimal(1)), "盒": ("box", Decimal(1)), "箱": ("case", Decimal(1)),
    "袋": ("bag", Decimal(1)), "罐": ("can", Decimal(1)), "份": ("portion", Decimal(1)), "辆": ("car", Decimal(1)),
    "台": ("piece", Decimal(1)), "部": ("piece", Decimal(1)), "件": ("piece", Decimal(1)), "只": ("piece", Decimal(1)),
    "个": ("piece", Decimal(1)), "颗": ("piece", Decimal(1)), "片": ("piece", Decimal(1)), "张": ("piece", Decimal(1)),
    "支": ("piece", Decimal(1)), "套": ("set", Decimal(1)), "本": ("piece", Decimal(1)), "枚": ("piece", Decimal(1)),
    "双": ("pair", Decimal(1)), "块": ("piece", Decimal(1)), "条": ("piece", Decimal(1)), "斗": ("piece", Decimal(1)),
    "单": ("order", Decimal(1)), "次": ("time", Decimal(1)), "人": ("person", Decimal(1)), "位": ("person", Decimal(1)),
    "GB": ("GB", Decimal(1)), "TB": ("TB", Decimal(1)), "G": ("GB", Decimal(1)), "票": ("parcel", Decimal(1)),
}  # fmt: skip
TOKENS = "1M tokens"
_MILLION = Decimal(10**6)

_TOKEN_UNIT = rf"(?:(?P<count>(?:{ARABIC} ?)?[百千万亿]*) ?(?:个 ?)?(?P<token>tokens?))"
_UNIT_WORDS = "|".join(sorted(map(re.escape, UNITS), key=lambda word: (-len(word), word)))
_SUFFIX = "|".join(sorted((re.escape(w) for w in CURRENCIES if not w.endswith(("$", "¥", "￥", "€", "£"))),
                          key=lambda word: (-len(word), word)))  # fmt: skip
_PREFIX = r"(?:人民币|RMB|US\$|HK\$|\$|¥|￥|€|£)"
_NUMBER = rf"(?:{ARABIC} ?{MAGNITUDE}?|{HAN})"
_FUZZY = r"[多余来几]?"
_PER_WORD = rf"(?P<unit>(?:{_UNIT_WORDS})(?![A-Za-z]))"
_AMOUNT = re.compile(
    rf"(?:(?<![A-Za-z])(?P<prefix>{_PREFIX}) ?)?"
    rf"(?<![0-9A-Za-z.^几数])(?P<low>{_NUMBER}) ?(?P<fuzzy>{_FUZZY})(?P<mag>[万亿]?)(?P<fuzzy2>{_FUZZY})"
    rf"(?: ?(?P<cur>{_SUFFIX}))?(?P<small>(?<=块)[0-9一二三四五六七八九](?:毛|(?![0-9一二三四五六七八九十百千万元%])))?"
    rf"(?:(?: ?/ ?每?| ?每 ?)(?:{_TOKEN_UNIT}|(?P<unit_n>1|一)?{_PER_WORD})|"
    rf"(?P<one>一){_PER_WORD.replace('unit', 'unit2')}|"
    rf"(?<=[元块分]) ?{_TOKEN_UNIT.replace('count', 'count2').replace('token>', 'token2>')})?",
    re.IGNORECASE,
)
_MEASURES = frozenset("辆人台家立股个件单吨名次倍款套字册部户间亩平米公千瓦颗片张条只粒级多例店杯瓶+位")
_PRICED = re.compile(r"[售定标起报]价(?:为|是|仅|仅为|只要)? ?$")
_STOPS = frozenset("起，,。；;、！!）)")
_LEAST_BARE = 10  # a smaller bare number after 售价 counts something else more often
_JOIN = re.compile(r" ?(?:[-~～—–至到]|--+|—+) ?")
_SPAN_AFTER = re.compile(r"不等|之间|区间|价格带|价位")
_SPAN_OF = re.compile(r"的(?!价格?[，,。]|水平)")
_SPAN_FROM = re.compile(r"[从由自]|[降涨升跌调提]")
_PER_BEFORE = re.compile(
    rf"[每一]{_TOKEN_UNIT}[^，,。；;0-9]{{0,8}}$|每 ?1?{_PER_WORD}[^，,。；;0-9]{{0,10}}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money at ``text[start:end]``.

    `low` and `high` are in the main unit of `currency` (equal unless a range); None when the number is malformed.
    `unit` is as written (`千Tokens`), empty when none is; `norm_unit` and `per` say how many normal units it is.
    `bare` marks an amount without a currency word: the words around it must say that it is a price.
    """

    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    currency: str
    unit: str
    norm_unit: str
    per: Decimal
    bare: bool
    fuzzy: bool

    @property
    def clear(self) -> bool:
        """Whether the number could be read."""
        return self.low is not None

    def normal(self) -> Decimal | None:
        """Return the (lower) value per normal unit."""
        return None if self.low is None else self.low / self.per


def find_amounts(text: str) -> list[Amount]:
    """Return the amounts of money in `text`, ranges joined, in order; linear in the length of the text."""
    found: list[Amount] = []
    for match in _AMOUNT.finditer(text):
        amount = _amount(text, match)
        if amount is None:
            continue
        if found and amount.low is not None and _JOIN.fullmatch(text, found[-1].end, amount.start):
            joined = _join(found[-1], amount, text)
            if joined is not None:
                found[-1] = joined
                continue
        found.append(amount)
    kept = [a for a in found if a.currency or a.unit or _bare_money(text, a)]
    return [_per_before(text, amount) for amount in kept]


def _bare_money(text: str, amount: Amount) -> bool:
    """Whether `27万` can be money: a magnitude at its end and no measure word after it (`27万辆`)."""
    tail = text[amount.end : amount.end + 2].strip()[:1]
    if _PRICED.search(text, max(0, amount.start - 6), amount.start) and (tail in _STOPS or not tail):  # 定价4499起
        return amount.low is not None and amount.low >= _LEAST_BARE
    return text[amount.start : amount.end].rstrip("多余")[-1:] in ("万", "亿") and tail not in _MEASURES


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    number = match["low"]
    value = parse_number(number)
    if value is None and not number[0].isascii():
        return None
    if value is not None and match["mag"]:
        value *= 10**4 if match["mag"] == "万" else 10**8
    word = match["prefix"] or match["cur"] or ""
    currency, factor = CURRENCIES.get(word.upper() if word.isascii() else word, ("", Decimal(1)))
    if value is not None:
        value *= factor
        if match["small"]:
            digit = parse_number(match["small"][0])
            value += (digit or 0) * Decimal("0.1")
    unit, norm_unit, per = _unit(match)
    fuzzy = bool(match["fuzzy"] or match["fuzzy2"])
    end = match.end()
    while end > match.start() and text[end - 1] == " ":
        end -= 1
    return Amount(match.start(), end, value, value, currency, unit, norm_unit, per, not currency, fuzzy)


def _unit(match: re.Match[str]) -> tuple[str, str, Decimal]:
    token = match["token"] or match["token2"]
    if token:
        count = (match["count"] if match["token"] else match["count2"]) or ""
        return (count + token).strip(), TOKENS, _token_count(count) / _MILLION
    word = match["unit"] or match["unit2"]
    if not word:
        return "", "", Decimal(1)
    norm_unit, per = UNITS.get(word) or next(UNITS[key] for key in UNITS if key.lower() == word.lower())
    return word, norm_unit, per


def _token_count(text: str) -> Decimal:
    """Return how many tokens `千`, `百万`, `200万` are; 1 when nothing is written."""
    text = text.strip().replace(" ", "")
    if not text:
        return Decimal(1)
    value = parse_number(text if text[0].isascii() or len(text) > 2 else "1" + text)
    return value if value else Decimal(1)


def _join(left: Amount, right: Amount, text: str) -> Amount | None:
    """Join `100` and `300元` to one range; `从9000元到5000元` is two amounts."""
    joint = text[left.end : right.start].strip()
    if joint in ("至", "到") and (left.currency or left.unit) and not _span(text, left, right):
        return None
    if left.low is None or not (right.currency or right.unit or text[right.end - 1] == "万"):
        return None
    if left.currency and right.currency and left.currency != right.currency:
        return None
    low, high = left.low, right.low
    magnitude = text[right.start : right.end]
    if low is not None and not left.currency and "万" in magnitude and "万" not in text[left.start : left.end]:
        low *= 10**4
    elif low is not None and not left.currency and "亿" in magnitude and "亿" not in text[left.start : left.end]:
        low *= 10**8
    if low is None or high is None or low > high:
        return None
    factor = Decimal("0.01") if text[right.start : right.end].endswith("美分") and not left.currency else Decimal(1)
    return replace(right, start=left.start, low=low * factor, high=high, currency=right.currency or left.currency)


def _span(text: str, left: Amount, right: Amount) -> bool:
    """Whether `A元到B元` is one range, as what follows says (`100元到500元不等`), not a change from A to B."""
    if _SPAN_AFTER.match(text, right.end):
        return True
    moved = _SPAN_FROM.search(text, max(0, left.start - 6), left.start)
    return moved is None and _SPAN_OF.match(text, right.end) is not None


def _per_before(text: str, amount: Amount) -> Amount:
    """Give `每百万token输入1元` and `每吨上调200元` the unit that stands before the amount."""
    if amount.unit:
        return amount
    match = _PER_BEFORE.search(text, max(0, amount.start - 24), amount.start)
    if match is None:
        return amount
    if match["token"]:
        count = match["count"] or ""
        return replace(
            amount, unit=(count + match["token"]).strip(), norm_unit=TOKENS, per=_token_count(count) / _MILLION
        )
    word = match["unit"]
    norm_unit, per = UNITS.get(word) or next(UNITS[key] for key in UNITS if key.lower() == word.lower())
    return replace(amount, unit=word, norm_unit=norm_unit, per=per)
