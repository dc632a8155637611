"""Mentions: read the words before a verb of speech as a person, an organisation, a group or a pronoun."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

MentionKind = Literal["person", "organisation", "group", "anonymous", "pronoun", "anaphor", "author", "work"]

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
_ANAPHOR = re.compile(
    r"(?:^|[，但而据])(?:该|这位|那位|这个|上述|上述这位|前述|此位|此名|这名|该名|该位|这家|该家)(?P<head>[^，。]{1,14})$"
)
_LATIN_NAME = re.compile(r"(?:[A-Z][A-Za-z.'’-]*)(?:[ ·](?:[A-Z][A-Za-zà-ž.'’-]*|de|von|van|der|di|Mc[A-Z]\w+)){0,4}$")
_DOTTED_NAME = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,10}(?:(?:[·・•‧∙－-]|[.．](?=[\u4e00-\u9fff]))[\u4e00-\u9fffA-Za-z]{1,7}){1,3}$"
)
_COUNTED = re.compile(
    r"(?:有|另|又|还有)?(?:[一二两三四五六七八九十几多数某]{1,2}|\d{1,3}|若干|许多|很多|不少|部分|大多数|多数|大部分|一些|有些|某些|广大|众多|各|诸多|多位|不止一)"
    r"(?:位|名|个|家|些|群|批|拨|类|种)?"
)
_ONE_OF = re.compile(r"(?<=[\u4e00-\u9fffA-Za-z])(?P<one>[一两多数几某][位名家个])")
_RELATIVE = re.compile(r"^.*的(?=.{2,}$)")
# Words that begin with a character which is an opener elsewhere (`有关人士`, `用户`).
_GLUED = re.compile(
    r"有[关人些的]|用户|从业|当[事地局年]|与会|对[方手外]|在[场座业]|以色列|以太|和[讯君睿]|可[口灵]|便利|都市|并购|再生|就业|又一|按揭|照明|如家|像素"
)
_AFTER_SURNAME = frozenset(
    "先生 女士 小姐 老师 教授 总 经理 博士 院士 律师 医生 局长 部长 主任 处长 院长 校长 老板 总监 董事长 总裁 师傅 同学 工 会长 行长 厂长 站长 所长".split()
)
# Function words that stand inside the names of sources (`各家公司`, `某高管`, `与会专家`, `在读博士`).
_PHRASE_WORDS = frozenset(
    "所 等 以 为 用 对 将 某 各 本 该 每 这 那 此 诸多 某些 各家 各位 多位 和 与 及 以及 或 等 之 的 有 有关 相关 一些 不少 很多 许多 大多数 多数 参 与会 在 从 从业 约 近 前 老 大 小 另 另一 其他 其它 多家 部分 另外 这些 那些 有人 有些 人们 他人 别人".split()
)
NAME_TAGS = frozenset({"nr", "nrt", "nrfg"})
_NOUN_TAGS = frozenset("n nr nrt nrfg ns nt nz ng vn an a b j m q x eng l i s t f mq k".split())
_HEAD_TAGS = frozenset({"n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "ng", "eng", "j"})
# Nouns that stand before a verb of speech without being its subject.
_NO_SPEAKER = frozenset(
    {
        "无法",
        "前段时间",
        "时间",
        "方法",
        "情况",
        "问题",
        "原因",
        "内容",
        "事情",
        "消息",
        "话",
        "产品",
        "意思",
        "时候",
        "关键",
        "角度",
        "方式",
    }
)
_TRAILING = frozenset({"t", "d", "p", "ad", "vd", "c"})
_TRAILING_WORDS = frozenset({"之前", "之后", "此前", "以前", "以后", "期间", "同时", "如今", "其实"})
_LEADING = frozenset({"c", "d", "t", "ad", "y", "e", "o"})
_LATIN_TITLES = ("CEO", "CTO", "CFO", "COO", "CMO", "President", "Dr.", "Director", "Founder", "Analyst", "Scientist")
# Short for the firm that was named last.
_SELF_SAME = frozenset({"公司", "该公司", "集团", "厂方", "官方", "校方", "院方", "店方"})
# `DisplaySearch7月底发布的全球电视市场报告`: who published it speaks.
_PUBLISHED = re.compile(
    r"^(?P<who>[^，。的]{2,24}?)(?:近日|日前|最新|最近|新近|联合|此前|早前|不久前|今年|去年|[\d年月日底初中 ])*(?:发布|公布|推出|出具|编制|撰写)的"
)
_AFTER_LATIN = re.compile(r"(?<=[A-Za-z])[上中里]$")
_IN_WORK = re.compile(r"([在于为以对])《[^》]{0,60}》")
_PERIOD = re.compile(r"(?:今年|去年|前年)?[“「]?[^，。”」]{0,6}[”」]?期间$")
_NEVER_IN_NAMES = frozenset(
    "的们也还都就对在向是有说表认指出前后上下中第一二三四五某该这那其他她它和与为以我你了着过等被把将不没很更最家人个位名者员处会部局司公企业店厂场"
)
_REAL_VERBS = frozenset("是有说让把被给用做买卖看想要会能去来到找问使令请叫当作为在进出上下开关走跑吃喝写读听讲")
_HAN = re.compile(r"^[\u4e00-\u9fff]+$")
_CLAUSE_VERB = re.compile(r"[是把被让使将没不]|(?<!负责)(?<!主)人们|[了着过](?!.{0,3}(?:人|家|者)$)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A speaker as written at one place; `name` without title and firm."""

    name: str
    kind: MentionKind
    title: str | None = None
    affiliation: str | None = None
    surety: float = 1.0
    existential: bool = False


