"""The closed sets of words the project uses, with their Chinese names."""

from __future__ import annotations

from typing import Literal

Script = Literal["hans", "hant"]
Role = Literal["body", "heading", "byline", "caption", "boilerplate"]
Kind = Literal["cause", "risk", "benefit", "strategy", "forecast", "evidence", "claim"]
Stance = Literal["pro", "con", "neu"]
SpeakerStanceLabel = Literal["pro", "con", "mixed", "neu"]
SpeakerKind = Literal["author", "person", "organisation", "group", "anonymous"]
Mode = Literal["author", "direct", "indirect", "hearsay"]
Modality = Literal["asserted", "possible", "necessary", "hypothetical", "negated", "question", "rhetorical"]
RelationKind = Literal["support", "attack", "cause"]
Direction = Literal["input", "output", "both", "-"]

KINDS: tuple[Kind, ...] = ("cause", "risk", "benefit", "strategy", "forecast", "evidence", "claim")
CORE_KINDS: tuple[Kind, ...] = ("cause", "risk", "benefit", "strategy", "forecast")
STANCES: tuple[Stance, ...] = ("pro", "con", "neu")
KIND_ZH: dict[str, str] = {
    "cause": "原因", "risk": "风险", "benefit": "利好", "strategy": "策略",
    "forecast": "预判", "evidence": "依据", "claim": "主张",
}  # fmt: skip
STANCE_ZH: dict[str, str] = {"pro": "支持", "con": "反对", "neu": "中立", "mixed": "兼有"}
