"""Price events: who announced which price, from what, to what, per what, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.article.dates import DateMention, find_dates
from pipeline.article.entities import Entities, Mention, load_entities
from pipeline.article.price_direction import direction_of
from pipeline.article.price_filter import admissible, as_entry, continues, contrasts, may_complete
from pipeline.article.price_grammar import Move, find_moves, join_moves
from pipeline.article.price_links import Passage, read_passage
from pipeline.article.price_names import ASIDE, CLAUSE, EDGE
from pipeline.article.price_rows import Trail, build_rows, without_echoes
from pipeline.article.price_tokens import COMPETES, PriceLexicon, load_price_lexicon, tokenise
from pipeline.article.price_vendors import acts, is_vendor
from pipeline.records import Document, PriceEvent, Segment
from pipeline.script import simplify

_WORTH = re.compile(r"[0-9一二两三四五六七八九十百半]|免费|腰斩")
_SIGNAL = re.compile(r"[元块￥¥$€£价折成]|美[金分]|免[费单]|[便]宜|[降涨减跌优惠]|[0-9]万|/万|tokens?", re.IGNORECASE)
_CLAUSE_MARKS = "，,。；;：:"
_CLAUSE = re.compile(f"[{_CLAUSE_MARKS}]")
_LAUNCHES = re.compile(r"发布|推出|上市|开售|预售|上线|亮相|开卖|首发|开订|面世")
_LAUNCH = 2  # sentences after a launch in which a plain price is the new one
_QUESTION = re.compile(r"[吗么][？?！!”」…]*\s*$")
_PERSON = re.compile(
    r"[我你她您]|(?<!其)他(?!们?公司|汽|国)|自己|男友|女友|同事|朋友|这张|那张"
    r"|一[个家位名](?:商家|店|老板|客户|顾客|消费者|企业|公司|品牌)|有商家|某商家"
)
_READER = re.compile(r"[你您]")  # 当你把卖二扫掉，房价上涨5000元
_FAR = 60  # characters in which the clauses around a move are looked for
_CARRY_DATE = 3  # segments a date holds for; a news item rarely needs more than three sentences
_HALF = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF05, 0xFF0E, 0xFF0F)}  # ０-９ ％ ． ／
_PATH_YEAR = re.compile(r"(?<![0-9])20[0-4][0-9](?![0-9])")


@dataclass(frozen=True)
class PriceTools:
    """The compiled lexicons that price events need; build with `build_price_tools`."""

    entities: Entities
    lexicon: PriceLexicon


def build_price_tools(entities: Path | None = None) -> PriceTools:
    """Compile the lexicons, the entity lexicon extended by the user's file `entities`."""
    known = load_entities(entities)
    return PriceTools(entities=known, lexicon=load_price_lexicon(goods=known.goods))


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
    plain = plain.translate(_HALF)
    year = _PATH_YEAR.search(document.path)
    dates = find_dates(plain, published=document.published, hint_year=int(year.group()) if year else None)
    passage = read_passage(
        plain,
        tools.entities,
        rules=tools.lexicon.names,
        nouns=tools.lexicon.nouns,
        title=simplify(document.title or ""),
    )
    state = Trail()
    events: list[PriceEvent] = []
    date_index = 0
    for segment in segments:
        if segment.role != "body":
            continue
        inside = []
        while date_index < len(dates) and dates[date_index].start < segment.end:
            if dates[date_index].start >= segment.start:
                inside.append(dates[date_index])
            date_index += 1
        events.extend(_segment_events(document, passage, segment, inside, state=state, lexicon=tools.lexicon))
    return tuple(sorted(without_echoes(events, tools.entities), key=lambda event: (event.start, event.end)))


def _segment_events(
    document: Document,
    passage: Passage,
    segment: Segment,
    dates: Sequence[DateMention],
    *,
    state: Trail,
    lexicon: PriceLexicon,
) -> Iterable[PriceEvent]:
    text = passage.text[segment.start : segment.end]
    named = passage.between(segment.start, segment.end)
    if _WORTH.search(text) and _SIGNAL.search(text) and not lexicon.denial.find(text):
        for move in _told_moves(passage, segment, named, state=state, lexicon=lexicon):
            date = _date(dates, segment, move, state)
            yield from build_rows(document, passage, segment, move, date=date, trail=state)
    firms = [m for m in named if is_vendor(passage.text, m) or acts(passage.text, m)]
    if firms:
        state.vendor, state.vendor_at, state.vendor_end = firms[-1].entity.name, segment.index, segment.end
    if firms and _LAUNCHES.search(text):
        state.launched_at = segment.index
    own = [date for date in dates if not date.base]
    if own:
        state.date, state.date_at = own[-1], segment.index


