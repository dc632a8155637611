"""Who announced a price and for what: the vendor as the article words it, the product by name or by its place.

Vendor rule: the article's own words decide. The firm named last before the move in its sentence is the vendor, under
the canonical name of *that* firm (字节 → 字节跳动, 阿里 → 阿里巴巴; 火山引擎 stays 火山引擎, it is never lifted to its
parent). When several are named and the product belongs to the family of one of them, that one is taken. When the
sentence names none, the product's owner decides, as the paragraph has named it; then the firm the passage is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.article.entities import Entities, Entity, Mention

UNKNOWN = "-"
_MAX_NAME = 20  # a longer stretch before a price is a clause, not a name
_VENDOR_KINDS = ("company", "brand")
_PRODUCT_KINDS = ("model", "product")

# Latin names with a capital or a digit: Model Z9, GLM-9-Turbo, abab 7; with what Chinese adds to them (模型, 版).
_LATIN = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9.+ -]*[A-Z0-9])[A-Za-z][A-Za-z0-9.+]*(?:[ -](?:[A-Z0-9][A-Za-z0-9.+]*|lite|pro|mini|max|turbo))*"
    r"(?:(?:系列|模型|标准版|长续航版|旗舰版|后驱版|入门版|基础款|版))?"
)
_NOT_NAMES = frozenset(
    ["API", "APP", "AI", "AGI", "IT", "CEO", "CFO", "COO", "CTO", "GDP", "CPI", "PPI", "GMV", "IPO", "SUV", "MPV", "LED", "LCD", "TV", "PC", "B2B", "C2C", "O2O", "KOL", "DAU", "MAU", "ROI", "SaaS", "PaaS", "MaaS", "GPU", "CPU", "NAND", "DRAM", "HBM", "Token", "Tokens", "token", "tokens", "MCP", "RAG", "SDK", "OEM", "ODM", "WTO", "PK", "VIP", "NFC", "OLED", "QLED", "App", "DTC", "BEV", "EV", "PHEV", "Wi-Fi", "WTI", "FOB", "AVC", "V", "C", "D", "5G", "4G", "3G", "W", "KG", "GB", "TB", "USB", "WiFi", "ID", "UP", "OK", "NO", "CNY", "USD", "RMB", "FOB", "CIF", "PE", "PB", "EPS", "Pro", "Max", "Plus", "V1", "B", "C", "D", "A"]
)
_OWNED = re.compile(r"(?:旗下|自家|其)(?:的)?(?P<name>[^，,。；;：:的将在从由把对价已也均都]{2,14}?)(?=的?(?:API|价格|售价|起售价|定价|输入|输出|全面|全线|降价|涨价|正式|免费|宣布))")
_LEAD = re.compile(
    r"^.*(?:宣布|表示|透露|指出|显示|推出了|推出|发布|旗下|其中|例如|比如|譬如|诸如|其主力产品|对外|上线|包括|导致|使得|通知|日起|月起|以来|开始|近日|目前|如今|此外|同时|随后|紧接着|而且|并且|但是|不过|消费者|销售人员|一款|某款|这款|该款|一种叫|叫做|一种|一些|部分|另外|记者|市场上|除了|的情况下|截至|直接|继续|再次|纷纷|也|将|对|把|使|令|让|就|于|据|称|说|则|而|但|当|在|向|给|按|与去年|年)"
)
_TAIL = re.compile(
    r"(?:的|已经|已|均|都|也|全部|全线|全面|普遍|大幅|小幅|略有|略|最高|最低|则|更是|更|分别|再次|再度|累计|平均|整体|总体|进一步|实际|集体|纷纷|一度|一路|持续|继续|不断|明显|有所|出现|环比|同比|较|比|大约|约|近|基本|直接|今年|去年|开始|之前|此前|目前|现在|市场|销售|官方|每月|每|其|每年|API|调用|产品|相比|将|要|会|仅|只|可|才|又|还|从|由|以|为例|打出|上涨|下跌|单周|国内|最新|主要|最终|且|并|就|能|和|与|一|是|在|到|至|自|被|受|全)+$"
)
_PRICE_TAIL = re.compile(
    r"(?:(?:输入|输出|API|调用|推理|零售|批发|出厂|销售|官方|市场|终端|实际|最高|最低|平均|中标|结算|标准|起|供货|综合|现货|采购|最终)*"
    r"(?:价格|售价|均价|单价|报价|定价|标价|指导价|到手价|价|费用|收费|资费|幅度)(?:每[\u4e00-\u9fff])?)$"
)
_NO_NAME = re.compile(
    r"[降涨跌][低价幅到至了]|[我你他她它了吗呢吧啊们这那哪谁]|时间|所以|因为|尽管|即使|已经|不断|可能|必须|反正|如果|只要|紧急|所有人|数字|消费|目标|区间|幅度|基础"
    r"|不得不|敏感|回购|仅需|额外|十分|惯例|聪明人|可享|点击|分别|同样|版本$|迹象|以来|之内|之后|机会|形式|往日|春节|左右|同比|环比|^(?:是|有|在|就|还|都|也|只|被|让|为|会|能|最|每|度|其|从|较|比|该|调|即|要|约|近|去|上|下|不)|年$|月$|以来|^(?:价格|售价|产品|市场|行业|全国.*|全部|整体|商品)$"
)
_FIRM = re.compile(
    r"(?P<suffixed>[\u4e00-\u9fff]{2,10}?(?:有限公司|股份公司|集团|银行|药业))"
    r"|(?:餐厅|品牌|平台|车企|企业|厂商|公司|店|商家)(?P<called>[\u4e00-\u9fff]{2,5})[，,]?(?:推出|宣布|则推出|率先)"
    r"|(?:^|[，,。；;：:\s])(?P<actor>[\u4e00-\u9fff]{2,4}|[A-Z][A-Za-z]{2,14})(?:将旗下|对旗下|旗下|宣布|则?推出了?|把旗下|官宣)"
)
_NO_FIRM = re.compile(r"[月日首的]|公司|消费|用户|消息|记者|我们|他们|平台|品牌|随后|近日|目前|此次|正式|同时|企业|厂商|大家|今天|突然|集体|纷纷|陆续|直接|去年|今年|年底|最近|纷纷|^(?:也|则|还|并|又|将|都)|其中|一家|另外")
_ASIDE = re.compile(r"[（(][^（）()]*[)）]")
_CLAUSE = re.compile(r"[，,。；;：:\n“”]")
_PRICE_ON = re.compile(
    r"(?:实际|销售|零售|终端|市场|平均|批发|出厂|官方|最高|最低|输入|输出|API|调用|推理|标准|综合)*"
    r"(?:价格|售价|均价|单价|报价|定价|标价|到手价|起售|价(?!值|格|位|钱))"
)
_WHEN_ON = re.compile(r"在?(?:[0-9]{4}年|[0-9]{1,2}月|今年|去年|本月|上周|目前|现在|年初|同期|此前|近期)")
_COUNTED = re.compile(r"^.*?[一两三某这该每][块台辆杯种款件部个瓶桶箱]")
_HAN_ONLY = re.compile(r"[\u4e00-\u9fff]+")
_WINDOW = 60
_CLAUSES_BACK = 3  # clauses searched for a product; farther ones name something else more often than not
_PLURAL = re.compile(r"[^，,。；;]{0,3}(?:等|均|都|纷纷|集体|相继|先后|也|同时|双双|陆续)")
_EDGE = "，,。；;：:、（）()“”\"'‘’《》「」『』！!？?…\n\t "
_AFTER = re.compile(r"[起左右]{0,2}[/一]?[杯份台]?的(?P<name>[^，,。；;：:、（）()“”的了是价促0-9]{2,12})")
_GIVEN = re.compile(r"(?:给[^，,。；;]{1,10}(?:使用|的))?(?P<name>[^，,。；;：:、（）()“”的了给]{3,16})(?=[，,。；;]|$)")
_JOINT = re.compile(r"(?:系列)?(?:模型)?\s*(?:和|与|及|以及|、|/)\s*")
_SOURCE_BEFORE = re.compile(r"(?:据|根据|依据|按照|引述|援引|对|与|相比|相较|较|比|超过|低于|高于|媲美|不如|对标|和|使用|基于|搭载|支持|接入)$")


@dataclass(frozen=True)
class Passage:
    """The mentions of one article and what price linking needs of its text."""

    text: str
    mentions: tuple[Mention, ...]
    starts: tuple[int, ...]
    entities: Entities

    def between(self, start: int, end: int) -> Sequence[Mention]:
        """Return the mentions that begin in ``[start, end)``."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def read_passage(text: str, entities: Entities) -> Passage:
    """Find the names of an article; spellings that are ordinary words count only when a sure one of the firm does."""
    found = entities.find(text)
    sure = {m.entity.company for m in found if not m.weak and m.entity.company}
    kept = tuple(m for m in found if not m.weak or m.entity.company in sure or _trade_word(text, m))
    return Passage(text, kept, tuple(m.start for m in kept), entities)


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
    earlier = [piece for piece in _CLAUSE.split(_ASIDE.sub("", passage.text[floor:start])) if piece.strip(_EDGE)]
    for piece in reversed(earlier[-_CLAUSES_BACK:]):
        if name := noun_of(piece, passage):
            return [name]
    return []


