"""The issue of an article: the question it is about, in at most 16 characters, taken from its title or its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.records import Document, Segment

MAX_ISSUE = 16  # characters, as the annotation guidelines say
_SPLIT = re.compile(r"[，。！？!?；;：:、|｜丨—…\s“”\"「」『』《》【】()（）#]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SERIES = re.compile(r"^(?:独家|重磅|快讯|原创|深度|专访|观察|评论|突发|最新|官宣)$")
_FALLBACK = "本文议题"


def find_issue(document: Document, plain: str, segments: Sequence[Segment]) -> str:
    """Return the issue: the part of the title that the text speaks of most, or of the first segments without a title.

    Parameters
    ----------
    document : Document
        The article; its title counts when the file gives one.
    plain : str
        The text in simplified script; the issue is given in it.
    segments : sequence of Segment
        Without a title the first headings and body segments stand for it.
    """
    pairs = Counter(plain[i : i + 2] for i in range(len(plain) - 1))
    sources = [_simple(document, plain)] if document.title else []
    shown = [s for s in segments if s.role in ("heading", "body")][:3]
    sources += [plain[s.start : s.end] for s in shown]
    for source in sources:
        parts = [part for part in _SPLIT.split(source) if len(_HAN.findall(part)) >= 3 and not _SERIES.match(part)]
        if parts:
            return shorten(max(parts, key=lambda part: (_weight(part, pairs), -parts.index(part))), pairs)
    return _FALLBACK


def shorten(phrase: str, pairs: Counter[str]) -> str:
    """Return at most `MAX_ISSUE` characters of `phrase`: the window that the text speaks of most."""
    if len(phrase) <= MAX_ISSUE:
        return phrase
    windows = [phrase[i : i + MAX_ISSUE] for i in range(len(phrase) - MAX_ISSUE + 1)]
    return max(windows, key=lambda window: (_weight(window, pairs), -windows.index(window)))


def _simple(document: Document, plain: str) -> str:
    """Return the title as it stands in the simplified text, or as given."""
    title = document.title or ""
    at = document.text.find(title)
    return plain[at : at + len(title)] if at >= 0 else title


def _weight(phrase: str, pairs: Counter[str]) -> float:
    """Return how much the text speaks of `phrase`: damped counts of its character pairs beyond the phrase itself."""
    grams = {phrase[i : i + 2] for i in range(len(phrase) - 1)}
    return float(sum(min(pairs[gram] - 1, 12) for gram in sorted(grams) if pairs[gram] > 1))
