"""Described: each segment of a draft in numbers, for a learned judge of voices.

The numbers say what the rules found there and nearby, what the sentence looks like, where it stands in paragraph and
article, and what kind of article it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.article.draft import Draft, Floats
from pipeline.article.signs import CUES, NAMED_HEADLINE, RATES, SIGNS, TALK_ANNOUNCED, TALK_HEADLINE

Array = npt.NDArray[np.float64]
_KINDS = ("person", "organisation", "group", "anonymous")
_MENTIONS = (*_KINDS, "pronoun", "anaphor", "author", "work")
_PATTERNS = ("before", "after", "according", "view", "turn")
_CUE = {cue: k for k, cue in enumerate(CUES)}
_FAR = 20
_LARGE = 2000.0  # longer stretches say no more; the weights are kept in half precision
# Columns that are repeated for the three segments before and after.
_NEAR = (
    "sign.me", "sign.we", "sign.you", "sign.he", "sign.says", "sign.asks", "sign.ends_colon", "sign.opens_quote",
    "sign.closes_quote", "sign.reporter", "sign.my_view", "sign.particle", "voiced", "explicit", "quoted", "first",
    "confidence", "pattern", "silent", "length", "chance", "kind",
)  # fmt: skip
_SHIFTS = (-3, -2, -1, 1, 2, 3)


def describe_voices(draft: Draft) -> Floats:
    """Return `draft` as numbers, (segments, columns); the columns are always the same."""
    columns = _Columns(draft).all()
    table = np.stack(list(columns.values()), axis=1).astype(np.float32)
    near = table[:, [k for k, name in enumerate(columns) if name in _NEAR]]
    values: Floats = np.hstack([table, *(_shifted(near, shift) for shift in _SHIFTS)])
    return np.clip(values, -_LARGE, _LARGE)


def _shifted(rows: Floats, shift: int) -> Floats:
    """Return for each row the one `shift` further on, -2 where there is none."""
    out = np.full_like(rows, -2.0)
    if 0 < shift < len(rows):
        out[:-shift] = rows[shift:]
    elif shift < 0 and -shift < len(rows):
        out[-shift:] = rows[:shift]
    return out


class _Columns:
    """Columns of one article; `n` segments."""

    def __init__(self, draft: Draft) -> None:
        page = draft.page
        self._draft = draft
        self._n = len(page.spans)
        self._starts = np.array([start for start, _ in page.spans])
        self._ends = np.array([end for _, end in page.spans])
        self._paragraph = np.array(page.paragraphs)
        self._index = np.arange(self._n)
        self._first = np.r_[True, self._paragraph[1:] != self._paragraph[:-1]]
        self._head = np.maximum.accumulate(np.where(self._first, self._index, 0))
        texts = [page.plain[start:end] for start, end in page.spans]
        self._signs = {name: np.array([seen(text) is not None for text in texts], dtype=np.float64)
                       for name, seen in ((name, pattern.search) for name, pattern in SIGNS)}  # fmt: skip
        self._voice = np.array([-1 if given.voice is None else given.voice for given in draft.given])
        self._spoken = [next((x.voice for x in row if x.voice is not None), -1) for row in draft.resolved]
        self._explicit = np.array([voice >= 0 for voice in self._spoken])
        self._quoted, self._quoted_speech = self._quote_shares()
        self._often = Counter(voice for voice in self._spoken if voice >= 0)

    def all(self) -> dict[str, Array]:
        """Return every column by name, in order."""
        signs = {f"sign.{name}": column for name, column in self._signs.items()}
        return {**signs, **self._place(), **self._rules(), **self._reports(), **self._around(),
                **self._people(), **self._paragraphs(), **self._article()}  # fmt: skip

    def _quote_shares(self) -> tuple[Array, Array]:
        page = self._draft.page
        marked = np.zeros(len(page.plain) + 1)
        speech = np.zeros(len(page.plain) + 1)
        for k, quote in enumerate(page.quotes):
            marked[quote.start : quote.end] = 1.0
            if k in self._draft.quoted:
                speech[quote.start : quote.end] = 1.0
        length = self._ends - self._starts
        sums = (np.r_[0.0, np.cumsum(marked)], np.r_[0.0, np.cumsum(speech)])
        one, other = ((total[self._ends] - total[self._starts]) / length for total in sums)
        return one, other

    def _place(self) -> dict[str, Array]:
        size = np.bincount(self._paragraph)[self._paragraph]
        inside = self._index - self._head
        return {
            "length": (self._ends - self._starts).astype(float),
            "first": self._first.astype(float),
            "in_paragraph": np.minimum(inside, 15.0),
            "paragraph_size": np.minimum(size, 20.0),
            "left_in_paragraph": np.minimum(size - inside, 15.0),
            "position": self._index / self._n,
            "index": np.minimum(self._index, 50.0),
            "quoted": self._quoted,
            "quoted_speech": self._quoted_speech,
        }

    def _rules(self) -> dict[str, Array]:
        draft, page = self._draft, self._draft.page
        entries = draft.register.entries
        kinds = [-1 if voice < 0 else _KINDS.index(entries[voice].kind) for voice in self._voice]
        modes = {"author": 0, "direct": 1, "indirect": 2, "hearsay": 3}
        return {
            "voiced": (self._voice >= 0).astype(float),
            "kind": np.array(kinds, dtype=float),
            "mode": np.array([modes[given.mode] for given in draft.given], dtype=float),
            "confidence": np.array([0.0 if g.voice is None else g.confidence for g in draft.given]),
            "block": np.array([float(inside) for inside in draft.in_block]),
            "silent": np.array([float(i in page.silent) for i in range(self._n)]),
            "cue": np.array([_cue(given.cue) for given in draft.given]),
            "chance": np.array([draft.chances.get(i, -1.0) for i in range(self._n)]),
            "often": np.array([0.0 if v < 0 else min(self._often[v], _FAR) for v in self._voice]),
        }

    def _reports(self) -> dict[str, Array]:
        rows = np.full((self._n, 9), -1.0)
        for i, resolved in enumerate(self._draft.resolved):
            start, end = self._draft.page.spans[i]
            if resolved:
                report = resolved[0].report
                surety, kind = (-1.0, -1) if report.mention is None else (
                    report.mention.surety, _MENTIONS.index(report.mention.kind))  # fmt: skip
                rows[i, :8] = (_PATTERNS.index(report.pattern), report.marked, report.weak,
                               (report.end - start) / (end - start), report.start - start, surety, kind,
                               resolved[0].voice is None)  # fmt: skip
            found = self._draft.reports[i]
            if found and found[0].mention is not None:
                rows[i, 8] = _MENTIONS.index(found[0].mention.kind)
        names = ("pattern", "marked", "weak", "verb_end", "clause_start", "surety", "mention", "author_says", "raw")
        found_any = np.array([float(len(found)) for found in self._draft.reports])
        return {**dict(zip(names, rows.T, strict=True)), "reports": found_any, "explicit": self._explicit.astype(float)}

    def _around(self) -> dict[str, Array]:
        """Say how far the last and the next explicit voice are, and whether they are the same."""
        n, index = self._n, self._index
        last = np.r_[-1, np.maximum.accumulate(np.where(self._explicit, index, -1))[:-1]]
        upcoming = np.minimum.accumulate(np.where(self._explicit, index, n)[::-1])[::-1]
        after = np.r_[upcoming[1:], n]
        had, has = last >= 0, after < n
        paragraph = self._paragraph
        before_voice = [self._spoken[k] if k >= 0 else -1 for k in last]
        next_voice = [self._spoken[k] if k < n else -1 for k in after]
        crossed = np.where(had, np.minimum(paragraph - paragraph[np.maximum(last, 0)], 10), 11)
        colon = self._signs["ends_colon"]
        announced = np.maximum.accumulate(np.where(colon > 0, index + 1, 0))
        return {
            "since_voice": np.where(had, np.minimum(index - last, _FAR), _FAR + 1).astype(float),
            "until_voice": np.where(has, np.minimum(after - index, _FAR), _FAR + 1).astype(float),
            "same_paragraph_before": had & (paragraph[np.maximum(last, 0)] == paragraph),
            "same_paragraph_after": has & (paragraph[np.minimum(after, n - 1)] == paragraph),
            "paragraphs_crossed": crossed.astype(float),
            "last_kind": self._kinds(before_voice),
            "next_kind": self._kinds(next_voice),
            "last_often": np.array([0.0 if v < 0 else min(self._often[v], _FAR) for v in before_voice]),
            "same_again": np.array([float(a >= 0 and a == b) for a, b in zip(before_voice, next_voice, strict=True)]),
            "last_cue": np.array([_cue(self._draft.resolved[k][0].report.cue) if k >= 0 else -2.0 for k in last]),
            "last_colon": np.where(had, colon[np.maximum(last, 0)], -1.0),
            "since_colon": np.where(announced > 0, np.minimum(index + 1 - announced, _FAR), _FAR + 1).astype(float),
        }

    def _kinds(self, voices: Sequence[int]) -> Array:
        entries = self._draft.register.entries
        return np.array([-1.0 if voice < 0 else float(_KINDS.index(entries[voice].kind)) for voice in voices])

    def _people(self) -> dict[str, Array]:
        starts = [place.start for place in self._draft.people.places]
        before = np.array([bisect_left(starts, start) for start in self._starts.tolist()])
        until = np.array([bisect_left(starts, end) for end in self._ends.tolist()])
        gap = [int(start) - starts[k - 1] if k else 2000 for start, k in zip(self._starts, before, strict=True)]
        opens = [k < len(starts) and starts[k] - int(s) <= 1 for s, k in zip(self._starts, before, strict=True)]
        return {
            "named": (until - before).astype(float),
            "named_in_paragraph": (until - before[self._head]).astype(float),
            "since_named": np.minimum(gap, 2000.0),
            "opens_with_name": np.array(opens, dtype=float),
        }

    def _paragraphs(self) -> dict[str, Array]:
        signs, paragraph = self._signs, self._paragraph
        size = np.bincount(paragraph)
        shares = {"me": signs["me"], "we": signs["we"], "particle": signs["particle"], "quoted": self._quoted,
                  "explicit": self._explicit, "voiced": self._voice >= 0, "reporter": signs["reporter"]}  # fmt: skip
        openings = {"opens_quote": signs["opens_quote"], "starts_he": signs["starts_he"], "label": signs["label"],
                    "starts_me": signs["starts_me"], "explicit": self._explicit, "says": signs["says"]}  # fmt: skip
        back = np.maximum(self._head - 1, 0)
        behind = {"asks": signs["asks"], "voiced": self._voice >= 0, "ends_colon": signs["ends_colon"]}
        found = {f"paragraph.{k}": (np.bincount(paragraph, weights=v) / np.maximum(1, size))[paragraph]
                 for k, v in shares.items()}  # fmt: skip
        found |= {f"opening.{k}": v[self._head].astype(float) for k, v in openings.items()}
        found |= {f"behind.{k}": np.where(self._head > 0, v[back], 0.0) for k, v in behind.items()}
        around = np.convolve(signs["me"], np.ones(11) / 11.0)[5 : 5 + self._n]
        return {**found, "me_around": around}

    def _article(self) -> dict[str, Array]:
        draft, plain = self._draft, self._draft.page.plain
        length = self._ends - self._starts
        headline = plain[:60].split("\n", 1)[0]
        often = self._often
        numbers = {
            "segments": self._n,
            "quoted": (self._quoted * length).sum() / length.sum(),
            "quoted_speech": (self._quoted_speech * length).sum() / length.sum(),
            "voiced": (self._voice >= 0).mean(),
            "explicit": self._explicit.mean(),
            "voices": len(often),
            "main_voice": max(often.values()) / sum(often.values()) if often else 0.0,
            "dialogue": draft.dialogue,
            "density": self._n / (self._paragraph[-1] + 1),
            "talk_headline": TALK_HEADLINE.search(headline) is not None,
            "named_headline": NAMED_HEADLINE.search(headline) is not None,
            "person_headline": any(name in headline for name in draft.known),
            "talk_announced": TALK_ANNOUNCED.search(plain, 0, 1500) is not None,
        }
        numbers |= {f"rate.{name}": 1000.0 * plain.count(term) / len(plain) for name, term in RATES}
        numbers |= {f"share.{name}": self._signs[name].mean() for name in ("reporter", "particle", "label", "figures")}
        return {f"article.{name}": np.full(self._n, float(value)) for name, value in numbers.items()}


def _cue(cue: str | None) -> float:
    return -2.0 if cue is None else float(_CUE.get(cue, -1))
