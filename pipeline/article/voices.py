"""The voices of one article: its speakers and whose words each stretch of the text is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from pipeline.records import Attribution, Speaker


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks where in one article.

    Attributes
    ----------
    speakers : tuple of Speaker
        The author first, always present; the others in the order of their first words.
    attributions : tuple of Attribution
        Sorted, without overlap; only what is not plainly the author's.
    """

    speakers: tuple[Speaker, ...]
    attributions: tuple[Attribution, ...]
    _starts: list[int] = field(init=False, repr=False, compare=False)
    _ends: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", [item.start for item in self.attributions])
        object.__setattr__(self, "_ends", [item.end for item in self.attributions])

    def of_span(self, start: int, end: int) -> Attribution:
        """Return the attribution that covers most of ``[start, end)``, the author's when nothing covers it."""
        low = bisect_right(self._ends, start)
        high = bisect_left(self._starts, end)
        best: Attribution | None = None
        most = 0
        for item in self.attributions[low:high]:
            shared = min(end, item.end) - max(start, item.start)
            if shared > most:
                best, most = item, shared
        if best is not None:
            return best
        return Attribution(start, end, self.speakers[0].speaker_id, "author", None, AUTHOR_CONFIDENCE)


# Share of the author's segments among those that no rule gives to anybody, on the annotated articles.
AUTHOR_CONFIDENCE = 0.96
