"""For what a price is told: the product by name or by its place before the price."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.article.entities import Entities, Mention
from pipeline.article.price_names import ASIDE, CLAUSE, EDGE, LATIN, OWNED, NameRules
from pipeline.article.price_nouns import Nouns

UNKNOWN = "-"
VENDOR_KINDS = ("company", "brand")
_PRODUCT_KINDS = ("model", "product")
_WINDOW = 60  # characters before a move in which its product can stand without a name that a lexicon has
_CLAUSES_BACK = 3  # clauses searched for a product; farther ones name something else more often than not
_GENERIC = frozenset({"模型", "系列", "版"})  # adds nothing to a name that the lexicon has
_GRADE = re.compile(r"(?:Pro|Lite|Max|Plus|Mini|Turbo|Ultra|Air|Large|Standard)\b", re.IGNORECASE)
_IN = re.compile(r"(?<![现正存自实])在 ?$")  # 在某平台免费开放: where, not what
_OF = re.compile(r" ?起? ?的 ?")
_EVERY = re.compile(r"(?:所有|全部|全系|全线|旗下|各类|主要)产品")
_CAUSE = re.compile(r" ?(?:由于|因为?|受|随着|鉴于|考虑到|面对)")
_PRICE_VERB = re.compile(r"[^，,]{0,2}(?:[涨跌]|[上下]调|调[高低涨]|打)|[由从]")
_FILLER = re.compile(
    r"(?:的|均|都|也|已|已经|又|则|全部|统统|一律|[每一][吨升斤桶]|[每一]公斤|每千克|再次|再度|普遍|全线|大幅|小幅|平均|累计|最高|产品|分别|整体|总体|制品|同比|环比|单周|一周)+$"
)
JOINT = re.compile(r"(?:系列)?(?:模型)?\s*(?:和|与|及|以及|、|/)\s*")


@dataclass(frozen=True)
class Passage:
    """The mentions of one article and what price linking needs of its text."""

    text: str
    mentions: tuple[Mention, ...]
    starts: tuple[int, ...]
    entities: Entities
    rules: NameRules
    nouns: Nouns
    main: str = ""
    topic: str = ""
    titled: str = ""

    def owned(self, offset: int, at: int, sentence: str) -> bool:
        """Whether a good or product stands directly before a price verb at `at` of a sentence: 空调普遍上涨5%."""
        if _PRICE_VERB.match(sentence, at) is None:
            return False
        before = _FILLER.sub("", sentence[max(0, at - 16) : at])
        near = self.between(offset + max(0, at - 16), offset + at)
        if any(m.entity.kind in _PRODUCT_KINDS and m.end == offset + at for m in near):
            return True
        return self.nouns.ends_with_good(before)

    def between(self, start: int, end: int) -> Sequence[Mention]:
        """Return the mentions that begin in ``[start, end)``."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def read_passage(text: str, entities: Entities, *, rules: NameRules, nouns: Nouns, title: str = "") -> Passage:
    """Find the names of an article; spellings that are ordinary words count only when a sure one of the firm does."""
    found = entities.find(text)
    sure = {m.entity.company for m in found if not m.weak and m.entity.company}
    kept = tuple(
        m
        for m in found
        if (not m.weak or m.entity.company in sure or _trade_word(text, m))
        and not nouns.straddles(text, m.start, m.end)
    )
    starts = tuple(m.start for m in kept)
    return Passage(
        text, kept, starts, entities, rules, nouns, _main_firm(kept), nouns.topic(text), _titled(entities, title)
    )


def _titled(entities: Entities, title: str) -> str:
    """Return the one firm that a title names, empty when it names none or several."""
    firms = {m.entity.name for m in entities.find(title) if m.entity.kind in VENDOR_KINDS and not m.weak}
    return firms.pop() if len(firms) == 1 else ""


def _main_firm(mentions: Sequence[Mention]) -> str:
    """Return the firm that an article is about: at least three and two thirds of all mentions of firms.

    Both bounds were set on the development articles, where they added true vendors and few false ones.
    """
    counts = Counter(m.entity.company for m in mentions if m.entity.company and not m.weak)
    if not counts:
        return ""
    name, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return name if most >= 3 and 3 * most >= 2 * counts.total() else ""


def _trade_word(text: str, mention: Mention) -> bool:
    return text[mention.end : mention.end + 2] in ("公司", "汽车", "集团", "手机", "官方", "中国", "宣布", "大模")


def find_products(passage: Passage, start: int, before: int, *, floor: int) -> list[str]:
    """Return the products a move is about, canonical, several when they are joined by 和 or 、.

    Parameters
    ----------
    passage : Passage
    start : int
        Where the move's clause begins.
    before : int
        Where the move's own words begin; the name stands before it.
    floor : int
        Where the sentence begins: earlier clauses are searched down to it.
    """
    for left, right in ((start, before), (floor, start)):
        if left < right and (chain := _named(passage, left, right)):
            return chain
        if left == start < right and (name := _noun(passage, left, right)):
            return [name]
    if _EVERY.search(passage.text, start, before):  # 所有产品的价格上调20%: no earlier clause says of what
        return []
    earlier = [
        p for p in CLAUSE.split(ASIDE.sub("", passage.text[floor:start])) if p.strip(EDGE) and not _CAUSE.match(p)
    ]
    for piece in reversed(earlier[-_CLAUSES_BACK:]):
        if name := _noun_of(piece, passage):
            return [name]
    return []


