"""Rows of `price_events`: a move with the vendor, product and date that its surroundings give it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from pipeline.article.dates import DateMention
from pipeline.article.entities import Entities
from pipeline.article.numbers import show
from pipeline.article.price_events import Figures, figures, trade_of
from pipeline.article.price_grammar import Move, each_of
from pipeline.article.price_links import UNKNOWN, Passage, find_products, product_after
from pipeline.article.price_names import CLAUSE, LATIN
from pipeline.article.price_vendors import choose_vendors, is_vendor
from pipeline.records import Document, PriceEvent, Segment

CARRY_VENDOR = 2  # segments a firm named earlier stays the vendor of what follows
_REACH = 160  # characters looked back for names: longer ones changed nothing on the development articles
_PARAGRAPH = 600  # characters of a paragraph in which its firm stays the vendor
_MAX_SPAN = 200
_CLAUSE_END = frozenset("，,。；;：:\n！!？?")
_MOST_COMPARED = 50  # echoes are looked for among this many earlier events of the same figures: keeps time linear
_GIVING = ("提供", "开放", "使用", "供")
_MOST_JOINED = 4  # goods that one figure is told of together
_LIST = re.compile(r"[、和与及]")
_NO_YEAR = re.compile(r"[0-9]{2}(?:-[0-9]{2})?")


@dataclass
class Trail:
    """What the reading carries from sentence to sentence: the last firm, product and date, and where they stood."""

    vendor: str = ""
    vendor_at: int = -99
    launched_at: int = -99
    vendor_end: int = 0
    product: str = ""
    product_at: int = -99
    sold_by: str = ""
    date: DateMention | None = None
    date_at: int = -99


def build_rows(
    document: Document,
    passage: Passage,
    segment: Segment,
    move: Move,
    *,
    date: tuple[DateMention | None, bool],
    trail: Trail,
) -> Iterator[PriceEvent]:
    """Yield the rows of one move: one per product and vendor that the sentence joins by 和 or 、.

    Parameters
    ----------
    document : Document
    passage : Passage
    segment : Segment
        The sentence, to whose start the move's offsets refer.
    move : Move
    date : tuple of DateMention or None, bool
        The date and whether it was carried over from an earlier sentence.
    trail : Trail
        Read for what the sentence leaves out, and brought up to date.
    """
    at = segment.start + move.start
    floor = max(segment.start, at - _REACH)
    carried = trail.vendor if _holds(passage, segment, trail) else ""
    text = passage.text[segment.start : segment.end]
    products = _products(passage, segment, move, trail) or [UNKNOWN]
    parts = _LIST.split(products[0])
    goods = 1 < len(parts) <= _MOST_JOINED and all(passage.nouns.names_good(part) for part in parts)
    if len(products) == 1 and ((move.more and len(parts) == len(move.more) + 1) or goods):
        products = parts
    rows = each_of(move, len(products))
    for product, own in zip(products if len(products) > 1 else products * len(rows), rows, strict=True):
        for vendor in choose_vendors(passage, product, floor, at, carried=carried):
            if vendor == UNKNOWN and not _priced(passage, product):
                continue
            known = passage.entities.company(vendor)
            trade = trade_of(vendor, product, known.industry if known else "")
            result = figures(own, text, side=_side(text, move), industry=trade)
            told = (result.old, result.new, result.change_pct, result.change)
            if told == (None, None, None, None) and "number-unclear" not in result.flags:
                continue
            trail.product, trail.product_at, trail.sold_by = product, segment.index, vendor
            lent = vendor in (carried, passage.main, passage.titled) and vendor != UNKNOWN
            lent = lent and not passage.between(floor, at)
            span = _span(passage.text, segment, move)
            yield _row(document, result, span, names=(vendor, product), date=date, lent=lent)


def _holds(passage: Passage, segment: Segment, trail: Trail) -> bool:
    """Whether the firm named last still is the vendor: two sentences on, or anywhere in its paragraph."""
    if segment.index - trail.vendor_at <= CARRY_VENDOR:
        return True
    return segment.start - trail.vendor_end <= _PARAGRAPH and "\n" not in passage.text[trail.vendor_end : segment.start]


def without_echoes(events: Sequence[PriceEvent], entities: Entities) -> list[PriceEvent]:
    """Drop events that tell the same figures of the same vendor again, keeping the best named one of each.

    Two products that the lexicon knows may well cost the same, and a price may be told of two dates: both stay.
    """
    kept: list[PriceEvent] = []
    place: dict[tuple[object, ...], list[int]] = {}
    for event in events:
        told = _told(event)
        implied = told | _implied(event)
        near = sorted({index for key in implied for index in place.get(key, [])[-_MOST_COMPARED:]})
        for index in near:
            other = kept[index]
            same = told <= _told(other) | _implied(other) or _told(other) <= implied
            if same and _echo(other, event, entities):
                if _worth(event) > _worth(other):
                    kept[index] = event
                    _index(place, implied, index)
                break
        else:
            _index(place, implied, len(kept))
            kept.append(event)
    return kept


def _told(event: PriceEvent) -> frozenset[tuple[object, ...]]:
    """Return the figures that an event tells, comparable between events."""
    pct = event.change_pct if event.old_norm is None else None
    figures = (("free", event.free or None), ("old", event.old_norm), ("new", event.new_norm), ("step", event.change))
    return frozenset((name, event.direction, value) for name, value in (*figures, ("pct", pct)) if value is not None)


def _implied(event: PriceEvent) -> frozenset[tuple[object, ...]]:
    """Return the figures that follow from an old and a new price: their step, and their percentage as it is told."""
    if event.old_norm is None or event.new_norm is None:
        return frozenset()
    step = show(Decimal(event.new_norm) - Decimal(event.old_norm))
    found = {("step", event.direction, step)}
    if event.change_pct is not None:
        exact = Decimal(event.change_pct)
        ways = (exact, exact.quantize(Decimal(1), ROUND_DOWN), exact.quantize(Decimal(1), ROUND_HALF_EVEN))
        found |= {("pct", event.direction, show(value)) for value in ways}  # 97.5% is told as 97% or 98%
    return frozenset(found)


def _worth(event: PriceEvent) -> tuple[bool, int]:
    """Order two tellings of one event: names before figures."""
    return (UNKNOWN not in (event.vendor, event.product), len(_told(event)))


def _index(place: dict[tuple[object, ...], list[int]], told: frozenset[tuple[object, ...]], index: int) -> None:
    for key in told:
        place.setdefault(key, []).append(index)


def _echo(one: PriceEvent, other: PriceEvent, entities: Entities) -> bool:
    if UNKNOWN not in (one.vendor, other.vendor) and not entities.same_house(one.vendor, other.vendor):
        return False
    sure = "date-carried" not in one.flags and "date-carried" not in other.flags
    both = _told(one) & _told(other)
    if len(both) > 1 and one.product == other.product:  # the same two figures again: a second telling of any day
        return True
    if sure and one.date and other.date and one.date != other.date and not one.date.startswith(other.date):
        return False
    if one.product == other.product or UNKNOWN in (one.product, other.product):
        return True
    known = all(entities.company(event.product) for event in (one, other))
    if known:
        return False
    if one.product in other.product or other.product in one.product:
        return True
    told_apart = one.start != other.start and one.vendor != UNKNOWN
    return told_apart and (_alike(one, other) if one.free else one.product[-2:] == other.product[-2:])


def _alike(one: PriceEvent, other: PriceEvent) -> bool:
    """Whether two products given away in different sentences share three characters: 安全大模型 and 大模型能力."""
    parts = {one.product[i : i + 3] for i in range(len(one.product) - 2)}
    return one.start != other.start and any(part in other.product for part in parts)


def _products(passage: Passage, segment: Segment, move: Move, trail: Trail) -> list[str]:
    at = segment.start + move.start
    if move.rule.startswith(("step_of", "step_list")):  # 上调主机售价50美元: the product stands inside
        at = segment.start + move.figure
    floor = max(segment.start, at - _REACH)
    end = segment.start + move.end
    products = find_products(passage, clause_start(passage.text, floor, at), at, floor=floor)
    after = product_after(passage, end, segment.end)
    if after and move.new is not None:
        return [after]
    after = passage.rules.noun_after(passage.text, end, segment.end)
    if after and (not products or move.rule.startswith(("promotion", "at_price"))):
        products = [after]
    if move.rule == "free" and passage.text[at:end].endswith(_GIVING):
        given = passage.rules.noun_after_free(passage.text, end, segment.end)
        products = [given] if given else products
    if move.rule == "free_new" and (given := passage.nouns.headed(CLAUSE.split(passage.text[end : segment.end])[0])):
        products = [given]
    others = {m.entity.name for m in passage.between(floor, at) if is_vendor(passage.text, m)} - {trail.sold_by}
    if not products and trail.product and segment.index - trail.product_at <= 1 and not others:
        products = [trail.product]
    if not products and passage.topic:
        products = [passage.topic]
    return products


def _priced(passage: Passage, product: str) -> bool:
    """Whether a product is enough without a firm: a good, a name of the lexicon or a Latin one."""
    if product == UNKNOWN:
        return False
    named = passage.entities.company(product) is not None or LATIN.search(product) is not None
    return named or passage.nouns.is_good(product)


def _row(
    document: Document,
    result: Figures,
    span: tuple[int, int],
    *,
    names: tuple[str, str],
    date: tuple[DateMention | None, bool],
    lent: bool,
) -> PriceEvent:
    found, was_carried = date
    flags = list(result.flags)
    if found is not None:
        flags += ["date-carried"] if was_carried else []
        flags += ["year-guessed"] if found.guessed else []
        flags += ["year-unknown"] if _NO_YEAR.fullmatch(found.value) else []
    flags += ["vendor-carried"] if lent else []
    start, end = span
    return PriceEvent(
        article_id=document.article_id,
        start=start,
        end=end,
        text=document.text[start:end],
        date=found.value if found else None,
        vendor=names[0],
        product=names[1],
        direction=result.direction,
        old=result.old,
        new=result.new,
        currency=result.currency,
        unit=result.unit,
        free=result.free,
        change_pct=result.change_pct,
        old_norm=result.old_norm,
        new_norm=result.new_norm,
        norm_unit=result.norm_unit,
        flags=",".join(flags),
        change=result.change,
    )


def _side(text: str, move: Move) -> str:
    if move.side:
        return move.side
    around = text[clause_start(text, max(0, move.start - _MAX_SPAN), move.start) : move.end]
    entry, exit_ = "输入" in around, "输出" in around
    return "both" if entry and exit_ else "input" if entry else "output" if exit_ else ""


def clause_start(text: str, floor: int, at: int) -> int:
    """Return where the clause that holds `at` begins, not before `floor`."""
    while at > floor and text[at - 1] not in _CLAUSE_END:
        at -= 1
    return at


def _span(text: str, segment: Segment, move: Move) -> tuple[int, int]:
    """Return the clause or clauses that hold the move, or the move alone when those are very long."""
    at = segment.start + move.start
    start = clause_start(text, max(segment.start, at - _MAX_SPAN), at)
    end = segment.start + move.end
    while end < segment.end and text[end] not in _CLAUSE_END and end - start < _MAX_SPAN:
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
