"""Experts whose names were lost: answers in the first person after the host has introduced them.

Web copies of round tables often drop the line with the name above each answer. What remains are signs in the text:
the host's introduction, and where an answer begins anew: it restates the question, announces its own enumeration,
opens with a formula, or follows a closing formula. The signs are weighed, positions are not used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.article.interviews import Turn, last_line
from pipeline.article.mentions import Mention, MentionReader

_WHO = (
    r"(?:专家|大头|大佬|大咖|嘉宾|学者|教授|从业者|分析师|经济学家|研究员|投资人|创业者|业内人士"
    r"|行业人士|人士|老师|朋友|高手|观察者|观察家|评论员|专栏作家)"
)
_INTRODUCTION = re.compile(
    r"(?:请到|请来|请教|邀请|邀约|采访|咨询|访谈|连线|询问|约请|找到|找来|问了|问到)了?[^。！？\n]{0,30}?"
    + _WHO
    + r"[^。！？\n]{0,24}?(?:解答|回答|作答|聊|谈|分享|点评|解读|分析|看法|观点|怎么看|支招|发表|说说"
    r"|评说|探讨|给出|听听)"
    r"|(?:听听|看看|来看|以下是|下面是|下面请看)[^。！？\n]{0,12}?"
    + _WHO
    + r"[^。！？\n]{0,10}?(?:怎么说|怎么看|的看法|的观点|的回答|的解读|的解答|的分析)"
)
_ANNOUNCES = re.compile(
    r"(?:有|讲|谈|说|从|分|出于|基于|归结为|概括为|总结为)[^，。；]{0,6}?[两二三四五六七几]大?(?:个|点"
    r"|条|方面|层|重)?[^，。；]{0,6}?(?:原因|观点|理由|方面|看法|问题|建议|逻辑|层面|因素|判断|角度|点"
    r"|层次|条)"
)
_OPENING = re.compile(
    r"随着|对于|关于|说到|谈到|提到|我认为|我觉得|我的看法|我的观点|我的判断|我的选择|我的回答"
    r"|我的答案|在我看来|依我看|我个人|个人认为|先说|首先要|要回答|这个问题"
)
_RETELLS = re.compile(r"(?:其|主要|背后的?|根本)?原因(?:主要)?(?:是|在于|有)|之所以|主要是因为|本质上?是|目的是")
_GOES_ON = re.compile(
    r"[◎●■·•\-]|这|那|其|他|她|它|该|此|但|而|不过|然而|可是|所以|因此|于是|因而|另外|同时|并|也|还|又"
    r"|再|更|且|甚至|第[二三四五六七]|第一|[二三四五六]是|一是|一方面|另|就像|好比|比如|例如|譬如|打个"
    r"|举|实际上|事实上"
    r"|当然|反观|后来|只不过|值得|换句话|换言之|总之|最后|接着|然后|反过来|与此|相反|否则|何况|毕竟"
    r"|因为|由于|如果|即使|哪怕|除了|首先|也就是|从这"
)
_CLOSING = re.compile(r"最后我?想?说?|总之|总而言之|综上|一句话|归根结底|此外|还可以|以下措施|最核心")
_QUOTED_THESIS = re.compile(r"[“「][^”」\n]{4,24}[”」](?:是|这|，|,|的说法|的提法|这个)")
_ASKS = re.compile(r"[你您](?:会|怎么|如何|觉得|认为|的看法|更|是否)|怎么[看选办]|如何看")
# A speaker who turns to the others at the table: `我和前面那位看法不太一样`, `我想换一个角度`.
_TURNS_TO_OTHERS = re.compile(
    r"(?:我|刚才|前面|上面|听了|关于这)[^，。！？\n]{0,8}?(?:(?:前面|刚才|刚刚|上面|上|前)(?:那?[一两二三几]?(?:位|个人)|几位|两位|的发言)"
    r"|换(?:一)?个角度|从(?:另一个|另外一个|别的)角度)"
)
# Signs add up; two points open a new answer. Weights set by hand on round tables of our own sample articles.
_ENOUGH = 2.0
_TERMS = 5


def find_lost_experts(plain: str, lines: Sequence[tuple[int, int]], reader: MentionReader) -> list[Turn]:
    """Find the answers of experts without names after a host's introduction.

    Parameters
    ----------
    plain : str
        The article in simplified script.
    lines : sequence of (start, end)
        Its lines that are not empty.
    reader : MentionReader
        Its tagger tells the nouns of the topic.

    Returns
    -------
    list of Turn
        ``专家1``, ``专家2``… in the order of the text; empty without an introduction or without first-person answers.
    """
    intro = _introduction(plain, lines)
    if intro is None or intro + 1 >= len(lines):
        return []
    last = last_line(plain, lines, intro)
    first = intro + 1
    while first < last and _host_asks(plain, lines, first):
        first += 1
    body = plain[lines[first][0] : lines[last][1]] if first <= last else ""
    if not re.search(r"我(?![国校])", body) or len(body) < 200:
        return []
    topic = _topic(body, reader)
    heads = [first]
    for i in range(first + 1, last + 1):
        if _restart(plain, lines, i, heads[-1], topic) >= _ENOUGH:
            heads.append(i)
    turns = []
    for k, head in enumerate(heads):
        stop = heads[k + 1] - 1 if k + 1 < len(heads) else last
        mention = Mention(f"专家{k + 1}", "anonymous")
        turns.append(Turn(lines[head][0], lines[stop][1], mention, "专家", 0.75))
    return turns


def _introduction(plain: str, lines: Sequence[tuple[int, int]]) -> int | None:
    """Return the line with the last introduction in the first two thirds of the article."""
    found = None
    for i, (start, end) in enumerate(lines):
        if start > len(plain) * 2 // 3:
            break
        hit = _INTRODUCTION.search(plain, start, end)
        # The introduction ends its paragraph: an article that goes on about the expert reports him itself.
        if hit is not None and end - hit.end() <= 30:
            found = i
    return found


def _host_asks(plain: str, lines: Sequence[tuple[int, int]], i: int) -> bool:
    """Whether a line still puts the question, and the answer begins on the next."""
    line = plain[lines[i][0] : lines[i][1]]
    following = plain[lines[i + 1][0] : lines[i + 1][1]]
    return (line.endswith(("？", "?")) or _ASKS.search(line) is not None) and not _ASKS.search(following)


def _topic(body: str, reader: MentionReader) -> frozenset[str]:
    counts = Counter(
        word for word, kind in reader.tag(body) if len(word) >= 2 and kind in {"n", "nz", "vn", "v", "eng", "nt"}
    )
    common = [word for word, count in counts.most_common(40) if count >= 3 and word not in reader.no_topic]
    return frozenset(common[:_TERMS])


def _restart(plain: str, lines: Sequence[tuple[int, int]], i: int, head: int, topic: frozenset[str]) -> float:
    """Weigh the signs that line `i` opens a new answer."""
    start, end = lines[i]
    line = plain[start:end]
    previous = plain[lines[i - 1][0] : lines[i - 1][1]]
    if _TURNS_TO_OTHERS.match(line):
        return _ENOUGH
    if _GOES_ON.match(line) or previous.endswith(("：", ":", "；", ";")) or len(line) < 16:
        return 0.0
    opening = line[:90]
    sentence = re.split(r"[。！？]", line, maxsplit=1)[0]
    terms = sum(term in sentence for term in topic)
    score = 0.0
    if _ANNOUNCES.search(opening) and i - head >= 3:
        score += 1.5
    score += min(1.5, 0.5 * terms)
    if _OPENING.match(line):
        score += 1.0
    if _RETELLS.search(opening):
        score += 0.5
    if _QUOTED_THESIS.match(line):
        score += 1.5
    if any(_CLOSING.match(plain, lines[k][0], lines[k][1]) for k in range(max(head, i - 2), i)):
        score += 0.5
    return score