def _told_moves(
    passage: Passage, segment: Segment, named: Sequence[Mention], *, state: Trail, lexicon: PriceLexicon
) -> list[Move]:
    """Return the moves of a sentence that are told as events, those that complete each other joined."""
    text = passage.text[segment.start : segment.end]
    sentence = tokenise(text, lexicon)
    codes = sentence.codes
    if not any(code in "ABPDgFGN" for code in codes):
        return []
    found = [m for m in find_moves(sentence) if not _competes(text, m, lexicon) and not _asked(text, m)]
    found = [m for m in found if named or not _private(text, m)]
    known = bool(named) or segment.index - state.vendor_at <= 1
    product = any(m.entity.kind in ("model", "product") for m in named)
    launched = segment.index - state.launched_at <= _LAUNCH
    good: set[int] = set()  # by identity: `read` keeps every move alive
    previous: Move | None = None
    read: list[Move] = []
    for move in found:
        owned = passage.owned(segment.start, move.start, text)
        told = admissible(move, codes, named=known, product=product, owned=owned, launched=launched)
        if previous is not None and id(previous) in good and continues(move, previous):
            move, told = as_entry(move, previous), True
        if told:
            good.add(id(move))
        read.append(move)
        previous = move
    moves = [m for m in read if (id(m) in good and not contrasts(text, m)) or may_complete(m, codes)]
    moves = join_moves(moves, lambda left, right: _may_join(passage, segment.start, left, right))
    return [m for m in moves if id(m) in good or ("+" in m.rule and not m.announces)]


def _asked(text: str, move: Move) -> bool:
    """Whether a move is asked for, not told: its clause ends in 吗 or 么."""
    mark = _CLAUSE.search(text, move.end, move.end + _FAR)
    return _QUESTION.search(text, move.end, mark.start() if mark else min(len(text), move.end + _FAR)) is not None


def _private(text: str, move: Move) -> bool:
    """Whether the clause of a move tells what somebody paid: 她的机票降到588元."""
    start = max(text.rfind(mark, max(0, move.start - _FAR), move.start) for mark in _CLAUSE_MARKS)
    if _PERSON.search(text, max(0, start, move.start - _FAR), move.end):
        return True
    before = max(text.rfind(mark, max(0, start - _FAR), max(0, start)) for mark in _CLAUSE_MARKS)
    return start >= 0 and _READER.search(text, max(0, before, start - _FAR), start) is not None


def _competes(text: str, move: Move, lexicon: PriceLexicon) -> bool:
    """Whether the clauses around a move are about shares, futures or taxes: its own, two before and one after."""
    start, end = move.start, move.end
    for _ in range(3):
        start = max(text.rfind(mark, max(0, start - _FAR), max(0, start)) for mark in _CLAUSE_MARKS)
        if start < 0:
            break
    after = _CLAUSE.search(text, end, end + _FAR)
    around = text[max(0, start, move.start - 2 * _FAR) : after.start() if after else end + _FAR]
    return any(match.group == COMPETES for match in lexicon.context.find(ASIDE.sub("", around)))


def _may_join(passage: Passage, offset: int, left: Move, right: Move) -> bool:
    """Neighbouring moves are of one price when no product is named between them."""
    if right.start - left.end > 40:
        return False
    pieces = CLAUSE.split(passage.text[offset + left.end : offset + right.start])
    if "+" not in right.rule and any(passage.rules.noun_of(piece.strip(EDGE)) for piece in pieces):
        return False
    between = passage.between(offset + left.end, offset + right.start)
    return not any(m.entity.kind in ("model", "product", "company", "brand") for m in between)


def _date(dates: Sequence[DateMention], segment: Segment, move: Move, state: Trail) -> tuple[DateMention | None, bool]:
    """Return the date of a move and whether it was carried over from an earlier sentence."""
    earlier = [d for d in dates if d.start < segment.start + move.start and not d.base]
    before = [d for d in earlier if len(d.value) > 4] or earlier
    if before:
        return before[-1], False
    if state.date is not None and segment.index - state.date_at <= _CARRY_DATE:
        return state.date, True
    return None, False
