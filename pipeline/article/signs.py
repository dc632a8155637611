"""Signs: what can be seen in one sentence that tells the author's words from somebody else's."""

from __future__ import annotations

import re

# Name and pattern; each gives a column that is 1 where the pattern is found in the segment.
SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("me", re.compile(r"我(?!们|国|省|市)")),
    ("we", re.compile(r"我们|咱")),
    ("you", re.compile(r"[你您]")),
    ("he", re.compile(r"[他她]")),
    ("particle", re.compile(r"[吧呢嘛啊吗呀哦啦哈]")),
    ("reporter", re.compile(r"记者|笔者|本报|本刊|编者|小编|作者|本文|采访")),
    ("data", re.compile(r"数据显示|公告|报告|财报|统计|公开资料|据")),
    ("date", re.compile(r"\d{4}年|\d{1,2}月\d{1,2}日|\d{4}-\d{2}|去年|今年|日前|近日")),
    ("figures", re.compile(r"\d+(?:\.\d+)?(?:%|万|亿|元|倍|个百分点)")),
    ("modal", re.compile(r"应该|应当|需要|必须|可以|能够|可能|会|要|建议|不能")),
    ("says", re.compile(
        r"[说称]|表示|认为|指出|坦言|强调|觉得|看来|告诉|介绍|透露|建议|提到|谈到|问|回答|评价|直言|分析|预计|"
        r"呼吁|回忆|写道|道[：:，]|解释|补充"
    )),
    ("my_view", re.compile(
        r"我(?:们)?(?:就|也|还|一直|个人|自己)?(?:觉得|认为|想|相信|希望|发现|看到|感觉|以为|猜|担心)|"
        r"在我看来|我的"
    )),
    ("people", re.compile(
        r"专家|人士|分析师|教授|学者|网友|读者|朋友|老板|经理|负责人|创始人|总裁|CEO|董事长|先生|女士|机构|"
        r"业内|券商|协会|商家|用户|客户|员工|同事|经销商"
    )),
    ("many", re.compile(r"有人|很多人|有些人|不少人|大家|有的人|许多人|一些人|人们|他们")),
    ("view", re.compile(r"所谓|观点|看法|说法|结论|判断|逻辑|理由|原话|话")),
    ("holds", re.compile(
        r"主张|反对|支持|批评|质疑|抱怨|担心|希望|喊|呼吁|声称|自称|指责|以为|吐槽|否认|要求|承认|警告"
    )),
    ("starts_this", re.compile(r"^[这那该此其]")),
    ("starts_but", re.compile(r"^(?:但|不过|然而|可是|只是|而)")),
    ("starts_so", re.compile(r"^(?:因此|所以|于是|因而|从而|这样|那么|可见|总之|由此)")),
    ("starts_also", re.compile(r"^(?:同时|此外|另外|而且|并且|还有|再|另一方面|也|还|更)")),
    ("listed", re.compile(
        r"^(?:第[一二三四五六七八九十]|[一二三四五六]是|其[一二三四五]|首先|其次|最后|[（(]?\d{1,2}[)）、.．]|[一二三四五六七八九]、|[①-⑨●◎])"
    )),
    ("label", re.compile(r"^[^，。；：:\n]{1,14}[：:]")),
    ("ends_colon", re.compile(r"[：:]$")),
    ("ends_open", re.compile(r"[，,；;]$")),
    ("asks", re.compile(r"[？?][”」』\"’]?$")),
    ("exclaims", re.compile(r"[！!][”」』\"’]?$")),
    ("ends_full", re.compile(r"。[”」』\"’]?$")),
    ("opens_quote", re.compile(r"^[“「『\"‘]")),
    ("closes_quote", re.compile(r"[”」』\"’]$")),
    ("has_quote", re.compile(r"[“「『]")),
    ("side", re.compile(r"^(?:问|答|Q|A|记者|主持人)[：:]")),
    ("latin", re.compile(r"[A-Za-z]{3,}")),
    ("starts_he", re.compile(r"^[他她其]")),
    ("cites", re.compile(r"^[^，]{0,6}(?:据|根据|按照|援引|引用)")),
    ("eyes", re.compile(r"看来|眼里|眼中|笔下|口中|心目中|所说|所言|的话")),
    ("starts_me", re.compile(r"^[我咱]")),
)  # fmt: skip
TALK_HEADLINE = re.compile(r"专访|对话|访谈|对谈|口述|演讲|分享|实录|纪要|讲话|发言|直播")
NAMED_HEADLINE = re.compile(r"^[^：:]{2,14}[：:]")
TALK_ANNOUNCED = re.compile(r"(?:以下|下面|本文)[^。\n]{0,60}(?:演讲|分享|发言|实录|整理|口述|讲述|采访|对话|纪要)")
# Occurrences in 1,000 characters of the article.
RATES: tuple[tuple[str, str], ...] = (
    ("me", "我"), ("we", "我们"), ("you", "你"), ("asks", "？"), ("he", "他"), ("says", "说"),
)  # fmt: skip
CUES = (
    "说", "表示", "认为", "指出", "称", "看来", "预计", "介绍", "告诉记者", "透露", "强调", "建议",
    "坦言", "分析", "直言", "觉得", "问", "写道", "：", "希望", "发现", "提出", "告诉", "呼吁",
)  # fmt: skip
