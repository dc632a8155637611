"""How often the direction of a price move is told right, on annotated sentences of finance news (CCKS 2021 events)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError

_TYPES = {"市场价格提升": "rise", "市场价格下降": "fall"}
_HAN = re.compile(r"[^\u4e00-\u9fff]")
_KEY = 30  # Han characters that near repeats have in common; the file repeats sentences with other figures


@dataclass(frozen=True, slots=True)
class DirectionScores:
    """`accuracy` over all sentences, `precision` over those that got an answer."""

    accuracy: float
    precision: float
    n_sentences: int
    n_answered: int


def read_directions(path: Path) -> tuple[tuple[str, str], ...]:
    """Return each sentence once with its one direction; those that tell of both, or of no price, are left out.

    Raises
    ------
    InputError
        If a line is not a JSON object with text and result.
    """
    found: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            text = row["text"].split("###")[0]
            types = {event[key] for event in row["result"] for key in ("reason_type", "result_type")}
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}, line {number}", f"{error!r}", "text and result", "mend the line") from error
        directions = {_TYPES[name] for name in types if name in _TYPES}
        if len(directions) == 1:
            found.setdefault(_HAN.sub("", text)[:_KEY], (text, directions.pop()))
    return tuple(found.values())


def score_directions(pairs: tuple[tuple[str, str], ...], answer: Callable[[str], str | None]) -> DirectionScores:
    """Compare `answer` with the annotated direction of each sentence."""
    answers = [(direction, answer(text)) for text, direction in pairs]
    right = sum(wanted == found for wanted, found in answers)
    answered = sum(found is not None for _, found in answers)
    return DirectionScores(
        accuracy=right / len(pairs) if pairs else 0.0,
        precision=right / answered if answered else 0.0,
        n_sentences=len(pairs),
        n_answered=answered,
    )
