"""How well price events are found: precision, recall and F1 against annotated price lines, and of their direction.

A line and an event match when vendor and product are compatible and a figure agrees. Vendors and products are
compatible when one contains the other or they share a run of two Han characters, a Latin word or a number; vendors
also when `same_house` says that both are of one firm. A line whose vendor is ``-`` takes any; one whose vendor is a
class of firms, a market or an authority (空调厂商, 江苏省) also an event without; so does any line that has two figures
in common with it. An event without a product takes the line's when the vendor is named. Figures agree when old, new,
step or percentage have a number in common, when a step is the difference of old and new, or both are free; a line
without any figure agrees with any event of the same vendor and product. Each side is used once.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from pipeline.gold import GoldArticle, GoldPrice
from pipeline.records import PriceEvent, Tables
from pipeline.score.align import align
from pipeline.score.kinds import Prf

SameHouse = Callable[[str, str], bool]
_NUMBER = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?) ?([万亿千百]?)")
_TENTHS = re.compile(r"([一二三四五六七八九]) ?(成半|成|折)")
_STATED = re.compile(
    r"[0-9.]+(?: ?%? ?[-~～—–至到] ?[0-9.]+)? ?%|[一二三四五六七八九1-9] ?成半?|[0-9.一二三四五六七八九]+ ?折"
)
_PIECE = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z]+|[0-9]+")
_FACTOR = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_CLASS = re.compile(r"(?:行业|企业|厂家|厂商|品牌|市场|商|商家|企|省|市|政府|委|局|部门|交易所|谈判|采购)$")
_STEP = re.compile(r"[降涨减跌调]")
_EMPTY = frozenset({"", "-"})


@dataclass(frozen=True, slots=True)
class PriceMatch:
    """An annotated line and the event that answers it; one of them is None when nothing does."""

    key: str
    line: GoldPrice | None
    event: PriceEvent | None


@dataclass(frozen=True, slots=True)
class PriceScores:
    """Scores of price events; `matches` lists every line and event, matched or not, in order."""

    events: Prf
    n_articles: int
    matches: tuple[PriceMatch, ...]


def score_prices(
    gold: Sequence[GoldArticle],
    events: Mapping[str, Sequence[PriceEvent]],
    *,
    same_house: SameHouse = operator.eq,
) -> PriceScores:
    """Score events against the price lines of annotated articles.

    Parameters
    ----------
    gold : Sequence[GoldArticle]
    events : Mapping[str, Sequence[PriceEvent]]
        The events found, by the article's key in `gold`; articles that are not in it are left out.
    same_house : callable
        Whether two vendors are one firm or group in other words, as `Entities.same_house` tells.
    """
    matches: list[PriceMatch] = []
    articles = [article for article in gold if article.key in events]
    for article in articles:
        matches.extend(_pair(article, events[article.key], same_house))
    hits = sum(match.line is not None and match.event is not None for match in matches)
    n_gold = sum(match.line is not None for match in matches)
    n_found = sum(match.event is not None for match in matches)
    scores = Prf(
        precision=hits / n_found if n_found else 0.0,
        recall=hits / n_gold if n_gold else 0.0,
        f1=2.0 * hits / (n_gold + n_found) if n_gold + n_found else 0.0,
        n_gold=n_gold,
        n_found=n_found,
    )
    return PriceScores(scores, len(articles), tuple(matches))


def score_price_tables(
    gold: Sequence[GoldArticle], tables: Tables, *, same_house: SameHouse = operator.eq
) -> PriceScores:
    """Score the price events of a run; articles are brought together as `align` does."""
    events: dict[str, list[PriceEvent]] = {}
    for event in tables.price_events:
        events.setdefault(event.article_id, []).append(event)
    found = {a.gold.key: events.get(a.article.article_id, []) for a in align(gold, tables).articles}
    return score_prices(gold, found, same_house=same_house)


def _pair(article: GoldArticle, events: Sequence[PriceEvent], same_house: SameHouse) -> list[PriceMatch]:
    free = list(events)
    pairs: dict[int, PriceEvent] = {}
    for exact in (True, False):  # lines with figures choose first
        for index, line in enumerate(article.prices):
            if index in pairs or bool(_figures(line)) is not exact:
                continue
            answer = max(free, key=partial(agreement, line, same_house=same_house), default=None)
            if answer is not None and not agreement(line, answer, same_house=same_house):
                answer = None
            if answer is not None:
                pairs[index] = answer
                free.remove(answer)
    found = [PriceMatch(article.key, line, pairs.get(index)) for index, line in enumerate(article.prices)]
    return found + [PriceMatch(article.key, None, event) for event in free]


def agreement(line: GoldPrice, event: PriceEvent, *, same_house: SameHouse = operator.eq) -> int:
    """Return how many columns of an annotated line an event agrees with, 0 when they do not match."""
    columns = _agreeing(line, event) if _figures(line) else 1
    open_vendor = event.vendor == "-" and (columns > 1 or _CLASS.search(line.vendor) is not None)
    vendor = "-" if open_vendor else line.vendor
    if not _compatible(vendor, event.vendor, event.product) and not same_house(vendor, event.vendor):
        return 0
    open_product = event.product == "-" and event.vendor != "-"
    if not open_product and not _compatible(line.product, event.product, event.text):
        return 0
    return columns


def _agreeing(line: GoldPrice, event: PriceEvent) -> int:
    step = numbers(event.change or "")
    agreeing = (
        event.free and ("免" in line.new or "0元" in line.new),
        numbers(line.old) & numbers(event.old or ""),
        numbers(line.new) & (numbers(event.new or "") | step | _percents(event)),
        numbers(line.change_pct) & (_percents(event) | step),
        _difference(line.old, line.new) & step,
        _difference(event.old or "", event.new or "") & numbers(line.new) if _STEP.search(line.new) else (),
    )
    return sum(map(bool, agreeing))


def _difference(old: str, new: str) -> frozenset[Decimal]:
    """Return the step between two prices that are one number each."""
    first, second = numbers(old), numbers(new)
    if len(first) != 1 or len(second) != 1:
        return frozenset()
    return frozenset({abs(next(iter(first)) - next(iter(second))).normalize()})


def numbers(text: str) -> frozenset[Decimal]:
    """Return the numbers in a text as written by an annotator (`22.75万元`, `一成多`, `8折`), unsigned."""
    found = {Decimal(n.replace(",", "")) * _FACTOR[magnitude] for n, magnitude in _NUMBER.findall(text)}
    for digit, kind in _TENTHS.findall(text):
        value = Decimal("一二三四五六七八九".index(digit) + 1) * 10
        found.add(value if kind == "成" else value + 5 if kind == "成半" else 100 - value)
    found |= {100 - Decimal(n) * 10 for n in re.findall(r"([0-9](?:\.[0-9])?) ?折", text)}
    found |= {Decimal(n) * 10 for n in re.findall(r"([0-9]) ?成", text)}
    return frozenset(number.normalize() for number in found)


def _percents(event: PriceEvent) -> frozenset[Decimal]:
    """Return the percentages of an event: its column and those its span states (a range has two)."""
    stated = " ".join(_STATED.findall(event.text))
    return numbers(f"{event.change_pct} {stated}") if event.change_pct else frozenset()


def _figures(line: GoldPrice) -> bool:
    told = (line.old, line.new, line.change_pct)
    return line.free or any(re.search(r"[0-9一二三四五六七八九]|免", value) for value in told)


def _compatible(wanted: str, *found: str) -> bool:
    if wanted in _EMPTY:
        return True
    return any(_share(wanted.lower(), text.lower()) for text in found if text not in _EMPTY)


def _share(one: str, other: str) -> bool:
    if one in other or other in one:
        return True
    return bool(_pieces(one) & _pieces(other))


def _pieces(text: str) -> set[str]:
    pieces: set[str] = set()
    for piece in _PIECE.findall(text):
        if "\u4e00" <= piece[0] <= "\u9fff":
            pieces.update(piece[i : i + 2] for i in range(len(piece) - 1))
        elif len(piece) > 1:
            pieces.add(piece)
    return pieces


def gate_numbers(gold: Sequence[GoldArticle], tables: Tables) -> dict[str, float]:
    """Return the scores that the gate pins."""
    scores = score_price_tables(gold, tables).events
    return {"events F1": scores.f1, "events precision": scores.precision, "events recall": scores.recall}
