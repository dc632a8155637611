"""Mentions: read the words before a verb of speech as a person, an organisation, a group or a pronoun."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.article.names import NAME_TAGS, NOUN_TAGS, Mention, ends_with, longest_suffix
from pipeline.article.phrases import PhraseReader, strip_right

__all__ = ["NAME_TAGS", "Mention", "MentionReader", "phrase_is_empty"]

_ANAPHOR = re.compile(
    r"(?:^|[，但而据])(?:该|这位|那位|这个|上述|上述这位|前述|此位|此名|这名|该名|该位|这家"
    r"|该家)(?P<head>[^，。]{1,14})$"
)
_COUNTED = re.compile(
    r"(?:有|另|又|还有)?(?:[一二两三四五六七八九十几多数某]{1,2}|\d{1,3}|若干|许多|很多|不少|部分"
    r"|大多数|多数|大部分|一些|有些|某些|广大|众多|各|诸多|多位|不止一)"
    r"(?:位|名|个|家|些|群|批|拨|类|种)?"
)
_ONE_OF = re.compile(r"(?<=[\u4e00-\u9fffA-Za-z])(?P<one>[一两多数几某][位名家个])")
_RELATIVE = re.compile(r"^.*的(?=.{2,}$)")
_HEAD_TAGS = frozenset({"n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "ng", "eng", "j"})
# Short for the firm that was named last.
_SELF_SAME = frozenset({"公司", "该公司", "集团", "厂方", "官方", "校方", "院方", "店方"})
# `DisplaySearch7月底发布的全球电视市场报告`: who published it speaks.
_PUBLISHED = re.compile(
    r"^(?P<who>[^，。的]{2,24}?)(?:近日|日前|最新|最近|新近|联合|此前|早前|不久前|今年|去年"
    r"|[\d年月日底初中 ])*(?:发布|公布|推出|出具|编制|撰写)的"
)
_CLAUSE_VERB = re.compile(r"[是把被让使将没不]|(?<!负责)(?<!主)人们|[了着过](?!.{0,3}(?:人|家|者)$)")

# `国金证券日前发布报告`: the house speaks.
_REPORT_TAIL = re.compile(
    r"(?<=[\u4e00-\u9fffA-Za-z]{2})(?:日前|近日|最新|周[一二三四五六日]|上[周月])?(?:发布|发表|公布)[^，。]{0,8}?(?:报告|预报|声明|公告)?$"
)
_NO_NAME = re.compile(r"[的了着很]$|(?:没有|无)人$|^(?:没有|所有|常听|则|关系)")
_NO_FIRM = re.compile(r"[了过着把被让你我他她]|从业|时候|如果|先看|貌似|眼里|负责|[的在]$|^[是在有一]|\d年$")
_MAX_FIRM = 30


def clean_affiliation(firm: str | None) -> str | None:
    """Return the firm or body that stands before a title, None for a clause or for words about the person.

    Examples
    --------
    ``上市的洲明科技`` gives ``洲明科技``; ``做过保安的小`` and ``从业二十年`` give None.
    """
    if firm is None:
        return None
    short = firm.rsplit("的", 1)[-1].strip(' 、“”"')
    short = re.sub(r"(?:有关|相关)$", "", short)
    if not 2 <= len(short) <= _MAX_FIRM or _NO_FIRM.search(short):
        return None
    return short


@dataclass(frozen=True)
class MentionReader(PhraseReader):
    """Reads what stands between the start of a clause and a verb of speech."""

    pronouns: frozenset[str]
    no_speaker: frozenset[str]
    real_verbs: frozenset[str]
    no_topic: frozenset[str]

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
        bare = self.bare_phrase(phrase)
        found = _ANAPHOR.search(bare)
        if found:
            anaphor = self._anaphor(strip_right(found["head"], self.adverbs).strip())
            if anaphor is not None:
                return anaphor
        core = self.core_of(bare)
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
            if (who is not None and who.kind in ("organisation", "person")) or (who is not None and who.surety >= 0.5):
                return who
        found_mention = self.person(core) or self._collective(core) or self._first_of_two(core)
        found_mention = None if found_mention is None else self._sane(found_mention)
        if found_mention is None:
            return None
        if found_mention.kind == "group" and bare.partition(core)[0].endswith("有"):
            return replace(found_mention, existential=True)
        return found_mention

    def _sane(self, mention: Mention) -> Mention | None:
        """Return the mention without what is no part of a name or a firm, None when no name is left."""
        name = _REPORT_TAIL.sub("", mention.name).removeprefix("个").strip(" 、")
        if len(name) < 2 or name in self.no_speaker or _NO_NAME.search(name):
            return None
        kind = "organisation" if mention.kind == "person" and name in self.entities else mention.kind
        return replace(mention, name=name, kind=kind, affiliation=clean_affiliation(mention.affiliation))

    def _first_of_two(self, core: str) -> Mention | None:
        """`中棉所和国家棉花产业技术体系`: several speak with one voice, the first names it."""
        first = re.split(r"[和与及、]", core, maxsplit=1)[0]
        if first == core or len(first) < 2:
            return None
        found = self.person(first) or self._collective(first)
        return found if found is not None and found.surety >= 0.8 else None

    def _anaphor(self, head: str) -> Mention | None:
        if ends_with(head, self.groups, 6) or ends_with(head, self.titles, 6) or head.endswith(self.organisations):
            return Mention(head, "anaphor")
        return self.person(head) if len(head) > 2 else None

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
        if short.endswith(("观点", "看法", "反馈", "上", "中", "里", "时", "时候")) and len(short) > 2:
            return None
        if ends_with(short.removesuffix("们"), self.groups, 6) and len(short) <= 30:
            return Mention(short, "group", existential=existential)
        if self.is_organisation(short):
            return Mention(short, "organisation", None, None, 0.8)
        counted = _COUNTED.match(short)
        if counted and len(short) <= 16 and counted.group()[-1] in "位名家":
            return Mention(short, "group", None, None, 0.7)
        title = longest_suffix(short, self.titles, 8)
        if title and len(short) <= 24:
            return Mention(short, "anonymous", title, short[: -len(title)] or None, 0.8)
        if 2 <= len(short) <= 12 and not _CLAUSE_VERB.search(short) and self._is_noun(short):
            return Mention(short, "anonymous", None, None, 0.5)
        return None

    def _noun_phrase(self, text: str) -> str:
        """Return `text` when it is one noun phrase, what follows an existential `有` in it, or nothing."""
        end = len(text)
        for word, kind in reversed(self.tag(text)):
            begin = end - len(word)
            if word in ("有", "就有", "还有"):
                return text[end:]
            function = (
                kind in ("r", "c", "d", "p", "u", "uj", "ul", "uz", "ug", "y", "e") and word not in self.phrase_words
            )
            if function or (
                kind == "v" and word not in self.phrase_words and not self._nominal(word, end == len(text))
            ):
                return ""
            end = begin
        return text

    def _nominal(self, word: str, last: bool) -> bool:
        """Whether a word that the tagger calls a verb may stand in a name (`照明`, the `达` of `通士达`)."""
        return not last and (len(word) >= 2 or word not in self.real_verbs)

    def _is_noun(self, text: str) -> bool:
        pieces = self.tag(text)
        if not 1 <= len(pieces) <= 5 or text in self.no_speaker:
            return False
        return all(kind in NOUN_TAGS for _, kind in pieces) and any(kind in _HEAD_TAGS for _, kind in pieces[-2:])


def phrase_is_empty(reader: MentionReader, phrase: str) -> bool:
    """Whether nothing but occasions, addressees and adverbs stand before the verb."""
    return not reader.strip(phrase)
