"""Continuation: whether an unmarked sentence still belongs to the voice before it.

A small logistic model over readable features; its weights stand in ``lexicons/voices.toml`` and were fitted on the
even-numbered half of the annotated articles. Its probability is the confidence of the attribution.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.records import Mode, SpeakerKind

_STARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("contrast", re.compile(r"但|不过|然而|可是|只是|尽管|虽然|而(?!且)")),
    ("addition", re.compile(r"同时|此外|另外|而且|并且|还有|再加上|再者|另一方面|并|更重要|甚至|也|还|再|更")),
    ("result", re.compile(r"因此|所以|于是|因而|从而|这样|这意味着|这也|这就|由此|那么|如此|可见|综上|总之|总的")),
    ("reason", re.compile(r"因为|由于|毕竟|原因|主要|一方面|之所以|究其")),
    ("listed", re.compile(r"第[一二三四五六七八九十]|[一二三四五六]是|"
            r"其[一二三四五]|首先|其次|再次|最后|[（(]?[一二三四五六七八九十1-9][)）、.．]|[①②③④⑤⑥⑦⑧⑨]|◎|●|·")),
    ("example", re.compile(r"比如|例如|譬如|举个例子|举例|以.{1,12}为例|打个比方|就像|好比|拿")),
    ("pointing", re.compile(r"这|那|该|此|其(?![中他次实])")),
    ("third_person", re.compile(r"他|她|他们")),
    ("condition", re.compile(r"如果|若|假如|只要|一旦|只有|除非|无论|不管|要是|当")),
    ("first_person", re.compile(r"我|我们|咱")),
    ("you", re.compile(r"你|您")),
    ("time", re.compile(r"\d{2,4}年|\d{1,2}月|\d{1,2}日|近日|日前|今年|去年|目前|近年|近期|最近|随着|截至|当前|"
            r"昨|上周|本周|此前|自\d")),
    ("in_fact", re.compile(r"事实上|实际上|其实|显然|当然|的确|确实|无疑|或许|也许|可能|预计|未来")),
    ("author_cue", re.compile(r"记者|笔者|本报|值得注意|据(?!此)|数据显示|统计|公开资料|资料显示|根据|有数据|"
            r"我们看到|可以看到|不难看出|由此可见|对于|对此|针对|业内|在业")),
)  # fmt: skip
_INSIDE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("has_first", re.compile(r"我们?|咱们")),
    ("has_you", re.compile(r"你们?|您")),
    ("has_figures", re.compile(r"\d+(?:\.\d+)?(?:%|万|亿|元|倍|个百分点)")),
    ("has_date", re.compile(r"\d{4}年|\d{1,2}月\d{1,2}日|\d{4}-\d{2}")),
    ("has_reporter", re.compile(r"记者|笔者|本报|采访|数据显示|公告|报告|财报|据悉|据了解|发布|宣布")),
    ("has_modal", re.compile(r"应该|应当|需要|必须|可以|能够|可能|将会?|会|要|建议|不能|不会")),
    ("has_quote", re.compile(r"[“「\"]")),
    ("asks", re.compile(r"[？?]$")),
    ("has_particle", re.compile(r"[吧呢嘛啊吗呀哦啦]|好吧|对吧")),
)


@dataclass(frozen=True, slots=True)
class Before:
    """What was decided right before the sentence in question."""

    kind: SpeakerKind
    mode: Mode
    cue: str | None
    distance: int
    quote_closed: bool
    ends_open: bool
    colon: bool
    held: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the sentence in question stands."""

    new_paragraph: bool
    paragraphs_crossed: int
    in_paragraph: int
    paragraph_length: int
    article_density: float
    in_quote: bool
    next_same: bool
    next_other: bool
    names_voice: bool
    dialogue: bool


def features(text: str, before: Before, place: Place) -> dict[str, float]:
    """Describe one sentence after a voice; each feature is 0 or 1 but for the bias."""
    new = place.new_paragraph
    where = "new" if new else "same"
    dense = "lines" if place.article_density < 1.3 else "mixed" if place.article_density < 2.2 else "dense"
    found = {
        "bias": 1.0,
        f"{where}": 1.0,
        f"{where}.{dense}": 1.0,
        f"{where}.{before.mode}": 1.0,
        f"{where}.{before.kind}": 1.0,
        f"{where}.distance{min(before.distance, 5)}": 1.0,
        f"{where}.length{min(place.paragraph_length, 6)}": 1.0,
        f"cue.{before.cue if before.cue in _CUES else 'other'}": 1.0,
    }
    flags = {
        "quote_closed": before.quote_closed,
        "ends_open": before.ends_open,
        "colon": before.colon,
        "in_quote": place.in_quote,
        "next_same": place.next_same,
        "next_other": place.next_other,
        "names_voice": place.names_voice,
        "dialogue": place.dialogue,
        f"dialogue.distance{min(before.distance, 4)}": place.dialogue,
        f"{dense}.{before.kind}": True,
        f"{before.mode}.distance{min(before.distance, 3)}": True,
        "held_long": before.held >= 6,
        "crossed": place.paragraphs_crossed >= 2,
        "short": len(text) < 14,
        "long": len(text) > 60,
    }
    found.update({f"{where}.{name}": 1.0 for name, holds in flags.items() if holds})
    for name, pattern in _STARTS:
        if pattern.match(text):
            found[f"{where}.starts.{name}"] = 1.0
            break
    found.update({f"{where}.{name}": 1.0 for name, pattern in _INSIDE if pattern.search(text)})
    return found


_CUES = frozenset(
    {
        "说",
        "表示",
        "认为",
        "指出",
        "称",
        "看来",
        "预计",
        "介绍",
        "告诉记者",
        "透露",
        "强调",
        "建议",
        "坦言",
        "分析",
        "直言",
        "觉得",
        "问",
        "写道",
    }
)


def probability(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the probability that the sentence continues its voice."""
    score = sum(value * weights.get(name, 0.0) for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
