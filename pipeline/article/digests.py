"""Digests: the views of one research house after another, each below a line such as `远山证券：涨价仍是主线`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.article.interviews import Turn, last_line
from pipeline.article.mentions import Mention, MentionReader

_HEAD = re.compile(r"[ \t#>*_◎●■▌【\d、.．]*(?P<who>[^：:，,。！？“”「」\n]{2,24}?)[：:] ?[^\n]{4,40}$")
_HOUSE = re.compile(
    r"(?:证券|期货|基金|资本|中金公司|中金|国际|投行|研究院|研究所|银行|咨询|资管|海通|国君|申万宏源|高盛|大摩|小摩|瑞银|花旗|野村)$"
)
_OPEN_END = '。！；，、：？!?…”"」'
_MIN_BODY = 40  # characters of the line below: shorter ones are lists
_MIN_HOUSES = 2
_SURE = 0.8  # names of firms and people; mere nouns are topics (`关键看点：…`)


def find_digest(plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader) -> list[Turn]:
    """Find the views of research houses below lines with their names.

    Parameters
    ----------
    plain : str
        The article in simplified script.
    lines : sequence of (start, end)
        Its lines that are not empty.
    reader : MentionReader
        Reads the names.

    Returns
    -------
    list of Turn
        Sorted, without overlap; empty unless two houses have their say.
    """
    heads: list[tuple[int, Mention | None]] = []
    houses: set[str] = set()
    for i, (start, end) in enumerate(lines[:-1]):
        line = plain[start:end].strip(" *_#")
        if i == 0 or not 6 <= len(line) <= 60 or line[-1] in _OPEN_END:
            continue
        found = _HEAD.match(plain, start, end)
        house = found is not None and _HOUSE.search(found["who"].strip()) is not None
        if found is None or not (house or lines[i + 1][1] - lines[i + 1][0] >= _MIN_BODY):
            continue
        mention = reader.read(found["who"].strip(), {})
        speaks = mention is not None and mention.kind in ("organisation", "person") and mention.surety >= _SURE
        heads.append((i, mention if speaks else None))
        houses |= {found["who"].strip()} if house and speaks else set()
    if len(houses) < _MIN_HOUSES:
        return []
    turns = []
    for k, (i, mention) in enumerate(heads):
        last = heads[k + 1][0] - 1 if k + 1 < len(heads) else last_line(plain, lines, i)
        if mention is not None and last > i:
            turns.append(Turn(lines[i][0], lines[last][1], mention, f"{mention.name}：", 0.9))
    return turns
