"""Draft: what the rules say of one article, before a learned judge looks at it, and what that judge answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.article.mentions import Mention
from pipeline.article.page import Given, Page, Resolved
from pipeline.article.people import People
from pipeline.article.register import Register
from pipeline.article.reported import Report

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Draft:
    """The rules' reading of one article; sequences have one entry per segment.

    `chances` holds the continuation's probability where it was asked; `in_block` whether the segment lies in a block of
    one voice, `covered` whether most of it stands in a quotation; `known` are the people introduced in the text.
    """

    page: Page
    register: Register
    people: People
    known: Mapping[str, Mention]
    reports: Sequence[Sequence[Report]]
    resolved: Sequence[Sequence[Resolved]]
    quoted: Mapping[int, Given]
    given: Sequence[Given]
    chances: Mapping[int, float]
    in_block: Sequence[bool]
    covered: Sequence[bool]
    dialogue: bool


class VoiceJudge(Protocol):
    """Says how likely each segment holds somebody else's words than the author's, and which name fits."""

    @property
    def threshold(self) -> float:
        """Probability of a voice with its name from which a segment goes to it."""

    def chances(
        self, plain: str, spans: Sequence[tuple[int, int]], *, paragraphs: Sequence[int], values: Floats
    ) -> Sequence[float]:
        """Return one probability per segment; `values` is (segments, columns), see `described`."""

    def name_chance(self, signs: Mapping[str, float]) -> float:
        """Return how likely a candidate with these signs is the voice of a segment that is not the author's."""
