"""Whether a stretch of text names something with a price: goods by their head noun, other stretches by parts of speech.

The tagger is that of `rjieba` (jieba's dictionary with its parts of speech); it sees only the few clauses around a
price that no name of the entity lexicon explains.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.lexicon import Lexicon, compile_lexicon

Tagger = Callable[[str], Sequence[tuple[str, str]]]

_NOUNS = frozenset({"n", "nr", "ns", "nt", "nz", "nrt", "nrfg", "vn", "an", "eng", "j", "ng", "g"})
_INSIDE = _NOUNS | {"l", "a", "b", "m", "q", "x", "uj", "f", "ag", "k", "h", "zg"}  # what may stand before a head noun
_BREAKS = frozenset({"p", "d", "r", "t", "y", "ul", "ud", "uv", "uz"})  # what no name of a product holds
_JOINS = frozenset("和与及")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_AROUND = 4  # characters cut on either side of a short name
_JOINT = re.compile(r"[、和与及]")
_MONEY = re.compile(r"[0-9.]+ ?[元%]|[0-9]+[日号]")
_PRICED = re.compile(
    r"(?:的|每.)?(?:零售|批发|出厂|销售|市场|平均|终端|全线|集体|普遍|均|现货|出口|进口|纷纷|大幅|持续|一路|再次|再度|又)*"
    r"(?:价|涨|降|提价|调价|上涨|下跌|普涨|跳水|免费|便宜)"
)
_ALONE = re.compile(r"(?:的|零售|批发|出厂|期货|现货|市场)?(?:价|均价)|$")
_ENDINGS = frozenset(
    "钢油糖米肉纱布料酸钠锌铁铜铝板管纸菜果鱼虾蟹茶酒药参胶漆砖木棉麻皮煤气票费金银锂瓜豆粉液膜芯车船机"
)
_NO_GOOD = re.compile(r"(?:地区|全省|全国|月份|人|者|制度|门店|商家|店|意思|方面|情况|情形|机会|目标|水平|整体|上市)$")
_GOOD = 6  # characters of the longest built-in good but a few
_LEAST_TOPIC = 3  # priced mentions before a good counts as what the article is about: two are often an aside


@dataclass(frozen=True)
class Nouns:
    """The goods lexicon and a part-of-speech tagger; build with `compile_nouns`."""

    goods: Lexicon
    tag: Tagger

    def is_good(self, name: str) -> bool:
        """Whether a name reads as a thing: it holds the head of a good, ends like one, or ends with a common noun."""
        if all(self.names_good(part) for part in _JOINT.split(name)):
            return True
        if any(len(match.term) > 1 for match in self.goods.find(name)):
            return True
        if len(name) > 1 and name[-1] in _ENDINGS:
            return True
        tags = self.tag(name)
        return bool(tags) and tags[-1][1] in ("n", "nz", "nr", "eng") and not _NO_GOOD.search(name)

    def names_good(self, name: str) -> bool:
        """Whether a name is a good's or ends with the head of one: 锡, 精炼锡锭."""
        return self.ends_with_good(name) or any(match.term == name for match in self.goods.find(name))

    def straddles(self, text: str, start: int, end: int) -> bool:
        """Whether two Han characters at `start` are pieces of other words: 金山 in 旧金山, 国航 in 中国航线."""
        if end - start != len("金山") or not _HAN.fullmatch(text, start, end):
            return False
        at = max(0, start - _AROUND)
        for word, _ in self.tag(text[at : end + _AROUND]):
            if at < start < at + len(word) or (start < at < end < at + len(word)):
                return True
            at += len(word)
        return False

    def plausible(self, name: str) -> bool:
        """Whether a phrase reads as a noun phrase that can have a price."""
        if _MONEY.search(name):
            return False
        tags = [(word, tag) for word, tag in self.tag(name) if tag != "x"]
        if not tags or (tags[-1][1] not in _NOUNS and not tags[-1][0].isascii()):
            return self.ends_with_good(name)
        if all(tag == "ns" for _, tag in tags):  # 贵阳较去年下跌: a place is where, not what
            return False
        return not any(tag in _BREAKS or (tag == "c" and word not in _JOINS) for word, tag in tags)

    def acts(self, name: str) -> bool:
        """Whether what stands before 宣布 or 推出 reads as a firm's name, not as an adverb or a clause."""
        return not any(tag in _BREAKS or tag in ("v", "c", "m") for _, tag in self.tag(name))

    def headed(self, clause: str) -> str | None:
        """Return the last good of a clause with the modifiers before it, None when it names none."""
        for match in reversed(self.goods.find(clause)):
            if len(match.term) > 1 or _ALONE.match(clause, match.end):
                return self._with_modifiers(clause[: match.end], len(match.term))
        return None

    def good_end(self, text: str, at: int) -> int:
        """Return where the good ends that begins at `at` of `text` (G.657.A2光纤); `at` itself when none does."""
        return next((at + m.end for m in self.goods.find(text[at : at + _GOOD]) if m.start == 0), at)

    def topic(self, text: str) -> str:
        """Return the good whose price an article speaks of most, empty when none stands out."""
        counts = Counter(m.term for m in self.goods.find(text) if _PRICED.match(text, m.end))
        if not counts:
            return ""
        name, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
        return name if most >= _LEAST_TOPIC and 3 * most >= counts.total() else ""

    def ends_with_good(self, name: str) -> bool:
        """Whether a stretch ends with the head of a good."""
        matches = self.goods.find(name)
        return bool(matches) and matches[-1].end == len(name) and len(matches[-1].term) > 1

    def _with_modifiers(self, text: str, head: int) -> str:
        """Return the end of `text`: its last `head` characters and the noun phrase that leads to them."""
        start = len(text) - head
        lead = text[max(0, start - 14) : start]
        for word, tag in reversed(self.tag(lead)):
            if tag not in _INSIDE or not re.search(r"[\w.+/%-]", word) or _MONEY.search(word):
                break
            start -= len(word)
        return text[start:].lstrip("的 、0123456789.%年月日份")


def compile_nouns(goods: Mapping[str, Iterable[str]], extra: Iterable[str] = ()) -> Nouns:
    """Compile the lists of `[goods]` in `lexicons/prices.toml` with the user's own `extra`."""
    terms = {term for group in goods.values() for term in group} | set(extra)
    return Nouns(compile_lexicon("goods", {"good": terms}), _tagger())


@lru_cache(maxsize=1)
def _tagger() -> Tagger:
    import rjieba

    engine = rjieba.Jieba()

    def tag(text: str) -> Sequence[tuple[str, str]]:
        pieces: Sequence[tuple[str, str]] = engine.tag(text)
        return pieces

    return tag
