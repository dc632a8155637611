"""A well-formed phrase from a title: whole clauses, cut only at particles, never inside a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.lexicon import Match

_SPLIT = re.compile(
    r"[，。！？!?；;：:、|｜丨—…“”\"「」『』《》【】()（）#_~～]+"
    r"|(?<=[\u4e00-\u9fff]) +| +(?=[\u4e00-\u9fff])"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_EDGE = " -·.,／/&'‘’"
_LEAST = 3  # Han characters of a clause that says something
_LABEL = 12  # characters of a label before a colon
_NOUN = (2, 6)  # characters of a noun that is read out of a title
_TIMES = 4  # mentions of such a noun in the text
_SAME = 0.5  # of its mentions that may have the same neighbour
_DAMPED = 12  # more mentions of a pair of characters say no more


@dataclass(frozen=True, slots=True)
class TitleRules:
    """Words of `lexicons/issue.toml`, table `title`."""

    leading: tuple[str, ...]
    trailing: tuple[str, ...]
    empty: tuple[str, ...]
    not_nouns: tuple[str, ...]
    breaks: tuple[str, ...]


def title_phrase(title: str, plain: str, most: int, rules: TitleRules) -> tuple[str, float]:
    """Return the clause of `title` that the text speaks of most, and how often it does.

    Parameters
    ----------
    title, plain : str
        The title and the text, both in simplified script.
    most : int
        Characters that the clause may have; a longer one is cut at a particle.
    rules : TitleRules
        The words of the lexicon.

    Returns
    -------
    tuple of str and float
        The clause (empty where the title has none) and the mean mentions of its character pairs beyond itself.
    """
    parts: list[str] = []
    # What stands before a colon is a column or who speaks; the matter comes after it.
    label, colon, matter = title.rpartition("：")
    said = matter if colon and len(label) <= _LABEL and len(_HAN.findall(matter)) > _LEAST else title
    for clause in (_strip(part, rules) for part in _SPLIT.split(said)):
        if clause not in rules.empty and len(_HAN.findall(clause)) >= _LEAST:
            parts.extend([clause] if len(clause) <= most else _shorter(clause, most, rules))
    counts = {part: _mentions(part, plain) for part in dict.fromkeys(parts)}
    best = max(counts, key=lambda part: (sum(counts[part]), -parts.index(part)), default="")
    return best, sum(counts[best]) / len(counts[best]) if best else 0.0


def title_subject(title: str, plain: str, heads: Sequence[Match], rules: TitleRules) -> str:
    """Return a noun of `title` that the text repeats and no lexicon knows; empty without one, or without a head there.

    It is the stretch of the title, free of particles and of heads, that the text repeats most for its length. What the
    text always continues with the same character is a piece of a longer word.
    """
    if not heads:
        return ""
    masked = list(title)
    for match in heads:
        masked[match.start : match.end] = "，" * (match.end - match.start)
    counts: dict[str, int] = {}
    for run in re.split("|".join(rules.breaks) + "|" + _SPLIT.pattern, "".join(masked)):
        for size in range(_NOUN[0], min(_NOUN[1], len(run)) + 1):
            for start in range(len(run) - size + 1):
                piece = run[start : start + size]
                if len(_HAN.findall(piece)) == size and piece not in rules.not_nouns and piece not in counts:
                    counts[piece] = plain.count(piece)
    often = sorted((p for p in counts if counts[p] >= _TIMES), key=lambda p: (-counts[p] * (len(p) - 1), p))
    return next((piece for piece in often if _is_word(piece, plain)), "")


def _is_word(piece: str, plain: str) -> bool:
    """Whether different characters stand on both sides of `piece`: it is used as a word."""
    found = [match.start() for match in re.finditer(re.escape(piece), plain)]
    before = Counter(plain[at - 1] if at else "" for at in found)
    after = Counter(plain[at + len(piece) : at + len(piece) + 1] for at in found)
    return all(max(sides.values()) <= _SAME * len(found) for sides in (before, after))


def _strip(clause: str, rules: TitleRules) -> str:
    """Take from both ends what cannot begin or end a noun phrase."""
    before = None
    while clause != before:
        before = clause
        clause = clause.strip(_EDGE)
        clause = next((clause[len(w) :] for w in rules.leading if clause.startswith(w)), clause)
        clause = next((clause[: -len(w)] for w in rules.trailing if clause.endswith(w)), clause)
    return clause


def _shorter(clause: str, most: int, rules: TitleRules) -> list[str]:
    """Return the stretches of a long clause between particles, joined while they fit."""
    pieces = re.split("(" + "|".join(rules.breaks) + "| )", clause)
    parts = []
    for i in range(0, len(pieces), 2):
        joined = ""
        for j in range(i, len(pieces), 2):
            longer = "".join(pieces[i : j + 1])
            if len(longer) > most:
                break
            joined = longer
        joined = _strip(joined, rules)
        if len(_HAN.findall(joined)) >= _LEAST:
            parts.append(joined)
    return parts


def _mentions(phrase: str, plain: str) -> list[int]:
    """Return the damped mentions of each character pair of `phrase` in the text, beyond the phrase itself."""
    grams = sorted({phrase[i : i + 2] for i in range(len(phrase) - 1)})
    return [min(max(plain.count(gram) - 1, 0), _DAMPED) for gram in grams]
