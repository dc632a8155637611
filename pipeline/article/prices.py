"""Price events: who announced which price, from what, to what, per what, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.article.dates import DateMention, find_dates
from pipeline.article.entities import Entities, load_entities
from pipeline.article.price_direction import direction_of
from pipeline.article.price_events import figures
from pipeline.article.price_filter import admissible
from pipeline.article.price_grammar import Move, find_moves, join_moves
from pipeline.article.price_links import (
    UNKNOWN,
    Passage,
    choose_vendor,
    find_products,
    noun_after,
    noun_after_free,
    read_passage,
)
from pipeline.article.price_tokens import PriceLexicon, load_price_lexicon, tokenise
from pipeline.records import Document, PriceEvent, Segment

_WORTH = re.compile(r"[0-9一二两三四五六七八九十百半]|免费|腰斩")
_SIGNAL = re.compile(r"[元块￥¥$€£价折成]|美[金分]|免[费单]|[便]宜|[降涨减跌优惠]|[0-9]万|/万|tokens?", re.IGNORECASE)
_REACH = 300  # characters looked back for names: no sentence of the development articles is longer before its figure
_MAX_SPAN = 200
_CARRY_DATE = 3  # segments a date holds for; a news item rarely needs more than three sentences
_CARRY_VENDOR = 2
_PATH_YEAR = re.compile(r"(?<![0-9])20[0-4][0-9](?![0-9])")
_CLAUSE_END = frozenset("，,。；;：:\n！!？?")


@dataclass(frozen=True)
class PriceTools:
    """The compiled lexicons that price events need; build with `build_price_tools`."""

    entities: Entities
    lexicon: PriceLexicon


@dataclass
class _Passing:
    """What the reading carries from sentence to sentence."""

    vendor: str = ""
    vendor_at: int = -99
    product: str = ""
    product_at: int = -99
    date: DateMention | None = None
    date_at: int = -99


def build_price_tools(entities: Path | None = None) -> PriceTools:
    """Compile the lexicons, the entity lexicon extended by the user's file `entities`."""
    return PriceTools(entities=load_entities(entities), lexicon=load_price_lexicon())


def price_direction(text: str, tools: PriceTools) -> Literal["rise", "fall"] | None:
    """Return whether the prices that `text` speaks of rise or fall; None when neither or both."""
    return direction_of(text, tools.lexicon)


def find_price_events(
    document: Document, plain: str, segments: Sequence[Segment], tools: PriceTools
) -> tuple[PriceEvent, ...]:
    """Return the price events of one article, by their place in the text.

    Parameters
    ----------
    document : Document
        The article; its date and its file's name help to find the year.
    plain : str
        Its text in simplified script, code point for code point.
    segments : Sequence[Segment]
        Only those with the role ``body`` are read.
    tools : PriceTools
    """
    year = _PATH_YEAR.search(document.path)
    dates = find_dates(plain, published=document.published, hint_year=int(year.group()) if year else None)
    passage = read_passage(plain, tools.entities)
    state = _Passing()
    events: list[PriceEvent] = []
    seen: set[tuple[object, ...]] = set()
    date_index = 0
    for segment in segments:
        if segment.role != "body":
            continue
        inside = []
        while date_index < len(dates) and dates[date_index].start < segment.end:
            if dates[date_index].start >= segment.start:
                inside.append(dates[date_index])
            date_index += 1
        for event in _segment_events(document, passage, segment, inside, state=state, lexicon=tools.lexicon):
            key = _identity(event)
            if key not in seen:
                seen.add(key)
                events.append(event)
    return tuple(sorted(without_echoes(events, tools.entities), key=lambda event: (event.start, event.end)))


def without_echoes(events: Sequence[PriceEvent], entities: Entities) -> list[PriceEvent]:
    """Drop events that tell the same figures of the same vendor again, keeping the best named one of each.

    Two products that the lexicon knows may well cost the same and both stay.
    """
    kept: list[PriceEvent] = []
    place: dict[tuple[object, ...], list[int]] = {}
    for event in events:
        figures_of = (event.direction, event.old_norm, event.new_norm, event.change, event.free)
        key = (*figures_of, event.change_pct if event.old_norm is None else None)
        for index in place.get(key, []):
            other = kept[index]
            if _echo(other, event, entities):
                if (UNKNOWN in (other.vendor, other.product)) > (UNKNOWN in (event.vendor, event.product)):
                    kept[index] = event
                break
        else:
            place.setdefault(key, []).append(len(kept))
            kept.append(event)
    return kept


def _echo(one: PriceEvent, other: PriceEvent, entities: Entities) -> bool:
    if one.vendor != other.vendor and UNKNOWN not in (one.vendor, other.vendor):
        return False
    if one.date and other.date and one.date != other.date and not one.date.startswith(other.date):
        return False
    known = all(entities.company(event.product) for event in (one, other))
    if one.product == other.product or (not known and (one.product in other.product or other.product in one.product)):
        return True
    return not one.free and not known and one.start != other.start


