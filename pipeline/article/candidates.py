"""Candidates: who may be the voice of a segment that no rule gives to anybody, each with the signs for and against."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.article.draft import Draft
from pipeline.article.mentions import Mention, MentionReader
from pipeline.article.subjects import find_subject

_PRONOUN = re.compile(r"[他她其]|对方")
_HEADLINE = 60
# Signs that mean something else inside a quotation, at the start of a paragraph or beside a pronoun.
_CROSSED = (
    "back0", "back0.same", "back1", "ahead0", "ahead0.same", "place0", "place1", "in0", "subject", "reported", "main",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible voice: an entry of the register (`voice`) or a mention that is not in it yet, found at `offset`."""

    name: str
    voice: int | None
    mention: Mention | None
    offset: int
    signs: dict[str, float]


class CandidateFinder:
    """Finds the candidates of single segments of one article; built once per article."""

    def __init__(self, draft: Draft, reader: MentionReader) -> None:
        self._draft = draft
        self._reader = reader
        self._spoken = [
            list(dict.fromkeys([item.voice for item in row if item.voice is not None] + _given(draft, i)))
            for i, row in enumerate(draft.resolved)
        ]
        self._voiced = [i for i, voices in enumerate(self._spoken) if voices]
        counts = Counter(voice for voices in self._spoken for voice in voices)
        self._share = {voice: count / sum(counts.values()) for voice, count in counts.items()}
        self._places = draft.people.places
        self._starts = [place.start for place in self._places]
        people = Counter(place.mention.name for place in self._places)
        self._named_share = {name: count / sum(people.values()) for name, count in people.items()}

    def of_segment(self, i: int) -> list[Candidate]:
        """Return the candidates of segment `i`, each name once, in the order of the text around it."""
        start, end = self._draft.page.spans[i]
        found: dict[str, Candidate] = {}
        given = self._draft.given[i].voice
        if given is not None:
            self._voice(found, given, {"given": 1.0, "certainty": self._draft.given[i].confidence})
        for voice in self._spoken[i]:
            self._voice(found, voice, {"here": 1.0})
        self._subjects(found, i)
        self._neighbours(found, i)
        self._named(found, start, end)
        self._main(found)
        plain = self._draft.page.plain[start:end]
        pronoun, only = _PRONOUN.search(plain) is not None, len(found) == 1
        page = self._draft.page
        first = i == 0 or page.paragraphs[i] != page.paragraphs[i - 1]
        where = ("quote" if self._draft.covered[i] else "open", "first" if first else "inside")
        for candidate in found.values():
            signs = candidate.signs
            crossed = [k for k in _CROSSED if k in signs]
            signs |= {f"{side}.{k}": 1.0 for k in crossed for side in where}
            signs |= {f"he.{k}": 1.0 for k in crossed if pronoun}
            signs |= {"bias": 1.0, "written": float(candidate.name in plain), "only": float(only)}
        return list(found.values())

    def _voice(self, found: dict[str, Candidate], voice: int, signs: dict[str, float]) -> None:
        entry = self._draft.register.entries[voice]
        old = found.setdefault(entry.name, Candidate(entry.name, voice, None, 0, {}))
        old.signs.update(signs)
        old.signs[f"kind.{entry.kind}"] = 1.0
        old.signs["share"] = self._share.get(voice, 0.0)

    def _mention(self, found: dict[str, Candidate], mention: Mention, offset: int, signs: dict[str, float]) -> None:
        for candidate in found.values():
            # `香帅老师` and `金融学家香帅老师` are one.
            if mention.name in candidate.name or candidate.name in mention.name:
                candidate.signs.update(signs)
                return
        known = next((e.index for e in self._draft.register.entries[-200:] if e.name == mention.name), None)
        if known is not None:
            self._voice(found, known, signs)
            return
        signs = {**signs, f"kind.{mention.kind}": 1.0, "new": 1.0}
        found[mention.name] = Candidate(mention.name, None, mention, offset, signs)

    def _subjects(self, found: dict[str, Candidate], i: int) -> None:
        for report in self._draft.reports[i]:
            mention = report.mention
            if mention is not None and mention.kind not in ("pronoun", "anaphor", "author"):
                self._mention(found, mention, report.start, {"reported": 1.0, "surety": mention.surety})
        page = self._draft.page
        subject = find_subject(page.plain, page.spans[i], self._reader, self._draft.known)
        if subject is not None and subject.mention.kind not in ("pronoun", "anaphor", "author"):
            signs = {"subject": 1.0, "subject_surety": subject.mention.surety, f"verb.{subject.verb}": 1.0}
            self._mention(found, subject.mention, subject.start, signs)

    def _neighbours(self, found: dict[str, Candidate], i: int) -> None:
        """Add the last three and the next two voices of the rules."""
        paragraphs = self._draft.page.paragraphs
        at = bisect_left(self._voiced, i)
        for name, order, most in (("back", self._voiced[max(0, at - 12) : at][::-1], 3),
                                  ("ahead", self._voiced[at : at + 8], 2)):  # fmt: skip
            seen: list[int] = []
            for k in order:
                for voice in self._spoken[k] if k != i else ():
                    if voice not in seen and len(seen) < most:
                        signs = {f"{name}{len(seen)}": 1.0, f"{name}_near": 1.0 / abs(k - i)}
                        if paragraphs[k] == paragraphs[i]:
                            signs[f"{name}{len(seen)}.same"] = 1.0
                        seen.append(voice)
                        self._voice(found, voice, signs)

    def _named(self, found: dict[str, Candidate], start: int, end: int) -> None:
        """Add the people named in the segment, the last two before it and the next after it."""
        at, seen = bisect_left(self._starts, end), 0
        for place in reversed(self._places[max(0, at - 6) : at]):
            inside = place.start >= start
            if seen < 3:
                sign = f"in{seen}" if inside else f"place{seen}"
                signs = {sign: 1.0, "named": self._named_share[place.mention.name]}
                if not inside:
                    signs[f"{sign}.near"] = 1.0 / (1.0 + (start - place.start) / 60.0)
                self._mention(found, place.mention, place.start, signs)
                seen += 1
        if at < len(self._places):
            place = self._places[at]
            self._mention(found, place.mention, place.start, {"then": 1.0 / (1.0 + (place.start - end) / 60.0)})

    def _main(self, found: dict[str, Candidate]) -> None:
        """Add the main voice of the article and the person of the headline."""
        if self._share:
            voice = max(self._share, key=lambda v: (self._share[v], -v))
            self._voice(found, voice, {"main": self._share[voice]})
        if self._places and self._places[0].start < _HEADLINE:
            headline = self._draft.page.plain[:_HEADLINE].split("\n", 1)[0]
            place = self._places[0]
            if place.start < len(headline):
                self._mention(found, place.mention, place.start, {"headline": 1.0})


def _given(draft: Draft, i: int) -> list[int]:
    voice: Sequence[int | None] = (draft.given[i].voice,)
    return [v for v in voice if v is not None]