@dataclass(frozen=True)
class MentionReader:
    """Reads noun phrases; holds the word lists, longest first where order matters."""

    titles: frozenset[str]
    groups: frozenset[str]
    organisations: tuple[str, ...]
    entities: frozenset[str]
    pronouns: frozenset[str]
    author: frozenset[str]
    adverbs: frozenset[str]
    openers: frozenset[str]
    surnames: frozenset[str]
    compound: frozenset[str]
    common_surnames: frozenset[str]
    tag: Callable[[str], Sequence[tuple[str, str]]]
    has_word: Callable[[str], bool]

    def read(self, phrase: str, known: Mapping[str, Mention]) -> Mention | None:
        """Read the words that stand between the start of a clause and a verb of speech.

        Parameters
        ----------
        phrase : str
            At most the last 60 characters before the verb, simplified script.
        known : mapping
            Full names that the article has introduced already.

        Returns
        -------
        Mention or None
            None when nothing but adverbs and occasions stand there (the subject is left out) or when the words are no
            speaker; `phrase_is_empty` tells the two apart.
        """
        bare = self._bare_phrase(phrase)
        found = _ANAPHOR.search(bare)
        if found:
            anaphor = self._anaphor(_strip_right(found["head"], self.adverbs).strip())
            if anaphor is not None:
                return anaphor
        core = self._core(bare)
        if not core or core[-1] == "的":
            return None
        if "@" in core:
            return Mention(core[core.index("@") :], "person")
        if core in _SELF_SAME:
            return Mention(core, "anaphor")
        if core in self.pronouns:
            return Mention(core, "pronoun")
        if core in self.author:
            return Mention(core, "author")
        if core in known:
            return replace(known[core], title=None, affiliation=None)
        published = _PUBLISHED.match(core)
        if published:
            who = self.read(published["who"], known)
            if who is not None and who.kind in ("organisation", "person") or (who is not None and who.surety >= 0.5):
                return who
        found_mention = self._person(core) or self._collective(core) or self._first_of_two(core)
        return found_mention if found_mention is not None and len(found_mention.name) >= 2 else None

    def _first_of_two(self, core: str) -> Mention | None:
        """`中棉所和国家棉花产业技术体系`: several speak with one voice, the first names it."""
        first = re.split(r"[和与及、]", core, maxsplit=1)[0]
        if first == core or len(first) < 2:
            return None
        found = self._person(first) or self._collective(first)
        return found if found is not None and found.surety >= 0.8 else None

    def strip(self, phrase: str) -> str:
        """Take away occasions, addressees, openers and adverbs around a noun phrase."""
        return self._core(self._bare_phrase(phrase))

    def _core(self, bare: str) -> str:
        core = _strip_right(self._strip_left(bare), self.adverbs).strip(" 、")
        if len(core) < 4:
            return core
        # Times and adverbs that no list holds (`王冬雷今年初`): the tagger knows them.
        pieces = list(self.tag(core))
        while len(pieces) > 1 and (pieces[-1][1] in _TRAILING or pieces[-1][0] in _TRAILING_WORDS):
            pieces.pop()
        while len(pieces) > 1 and pieces[0][1] in _LEADING and pieces[0][0] not in _PHRASE_WORDS:
            pieces.pop(0)
        return _strip_right("".join(word for word, _ in pieces), self.adverbs).strip(" 、")

    def _bare_phrase(self, phrase: str) -> str:
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

    def _anaphor(self, head: str) -> Mention | None:
        if _ends(head, self.groups, 6) or _ends(head, self.titles, 6) or head.endswith(self.organisations):
            return Mention(head, "anaphor")
        return self._person(head) if len(head) > 2 else None

    def _person(self, core: str) -> Mention | None:
        return self._foreign(core) or self._titled(core) or self._bare(core)

    def _foreign(self, core: str) -> Mention | None:
        dotted = _DOTTED_NAME.search(core)
        if dotted:
            name, start = dotted.group(), dotted.start()
            cut = self._last_title(name)
            name, start = name[cut:], start + cut
            if len(name) >= 3:
                title, firm = self.split_role(core[:start])
                return Mention(name, "person", title, firm)
        latin = _LATIN_NAME.search(core)
        if latin and (latin.start() == 0 or not core[latin.start() - 1].isascii() or core[latin.start() - 1] == " "):
            name = latin.group().strip()
            cut = max(
                (name.find(f"{title} ") + len(title) + 1 for title in _LATIN_TITLES if f"{title} " in name), default=0
            )
            name, begin = name[cut:], latin.start() + cut
            if name in self.entities or (name.isupper() and len(name) <= 6) or len(name) < 2:
                return Mention(name, "organisation") if len(name) >= 2 else None
            title, firm = self.split_role(core[:begin])
            return Mention(name, "person", title, firm, 0.9 if " " in name or title else 0.8)
        return None

    def _titled(self, core: str) -> Mention | None:
        """Title before the name (`创始人王小川`), or after it (`王小川教授`, `于先生`)."""
        for size in (4, 3, 2):
            tail, head = core[-size:], core[:-size].rstrip(" ")
            if head and self.is_person_name(tail) and len(tail) == size and self._last_title(head) == len(head):
                title, firm = self.split_role(head)
                return Mention(tail, "person", title, firm)
        unknown = self._rare_surname(core)
        if unknown is not None:
            return unknown
        title = _longest_suffix(core, self.titles, 8)
        if title is None:
            return None
        head = core[: -len(title)]
        for size in (4, 3, 2):
            if len(head) >= size and self.is_name(head[-size:]) and self._before_name(head[:-size]):
                return Mention(head[-size:], "person", title, head[:-size] or None)
        for size, names in ((2, self.compound), (1, self.surnames)):
            if title in _AFTER_SURNAME and head[-size:] in names and self._before_name(head[:-size]):
                return Mention(head[-size:] + title, "person", title, head[:-size] or None)
        return None

    def _rare_surname(self, core: str) -> Mention | None:
        """`分析师见惊雷`: after a title, two or three characters that form no word and hold no function word."""
        for size in (3, 2):
            tail, head = core[-size:], core[:-size]
            if not head or not _HAN.match(tail) or self._last_title(head) != len(head):
                continue
            if not _NEVER_IN_NAMES.intersection(tail) and not self.has_word(tail) and tail not in self.author:
                return Mention(tail, "person", *self.split_role(head), 0.8)
        return None

    def _bare(self, core: str) -> Mention | None:
        """A name alone, after a firm (`海信公司黄晓剑`) or after a relative clause (`经营公司的梁志刚`)."""
        for size in (4, 3, 2):
            tail, head = core[-size:], core[:-size].rstrip(" ")
            if len(tail) < size or not self.is_name(tail) or tail in self.groups or tail in self.entities:
                continue
            if not head:
                return Mention(tail, "person") if self._no_word(tail) else None
            firm = head.rsplit("、", 1)[-1]
            if (head[-1] == "的" or self._is_organisation(firm)) and self._no_word(tail):
                return Mention(tail, "person", None, None if head[-1] == "的" else head)
        pieces = self.tag(core)
        if pieces and pieces[-1][1] in NAME_TAGS and (len(pieces[-1][0]) >= 3 or self.is_name(pieces[-1][0])):
            head = core[: -len(pieces[-1][0])].rstrip(" ")
            if (
                not head
                or head[-1] == "的"
                or self._is_organisation(head)
                or len(pieces) > 1
                and pieces[-2][1] in _NOUN_TAGS
            ):
                return Mention(pieces[-1][0], "person", None, head or None, 0.8)
        return None

    def _collective(self, core: str) -> Mention | None:
        if core[-1] == "》" and "《" in core:
            return Mention(core[core.rindex("《") :], "work", None, None, 0.6)
        short = core
        relative = _RELATIVE.match(core)
        if relative and len(core) - relative.end() >= 2:
            short = core[relative.end() :]
        elif core.endswith("的人") and _COUNTED.match(core) and len(core) <= 20:
            return Mention(core, "group", existential=True)
        counted = _ONE_OF.search(short)
        if counted and len(short) - counted.start() >= 4:
            short = short[counted.start("one") :]
        whole = short
        short = self._noun_phrase(short)
        if not short:
            return None
        existential = short != whole or whole.startswith(("有", "另有", "还有"))
        if short.endswith(("观点", "看法", "反馈")) and len(short) > 2:
            return None
        if _ends(short.removesuffix("们"), self.groups, 6) and len(short) <= 30:
            return Mention(short, "group", existential=existential)
        if self._is_organisation(short):
            return Mention(short, "organisation", None, None, 0.8)
        counted = _COUNTED.match(short)
        if counted and len(short) <= 16 and counted.group()[-1] in "位名家":
            return Mention(short, "group", None, None, 0.7)
        title = _longest_suffix(short, self.titles, 8)
        if title and len(short) <= 24:
            return Mention(short, "anonymous", title, short[: -len(title)] or None, 0.8)
        if 2 <= len(short) <= 12 and not _CLAUSE_VERB.search(short) and self._is_noun(short):
            return Mention(short, "anonymous", None, None, 0.5)
        return None

    def is_name(self, text: str) -> bool:
        """Whether the characters have the form of a Chinese name: a surname and one or two more."""
        if not _HAN.match(text) or text in self.titles or text in self.author:
            return False
        if text[:2] in self.compound:
            return 3 <= len(text) <= 4
        return len(text) in (2, 3) and text[0] in self.surnames

    def is_person_name(self, text: str) -> bool:
        """Whether the characters are a name and not also a common word."""
        return self.is_name(text) and text not in self.groups and text not in self.entities and self._no_word(text)

    def _no_word(self, text: str) -> bool:
        """Whether the dictionary knows no common word here; rare surnames that are words need a name by the tagger."""
        pieces = self.tag(text)
        if len(pieces) == 1:
            return pieces[0][1] in NAME_TAGS or (not self.has_word(text) and text[0] in self.common_surnames)
        if pieces[0][1] in NAME_TAGS or pieces[-1][1] in NAME_TAGS:
            return True
        return text[0] in self.common_surnames and len(pieces[0][0]) == 1

    def _noun_phrase(self, text: str) -> str:
        """Return `text` when it is one noun phrase, what follows an existential `有` in it, or nothing."""
        end = len(text)
        for word, kind in reversed(self.tag(text)):
            begin = end - len(word)
            if word in ("有", "就有", "还有"):
                return text[end:]
            function = kind in ("r", "c", "d", "p", "u", "uj", "ul", "uz", "ug", "y", "e") and word not in _PHRASE_WORDS
            if function or (kind == "v" and word not in _PHRASE_WORDS and not self._nominal(word, end == len(text))):
                return ""
            end = begin
        return text

    def _nominal(self, word: str, last: bool) -> bool:
        """Whether a word that the tagger calls a verb may stand in a name (`照明`, the `达` of `通士达`)."""
        return not last and (len(word) >= 2 or word not in _REAL_VERBS)

    def _is_noun(self, text: str) -> bool:
        pieces = self.tag(text)
        if not 1 <= len(pieces) <= 5 or text in _NO_SPEAKER:
            return False
        return all(kind in _NOUN_TAGS for _, kind in pieces) and any(kind in _HEAD_TAGS for _, kind in pieces[-2:])

    def _is_organisation(self, text: str) -> bool:
        return text in self.entities or (3 <= len(text) <= 30 and text.endswith(self.organisations))

    def _before_name(self, head: str) -> bool:
        return (
            not head
            or self._last_title(head) == len(head)
            or self._is_organisation(head)
            or head[-1] in "的、"
            or _ends(head, self.groups, 6)
        )

    def _last_title(self, text: str) -> int:
        """Return the end of the last title in `text`, 0 when there is none."""
        for end in range(len(text), 1, -1):
            for size in range(min(8, end), 1, -1):
                if text[end - size : end] in self.titles:
                    return end
        return 0

    def split_role(self, head: str) -> tuple[str | None, str | None]:
        """Split `百川智能创始人` into title and affiliation, None for what is missing."""
        head = head.strip(" 、的,")
        cut = len(head)
        while cut:
            title = _longest_suffix(head[:cut], self.titles, 8)
            if title is None:
                break
            cut -= len(title)
            while cut and head[cut - 1] in "、兼和及/":
                cut -= 1
        return head[cut:].strip("、兼和及/ ") or None, head[:cut].strip("、的 ") or None


def phrase_is_empty(reader: MentionReader, phrase: str) -> bool:
    """Whether nothing but occasions, addressees and adverbs stand before the verb."""
    return not reader.strip(phrase)


def _strip_right(text: str, words: frozenset[str]) -> str:
    changed = True
    while changed and text:
        changed = False
        for size in range(min(6, len(text)), 0, -1):
            if text[-size:] in words:
                text, changed = text[:-size].rstrip(" "), True
                break
    return text


def _longest_suffix(text: str, words: frozenset[str], longest: int) -> str | None:
    for size in range(min(longest, len(text)), 0, -1):
        if text[-size:] in words:
            return text[-size:]
    return None


def _ends(text: str, words: frozenset[str], longest: int) -> bool:
    return _longest_suffix(text, words, longest) is not None
