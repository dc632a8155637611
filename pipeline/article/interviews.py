"""Interviews and round tables: who speaks is said at the head of each turn, or on a line of its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.article.mentions import NAME_TAGS, Mention, MentionReader

# `王小川：…`, `**主持人**: …`, `「暗涌」：…`, `Q：…`
# At the start of a line, or of a sentence where the line breaks were lost.
_TURN = re.compile(
    r"(?:^|(?<=[。！？!?”」』…\n]))[ \t#>*_]{0,6}(?:"
    r"[「【\[]?(?P<name>[^\s：:，,。；;！？!?“”\"「」『』【】\[\]()（）《》*_|/\d、][^：:，,。；;！？!?“”\"「」『』【】\[\]()（）《》\n*_|、]{0,14}?"
    r"|\d{2}[\u4e00-\u9fff]{1,4}|[QA]\d{0,2})[」】\]]?(?:[（(][^（）()\n]{1,30}[)）])?[*_ ]{0,4}[：:][*_]{0,3}"
    r"|【(?P<boxed>[^【】\n：:]{2,14})】)",
    re.MULTILINE,
)
_ROUND_TABLE = re.compile(r"以下(?:为|是|系)[^。\n]{0,30}(?:对话|圆桌|讨论|实录|发言|对谈|访谈|问答)")
_QUESTION = frozenset({"问", "q", "提问", "记者", "主持人", "本刊", "本报", "编者", "采访者", "小编", "主持"})
_ANSWER = frozenset({"答", "a", "回答", "嘉宾", "受访者", "被访者"})
_NO_NAME = re.compile(
    r"说$|一提$|一句$|例子|亦即|即$|总之|换句|意思|有人|为什么|怎么|什么|如果|图|表|注|来源|资料|推荐|阅读|标题"
    r"|作者|编辑|责编|原文|链接|时间|日期|地址|电话|关键|要点|观点|核心|总结|结论|问题|原因|方案"
    r"|优[点势]|缺[点陷]|风险|策略|第[一二三四五六七八九十\d]"
    r"|https?|www|备注|提示|摘要|导读|说明|例如|比如|案例|步骤|首先|其次|最后|一是|二是|三是|声明|数据"
    r"|事实|背景|目标|价格|优惠|产品|公司|股票|代码|发布|来自|版权|微信|公众号|邮箱|文[ /]|点评|事件"
    r"|消息面|技术面|Point|Reason|Example|Note|Tip|Step|\d{2}$|\d[年月日]"
)
_DIALOGUE = re.compile(r"(?:对话|专访|独家专访|访谈|采访|对谈|访)(?P<name>[\u4e00-\u9fff·A-Za-z ]{2,24})")
# A name, a space, then firm and title; or firm, title and name with nothing else on the line.
_NAME_LINE = re.compile(
    r"[ \t#>*_]{0,6}(?P<name>[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff·]{1,10}"
    r"|[A-Z][a-z]+(?: [A-Z][a-z.]+){0,2})[ \t　|｜,，、:：]{1,3}(?P<role>[^。！？；：:，,“”\n]{2,40})$"
)
_PLAIN_LINE = re.compile(r"[ \t#>*_◎●■▌]{0,6}(?P<role>[^。！？；：:，,“”\n ]{3,36})$")


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of one voice, from the first word after the label to the next label.

    `mention` is None for a side without a name (the question side of `问`/`答`).
    """

    start: int
    end: int
    mention: Mention
    cue: str
    confidence: float


def find_turns(
    plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader, *, own: frozenset[str] = frozenset()
) -> list[Turn]:
    """Find the turns of an interview or a round table.

    Parameters
    ----------
    plain : str
        The article in simplified script.
    lines : sequence of (start, end)
        Its lines that are not empty.
    reader : MentionReader
        Reads what stands on a line as a person.
    own : frozenset of str
        Names of the author and the outlet: their turns are the author's.

    Returns
    -------
    list of Turn
        Sorted, without overlap; empty for an article that is no conversation.
    """
    return _labelled(plain, lines, reader, own) or _named_blocks(plain, lines, reader)