def _noun(passage: Passage, left: int, right: int) -> str | None:
    pieces = _CLAUSE.split(_ASIDE.sub("", passage.text[max(left, right - _WINDOW) : right]).strip(_EDGE))
    return noun_of(pieces[-1], passage)


def _named(passage: Passage, left: int, right: int) -> list[str]:
    spans = [(m.start, m.end, m.entity.name) for m in passage.between(left, right) if m.entity.kind in _PRODUCT_KINDS]
    firms = [m for m in passage.between(left, right) if m.entity.kind not in _PRODUCT_KINDS]
    for match in _LATIN.finditer(passage.text, left, right):
        name = match.group().strip(" .-+")
        overlaps = any(m.start < match.end() and match.start() < m.end for m in firms)
        if len(name) >= 2 and not set(name.split()) <= _NOT_NAMES and not overlaps:
            begin = _brand_start(passage.text, left, match.start())
            spans = _add(spans, begin, match.start() + len(name), passage.text[begin : match.start()] + name)
    owned = list(_OWNED.finditer(passage.text, left, min(len(passage.text), right + 4)))
    if owned and not any(s >= owned[-1].start() for s, _, _ in spans):
        spans.append((owned[-1].start("name"), owned[-1].end("name"), owned[-1]["name"]))
    spans = [span for span in sorted(spans) if not _SOURCE_BEFORE.search(passage.text, max(left, span[0] - 3), span[0])
             or _JOINT.fullmatch(passage.text[max(left, span[0] - 1) : span[0]])]  # fmt: skip
    if not spans:
        return []
    chain = [spans[-1]]
    for span in reversed(spans[:-1]):
        if not _JOINT.fullmatch(passage.text[span[1] : chain[0][0]]):
            break
        chain.insert(0, span)
    return [name for _, _, name in chain]


