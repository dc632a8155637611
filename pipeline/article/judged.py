"""Judged: the rules' draft, corrected by a learned judge: where a voice begins, goes on and ends, and whose it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from pipeline.article.candidates import Candidate, CandidateFinder
from pipeline.article.described import describe_voices
from pipeline.article.draft import Draft, VoiceJudge
from pipeline.article.mentions import MentionReader
from pipeline.article.page import AUTHOR, Given
from pipeline.records import Mode

# A segment whose neighbour before it was given the same voice: odds in its favour, chosen on the even articles.
_SAME_AS_BEFORE = 2.0
# Two probabilities multiplied are too careful; this power of the odds brings the confidence back to the share that is
# right (1.3 is best; 1.0 and 1.45 miss by .01).
_SHARPEN = 1.3


def judge_voices(draft: Draft, judge: VoiceJudge, reader: MentionReader) -> list[Given]:
    """Say of every segment whose words it holds.

    Turns of an interview, told dialogues and monologues stay as the rules found them, and hearsay (``有人担心…``) stays
    apart: given to the author it would count as the author's own view. Elsewhere a segment goes to the
    rules' voice, or else to the likeliest candidate, when the probability that it is not the author's and that the name
    is right reaches the judge's threshold; the confidence follows from that product.
    """
    page = draft.page
    chances = judge.chances(page.plain, page.spans, paragraphs=page.paragraphs, values=describe_voices(draft))
    finder = CandidateFinder(draft, reader)
    cues = _cues(draft)
    out: list[Given] = []
    for i, (given, chance) in enumerate(zip(draft.given, chances, strict=True)):
        if draft.in_block[i]:
            out.append(given)
        elif given.voice is not None:
            own = next(candidate for candidate in finder.of_segment(i) if candidate.voice == given.voice)
            sure = chance * judge.name_chance(own.signs)
            kept = Given(given.voice, given.mode, given.cue, confidence_of(sure))
            out.append(kept if sure >= judge.threshold or given.mode == "hearsay" else AUTHOR)
        elif chance < judge.threshold:
            out.append(given)
        else:
            best = best_candidate(finder.of_segment(i), out[-1].voice if out else None, judge.name_chance)
            likely = best is not None and chance * best[1] >= judge.threshold
            out.append(_named(draft, i, best, chance=chance, cues=cues) if best is not None and likely else given)
    return out


def confidence_of(chance: float) -> float:
    """Return the share of attributions with this probability that are right."""
    if not 0.0 < chance < 1.0:
        return chance
    return round(1.0 / (1.0 + math.pow((1.0 - chance) / chance, _SHARPEN)), 3)


def best_candidate(
    found: Sequence[Candidate], before: int | None, chance_of: Callable[[Mapping[str, float]], float]
) -> tuple[Candidate, float] | None:
    """Return the likeliest candidate and its probability, None when there is none."""
    best: tuple[Candidate, float] | None = None
    for candidate in found:
        chance = chance_of(candidate.signs)
        if before is not None and candidate.voice == before:
            chance = chance * _SAME_AS_BEFORE / (1.0 + chance * (_SAME_AS_BEFORE - 1.0))
        if best is None or chance > best[1]:
            best = candidate, chance
    return best


def _named(draft: Draft, i: int, best: tuple[Candidate, float], *, chance: float, cues: Mapping[int, str]) -> Given:
    candidate, sure = best
    voice = candidate.voice
    if voice is None and candidate.mention is not None:
        entry = draft.register.resolve(candidate.mention, candidate.offset)
        voice = None if entry is None else entry.index
    if voice is None:
        return draft.given[i]
    mode: Mode = "direct" if draft.covered[i] else "indirect"
    return Given(voice, mode, cues.get(voice) or candidate.name, confidence_of(chance * sure))


def _cues(draft: Draft) -> dict[int, str]:
    """Return by which cue each voice was first announced."""
    found: dict[int, str] = {}
    for row in draft.resolved:
        for item in row:
            if item.voice is not None:
                found.setdefault(item.voice, item.report.cue)
    return found
