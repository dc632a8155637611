"""Names: read characters as a person with title and firm, by surnames, titles and the dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

MentionKind = Literal["person", "organisation", "group", "anonymous", "pronoun", "anaphor", "author", "work"]

_LATIN_NAME = re.compile(r"(?:[A-Z][A-Za-z.'’-]*)(?:[ ·](?:[A-Z][A-Za-zà-ž.'’-]*|de|von|van|der|di|Mc[A-Z]\w+)){0,4}$")
_DOTTED_NAME = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,10}(?:(?:[·・•‧∙－-]|[.．](?=[\u4e00-\u9fff]))[\u4e00-\u9fffA-Za-z]{1,7}){1,3}$"
)
NAME_TAGS = frozenset({"nr", "nrt", "nrfg"})
NOUN_TAGS = frozenset("n nr nrt nrfg ns nt nz ng vn an a b j m q x eng l i s t f mq k".split())  # noqa: SIM905
_LATIN_TITLES = ("CEO", "CTO", "CFO", "COO", "CMO", "President", "Dr.", "Director", "Founder", "Analyst", "Scientist")
HAN = re.compile(r"^[\u4e00-\u9fff]+$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A speaker as written at one place.

    `name` is without title and firm; `surety` in [0, 1] says how surely the words are a speaker; `existential` that
    somebody is brought in by `有` (`有经销商抱怨`).
    """

    name: str
    kind: MentionKind
    title: str | None = None
    affiliation: str | None = None
    surety: float = 1.0
    existential: bool = False


@dataclass(frozen=True)
class NameReader:
    """Reads names; holds the word lists of ``lexicons/voices.toml`` and a tagger."""

    titles: frozenset[str]
    groups: frozenset[str]
    organisations: tuple[str, ...]
    entities: frozenset[str]
    author: frozenset[str]
    surnames: frozenset[str]
    compound: frozenset[str]
    common_surnames: frozenset[str]
    after_surname: frozenset[str]
    never_in_names: frozenset[str]
    tag: Callable[[str], Sequence[tuple[str, str]]]
    has_word: Callable[[str], bool]

    def person(self, core: str) -> Mention | None:
        """Read a stripped noun phrase as a person."""
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
        title = longest_suffix(core, self.titles, 8)
        if title is None:
            return None
        head = core[: -len(title)]
        for size in (4, 3, 2):
            if len(head) >= size and self.is_name(head[-size:]) and self._before_name(head[:-size]):
                return Mention(head[-size:], "person", title, head[:-size] or None)
        for size, names in ((2, self.compound), (1, self.surnames)):
            if title in self.after_surname and head[-size:] in names and self._before_name(head[:-size]):
                return Mention(head[-size:] + title, "person", title, head[:-size] or None)
        return None

    def _rare_surname(self, core: str) -> Mention | None:
        """`分析师见惊雷`: after a title, two or three characters that form no word and hold no function word."""
        for size in (3, 2):
            tail, head = core[-size:], core[:-size]
            if not head or not HAN.match(tail) or self._last_title(head) != len(head):
                continue
            if not self.never_in_names.intersection(tail) and not self.has_word(tail) and tail not in self.author:
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
            if (head[-1] == "的" or self.is_organisation(firm)) and self._no_word(tail):
                return Mention(tail, "person", None, None if head[-1] == "的" else head)
        pieces = self.tag(core)
        if pieces and pieces[-1][1] in NAME_TAGS and (len(pieces[-1][0]) >= 3 or self.is_name(pieces[-1][0])):
            head = core[: -len(pieces[-1][0])].rstrip(" ")
            if (
                not head
                or head[-1] == "的"
                or self.is_organisation(head)
                or (len(pieces) > 1 and pieces[-2][1] in NOUN_TAGS)
            ):
                return Mention(pieces[-1][0], "person", None, head or None, 0.8)
        return None

    def is_name(self, text: str) -> bool:
        """Whether the characters have the form of a Chinese name: a surname and one or two more."""
        if not HAN.match(text) or text in self.titles or text in self.author:
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

    def is_organisation(self, text: str) -> bool:
        """Whether the words are a known name or end like the name of a firm, a body or an institute."""
        return text in self.entities or (3 <= len(text) <= 30 and text.endswith(self.organisations))

    def _before_name(self, head: str) -> bool:
        return (
            not head
            or self._last_title(head) == len(head)
            or self.is_organisation(head)
            or head[-1] in "的、"
            or ends_with(head, self.groups, 6)
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
            title = longest_suffix(head[:cut], self.titles, 8)
            if title is None:
                break
            cut -= len(title)
            while cut and head[cut - 1] in "、兼和及/":
                cut -= 1
        return head[cut:].strip("、兼和及/ ") or None, head[:cut].strip("、的 ") or None


def longest_suffix(text: str, words: frozenset[str], longest: int) -> str | None:
    """Return the longest end of `text`, at most `longest` characters, that is one of `words`."""
    for size in range(min(longest, len(text)), 0, -1):
        if text[-size:] in words:
            return text[-size:]
    return None


def ends_with(text: str, words: frozenset[str], longest: int) -> bool:
    """Whether `text` ends with one of `words`."""
    return longest_suffix(text, words, longest) is not None
