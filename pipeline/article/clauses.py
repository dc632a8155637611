"""Clauses: where one segment turns from one kind of argument to another (``价格战不是好事，尽管…``)."""

from __future__ import annotations

import re

from pipeline.lexicon import Lexicon
from pipeline.records import Kind

_TURN = re.compile(r"(?<=[，；,;])(?:但是|但|然而|不过|可是|却|尽管|虽然|另一方面|而另一方面|与此同时|同时也)")
# A clause shorter than this names no point of its own: three words.
_MIN_CLAUSE = 6


def split_at_turn(plain: str, kind: Kind, second: Kind, cues: Lexicon) -> tuple[int, Kind, Kind] | None:
    """Return where `plain` turns and the kinds before and after, None where it does not turn plainly.

    Both clauses must carry a cue of their own kind and none of the other's; anything less stays one span of two kinds.

    Examples
    --------
    ``降价让更多人受益，但也留下质量隐忧。`` turns at 9, from benefit to risk.
    """
    for match in _TURN.finditer(plain):
        at = match.start()
        if at < _MIN_CLAUSE or len(plain) - at < _MIN_CLAUSE:
            continue
        before, after = _kinds(plain[:at], (kind, second), cues), _kinds(plain[at:], (kind, second), cues)
        if len(before) == len(after) == 1 and before != after:
            return at, before.pop(), after.pop()
    return None


def _kinds(clause: str, wanted: tuple[Kind, Kind], cues: Lexicon) -> set[Kind]:
    groups = {match.group for match in cues.find_overlapping(clause)}
    return {kind for kind in wanted if kind in groups}
