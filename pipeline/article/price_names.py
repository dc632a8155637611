"""Names of products and firms that no lexicon has, read off the words around a price."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Latin names with a capital or a digit: Model Z9, GLM-9-Turbo, abab 7; with what Chinese adds to them (模型, 版).
LATIN = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9.+ -]{0,40}[A-Z0-9])[A-Za-z][A-Za-z0-9.+]*"
    r"(?:[ -](?:[A-Z0-9][A-Za-z0-9.+]*|lite|pro|mini|max|turbo))*"
    r"(?:系列|模型|标准版|长续航版|旗舰版|后驱版|入门版|基础款|版)?"
)
EDGE = "，,。；;：:、（）()“”\"'‘’《》「」『』！!？?…\n\t "
CLAUSE = re.compile(r"[，,。；;：:\n“”]")
ASIDE = re.compile(r"[（(][^（）()]{0,80}[)）]")
OWNED = re.compile(
    r"(?:旗下|自家|(?<!尤)其(?![中是他它实]))的?(?P<name>[^，,。；;：:的将在从由把对价已也均都]{2,14}?)"
    r"(?=的?(?:API|价格|售价|起售价|定价|输入|输出|全面|全线|降价|涨价|正式|免费|宣布))"
)
_MAX_NAME = 20  # a longer stretch before a price is a clause, not a name
_SHORT_NAME = 6
_WHEN = re.compile(r"在?(?:[0-9]{4}年|[0-9]{1,2}月|今年|去年|本月|上周|目前|现在|年初|同期|此前|近期)")
_COUNTED = re.compile(r"^.*?[一两三某这该每][块台辆杯种款件部个瓶桶箱]")
_EACH = re.compile(r"每[一-龥]{1,2}$")
_GRAMMAR = re.compile(r"[降涨跌][低价幅到至了]|[我你他她它了吗呢吧啊们这那哪谁|#*]|(?:版本|年|月)$|^全国")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")
_AFTERMATH = re.compile(r"(?:之?后|时|以来)$")  # 祭出9块9的洗发水后
_WHERE = re.compile(r"^(?:份|的|[一两]周|[一两]个月|国内|全国|国际|当前)+")
_FIRM_DOES = (
    "的|将|也|已|则|又|均|都|再|宣布|推出|官宣|发布|上线|表示|称|近日|日前|对|把|在|于|旗下|率先|正式|全系|全线|降|涨|提价|上调|下调|调"
    "|公司|集团|方面|开始|今|昨|决定|继"
)  # what follows the name of a firm in its clause
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_AFTER = re.compile(r"[起左右]{0,2}[/一]?[杯份台]?的(?P<name>[^，,。；;：:、（）()“”的了是价促0-9]{2,12})")
_GIVEN = re.compile(
    r"(?:给[^，,。；;]{1,10}(?:使用|的))?(?P<name>[^，,。；;：:、（）()“”的了给]{3,16})(?=[，,。；;]|$)"
)


@dataclass(frozen=True)
class NameRules:
    """The compiled lists of `[names]` in `lexicons/prices.toml`; build with `compile_names`."""

    not_latin: frozenset[str]
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    price_tail: re.Pattern[str]
    price_on: re.Pattern[str]
    never: re.Pattern[str]
    firm: re.Pattern[str]
    not_firm: re.Pattern[str]
    reference: re.Pattern[str]
    commodity: re.Pattern[str]
    compound: re.Pattern[str]
    sold: Mapping[str, str]

    def noun_of(self, clause: str) -> str | None:
        """Return the noun phrase that ends a clause, stripped of what leads to it and of adverbs; None when none is."""
        phrase = self.price_on.split(clause, maxsplit=1)[0]
        head, *rest = _WHEN.split(phrase, maxsplit=1)
        phrase = head or _WHERE.sub("", "".join(rest))
        phrase = self.tail.sub("", phrase)
        phrase = self.lead.sub("", phrase).strip(EDGE)
        for _ in range(2):
            phrase = self.price_tail.sub("", self.tail.sub("", phrase)).rstrip("的")
        phrase = _EACH.sub("", phrase)
        phrase = _COUNTED.sub("", phrase.lstrip("的等以及和与、")).strip(EDGE)
        if not 2 <= len(phrase) <= _MAX_NAME or not _WORD.search(phrase) or self.refuses(phrase):
            return None
        return phrase

    def wholly_priced(self, clause: str, name: str) -> bool:
        """Whether a clause is a short name and its price and nothing else: 香槟包的价格."""
        whole = clause.strip(EDGE)
        if not (whole.startswith(name) and len(name) <= _SHORT_NAME):
            return False
        return re.match(r"的(?:价格|售价|定价|均价|单价|零售价|专柜价)", whole[len(name) :]) is not None

    def sold_at(self, clause: str) -> str | None:
        """Return what the last price word of a clause is the price of: 住房 for `房价`; None when it names none."""
        found = self.compound.findall(clause)
        return self.sold[found[-1]] if found else None

    def priced(self, rest: str) -> bool:
        """Whether a price and nothing else follows a name: `的批发价`."""
        rest = self.tail.sub("", rest)
        left = self.tail.sub("", self.price_tail.sub("", rest)).strip(EDGE + "的酒茶")
        return self.price_on.search(rest) is not None and not left

    def noun_after(self, text: str, start: int, end: int) -> str | None:
        """Return the noun of `9.9元的咖啡单品`: what follows 的 directly after a price."""
        return self._name(_AFTER.match(text, start, end))

    def noun_after_free(self, text: str, start: int, end: int) -> str | None:
        """Return what 免费提供X and 免费开放X give away."""
        return self._name(_GIVEN.match(text, start, end))

    def refuses(self, name: str) -> bool:
        """Whether a stretch holds what no product name has."""
        return bool(_GRAMMAR.search(name) or self.never.search(name))

    def brand_start(self, text: str, left: int, at: int) -> int:
        """Return where `翰海V9` begins when two or three Han characters open its clause; `at` otherwise."""
        for size in (2, 3):
            begin = at - size
            if begin >= left and (begin == 0 or text[begin - 1] in EDGE) and _HAN.fullmatch(text, begin, at):
                return at if self.refuses(text[begin:at]) or self.lead.search(text[begin:at]) else begin
        return at

    def firm_before(self, text: str, floor: int, before: int) -> tuple[int, str] | None:
        """Return the last firm that the text names by its form (`X有限公司`, `X将旗下…`), and where."""
        found = None
        for match in self.firm.finditer(text, floor, before):
            group = match.lastgroup or "actor"
            if not self.not_firm.search(match[group].removesuffix("有限公司")):
                found = (match.start(group), match[group].rstrip("将把对也则已"))
        return found

    def _name(self, match: re.Match[str] | None) -> str | None:
        name = _AFTERMATH.sub("", match["name"]) if match else ""
        return None if not name or self.refuses(name) else name.strip() or None


def compile_names(lists: Mapping[str, Sequence[str]], compounds: Mapping[str, str]) -> NameRules:
    """Compile the lists of `[names]` and what each of the `[compounds]` is the price of."""
    modifiers, nouns = _any(lists["price_modifiers"]), _any(lists["price_nouns"])
    whole, first = _any(lists["never_whole"]), _any(lists["never_first"])
    acts, endings = _any(lists["firm_acts"]), _any(lists["firm_endings"])
    return NameRules(
        not_latin=frozenset(lists["not_latin"]),
        lead=re.compile(rf"^.*{_any(lists['lead'])}"),
        tail=re.compile(rf"{_any(lists['tail'])}+$"),
        price_tail=re.compile(rf"{modifiers}*{nouns}(?:每[\u4e00-\u9fff])?$"),
        price_on=re.compile(rf"{modifiers}*(?:价格|售价|均价|单价|报价|定价|标价|到手价|起售|价(?![值格位钱]))"),
        never=re.compile(rf"{_any(lists['never_inside'])}|^{first}|^{whole}$"),
        firm=re.compile(
            rf"(?P<suffixed>[\u4e00-\u9fff]{{2,10}}?{endings})"
            rf"|(?<![^，,。；;：:\s])(?P<trade>[\u4e00-\u9fff]{{1,5}}{_any(lists['firm_trades'])})(?=[^\u4e00-\u9fff]|{_FIRM_DOES})"
            r"|(?:餐厅|品牌|平台|车企|企业|厂商|公司|店|商家)(?P<called>[\u4e00-\u9fff]{2,5})[，,]?(?:推出|宣布|则推出|率先)"
            rf"|(?<![^，,。；;：:\s])(?P<actor>[\u4e00-\u9fff]{{2,4}}|[A-Z][A-Za-z]{{2,14}}){acts}"
        ),
        not_firm=re.compile(rf"[月日周首的每]|^[也则还并又将都其在从对据与和如]|{_any(lists['not_firm'])}"),
        reference=re.compile(rf"{_any(lists['reference'])}$"),
        commodity=re.compile(_any(lists["commodities"])),
        compound=re.compile(_any(compounds)),
        sold=dict(compounds),
    )


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))})"
