"""Attribution: carry each report over the segments that belong to it, and stop where the author takes over."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from pipeline.article.continuation import Before, Place, features
from pipeline.article.page import AUTHOR, SURETY, Given, Page, Resolved
from pipeline.article.register import Register
from pipeline.records import Mode

_CLOSERS = '”」』"’'
_ITEM = re.compile(
    r"[一二三四五六七八九]、|第[一二三四五六七八九]|[一二三四五六七八九]是|其[一二三四五]|首先|其次"
    r"|[（(]?\d{1,2}[)）、.．]|[①②③④⑤◎●]"
)
_TALK = frozenset({"说", "问", "讲", "道", "回", "答", "问道", "说道"})
Continues = Callable[[int, str, Mapping[str, float]], float]


class Attributor:
    """Walks through the segments of one article from first to last."""

    def __init__(
        self,
        page: Page,
        resolved: Sequence[Sequence[Resolved]],
        quoted: Mapping[int, Given],
        *,
        register: Register,
        continues: Continues,
    ) -> None:
        self._page = page
        self._resolved = resolved
        self._register = register
        self._continues = continues
        self._quoted = quoted
        self._quote_starts = [quote.start for quote in page.quotes]
        self._block_starts = [start for start, _, _ in page.blocks]
        self._lengths: dict[int, int] = {}
        for paragraph in page.paragraphs:
            self._lengths[paragraph] = self._lengths.get(paragraph, 0) + 1
        self.dialogue = self._is_dialogue()
        self._density = len(page.spans) / max(1, len(self._lengths))

    def run(self) -> list[Given]:
        """Say of every segment whose words it holds."""
        given: list[Given] = []
        state = _State()
        for i in range(len(self._page.spans)):
            now = self._decide(i, state)
            state.advance(i, now, self._explicit(i), self._page)
            given.append(now)
        return given

    def _is_listed(self, i: int, state: _State) -> bool:
        """Whether a segment belongs to the list that a report announced (`业内人士认为，要做好以下三点：`)."""
        paragraphs = self._page.paragraphs
        if paragraphs[i] == paragraphs[i - 1]:
            return state.in_item
        return _ITEM.match(self._page.plain, *self._page.spans[i]) is not None

    def _is_dialogue(self) -> bool:
        """Whether paragraphs open with `甲说，…` and `乙问，…` in turn, as a told conversation does."""
        page = self._page
        openings = [
            item.voice
            for i, row in enumerate(self._resolved)
            for item in row[:1]
            if item.voice is not None
            and (i == 0 or page.paragraphs[i] != page.paragraphs[i - 1])
            and item.report.cue in _TALK
            and item.report.end - page.spans[i][0] <= 12
        ]
        return len(openings) >= 4 and len(set(openings)) >= 2

    def _explicit(self, i: int) -> bool:
        return any(item.voice is not None for item in self._resolved[i])

    def _decide(self, i: int, state: _State) -> Given:
        start, end = self._page.spans[i]
        block = self.block(start)
        listed = state.listing and self._is_listed(i, state)
        if i in self._page.silent and not listed:
            state.crossed_heading = block is None
            return AUTHOR
        if block is not None:
            return block
        quote = self.covering(start, end)
        if quote is not None and quote in self._quoted:
            return self._quoted[quote]
        mine = self._resolved[i]
        if mine:
            first = next((item for item in mine if item.voice is not None), mine[0])
            if first.voice is None:
                return AUTHOR
            partly = first.report.pattern == "after" or any(k in self._quoted for k in self._quotes_in(start, end))
            mode: Mode = first.mode if first.mode == "hearsay" else "direct" if partly else "indirect"
            return Given(first.voice, mode, first.report.cue, SURETY[self._register.entries[first.voice].kind])
        if state.given.voice is None or state.crossed_heading:
            return AUTHOR
        return self._carry(i, state, quote, listed=listed)

    def _carry(self, i: int, state: _State, quote: int | None, *, listed: bool) -> Given:
        _start, _end = self._page.spans[i]
        if state.last_explicit == i - 1 and self._page.plain[self._page.spans[i - 1][1] - 1] in "：:":
            # `…则警告称：` and the words on the next line.
            return Given(state.given.voice, state.given.mode, state.given.cue, 0.85)
        if listed:
            return Given(state.given.voice, "indirect", state.given.cue, 0.8)
        found = self.describe(i, state, quote)
        chance = self._continues(i, self._register.entries[state.given.voice or 0].name, found)
        if chance < 0.5:
            return AUTHOR
        mode: Mode = "direct" if quote is not None else state.given.mode
        if mode == "direct" and quote is None:
            mode = "indirect"
        return Given(state.given.voice, mode, state.given.cue, round(chance * 0.97, 3))

    def describe(self, i: int, state: _State, quote: int | None) -> dict[str, float]:
        """Return the features of segment `i` after the voice in `state`."""
        page = self._page
        start, end = page.spans[i]
        paragraph = page.paragraphs[i]
        entry = self._register.entries[state.given.voice or 0]
        before = Before(
            kind=entry.kind,
            mode=state.given.mode,
            cue=state.given.cue,
            distance=i - state.last_explicit,
            quote_closed=page.plain[page.spans[i - 1][1] - 1] in _CLOSERS,
            ends_open=page.plain[page.spans[i - 1][1] - 1] in "；;：:，,",
            colon=page.plain[page.spans[i - 1][1] - 1] in "：:",
            held=state.held,
        )
        following = self._next_voice(i)
        place = Place(
            new_paragraph=paragraph != page.paragraphs[i - 1],
            paragraphs_crossed=paragraph - page.paragraphs[state.last_explicit],
            in_paragraph=0,
            paragraph_length=self._lengths[paragraph],
            article_density=self._density,
            in_quote=quote is not None,
            next_same=following == state.given.voice,
            next_other=following is not None and following != state.given.voice,
            names_voice=entry.name in page.plain[start:end],
            dialogue=self.dialogue,
        )
        return features(page.plain[start:end], before, place)

    def _next_voice(self, i: int) -> int | None:
        """Return who is reported next within the paragraph, or in the next segment."""
        paragraph = self._page.paragraphs[i]
        for k in range(i + 1, min(i + 6, len(self._resolved))):
            if self._page.paragraphs[k] != paragraph and k > i + 1:
                return None
            for item in self._resolved[k]:
                if item.voice is not None:
                    return item.voice
        return None

    def block(self, start: int) -> Given | None:
        """Return what the block of one voice around `start` says, None outside such blocks."""
        at = bisect_right(self._block_starts, start) - 1
        if at >= 0 and start < self._page.blocks[at][1]:
            return self._page.blocks[at][2]
        return None

    def _quotes_in(self, start: int, end: int) -> range:
        return range(bisect_left(self._quote_starts, start), bisect_left(self._quote_starts, end))

    def covering(self, start: int, end: int) -> int | None:
        """Return the quotation that holds more than half of ``[start, end)``."""
        at = bisect_right(self._quote_starts, end - 1) - 1
        best, most = None, (end - start) / 2
        quotes = self._page.quotes
        while at >= 0 and quotes[at].end > start:
            shared = min(end, quotes[at].end) - max(start, quotes[at].start)
            if shared > most:
                best, most = at, shared
            at -= 1
        return best


class _State:
    """The voice that holds the word while the segments go by."""

    def __init__(self) -> None:
        self.given: Given = AUTHOR
        self.last_explicit = 0
        self.held = 0
        self.crossed_heading = False
        self.listing = False  # the voice announced a list
        self.in_item = False  # the last segment was part of it

    def advance(self, i: int, now: Given, explicit: bool, page: Page) -> None:
        start, end = page.spans[i]
        self.in_item = (
            self.listing and now.voice is not None and (self.in_item or _ITEM.match(page.plain, start, end) is not None)
        )
        if now.voice is None or explicit:
            self.listing = now.voice is not None and page.plain[end - 1] in "：:"
        if now.voice is not None and (explicit or self.given.voice != now.voice or now.mode == "direct"):
            self.last_explicit = i
            self.held = 0
        if now.voice is not None:
            self.held += 1
            self.crossed_heading = False
        elif i not in page.silent or self.crossed_heading:
            self.held = 0
        if i not in page.silent or now.voice is not None:
            self.given = now
