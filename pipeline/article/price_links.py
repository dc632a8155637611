"""Who announced a price and for what: the vendor as the article words it, the product by name or by its place.

Vendor rule: the article's own words decide. The firm named last before the move in its sentence is the vendor, under
the canonical name of *that* firm (字节 → 字节跳动, 阿里 → 阿里巴巴; 火山引擎 stays 火山引擎, it is never lifted to its
parent). When several are named and the product belongs to the family of one of them, that one is taken. When the
sentence names none, the product's owner decides, as the paragraph has named it; then the firm the passage is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.article.entities import Entities, Entity, Mention
from pipeline.article.price_names import ASIDE, CLAUSE, EDGE, LATIN, OWNED, NameRules
from pipeline.article.price_nouns import Nouns

UNKNOWN = "-"
_VENDOR_KINDS = ("company", "brand")
_PRODUCT_KINDS = ("model", "product")
_WINDOW = 60  # characters before a move in which its product can stand without a name that a lexicon has
_CLAUSES_BACK = 3  # clauses searched for a product; farther ones name something else more often than not
_GENERIC = frozenset({"模型", "系列", "版"})  # adds nothing to a name that the lexicon has
_GRADE = re.compile(r"(?:Pro|Lite|Max|Plus|Mini|Turbo|Ultra|Air|Large|Standard)\b", re.IGNORECASE)
_PLURAL = re.compile(r"[^，,。；;]{0,3}(?:等|均|都|纷纷|集体|相继|先后|也|同时|双双|陆续)")
_OF = re.compile(r" ?起? ?的 ?")
_ANNOUNCES = re.compile(r"[^，,。；;：:]{0,3}(?:宣布|官宣|推出|上线)")
_ACT = re.compile(r"[^，,。；;]{0,12}(?:宣布|决定|通知|将|上调|下调|调整|规定|要求|出台)")
_PLACE = re.compile(
    r"上(?![线调涨市架])|里(?!程)|公众号|小程序|扫码|扫描|账号|搜索|评论|热搜|后台|客服|好友|朋友圈|用户|群"
)
_OWN_WORD = re.compile(r"[^，,。；;]{0,6}(?:公告|价格|报价|官网|通知|调价函|公布)")  # 根据武钢最新价格: it acts
_EVERY = re.compile(r"(?:所有|全部|全系|全线|旗下|各类|主要)产品")
_CAUSE = re.compile(r" ?(?:由于|因为?|受|随着|鉴于|考虑到|面对)")
_AVERAGE = re.compile(r"均价|平均[^，,。；;]{0,4}价")
_QUOTED_MARKET = re.compile(r"为例|市场|现货|均价|批发|监测|数据|国内|全国|国际")
_PRICE_VERB = re.compile(r"[^，,]{0,2}(?:[涨跌]|[上下]调|调[高低涨]|打)|[由从]")
_FILLER = re.compile(
    r"(?:的|均|都|也|已|已经|又|则|全部|统统|一律|每[吨升斤桶]|每公斤|每千克|再次|再度|普遍|全线|大幅|小幅|平均|累计|最高|产品|分别|整体|总体|制品|同比|环比|单周|一周)+$"
)
_JOINT = re.compile(r"(?:系列)?(?:模型)?\s*(?:和|与|及|以及|、|/)\s*")


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
    kept = tuple(m for m in found if not m.weak or m.entity.company in sure or _trade_word(text, m))
    starts = tuple(m.start for m in kept)
    return Passage(
        text, kept, starts, entities, rules, nouns, _main_firm(kept), nouns.topic(text), _titled(entities, title)
    )


def _titled(entities: Entities, title: str) -> str:
    """Return the one firm that a title names, empty when it names none or several."""
    firms = {m.entity.name for m in entities.find(title) if m.entity.kind in _VENDOR_KINDS and not m.weak}
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
    chain = [spans[-1]]
    for span in reversed(spans[:-1]):
        if not _JOINT.fullmatch(passage.text[span[1] : chain[0][0]]):
            break
        chain.insert(0, span)
    return [name for _, _, name in chain]


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
    joined = _JOINT.fullmatch(passage.text, max(left, at - 1), at)
    return not joined and bool(passage.rules.reference.search(passage.text, max(left, at - 3), at))


def _noun_of(clause: str, passage: Passage) -> str | None:
    for mention in reversed(passage.entities.find(clause)):
        if mention.entity.kind in _VENDOR_KINDS and not mention.weak:
            if passage.rules.priced(clause[mention.end :]):  # 剑南春的价格: the firm's name is its product's
                return clause[mention.start : mention.end]
            clause = clause[mention.end :]
            break
    name = passage.rules.noun_of(clause)
    if name and (passage.nouns.plausible(name) or passage.rules.wholly_priced(clause, name)):
        return name
    return passage.nouns.headed(clause) or passage.rules.sold_at(clause)


def choose_vendors(passage: Passage, product: str, floor: int, before: int, *, carried: str) -> list[str]:
    """Return the vendor by the rule at the top of the module, `[UNKNOWN]` when nothing names one.

    Several firms that act together (`甲、乙等企业集体调价`) are all vendors, unless the product tells whose it is.
    """
    firms = [m for m in passage.between(floor, before) if is_vendor(passage.text, m)]
    reference = passage.rules.reference
    named = [
        m
        for m in firms
        if _OWN_WORD.match(passage.text, m.end) or not reference.search(passage.text, max(floor, m.start - 3), m.start)
    ]
    owner = _owner(passage, product)
    if owner is not None:
        family = [m for m in named if passage.entities.related(m.entity.company, owner.company)]
        if family:
            return [family[-1].entity.name]
        acting = [m for m in named if _ANNOUNCES.match(passage.text, m.end)]
        if acting:  # 火山引擎宣布DeepSeek-R1降价: who sells another's product
            return [acting[-1].entity.name]
        if carried and passage.entities.related(_company_of(passage, carried), owner.company):
            return [carried]
        return [owner.company]
    unknown = passage.rules.firm_before(passage.text, floor, before)
    if unknown is not None and not passage.nouns.acts(unknown[1]):
        unknown = None
    if unknown is not None and (not named or unknown[0] > named[-1].start):
        return [unknown[1]]
    market = passage.rules.commodity.search(product) is not None
    if named and market and _QUOTED_MARKET.search(passage.text, named[-1].end, before):
        return [UNKNOWN]  # 甲钢厂下调价格，目前市场上螺纹钢报4600元/吨
    if named:
        return _together(passage.text, named)
    regulators = [m for m in passage.between(floor, before) if acts(passage.text, m)]
    if regulators:
        return [regulators[-1].entity.name]
    if market or _AVERAGE.search(passage.text, floor, before):
        return [UNKNOWN]
    if carried or not passage.nouns.names_good(product):
        return [carried or passage.main or passage.titled or UNKNOWN]
    return [UNKNOWN]  # a good without a name is not by itself of the firm that the article is about


def is_vendor(text: str, mention: Mention) -> bool:
    """Whether a firm is named as one, not as the place where something stands: 微博里, 在淘宝上."""
    return mention.entity.kind in _VENDOR_KINDS and _PLACE.match(text, mention.end) is None


def acts(text: str, mention: Mention) -> bool:
    """Whether a body that regulates is named as one that sets a price, not as one that reports it."""
    return mention.entity.kind == "regulator" and _ACT.match(text, mention.end) is not None


def _together(text: str, named: Sequence[Mention]) -> list[str]:
    """Return the last firm named, with those joined to it when a plural word follows them."""
    chain = [named[-1]]
    for mention in reversed(named[:-1]):
        if not _JOINT.fullmatch(text[mention.end : chain[0].start]):
            break
        chain.insert(0, mention)
    if len(chain) > 1 and _PLURAL.match(text, chain[-1].end):
        return [mention.entity.name for mention in chain]
    return [chain[-1].entity.name]


def _owner(passage: Passage, product: str) -> Entity | None:
    entity = passage.entities.company(product)
    if entity is not None and entity.company:
        return entity
    inside = [m.entity for m in passage.entities.find(product) if m.entity.company and not m.weak]
    return inside[0] if inside else None


def _company_of(passage: Passage, vendor: str) -> str:
    entity = passage.entities.company(vendor)
    return entity.company if entity else vendor