def _labelled(plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader, own: frozenset[str]) -> list[Turn]:
    first = lines[0][1] if lines else 0
    hits: list[tuple[int, str]] = []
    for found in _TURN.finditer(plain):
        name = _label((found["name"] or found["boxed"]).strip())
        # The first line is the headline (`王小川：AI医疗代表…`).
        if found.start() >= first and not _NO_NAME.search(name) and not _DIALOGUE.match(name):
            hits.append((found.start(), name))
    counts = Counter(name for _, name in hits)
    names = {name for name, count in counts.items() if count >= 2 and _speaks(name, reader)}
    asked = sum(1 for k, (start, name) in enumerate(hits) if name in names and _asks(plain, hits, k, start))
    singles = {name for name, count in counts.items() if count == 1 and _is_person(name, reader)}
    # Two sides that alternate, at least twice each, one of them a person or a question, and somebody asks: fewer are
    # lists with a colon. A round table that is announced as one may give each guest a single turn.
    announced = len(names | singles) >= 3 and _ROUND_TABLE.search(plain) is not None
    known_sides = any(
        name.casefold() in _QUESTION | _ANSWER or name in own or _is_person(name, reader) or _is_no_word(name, reader)
        for name in names
    )
    if not announced and (len(names) < 2 or asked < 2 or not known_sides):
        return []
    # In a talk of two, a nickname means the person whom the headline or the introduction names.
    subject = _subject(plain, names | {"答"} if len(names) == 2 else names, reader)
    if subject is not None and subject.name in names:
        subject = None
    kept = [hit for hit in hits if hit[1] in names or hit[1] in singles]
    host = _host(plain, kept, reader)
    turns = []
    for k, (start, name) in enumerate(kept):
        stop = kept[k + 1][0] if k + 1 < len(kept) else lines[last_line(plain, lines, _line_of(lines, start))][1]
        asks = name == host or name in own or any(len(name) >= 2 and name in mine for mine in own)
        mention = Mention(name, "author") if asks else _who(name, subject, reader, plain)
        turns.append(Turn(start, stop, mention, f"{name}：", 0.95))
    return turns


def _label(name: str) -> str:
    """Return the side that a label names: `Q1` is `Q`, `陈立群答` is `陈立群`."""
    bare = name.rstrip("0123456789 ")
    if bare.casefold() in _QUESTION | _ANSWER:
        return bare
    return bare[:-1] if len(bare) >= 3 and bare[-1] in "问答" else name


def _asks(plain: str, hits: Sequence[tuple[int, str]], k: int, start: int) -> bool:
    stop = hits[k + 1][0] if k + 1 < len(hits) else start + 200
    return plain[start:stop].rstrip(" \n*_#>”」").endswith(("？", "?"))


def _line_of(lines: Sequence[tuple[int, int]], offset: int) -> int:
    return max(0, bisect_right(lines, (offset, len(lines) and lines[-1][1] + 1)) - 1)


def _host(plain: str, kept: Sequence[tuple[int, str]], reader: MentionReader) -> str | None:
    """Return the label of the outlet that interviews: most of its turns end with a question and it is no person."""
    turns: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    for k, (start, name) in enumerate(kept):
        turns[name] += 1
        questions[name] += _asks(plain, kept, k, start)
    asking = [name for name in turns if questions[name] * 2 >= turns[name] and not _is_person(name, reader)]
    return max(asking, key=lambda name: (turns[name], name), default=None)


def last_line(plain: str, lines: Sequence[tuple[int, int]], at: int) -> int:
    """Return the last line of the last turn: credits and what follows them are nobody's answer."""
    for i in range(at + 1, len(lines)):
        if _CREDITS.match(plain, *lines[i]):
            return i - 1
    return len(lines) - 1


_CREDITS = re.compile(
    r"[ \t*#>_（(【\[—-]{0,6}(?:本文|本篇|作者|编辑|责编|责任编辑|主编|来源|文\b|图源|图片来源|题图"
    r"|原标题|原文|版权|转载|免责|欢迎|关注|扫码|长按|更多|推荐阅读|相关阅读|热门|END|—END|end\b|-+$"
    r"|\*+$|参考)"
)


def _speaks(name: str, reader: MentionReader) -> bool:
    if name.casefold().rstrip("0123456789") in _QUESTION | _ANSWER:
        return True
    mention = reader.read(name, {})
    if mention is not None and mention.kind != "pronoun":
        return True
    return len(name) <= 8 and " " not in name


def _is_person(name: str, reader: MentionReader) -> bool:
    mention = reader.read(name, {})
    return mention is not None and mention.kind == "person"


def _is_no_word(name: str, reader: MentionReader) -> bool:
    """Whether a label has the length of a name and stands in no dictionary (`仝月明`: a rare surname)."""
    return 2 <= len(name) <= 3 and not name.isascii() and not reader.has_word(name)


