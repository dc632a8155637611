"""A small hand-made result of a run: 3 articles, 25 arguments, 6 viewpoints; all sentences are our own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

from pipeline.ids import content_id
from pipeline.records import (
    Argument,
    Article,
    Membership,
    PriceEvent,
    Relation,
    Segment,
    Speaker,
    SpeakerStance,
    Tables,
    Viewpoint,
)

# (speaker, kind, stance, viewpoint, text); kind "" is narration, speaker "" is furniture.
Line = tuple[str, str, str, str, str]
A: list[Line] = [
    ("", "", "", "", "模型按厘计价之后，谁还在赚钱"),
    ("", "", "", "", "文 / 沈砚秋"),
    ("N", "", "", "", "五月中旬，青禾智能宣布主力模型的输入价从每千tokens 0.012元降到0.0008元。"),
    ("N", "cause", "neu", "成本下降", "这一轮降价的底气，首先来自推理成本的快速下降。"),
    ("N", "evidence", "neu", "", "同样一张加速卡，今年能服务的请求量是去年的近六倍。"),
    ("N", "cause", "con", "抢占份额", "可是成本只解释了一半，另一半是各家都怕在入口之争里掉队。"),
    ("林远舟", "claim", "pro", "", "“便宜本身就是一种产品力。”青禾智能副总裁林远舟说。"),
    ("林远舟", "benefit", "pro", "普及应用", "他认为，价格降到一厘以下，中小开发者才敢把模型放进每一个环节。"),
    ("林远舟", "strategy", "pro", "抢占份额", "“我们宁可先亏两年，也要把生态做起来。”"),
    ("业内人士", "risk", "con", "挤压创业公司", "不过有业内人士担心，没有云业务输血的创业公司会最先倒下。"),
    ("业内人士", "evidence", "con", "", "“去年签下的三家客户，上个月都拿着大厂的报价来要求重谈。”"),
    ("N", "risk", "con", "研发不足", "利润被抽干之后，下一代模型的研发投入从哪里来，没有人给出答案。"),
    ("N", "forecast", "neu", "差异化", "价格触底之后，竞争的焦点会转向服务与行业经验。"),
    ("", "", "", "", "阅读原文 点赞 在看"),
]
B: list[Line] = [
    ("", "", "", "", "圆桌：低价能换来什么"),
    ("", "", "", "", "主持人：各位怎么看这轮价格战？"),
    ("顾明岚", "benefit", "pro", "普及应用", "顾明岚：对用户是实打实的好事，以前试不起的场景现在都能试。"),
    ("顾明岚", "evidence", "pro", "", "我们平台上的日调用量，两个月翻了四倍。"),
    ("顾明岚", "cause", "neu", "成本下降", "降得动，是因为稀疏结构和量化让单次推理便宜了一大截。"),
    ("专家1", "risk", "con", "挤压创业公司", "专家1：我不乐观，补贴打下来的份额留不住，却足以拖垮小公司。"),
    ("专家1", "risk", "con", "研发不足", "如果人人都按成本价卖，基础研究就会被当成最先砍掉的一项。"),
    ("专家1", "strategy", "con", "差异化", "与其跟着降，不如把一个行业做深做透。"),
    ("顾明岚", "strategy", "neu", "差异化", "顾明岚：这一点我同意，真正的护城河在数据和流程里。"),
    ("专家1", "forecast", "con", "寡头格局", "专家1：照这样打下去，两年内只会剩下三四家。"),
    ("顾明岚", "forecast", "pro", "寡头格局", "顾明岚：集中不一定是坏事，标准统一之后开发者反而省心。"),
]
C: list[Line] = [
    ("", "", "", "", "降价潮里的冷思考"),
    ("N", "claim", "con", "", "把价格战当成创新，是这个行业最大的误会。"),
    ("N", "cause", "con", "抢占份额", "说到底，大厂降价是为了用现金换时间，把后来者挡在门外。"),
    ("N", "risk", "con", "挤压创业公司", "一旦创业公司退场，定价权就会回到少数几家手里。"),
    ("海川证券", "evidence", "neu", "", "海川证券的研报估算，头部五家今年要为降价多付出约四十亿元。"),
    ("海川证券", "forecast", "neu", "寡头格局", "该研报判断，行业将在明年进入整合期。"),
    ("N", "strategy", "neu", "差异化", "创业公司应当避开通用接口，去做大厂不愿弯腰的脏活累活。"),
    ("N", "benefit", "pro", "普及应用", "当然也要承认，低价让县城里的小厂第一次用上了质检模型。"),
]
VIEWPOINTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "成本下降": ("cause", "推理成本快速下降", ("推理成本", "量化", "加速卡")),
    "抢占份额": ("cause", "抢占用户与入口份额", ("份额", "入口", "生态")),
    "普及应用": ("benefit", "低价让中小开发者用得起", ("开发者", "调用量", "场景")),
    "挤压创业公司": ("risk", "挤压没有输血能力的创业公司", ("创业公司", "补贴", "定价权")),
    "研发不足": ("risk", "利润变薄，研发投入不足", ("研发", "利润", "基础研究")),
    "差异化": ("strategy", "转向行业深耕与差异化服务", ("行业", "护城河", "服务")),
    "寡头格局": ("forecast", "市场走向寡头", ("整合", "集中", "三四家")),
}
_ROLES = {"阅读原文 点赞 在看": "boilerplate", "文 / 沈砚秋": "byline"}


def sample_tables() -> Tables:
    """Return the three articles as the tables of a run."""
    parts = [
        build_article(
            A, "price/a.md", title="模型按厘计价之后，谁还在赚钱", author="沈砚秋", outlet="潮汐商业评论", day=21
        ),
        build_article(B, "price/b.html", title="圆桌：低价能换来什么", author=None, outlet="云上会客厅", day=28),
        build_article(C, "price/c.txt", title="降价潮里的冷思考", author="贺知白", outlet=None, day=None),
    ]
    return with_viewpoints(merge(parts))


def build_article(
    lines: list[Line], path: str, *, title: str, author: str | None, outlet: str | None, day: int | None
) -> Tables:
    """Return the tables of one article made of `lines`, a line each."""
    text = "\n".join(line[4] for line in lines)
    article_id = content_id("a", text, title, author, outlet)
    published = dt.date(2024, 5, day) if day else None
    article = Article(
        article_id, path, title, author, outlet, published, None, text, len(text), "hans", "大模型价格战是好是坏", None
    )
    segments, arguments, at = [], [], 0
    names = list(dict.fromkeys(["N", *(line[0] for line in lines if line[0])]))
    for index, (speaker, kind, stance, _, words) in enumerate(lines):
        start, end = at, at + len(words)
        at = end + 1
        role = "heading" if index == 0 else _ROLES.get(words, "body")
        segments.append(Segment(article_id, index, start, end, role))
        if kind:
            arguments.append(
                Argument(
                    content_id("g", article_id, start, end), article_id, index, start, end, words, kind, None,
                    f"s{names.index(speaker)}", "author" if speaker == "N" else "direct" if "“" in words else "indirect",  # noqa: E501
                    stance, round(0.55 + (index * 37 % 40) / 100, 3), 0.7, None, "asserted", None, 0.9,
                )
            )  # fmt: skip
    speakers = [_speaker(article_id, i, name, author) for i, name in enumerate(names)]
    by_text = {a.text: a for a in arguments}
    relations = [
        Relation(article_id, b.argument_id, a.argument_id, "support" if b.kind == "evidence" else "attack", 0.8, None)
        for a, b in pairwise(arguments)
        if b.kind == "evidence" or {a.stance, b.stance} == {"pro", "con"}
    ]
    stances = [
        SpeakerStance(article_id, s.speaker_id, _label(by_text, s.speaker_id), *_counts(by_text, s.speaker_id), 0.7)
        for s in speakers
    ]
    prices = [_price(article_id, s, text) for s in segments if "0.0008元" in text[s.start : s.end]]
    return Tables(
        (article,), tuple(segments), tuple(speakers), tuple(arguments), tuple(stances), tuple(relations), tuple(prices)
    )


def _speaker(article_id: str, index: int, name: str, author: str | None) -> Speaker:
    shown = (author or "作者") if name == "N" else name
    kind = (
        "author"
        if name == "N"
        else {"业内人士": "group", "专家1": "anonymous", "海川证券": "organisation"}.get(name, "person")
    )
    title = {"林远舟": "副总裁"}.get(name)
    return Speaker(article_id, f"s{index}", shown, title, "青禾智能" if title else None, kind, content_id("p", shown))


def _counts(arguments: dict[str, Argument], speaker_id: str) -> tuple[int, int, int]:
    found = [a.stance for a in arguments.values() if a.speaker_id == speaker_id]
    return found.count("pro"), found.count("con"), found.count("neu")


def _label(arguments: dict[str, Argument], speaker_id: str) -> str:
    pro, con, _ = _counts(arguments, speaker_id)
    return "mixed" if pro and con else "pro" if pro else "con" if con else "neu"


def _price(article_id: str, segment: Segment, text: str) -> PriceEvent:
    words = text[segment.start : segment.end]
    return PriceEvent(
        article_id, segment.start, segment.end, words, "2024-05-15", "青禾智能", "主力模型", "input", "0.012", "0.0008",
        "CNY", "千tokens", False, "-93.3", "12", "0.8", "百万tokens", "year-guessed",
    )  # fmt: skip


def merge(parts: list[Tables]) -> Tables:
    """Return the tables of several articles as one result."""
    return Tables(*(tuple(row for part in parts for row in getattr(part, name)) for name in Tables.__slots__))


def with_viewpoints(tables: Tables) -> Tables:
    """Add the viewpoints named in the lines, laid out on a circle."""
    named = {line[4]: line[3] for line in [*A, *B, *C] if line[3]}
    voices = {(s.article_id, s.speaker_id): s.person_id for s in tables.speakers}
    viewpoints, memberships = [], {}
    for number, (key, (kind, label, keywords)) in enumerate(VIEWPOINTS.items()):
        inside = [a for a in tables.arguments if named.get(a.text) == key]
        x, y = ((-1, 0.2), (-0.7, 0.9), (0.4, 1), (1, 0.1), (0.8, -0.6), (-0.2, -0.9), (-0.9, -0.5))[number]
        viewpoint_id = content_id("v", key)
        for i, argument in enumerate(inside):
            place = (x + 0.08 * ((i * 7) % 5 - 2), y + 0.08 * ((i * 3) % 5 - 2))
            memberships[argument.argument_id] = Membership(argument.argument_id, viewpoint_id, 0.9 - i * 0.07, *place)
        viewpoints.append(
            Viewpoint(
                viewpoint_id, kind, label, keywords, len(inside), len({a.article_id for a in inside}),
                len({voices[a.article_id, a.speaker_id] for a in inside}), sum(a.stance == "pro" for a in inside),
                sum(a.stance == "con" for a in inside), tuple(a.argument_id for a in inside[:2]), None, x, y,
            )
        )  # fmt: skip
    loose = (Membership(a.argument_id, None, 0.0, 0.1, 0.1) for a in tables.arguments)
    rows = tuple(memberships.get(m.argument_id, m) for m in loose)
    return replace(tables, viewpoints=tuple(viewpoints), memberships=rows)


HOSTILE: list[Line] = [
    ("", "", "", "", '</script><script>alert("题")</script>'),
    ("N", "cause", "con", "", r"价格[从]<高>到*低*，_因_为#成本{下降}//\ 1:2 😀。"),
    ("N", "evidence", "neu", "", "1. - + = ^ | ~ ` ! & ' \" ; $x$ ( ) 都照原样。"),
    ("=cmd|'/C calc'!A0", "risk", "con", "", "=HYPERLINK(\"http://x\",\"点我\")是一条公式。"),
    ("甲:乙 <b>丙</b>", "benefit", "pro", "", "<!-- 注释 --> <img src=x onerror=alert(1)> \u2028 结尾。"),
    ("N", "claim", "pro", "", "@someone #标签 [链接](http://x) **粗** https://a.b/c?d=e&f=g。"),
]  # fmt: skip


def hostile_tables() -> Tables:
    """Return one article full of markup, formulas and signs that formats read as syntax."""
    title, path = '</script><script>alert("题")</script>', "odd/=1+1 <b>.md"
    tables = build_article(HOSTILE, path, title=title, author="=SUM(A1)", outlet='"><script>', day=3)
    return with_viewpoints(tables)


def many_tables(n_articles: int) -> Tables:
    """Return `n_articles` articles, each one of the three samples under a title of its own."""
    parts = []
    for number in range(n_articles):
        lines = (A, B, C)[number % 3]
        title = f"第{number + 1}篇：{lines[0][4]}"
        outlet = f"第{number % 9 + 1}财经"
        body = [("", "", "", "", title), *lines[1:]]
        parts.append(
            build_article(
                body, f"many/{number}.md", title=title, author=f"作者{number}", outlet=outlet, day=number % 28 + 1
            )
        )
    return with_viewpoints(merge(parts))