def _brand_start(text: str, left: int, at: int) -> int:
    """Return where `翰海V9` begins when two or three Han characters open its clause; `at` otherwise."""
    for size in (2, 3):
        begin = at - size
        if begin >= left and (begin == 0 or text[begin - 1] in _EDGE) and _HAN_ONLY.fullmatch(text, begin, at):
            return at if _NO_NAME.search(text[begin:at]) or _LEAD.search(text[begin:at]) else begin
    return at


def _add(spans: list[tuple[int, int, str]], start: int, end: int, name: str) -> list[tuple[int, int, str]]:
    """Add a Latin name unless the lexicon has one there that is as long; a longer one replaces it."""
    touching = [span for span in spans if span[0] < end and start < span[1]]
    if any(span[1] >= end and span[0] <= start for span in touching):
        return spans
    if any(span[0] < start for span in touching):
        first = min(span[0] for span in touching)
        return [span for span in spans if span not in touching] + [(first, end, max(touching)[2] + name[max(touching)[1] - start :])]
    return [span for span in spans if span not in touching] + [(start, end, name)]


def noun_of(clause: str, passage: Passage) -> str | None:
    """Return the noun phrase that ends a clause, stripped of what leads to it and of adverbs; None when none is."""
    phrase = clause
    for mention in reversed(passage.entities.find(clause)):
        if mention.entity.kind in _VENDOR_KINDS and not mention.weak:
            phrase = clause[mention.end :]
            break
    phrase = _PRICE_ON.split(phrase, maxsplit=1)[0]
    phrase = _WHEN_ON.split(phrase, maxsplit=1)[0] or phrase
    phrase = _TAIL.sub("", phrase)
    phrase = _LEAD.sub("", phrase).strip(_EDGE)
    for _ in range(2):
        phrase = _PRICE_TAIL.sub("", _TAIL.sub("", phrase)).rstrip("的")
    phrase = _COUNTED.sub("", phrase.lstrip("的等以及和与、")).strip(_EDGE)
    if _NO_NAME.search(phrase):
        return None
    if not 2 <= len(phrase) <= _MAX_NAME or not re.search(r"[\u4e00-\u9fffA-Za-z]{2}", phrase):
        return None
    return phrase