def _subject(plain: str, names: set[str], reader: MentionReader) -> Mention | None:
    """Return who answers in a conversation of `问` and `答`: the person of the headline or of the introduction."""
    if not names & {"答", "A", "a", "回答", "嘉宾", "受访者"}:
        return None
    for found in _DIALOGUE.finditer(plain[:3000]):
        for size in range(len(found["name"]), 1, -1):
            mention = reader.read(found["name"][:size], {})
            if mention is not None and mention.kind == "person":
                return mention
    # No such word: the first person whom the headline names.
    headline = plain.split("\n", 1)[0][:60]
    people = [word for word, kind in reader.tag(headline) if kind in NAME_TAGS and reader.is_person_name(word)]
    return Mention(people[0], "person") if people else None


def _who(name: str, subject: Mention | None, reader: MentionReader, plain: str) -> Mention:
    side = name.casefold()
    if side in _ANSWER:
        # Nobody is named: the author answers questions that he was sent.
        return subject or Mention("作者", "author")
    if side in _QUESTION:
        return Mention("记者", "author")
    mention = reader.read(name, {})
    if mention is not None and mention.kind == "person":
        return mention
    for found in re.finditer(re.escape(name) + r"[”」]?[（(、，,]?(?P<name>[\u4e00-\u9fff]{2,3})", plain):
        # `老班长陈立群`: the text says who goes by this label.
        for size in (3, 2):
            if reader.is_person_name(found["name"][:size]) and len(found["name"]) >= size:
                return Mention(found["name"][:size], "person")
    if subject is not None and (mention is None or mention.kind in ("group", "anonymous")):
        return subject
    if mention is not None and mention.kind in ("organisation", "group"):
        return mention
    return Mention(name, "anonymous")


def _named_blocks(plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader) -> list[Turn]:
    """Find blocks that stand under a line with a name (`黄晓煌 群核科技联合创始人`, `长虹网络科技公司总经理刘强`)."""
    heads: list[tuple[int, Mention]] = []
    bare = _bare_heads(plain, lines, reader)
    for i, (start, end) in enumerate(lines):
        if end - start > 60:
            continue
        mention = bare.get(i) or _name_line(plain, start, end, reader)
        if mention is not None:
            heads.append((i, mention))
    heads = [head for k, head in enumerate(heads) if k + 1 == len(heads) or heads[k + 1][0] > head[0] + 1]
    # One such line may be a caption or a byline; two with text below them are a round table.
    if len({mention.name for _, mention in heads}) < 2:
        return []
    if not bare:
        heads = _with_unknown_titles(plain, lines, heads, reader)
    turns = []
    for k, (i, mention) in enumerate(heads):
        last = heads[k + 1][0] - 1 if k + 1 < len(heads) else last_line(plain, lines, i)
        if last > i:
            turns.append(Turn(lines[i + 1][0], lines[last][1], mention, plain[lines[i][0] : lines[i][1]].strip(), 0.85))
    return turns


def _with_unknown_titles(
    plain: str, lines: Sequence[tuple[int, int]], heads: list[tuple[int, Mention]], reader: MentionReader
) -> list[tuple[int, Mention]]:
    """Add lines of the same form whose title no list knows, once three others have set the form."""
    if len(heads) < 3:
        return heads
    known = dict(heads)
    for i in range(heads[0][0], len(lines)):
        found = _NAME_LINE.match(plain, *lines[i]) if lines[i][1] - lines[i][0] <= 40 else None
        if found and i not in known and reader.is_person_name(found["name"]):
            known[i] = Mention(found["name"], "person", found["role"].strip())
    return sorted(known.items())


def _name_line(plain: str, start: int, end: int, reader: MentionReader) -> Mention | None:
    found = _NAME_LINE.match(plain, start, end)
    if found:
        title, firm = reader.split_role(found["role"])
        if title and (reader.is_name(found["name"]) or not found["name"].isalpha() or found["name"].isascii()):
            return Mention(found["name"], "person", title, firm)
    found = _PLAIN_LINE.match(plain, start, end)
    if found:
        mention = reader.read(found["role"], {})
        if mention is not None and mention.kind == "person" and mention.title and mention.affiliation:
            return mention
    return None


def _bare_heads(plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader) -> dict[int, Mention]:
    """Names alone on their lines, at least three of them, each with a paragraph below."""
    found: dict[int, Mention] = {}
    for i, (start, end) in enumerate(lines[:-1]):
        name = plain[start:end].strip(" \t#>*_◎●■▌【】")
        if not 2 <= len(name) <= 12 or (lines[i + 1][1] - lines[i + 1][0] < 20 and i + 2 >= len(lines)):
            continue
        if reader.is_person_name(name) or ("·" in name and name.replace("·", "").isalpha()):
            found[i] = Mention(name, "person")
    return found if len({mention.name for mention in found.values()}) >= 3 else {}
