"""What the classifiers see of a segment: n-grams of characters, words, and a row of named numbers.

Training and reading use the same functions, so a weight always meets the feature it was learned on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

import numpy as np
import numpy.typing as npt

from pipeline.lexicon import Lexicon, compile_lexicon, load_raw
from pipeline.records import Mode, Role, SegmentView

Floats = npt.NDArray[np.float32]

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_ENDS: tuple[str, ...] = ("。", "？", "！", "；", "：", "…", "”", "，")
_FOLD_ENDS = str.maketrans({"?": "？", "!": "！", ";": "；", ":": "：", ".": "。", "」": "”", "』": "”", ",": "，"})
_QUOTES_OPEN = '“「『"'
_ROLES: tuple[str, ...] = get_args(Role)
_MODES: tuple[str, ...] = get_args(Mode)
# What a heading or a lead-in ("原因有三：") promises for the segments under it.
_PROMISES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("cause", re.compile("原因|为什么|为何|何以|缘何|根源|成因|动因|背后|怎么来的|从何而来")),
    ("risk", re.compile("风险|隐忧|隐患|代价|后果|危害|弊端|问题|困境|挑战|痛点|副作用|坏处|危机")),
    ("benefit", re.compile("好处|意义|利好|红利|价值|优势|作用|收益|机会|机遇")),
    ("strategy", re.compile("怎么办|怎么做|建议|对策|策略|如何|出路|破局|应对|方法|措施|路径|办法|技巧|原则|启示")),
    ("forecast", re.compile("未来|趋势|展望|走向|预测|前景|何去何从|会怎样|将会|下一步|预判")),
)
_LEADS_IN = re.compile(r"[：:]\s*$|[一二两三四五六七几0-9]\s*(?:个|点|条|大|种|方面|步|类)|如下|以下|[?？]\s*$")
_LEAD_MOST = 40  # characters: a longer segment says something itself
_FADE = 0.92  # what a promise keeps of its force with each segment: a third is left after a dozen
_SCARE = re.compile('[“"‘「][^”"’」，。！？；]{1,8}[”"’」]')
_HEAD = 8  # characters at the start of a segment in which a cue counts as leading it: one or two words


def fold(text: str) -> str:
    """Return `text` with every number as ``0``, every Latin word as ``A`` and no outer space."""
    return _LATIN.sub("A", _NUMBER.sub("0", text.strip()))


def char_ngrams(text: str, longest: int = 4) -> list[str]:
    """Return the character n-grams, n from 1 to `longest`, of the folded text between its end marks ``^`` and ``$``."""
    marked = f"^{fold(text)}$"
    return [marked[i : i + n] for n in range(1, longest + 1) for i in range(len(marked) - n + 1)]


def word_key(word: str) -> str:
    """Return the key of a word in the word vectors: lower case, numbers as ``0``; empty for space."""
    return _NUMBER.sub("0", word.strip().lower())


@dataclass(frozen=True, slots=True)
class CueFinder:
    """The cue lexicon with every group of every term (a term may belong to several)."""

    lexicon: Lexicon
    groups: tuple[str, ...]
    of_term: dict[str, tuple[int, ...]]


@lru_cache(maxsize=1)
def cue_finder() -> CueFinder:
    """Compile the shipped cue lexicon for the classifier; the user's own cues serve the tables, not the weights."""
    raw = load_raw("cues")
    groups = tuple(name for name, table in raw.items() if isinstance(table, dict) and "terms" in table)
    owners: dict[str, set[int]] = {}
    for index, name in enumerate(groups):
        for term in raw[name]["terms"]:
            owners.setdefault(term, set()).add(index)
    of_term = {term: tuple(sorted(found)) for term, found in owners.items()}
    return CueFinder(compile_lexicon("cues", {"all": owners}), groups, of_term)


def feature_digest() -> str:
    """Return a digest of what the dense features mean: weights belong to the cue lexicon they were learned with."""
    finder = cue_finder()
    return hashlib.sha256(repr((dense_names(), sorted(finder.of_term.items()))).encode()).hexdigest()[:16]


def dense_names() -> tuple[str, ...]:
    """Return the names of the columns of `dense_features`."""
    groups = cue_finder().groups
    return (
        *(f"role={role}" for role in _ROLES),
        *(f"mode={mode}" for mode in _MODES),
        "same_speaker", "starts_paragraph", "first", "second", "from_start", "from_end", "length", "short",
        *(f"ends={mark}" for mark in _ENDS), "ends=other",
        *(f"lead={name}" for name, _ in _PROMISES), "scare_quotes",
        "has_quote", "starts_quote", "has_number", "numbers", "percent", "latin", "commas",
        *(f"cue={name}" for name in groups),
        *(f"head={name}" for name in groups),
    )  # fmt: skip


def dense_features(views: Sequence[SegmentView]) -> Floats:
    """Return one row of numbers per segment of one article.

    Returns
    -------
    float32 array of shape (len(views), len(dense_names()))
        Every column lies in [0, 1] or is a damped count below about 3.
    """
    finder = cue_finder()
    width = len(dense_names())
    rows = np.zeros((len(views), width), dtype=np.float32)
    previous = ""
    promised = [0.0] * len(_PROMISES)
    for index, view in enumerate(views):
        cells = [float(view.role == role) for role in _ROLES] + [float(view.mode == mode) for mode in _MODES]
        cells += [float(view.speaker == previous and index > 0), float(view.starts_paragraph)]
        cells += [float(index == 0), float(index == 1)]
        cells += [1.0 / (1.0 + index), 1.0 / (len(views) - index)]
        cells += [*promised, _log1p(len(_SCARE.findall(view.text)))]
        cells += _surface(view.text)
        cells += _cues(view.text, finder)
        rows[index] = cells
        previous = view.speaker
        promised = _promises(view) or [force * _FADE for force in promised]
    return rows


def _promises(view: SegmentView) -> list[float] | None:
    """Return what a heading or lead-in promises for what follows, None for other segments."""
    text = view.text.strip()
    if len(text) > _LEAD_MOST or not (view.role in ("heading", "title") or _LEADS_IN.search(text)):
        return None
    found = [float(pattern.search(text) is not None) for _, pattern in _PROMISES]
    return found if any(found) or view.role == "heading" else None


@lru_cache(maxsize=4096)
def _log1p(count: int) -> float:
    return float(np.log1p(count))


def _surface(text: str) -> list[float]:
    last = text.rstrip()[-1:].translate(_FOLD_ENDS)
    body = text.rstrip('”」』"’')
    if last == "”" and body:
        last = body[-1].translate(_FOLD_ENDS)
    numbers = len(_NUMBER.findall(text))
    return [
        _log1p(len(text)) / 3.0, float(len(text) <= 12),
        *(float(last == mark) for mark in _ENDS), float(last not in _ENDS),
        float(any(mark in text for mark in _QUOTES_OPEN)), float(text[:1] in _QUOTES_OPEN and text != ""),
        float(numbers > 0), _log1p(numbers), float("%" in text or "％" in text or "百分" in text),
        float(_LATIN.search(text) is not None), _log1p(text.count("，") + text.count(",")),
    ]  # fmt: skip


def _cues(text: str, finder: CueFinder) -> list[float]:
    counts = [0] * len(finder.groups)
    heads = [0.0] * len(finder.groups)
    for match in finder.lexicon.find_overlapping(text):
        for group in finder.of_term[match.term]:
            counts[group] += 1
            if match.start < _HEAD:
                heads[group] = 1.0
    return [_log1p(count) for count in counts] + heads
