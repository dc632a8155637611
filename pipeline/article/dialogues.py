"""Dialogues: told conversations in which paragraphs open with `教授说，…` and `老陈问，…` in turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.article.interviews import Turn, last_line
from pipeline.article.mentions import Mention, MentionReader

_LABEL = re.compile(
    r"[ \t#>*_]{0,6}(?P<name>[\u4e00-\u9fffA-Za-z]{1,6}?)(?:又|还|接着|继续|笑着|插嘴|就|也)?"
    r"(?:反问|追问|问道|说道|答道|回答|感慨|解释|补充|说|问|答|讲|道)[，,：:]"
)
# What stands before `说，` without being somebody: `比如说`, `有人说`, `换句话说`, `所以说`.
_NOBODY = re.compile(
    r"人$|们$|^(?:可以|可|比如|例如|应该|换|或者|也就|俗|老话|常言|据|听|来|总|按|照|难|不|这|那|所以|如果|就是|再|要|话"
    r"|一般|简单|具体|准确|严格|坦率|其实|客观|大家|网友|读者|粉丝|后来|然后|最后|接着|首先|当时|虽|别|他|她|它|其"
    r"|你|您|且|但|而|我们|也有|还有|有的|古人|专家|媒体|官方|多|反过来|相对|从)|句话|句$|来$|是$|地$|讲$"
)
_SELF = frozenset({"我", "笔者", "俺"})
_FINAL = '。！？!?；;…：:”」』"’，,)）'
_MAX_HEADING = 16
# Of the told dialogues among the annotated articles of the even half, none has fewer labelled paragraphs.
_MIN_LABELS = 5


def find_dialogue(
    plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader, *, own: frozenset[str]
) -> list[Turn]:
    """Find the turns of a told conversation: each goes on until the next label or a heading.

    Parameters
    ----------
    plain : str
        The article in simplified script.
    lines : sequence of (start, end)
        Its lines that are not empty.
    reader : MentionReader
        Knows the words for the author.
    own : frozenset of str
        Names of the author and the outlet: their turns are the author's.

    Returns
    -------
    list of Turn
        Sorted, without overlap; empty unless two sides speak again and again.
    """
    heads: list[tuple[int, str]] = []
    for i, (start, end) in enumerate(lines):
        found = _LABEL.match(plain, start, end) if i else None
        if found and not _NOBODY.search(found["name"]) and (len(found["name"]) > 1 or found["name"] in _SELF):
            heads.append((i, found["name"]))
    counts = Counter(name for _, name in heads)
    heads = [(i, name) for i, name in heads if counts[name] >= 2]
    others = {name for name, count in counts.items() if count >= 2 and not _is_author(name, reader, own)}
    if len(heads) < _MIN_LABELS or not others or len({name for _, name in heads}) < 2:
        return []
    last = last_line(plain, lines, heads[-1][0])
    turns = []
    for k, (i, name) in enumerate(heads):
        stop = heads[k + 1][0] - 1 if k + 1 < len(heads) else last
        until = i
        while until < stop and not _is_heading(plain, *lines[until + 1]):
            until += 1
        mention = Mention(name, "author") if name not in others else Mention(name, "person")
        turns.append(Turn(lines[i][0], lines[until][1], mention, "说", 0.85))
    return turns


def _is_author(name: str, reader: MentionReader, own: frozenset[str]) -> bool:
    return name in reader.author or name in _SELF or any(name in mine for mine in own)


def _is_heading(plain: str, start: int, end: int) -> bool:
    line = plain[start:end].strip(" \t#>*_")
    return len(line) <= _MAX_HEADING and not line.endswith(tuple(_FINAL))
