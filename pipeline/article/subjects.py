"""Subjects: who does something that need not be speech (`周敏还分享了…`, `远山智能的报告显示…`), clause by clause."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.article.mentions import Mention, MentionReader

_VERBS = (
    "介绍", "分享", "发现", "看到", "了解到", "提到", "提出", "发布", "公布", "建议", "提醒", "感觉", "觉得",
    "认为", "表示", "宣称", "声称", "强调", "指出", "研究", "调查", "分析", "预计", "预测", "预期", "测算",
    "担心", "希望", "相信", "抱怨", "质疑", "批评", "主张", "反对", "支持", "承认", "否认", "透露", "坦言",
    "坦陈", "坚持", "告诉", "呼吁", "要求", "警告", "回忆", "总结", "揭示", "评价", "回击", "反驳", "解释",
    "披露", "报道", "指责", "看好", "回应", "描述", "形容", "谈", "讲", "称", "说", "写", "问", "答", "笔下",
    "看来", "眼里", "眼中",
)  # fmt: skip
_CLAUSE = re.compile(
    r"(?:^|[，,])[ \t#>*_]{0,4}(?:据|根据|按照|按|在|正如|如|而|但|但是|不过|对此)?"
    r"(?P<who>[^，,。；;：:“”「」『』！？!?\n]{2,30}?)"
    r"(?:还|也|则|都|曾|就|更|并|在|均|亦|的|最新|近日|此前|纷纷|普遍)?(?P<verb>[：:]|" + "|".join(_VERBS) + ")"
)
_MOST = 2  # clauses that are read: later ones seldom hold who speaks


@dataclass(frozen=True, slots=True)
class Subject:
    """Who stands before the verb, where, and which verb."""

    mention: Mention
    start: int
    verb: str


def find_subject(
    plain: str, span: tuple[int, int], reader: MentionReader, known: Mapping[str, Mention]
) -> Subject | None:
    """Return the first subject of a segment that may be a speaker, None where there is none."""
    start, end = span
    for k, hit in enumerate(_CLAUSE.finditer(plain[start:end])):
        if k >= _MOST:
            break
        mention = reader.read(hit["who"], known)
        if mention is not None:
            return Subject(mention, start + hit.start("who"), hit["verb"].replace(":", "："))
    return None