def noun_after(text: str, start: int, end: int) -> str | None:
    """Return the noun of `9.9元的咖啡单品`: what follows 的 directly after a price."""
    match = _AFTER.match(text, start, end)
    if match is None or _NO_NAME.search(match["name"]):
        return None
    return match["name"].strip() or None


def noun_after_free(text: str, start: int, end: int) -> str | None:
    """Return what 免费提供X and 免费开放X give away."""
    match = _GIVEN.match(text, start, end)
    return None if match is None or _NO_NAME.search(match["name"]) else match["name"].strip() or None


def choose_vendors(passage: Passage, product: str, floor: int, before: int, *, carried: str) -> list[str]:
    """Return the vendor by the rule at the top of the module, `[UNKNOWN]` when nothing names one.

    Several firms that act together (`甲、乙等企业集体调价`) are all vendors, unless the product tells whose it is.
    """
    named = [
        m for m in passage.between(floor, before)
        if m.entity.kind in _VENDOR_KINDS and not _SOURCE_BEFORE.search(passage.text, max(floor, m.start - 3), m.start)
    ]  # fmt: skip
    owner = _owner(passage, product)
    if owner is not None:
        family = [m for m in named if passage.entities.related(m.entity.company, owner.company)]
        if family:
            return [family[-1].entity.name]
        if carried and passage.entities.related(_company_of(passage, carried), owner.company):
            return [carried]
        return [owner.company]
    unknown = firm_before(passage.text, floor, before)
    if unknown is not None and (not named or unknown[0] > named[-1].start):
        return [unknown[1]]
    if named:
        return _together(passage.text, named)
    regulators = [m for m in passage.between(floor, before) if m.entity.kind == "regulator"]
    return [regulators[-1].entity.name] if regulators else [carried or UNKNOWN]


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


def firm_before(text: str, floor: int, before: int) -> tuple[int, str] | None:
    """Return the last firm outside the lexicon that the sentence names by its form (`X有限公司`, `X将旗下…`)."""
    found = None
    for match in _FIRM.finditer(text, floor, before):
        group = match.lastgroup or "actor"
        if not _NO_FIRM.search(match[group].removesuffix("有限公司")):
            found = (match.start(group), match[group])
    return found


def _owner(passage: Passage, product: str) -> Entity | None:
    entity = passage.entities.company(product)
    if entity is not None and entity.company:
        return entity
    inside = [m.entity for m in passage.entities.find(product) if m.entity.company and not m.weak]
    return inside[0] if inside else None


def _company_of(passage: Passage, vendor: str) -> str:
    entity = passage.entities.company(vendor)
    return entity.company if entity else vendor
