"""Who announced a price: the vendor as the article words it.

Vendor rule: the article's own words decide. The firm named last before the move in its sentence is the vendor, under
the canonical name of *that* firm (字节 → 字节跳动, 阿里 → 阿里巴巴; 火山引擎 stays 火山引擎, it is never lifted to its
parent). When several are named and the product belongs to the family of one of them, that one is taken. When the
sentence names none, the product's owner decides, as the paragraph has named it; then the firm the passage is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.article.entities import Entity, Mention
from pipeline.article.price_links import JOINT, UNKNOWN, VENDOR_KINDS, Passage

_PLURAL = re.compile(r"[^，,。；;]{0,3}(?:等|均|都|纷纷|集体|相继|先后|也|同时|双双|陆续)")
_ANNOUNCES = re.compile(r"[^，,。；;：:]{0,3}(?:宣布|官宣|推出|上线)")
_ACT = re.compile(r"[^，,。；;]{0,12}(?:宣布|决定|通知|将|上调|下调|调整|规定|要求|出台)")
_PLACE = re.compile(
    r"上(?![线调涨市架])|里(?!程)|公众号|小程序|扫码|扫描|账号|搜索|评论|热搜|后台|客服|好友|朋友圈|用户|群"
)
_OWN_WORD = re.compile(r"[^，,。；;]{0,6}(?:公告|价格|报价|官网|通知|调价函|公布)")  # 根据武钢最新价格: it acts
_AVERAGE = re.compile(r"均价|平均[^，,。；;]{0,4}价")
_QUOTED_MARKET = re.compile(r"为例|市场|现货|均价|批发|监测|数据|国内|全国|国际")


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
    return mention.entity.kind in VENDOR_KINDS and _PLACE.match(text, mention.end) is None


def acts(text: str, mention: Mention) -> bool:
    """Whether a body that regulates is named as one that sets a price, not as one that reports it."""
    return mention.entity.kind == "regulator" and _ACT.match(text, mention.end) is not None


def _together(text: str, named: Sequence[Mention]) -> list[str]:
    """Return the last firm named, with those joined to it when a plural word follows them."""
    chain = [named[-1]]
    for mention in reversed(named[:-1]):
        if not JOINT.fullmatch(text[mention.end : chain[0].start]):
            break
        chain.insert(0, mention)
    if len(chain) > 1 and _PLURAL.match(text, chain[-1].end):
        return [mention.entity.name for mention in chain]
    return [chain[-1].entity.name]


def _owner(passage: Passage, product: str) -> Entity | None:
    entity = passage.entities.company(product)
    if entity is not None and entity.company:
        return entity
    inside = [
        m.entity
        for m in passage.entities.find(product)
        if m.entity.company and not m.weak and not passage.nouns.straddles(product, m.start, m.end)
    ]
    return inside[0] if inside else None


def _company_of(passage: Passage, vendor: str) -> str:
    entity = passage.entities.company(vendor)
    return entity.company if entity else vendor