def _noun(passage: Passage, left: int, right: int) -> str | None:
    pieces = CLAUSE.split(ASIDE.sub("", passage.text[max(left, right - _WINDOW) : right]).strip(EDGE))
    return _noun_of(pieces[-1], passage)


def product_after(passage: Passage, start: int, end: int) -> str | None:
    """Return the named product of `700美元的PS9 Pro`: a name of the lexicon or a Latin one directly after 的."""
    match = _OF.match(passage.text, start, end)
    if match is None:
        return None
    at = match.end()
    known = [m for m in passage.between(at, at + 1) if m.entity.kind in _PRODUCT_KINDS]
    latin = LATIN.match(passage.text, at, end)
    name = latin.group().strip(" .-+") if latin else ""
    if known and known[0].end - at >= len(name):
        return known[0].entity.name
    return name if len(name) > 2 and not set(name.split()) <= passage.rules.not_latin else None


def _named(passage: Passage, left: int, right: int) -> list[str]:
    spans = [(m.start, m.end, m.entity.name) for m in passage.between(left, right) if m.entity.kind in _PRODUCT_KINDS]
    firms = [m for m in passage.between(left, right) if m.entity.kind not in _PRODUCT_KINDS]
    for match in LATIN.finditer(passage.text, left, right):
        name = match.group().strip(" .-+")
        overlaps = any(m.start < match.end() and match.start() < m.end for m in firms)
        aside = passage.text[match.start() - 1 : match.start()] in ("（", "(")  # 仲钨酸铵（APT）
        if len(name) >= 2 and not aside and not set(name.split()) <= passage.rules.not_latin and not overlaps:
            begin = match.start()
            if not any(m.end == begin for m in firms):
                begin = passage.rules.brand_start(passage.text, left, begin)
            end = passage.nouns.good_end(passage.text, match.start() + len(name))
            spans = _add(
                spans,
                begin,
                end,
                passage.text[begin : match.start()] + name + passage.text[match.start() + len(name) : end],
            )
    owned = list(OWNED.finditer(passage.text, left, min(len(passage.text), right + 4)))
    if owned and not passage.rules.refuses(owned[-1]["name"]) and not any(s >= owned[-1].start() for s, _, _ in spans):
        spans.append((owned[-1].start("name"), owned[-1].end("name"), owned[-1]["name"]))
    spans = _with_family(sorted(spans))
    spans = [span for span in spans if not _referred(passage, left, span[0])]
    if not spans:
        return []
    last = passage.text[spans[-1][0] : spans[-1][1]]
    headed = _head(passage, passage.text[spans[-1][1] : right])
    if headed and passage.entities.company(last) is None:  # 面向PCB的电子布: the head is told of, not its attribute
        return [headed]
    chain = [spans[-1]]
    for span in reversed(spans[:-1]):
        if not JOINT.fullmatch(passage.text[span[1] : chain[0][0]]):
            break
        chain.insert(0, span)
    return [name for _, _, name in chain]


def _head(passage: Passage, rest: str) -> str | None:
    """Return the good that follows 的 in what stands between a name and its price, None when only the price does."""
    _, of, after = rest.rpartition("的")
    name = passage.rules.noun_of(after) if of else None
    return name if name and passage.nouns.plausible(name) and passage.nouns.names_good(name) else None


def _add(spans: list[tuple[int, int, str]], start: int, end: int, name: str) -> list[tuple[int, int, str]]:
    """Add a Latin name unless the lexicon has one there that is as long; a longer one replaces it."""
    touching = [span for span in spans if span[0] < end and start < span[1]]
    if any(span[1] >= end and span[0] <= start for span in touching):
        return spans
    others = [span for span in spans if span not in touching]
    if any(span[0] < start for span in touching):
        first = min(span[0] for span in touching)
        known = max(touching)
        more = name[known[1] - start :]
        return spans if more in _GENERIC else [*others, (first, end, known[2] + more)]
    return [*others, (start, end, name)]


def _with_family(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Give a bare grade (`Pro-32k`) the name of the family before it in the clause: `豆包 Pro-32k`."""
    full: list[tuple[int, int, str]] = []
    for start, end, name in spans:
        if full and _GRADE.match(name):
            family = next((other for _, _, other in reversed(full) if not _GRADE.match(other)), "")
            name = f"{family} {name}".strip()
        full.append((start, end, name))
    return full


def _referred(passage: Passage, left: int, at: int) -> bool:
    """Whether the name at `at` is compared or quoted (`比X`, `据X`) and does not continue a list (`Y和X`)."""
    joined = JOINT.fullmatch(passage.text, max(left, at - 1), at)
    return not joined and any(
        rule.search(passage.text, max(left, at - 3), at) for rule in (passage.rules.reference, _IN)
    )


def _noun_of(clause: str, passage: Passage) -> str | None:
    for mention in reversed(passage.entities.find(clause)):
        apart = passage.nouns.straddles(clause, mention.start, mention.end)
        if mention.entity.kind in VENDOR_KINDS and not mention.weak and not apart:
            if passage.rules.priced(clause[mention.end :]):  # 剑南春的价格: the firm's name is its product's
                return clause[mention.start : mention.end]
            clause = clause[mention.end :]
            break
    name = passage.rules.noun_of(clause)
    if name and (passage.nouns.plausible(name) or passage.rules.wholly_priced(clause, name)):
        return name
    return passage.nouns.headed(clause) or passage.rules.sold_at(clause)
