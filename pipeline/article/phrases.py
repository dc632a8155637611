"""Phrases: take away what stands around a speaker before the verb (occasions, addressees, adverbs, openers)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.article.names import NameReader

_BRACKETS = re.compile(r"[（(\[][^（）()\[\]]{0,40}[)）\]]|[（(][^（）()]{0,40}$")
# What stands between the speaker and the verb: to whom, where, on what occasion.
_TO_WHOM = re.compile(
    r"(?:面对|对|向|跟|同|与|给|告诉)(?:《[^》]{1,20}》(?:的?记者)?|[「『“][^」』”]{1,16}[」』”](?:的?记者)?"
    r"|[^，。对向《「]{0,20}?(?:记者|媒体|周刊|日报|财经|晚报|时报|新闻|杂志|网|报|外界|我们|我|笔者|大家|他|她)(?:们|等|君|道)?(?:的?记者)?)"
)
_OCCASION = re.compile(
    r"(?:在|于)[^，。]{0,40}?(?:时候|时|上|中|里|后|间|期间|之际|当天|之前|前|内|当中|会议|论坛|现场|下)(?=$|[^国海午半])"
    r"|(?:在)?接受[^，。]{0,28}?(?:采访|专访|访问|调研|提问|访谈|电话|询问)(?:时候|时|中|后|当中)?"
    r"|(?:在)?(?:回应|谈及|谈到|提及|提到|回答|面对|说到|回复|评价|针对|就|展望|总结|分析(?![师人机家])|介绍)[^，。]{1,36}?时"
    r"|(?:就(?![像是连])|针对|围绕)[^，。]{3,30}$"
    r"|(?:通过|用|以|借)[^，。]{0,12}(?:微博|微信|电话|邮件|朋友圈|社交媒体|公众号|视频|直播|口吻|方式|语气|话)"
    r"|(?:\d{2,4}年)?(?:\d{1,2}月)?\d{1,2}日(?:上午|下午|晚|晚间|当天|晚上)?|\d{2,4}年|\d{1,2}月"
)
# An addressee that ends right before the verb (`夏俊晨向华尔街见闻`坦言), whatever it is called.
_LAST_TO_WHOM = re.compile(
    r"(?<=[\u4e00-\u9fffA-Za-z])(?:(?<![方倾意导走面取])向|(?<![面针相])对(?![手方象外岸标]))[^，。对向]{1,16}$"
)
_MANNER = re.compile(
    r"(?:(?<=[\u4e00-\u9fff]{2})(?:一针见血|毫不客气|毫不讳言|开门见山|语重心长|直截了当|斩钉截铁|不无担忧|颇为无奈|[\u4e00-\u9fff]{2})地"
    r"|(?<![协委员学商联社董理监常工峰大盛年发机议展])会|对比|打趣|开玩笑|进一步|毫不讳言|审理|研究|分析|调研|测算|调查|评估|评论|撰文|发文|刊文|报道|发声|表态)$"
)
_NUMBERING = re.compile(
    r"^(?:\d{1,2}[.、．）)]|[一二三四五六七八九十][、是]|[（(][\d一二三四五六七八九十]{1,2}[)）]|第[一二三四五六七八九十][，、]?)\s*"
)
# Words that begin with a character which is an opener elsewhere (`有关人士`, `用户`).
_GLUED = re.compile(
    r"有[关人些的]|用户|从业|当[事地局年]|与会|对[方手外]|在[场座业]|以色列|以太|和[讯君睿]|可[口灵]|便利|都市|并购|再生|就业|又一|按揭|照明|如家|像素"
)
_TRAILING = frozenset({"t", "d", "p", "ad", "vd", "c"})
_TRAILING_WORDS = frozenset({"之前", "之后", "此前", "以前", "以后", "期间", "同时", "如今", "其实"})
_LEADING = frozenset({"c", "d", "t", "ad", "y", "e", "o"})
_AFTER_LATIN = re.compile(r"(?<=[A-Za-z])[上中里]$")
_IN_WORK = re.compile(r"([在于])《[^》]{0,60}》")
_PERIOD = re.compile(r"(?:今年|去年|前年)?[“「]?[^，。“”「」]{0,6}[”」]?期间$")


@dataclass(frozen=True)
class PhraseReader(NameReader):
    """Strips phrases down to the noun phrase of the speaker."""

    adverbs: frozenset[str]
    openers: frozenset[str]
    phrase_words: frozenset[str]

    def strip(self, phrase: str) -> str:
        """Take away occasions, addressees, openers and adverbs around a noun phrase."""
        return self.core_of(self.bare_phrase(phrase))

    def core_of(self, bare: str) -> str:
        """Return the noun phrase that is left when adverbs and openers are gone."""
        core = strip_right(self._strip_left(bare), self.adverbs).strip(" 、")
        if len(core) < 4:
            return core
        # Times and adverbs that no list holds (`王冬雷今年初`): the tagger knows them.
        pieces = list(self.tag(core))
        while len(pieces) > 1 and (pieces[-1][1] in _TRAILING or pieces[-1][0] in _TRAILING_WORDS):
            pieces.pop()
        while len(pieces) > 1 and pieces[0][1] in _LEADING and pieces[0][0] not in self.phrase_words:
            pieces.pop(0)
        return strip_right("".join(word for word, _ in pieces), self.adverbs).strip(" 、")

    def bare_phrase(self, phrase: str) -> str:
        """Take away brackets, occasions and addressees."""
        text = _BRACKETS.sub("", phrase)
        text = _IN_WORK.sub(r"\1《》", text)
        text = _OCCASION.sub("", text)
        text = _PERIOD.sub("", text)
        text = _AFTER_LATIN.sub("", text)
        text = _TO_WHOM.sub("", text).strip(" 、-—*_#>~")
        text = _LAST_TO_WHOM.sub("", text)
        return _MANNER.sub("", _NUMBERING.sub("", text))

    def _strip_left(self, text: str) -> str:
        """Take openers away from the left, a single character only where it begins no name and no other word."""
        while text:
            for size in range(min(4, len(text)), 0, -1):
                if text[:size] in self.openers and not (size == 1 and self._holds_first(text)):
                    text = text[size:].lstrip(" ")
                    break
            else:
                return text
        return text

    def _holds_first(self, text: str) -> bool:
        if _GLUED.match(text) or text in self.groups:
            return True
        return text[0] in self.surnames and (self.is_name(text) or text[1:] in self.titles)


def strip_right(text: str, words: frozenset[str]) -> str:
    """Take `words` away from the end of `text` for as long as one stands there."""
    changed = True
    while changed and text:
        changed = False
        for size in range(min(6, len(text)), 0, -1):
            if text[-size:] in words:
                text, changed = text[:-size].rstrip(" "), True
                break
    return text
