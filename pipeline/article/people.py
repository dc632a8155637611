"""People: who is introduced in the text, whether or not words of theirs are reported there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.article.mentions import NAME_TAGS, Mention, MentionReader
from pipeline.lexicon import Lexicon, compile_lexicon

_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
# `中国农业科学院棉花研究所(下称中棉所)`, `国际棉花咨询委员会(ICAC)`
_SHORT_FORM = re.compile(
    r"(?P<full>[\u4e00-\u9fff]{4,24}?)[（(](?P<said>以下简称|下称|简称|英文简称|以下称|下文称)?[“\"「]?(?P<short>[A-Z]{2,8}|[\u4e00-\u9fff]{2,6})[”\"」]?[)）]"
)
INTRODUCED = re.compile(
    r"(?:一位|一个|一名|有位|有个|有一位|有一个|某位|某个|另一位|另一个|另外一位|这位|那位|我的|我以前的|我一位|我一个)(?P<who>[^，。！？；：“”「」\n]{0,24}?(?:朋友|读者|同事|老板|网友|粉丝|同学|客户|商家|卖家|投资人|创业者|经销商|从业者|负责人|员工|店主|司机|专家|教授|老师|人士|小伙子?|姑娘|大姐|大哥|高管|分析师|研究员))"
)
# Nearer than this, a name can be the antecedent of a pronoun: three to four sentences.
_REACH = 260
_FOLLOWS_NAME = "，。：、,:；”「“（(）)也还则都在对向就曾是说表认指称坦强直透介告补回解建预觉的 \n"


@dataclass(frozen=True, slots=True)
class Place:
    """One mention of a person in the running text."""

    start: int
    end: int
    mention: Mention


class People:
    """The people of one article and the places where they are named."""

    def __init__(self, known: dict[str, Mention], places: Sequence[Place]) -> None:
        self.known = known
        self.places = sorted(places, key=lambda place: (place.start, -place.end))
        self._starts = [place.start for place in self.places]

    def before(self, offset: int, plain: str) -> Place | None:
        """Return the nearest person named before `offset`, a mere possessor (`王小川的`) only when nobody else is."""
        at = bisect_left(self._starts, offset) - 1
        fallback: Place | None = None
        while at >= 0 and offset - self._starts[at] <= _REACH:
            place = self.places[at]
            if plain[place.end : place.end + 1] != "的":
                return place
            fallback = fallback or place
            at -= 1
        return fallback


def introduced(plain: str, reader: MentionReader, titles: Lexicon) -> dict[str, Mention]:
    """Return the people who are introduced with a title before their name (`百川智能创始人王小川`)."""
    known: dict[str, Mention] = {}
    for match in titles.find(plain):
        found = _HAN.match(plain, match.end, match.end + 4)
        if found is None:
            continue
        pieces = reader.tag(found.group())
        if pieces[0][1] in NAME_TAGS and 2 <= len(pieces[0][0]) <= 3 and reader.is_name(pieces[0][0]):
            known.setdefault(pieces[0][0], Mention(pieces[0][0], "person", match.term))
            continue
        for size in (3, 2):
            name = found.group()[:size]
            follows = plain[match.end + size : match.end + size + 1]
            if len(name) == size and reader.is_person_name(name) and (follows == "" or follows in _FOLLOWS_NAME):
                known.setdefault(name, Mention(name, "person", match.term))
                break
    return known


def find_people(plain: str, known: dict[str, Mention], quoted: Iterable[tuple[int, int]]) -> People:
    """Find every place where one of the `known` people, or somebody without a name (`一位朋友`), is named."""
    names = {name: name for name in known}
    for name in known:
        if len(name) == 3 and "·" not in name and name[1:] not in names:
            names.setdefault(name[1:], name)
    places: list[Place] = []
    if names:
        lexicon = compile_lexicon("people", {"people": sorted(names)})
        places.extend(Place(hit.start, hit.end, known[names[hit.term]]) for hit in lexicon.find(plain))
    for found in INTRODUCED.finditer(plain):
        places.append(Place(found.start(), found.end(), Mention(unnamed(found), "group")))
    outside = _outside(sorted(quoted))
    return People(known, [place for place in places if outside(place.start)])


def unnamed(found: re.Match[str]) -> str:
    """Return the shortest words that tell somebody without a name (`商家朋友` of `一位在那里开店的商家朋友`)."""
    who = found["who"].rsplit("的", 1)[-1]
    return who if len(who) >= 2 else found.group()


def short_forms(plain: str) -> dict[str, str]:
    """Return names that the text itself declares equal in brackets: other form to the form that names the voice.

    The writer's own short form (`下称中棉所`) is the name; an acronym in mere brackets gives way to the full name.
    """
    found: dict[str, str] = {}
    for hit in _SHORT_FORM.finditer(plain):
        if hit["said"]:
            found[hit["full"]] = hit["short"]
        elif hit["short"].isascii():
            found[hit["short"]] = hit["full"]
    return found


def _outside(spans: Sequence[tuple[int, int]]):  # type: ignore[no-untyped-def]
    starts = [start for start, _ in spans]

    def test(offset: int) -> bool:
        at = bisect_left(starts, offset + 1) - 1
        return at < 0 or offset >= spans[at][1]

    return test
