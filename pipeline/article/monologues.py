"""Monologues: a speech, a told story or answers without labels, given by one person who is named once at the head."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.article.interviews import Turn, last_line
from pipeline.article.mentions import Mention, MentionReader
from pipeline.article.people import INTRODUCED, unnamed

# `以下是王小川的演讲实录`, `以下为谭待分享内容整理`, `本文根据李大海在…的演讲整理`
_ANNOUNCED = re.compile(
    r"(?:以下(?:便|就|即|都|全|，)?(?:是|为|系|内容|整理自|根据)|下面是|下文(?:是|为)|本文(?:根据|整理自|系|为|是))"
    r"(?P<body>[^。\n]{0,60}?)"
    r"(?:演讲|分享|发言|讲话|自述|口述|讲述|致辞|授课|讲课|直播|访谈|采访|谈话|对话|问答|回答|答|观点|转述|主旨|看法|建议|感受|心得|体会|感悟)"
    r"[^。\n]{0,24}(?:[。：:]|(?=\n|$))"
)
_TOLD_BY = re.compile(
    r"(?:口述|讲述人?|自述|主讲人?|演讲人|演讲者|分享人|分享者|受访者|受访人"
    r"|嘉宾)[ ]{0,2}[|｜:：/丨][ ]{0,2}(?P<name>[^\s，。|｜丨()（）]{2,16})"
)
_TALK = re.compile(r"采访|专访|对话|访谈|对谈|请教|聊了|问答|答问|连线")
_FIRST = re.compile(r"我(?![国校省市县厂院])")
# Spoken text holds 8 to 25 first persons in 1,000 characters, features about others 0 to 3. An announcement needs
# little more proof, questions on lines of their own need all of it.
_MIN_FIRST = (2.0, 6.0)
_ASKED = "问答"
_HEADLINED = "标题"
# `周敏：降价不是终点`, `周敏2023年分享精华：…`
_HEADLINE = re.compile(
    r"[#【\[「 ]*(?P<who>[^：:，,。！？“”「」]{2,20}?)(?:\d{4}年?[^：:，,。]{0,8})?"
    r"(?:最新|万字|深度|内部|独家|闭门|对内)?(?:[：:]|分享|演讲|讲话|口述|自述|发言|致辞)"
)
# The author of a column stands there too (`周敏：…`), but no text reports its own author twice.
_MIN_REPORTS = 2
_MIN_QUESTIONS = 4


def find_monologue(
    plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader, *, own: frozenset[str]
) -> list[Turn]:
    """Find the block that one named person speaks throughout.

    Parameters
    ----------
    plain : str
        The article in simplified script.
    lines : sequence of (start, end)
        Its lines that are not empty.
    reader : MentionReader
        Reads the name.
    own : frozenset of str
        Names of the author and the outlet: what they say is the author's.

    Returns
    -------
    list of Turn
        One turn, or the answers between questions on lines of their own; empty for other articles.
    """
    if len(lines) < 3:
        return []
    found = (
        _announced(plain, lines, reader)
        or _told(plain, lines, reader)
        or _questioned(plain, lines, reader)
        or _headlined(plain, lines, reader)
    )
    if found is None:
        return []
    first, mention, cue, confidence = found
    if mention.name in own or first >= len(lines):
        return []
    last = last_line(plain, lines, first)
    if _first_persons(plain[lines[first][0] : lines[last][1]]) < _MIN_FIRST[cue in (_ASKED, _HEADLINED)]:
        return []
    questions = [i for i in range(first, last + 1) if _is_question(plain, *lines[i])]
    if len(questions) < _MIN_QUESTIONS:
        return [Turn(lines[first][0], lines[last][1], mention, cue, confidence)]
    starts = [first, *(i + 1 for i in questions)]
    stops = [*(i - 1 for i in questions), last]
    return [
        Turn(lines[a][0], lines[b][1], mention, cue, confidence) for a, b in zip(starts, stops, strict=True) if a <= b
    ]


def _is_question(plain: str, start: int, end: int) -> bool:
    line = plain[start:end].strip(" *_#")
    return 6 <= len(line) <= 120 and line.endswith(("？", "?"))


def _first_persons(text: str) -> float:
    return 1000 * sum(1 for _ in _FIRST.finditer(text)) / max(1, len(text))


def _announced(
    plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader
) -> tuple[int, Mention, str, float] | None:
    half = len(plain) // 2
    for i, (start, end) in enumerate(lines):
        if start > half:
            return None
        hit = _ANNOUNCED.search(plain, start, end)
        if hit is None:
            continue
        mention = (
            _named_first(hit["body"], reader)
            or _meant(hit["body"], plain[:start])
            or _person_in(plain[max(0, start - 300) : start], reader)
        )
        if mention is not None:
            return i + 1, mention, hit.group()[:16], 0.85
    return None


def _told(
    plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader
) -> tuple[int, Mention, str, float] | None:
    for i, (start, end) in enumerate(lines[:30]):
        hit = _TOLD_BY.search(plain, start, end)
        if hit is not None and end - start < 80:
            mention = reader.read(hit["name"], {}) or Mention(hit["name"], "anonymous")
            return i + 1, mention, hit.group()[:16], 0.8
    return None


def _questioned(
    plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader
) -> tuple[int, Mention, str, float] | None:
    """Answers below questions on lines of their own, after a head that names one person and speaks of an interview."""
    questions = [i for i, (start, end) in enumerate(lines) if i and _is_question(plain, start, end)]
    if len(questions) < _MIN_QUESTIONS:
        return None
    head = plain[: lines[questions[0]][0]]
    talk = next(iter(_TALK.finditer(head)), None)
    if talk is None:
        return None
    # The interview and the person stand in one sentence (`我们采访了创始人陈立群`, `陈立群接受了本刊专访`).
    start = max(head.rfind(sign, 0, talk.start()) for sign in "。！？\n") + 1
    stop = min((at for at in (head.find(sign, talk.end()) for sign in "。！？\n") if at >= 0), default=len(head))
    mention = _person_in(head[talk.end() : stop], reader) or _person_in(head[start : talk.start()], reader)
    return None if mention is None else (questions[0], mention, _ASKED, 0.75)


def _headlined(
    plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader
) -> tuple[int, Mention, str, float] | None:
    """The person of the headline speaks in the first person from where the text first reports her."""
    hit = _HEADLINE.match(plain, *lines[0])
    mention = reader.read(hit["who"], {}) if hit else None
    if mention is None or mention.kind != "person":
        return None
    says = re.compile(re.escape(mention.name) + r"[^，。\n]{0,12}(?:说|表示|认为|指出|称|坦言|强调|透露)")
    reports = [found.start() for found in says.finditer(plain, lines[0][1])]
    if len(reports) < _MIN_REPORTS:
        return None
    first = next(i for i, (_, end) in enumerate(lines) if i and (end > reports[0] or _FIRST.search(plain, *lines[i])))
    return first, mention, _HEADLINED, 0.8


def _meant(body: str, before: str) -> Mention | None:
    """Return who `以下都是他的观点` means when that person has no name (`我以前的同事`)."""
    if "他" not in body and "她" not in body:
        return None
    found = None
    for found in INTRODUCED.finditer(before):  # noqa: B007 - the last one counts
        pass
    return Mention(unnamed(found), "group") if found is not None else None


def _named_first(body: str, reader: MentionReader) -> Mention | None:
    """Return the person whose speech is announced (`雷军 2024 年度`, `极客公园与王兴兴的`, `Teddy `)."""
    latin = re.search(r"[A-Z][A-Za-z.'-]+(?: [A-Z][A-Za-z.'-]+){0,2}(?= |在|的|于|$)", body)
    for piece in re.split(r"[，,：:；「」“”()（） 与和对在于的]", body):
        mention = reader.read(piece, {}) if 2 <= len(piece) <= 40 else None
        if mention is not None and mention.kind == "person":
            return mention
    return Mention(latin.group(), "person") if latin and latin.group() not in reader.entities else None


def _person_in(text: str, reader: MentionReader) -> Mention | None:
    """Return the last person in a stretch of text, by title or by the form of the name."""
    for piece in reversed(re.split(r"[，,。：:；\n「」“”()（）｜|和与对在于的]", text)):
        mention = reader.read(piece, {}) if 2 <= len(piece) <= 40 else None
        if mention is not None and mention.kind == "person" and (mention.title or reader.is_person_name(mention.name)):
            return mention
    return None