def _segment_events(
    document: Document,
    passage: Passage,
    segment: Segment,
    dates: Sequence[DateMention],
    *,
    state: _Passing,
    lexicon: PriceLexicon,
) -> Iterable[PriceEvent]:
    text = passage.text[segment.start : segment.end]
    named = passage.between(segment.start, segment.end)
    if _WORTH.search(text) and _SIGNAL.search(text) and not lexicon.context.find(text):
        codes, tokens = tokenise(text, lexicon)
        moves = find_moves(codes, tokens) if any(code in "ABPDgF" for code in codes) else []
        moves = [m for m in moves if admissible(m, codes, named=bool(named) or segment.index - state.vendor_at <= 1)]
        moves = join_moves(moves, lambda left, right: _may_join(passage, segment.start, left, right))
        for move in moves:
            date = _date(dates, segment, move, state)
            yield from _events(document, passage, segment, move, date=date, state=state)
    firms = [m for m in named if m.entity.kind in ("company", "brand")]
    if firms:
        state.vendor, state.vendor_at = firms[-1].entity.name, segment.index
    if dates:
        state.date, state.date_at = dates[-1], segment.index


def _may_join(passage: Passage, offset: int, left: Move, right: Move) -> bool:
    """Neighbouring moves are of one price when no product is named between them."""
    if right.start - left.end > 40:
        return False
    between = passage.between(offset + left.end, offset + right.start)
    return not any(m.entity.kind in ("model", "product", "company", "brand") for m in between)


def _date(dates: Sequence[DateMention], segment: Segment, move: Move, state: _Passing) -> tuple[DateMention | None, bool]:
    """Return the date of a move and whether it was carried over from an earlier sentence."""
    before = [d for d in dates if d.start < segment.start + move.start and len(d.value) > 4] or [
        d for d in dates if d.start < segment.start + move.start
    ]
    if before:
        return before[-1], False
    if state.date is not None and segment.index - state.date_at <= _CARRY_DATE:
        return state.date, True
    return None, False


def _events(
    document: Document,
    passage: Passage,
    segment: Segment,
    move: Move,
    *,
    date: tuple[DateMention | None, bool],
    state: _Passing,
) -> Iterable[PriceEvent]:
    text = passage.text[segment.start : segment.end]
    floor = max(segment.start, segment.start + move.start - _REACH)
    at = segment.start + move.start
    clause = _clause_start(passage.text, floor, at)
    products = find_products(passage, clause, at, floor=floor)
    after = noun_after(passage.text, segment.start + move.end, segment.end)
    if after and (not products or move.rule.startswith(("promotion", "at_price"))):
        products = [after]
    if move.rule == "free" and text[: move.end].endswith(("提供", "开放", "使用", "供")):
        given = noun_after_free(passage.text, segment.start + move.end, segment.end)
        products = [given] if given else products
    if not products and state.product and segment.index - state.product_at <= 1:
        products = [state.product]
    carried = state.vendor if segment.index - state.vendor_at <= _CARRY_VENDOR else ""
    for product in products or [UNKNOWN]:
        vendor = choose_vendor(passage, product, floor, at, carried=carried)
        if product == UNKNOWN and (vendor == UNKNOWN or move.old is None and move.new is None and move.delta is None):
            continue
        known = passage.entities.company(vendor)
        result = figures(move, text, side=_side(text, move), industry=known.industry if known else "")
        if result.old is None and result.new is None and result.change_pct is None and result.change is None:
            continue
        state.product, state.product_at = product, segment.index
        start, end = _span(passage.text, segment, move)
        found, was_carried = date
        flags = list(result.flags)
        flags += ["date-carried"] if found and was_carried else []
        flags += ["year-guessed"] if found and found.guessed else []
        flags += ["year-unknown"] if found and re.match(r"[0-9]{2}(?:-|$)", found.value) else []
        flags += ["vendor-carried"] if vendor == carried and vendor != UNKNOWN and not passage.between(floor, at) else []
        yield PriceEvent(
            article_id=document.article_id, start=start, end=end, text=document.text[start:end],
            date=found.value if found else None, vendor=vendor, product=product, direction=result.direction,
            old=result.old, new=result.new, currency=result.currency, unit=result.unit, free=result.free,
            change_pct=result.change_pct, old_norm=result.old_norm, new_norm=result.new_norm,
            norm_unit=result.norm_unit, flags=",".join(flags), change=result.change,
        )  # fmt: skip


def _side(text: str, move: Move) -> str:
    if move.side:
        return move.side
    around = text[_clause_start(text, 0, move.start) : move.end]
    entry, exit_ = "输入" in around, "输出" in around
    return "both" if entry and exit_ else "input" if entry else "output" if exit_ else ""


def _clause_start(text: str, floor: int, at: int) -> int:
    while at > floor and text[at - 1] not in _CLAUSE_END:
        at -= 1
    return at


def _span(text: str, segment: Segment, move: Move) -> tuple[int, int]:
    """Return the clause or clauses that hold the move, or the move alone when those are very long."""
    start = _clause_start(text, max(segment.start, segment.start + move.start - _MAX_SPAN), segment.start + move.start)
    end = segment.start + move.end
    while end < segment.end and text[end] not in _CLAUSE_END and end - start < _MAX_SPAN:
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _identity(event: PriceEvent) -> tuple[object, ...]:
    return (event.vendor, event.product, event.direction, event.old_norm, event.new_norm, event.change_pct,
            event.change, event.free)  # fmt: skip
