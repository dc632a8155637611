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
_DIGITS = "0123456789"
_LEAST = 3  # Han characters of a clause that says something
_LABEL = 4  # characters of a label before a colon
_NOUN = (2, 6)  # characters of a noun that is read out of a title
_TIMES = 4  # mentions of such a noun in the text
_SAME = 0.5  # of its mentions that may have the same neighbour
_DAMPED = 12  # more mentions of a pair of characters say no more


@dataclass(frozen=True, slots=True)
class TitleRules:
    """Words of `lexicons/issue.toml`, table `title`."""

    leading: tuple[str, ...]
    trailing: tuple[str, ...]
    speaking: tuple[str, ...]
    empty: tuple[str, ...]
    not_nouns: tuple[str, ...]
    breaks: tuple[str, ...]
    whole: tuple[str, ...]


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
    speaks = len(label) <= _LABEL or label.startswith(rules.speaking)
    said = matter if colon and speaks and len(_HAN.findall(matter)) > _LEAST else title
    for clause in (_strip(part, rules) for part in _SPLIT.split(said)):
        if clause.rstrip(_DIGITS) not in rules.empty and len(_HAN.findall(clause)) >= _LEAST:
            parts.extend([clause] if len(clause) <= most else _shorter(clause, most, rules))
    counts = {part: _mentions(part, plain) for part in dict.fromkeys(parts)}
    best = max(counts, key=lambda part: (sum(counts[part]), -parts.index(part)), default="")
    return best, sum(counts[best]) / len(counts[best]) if best else 0.0


def title_subject(title: str, plain: str, heads: Sequence[Match], rules: TitleRules) -> str:
    """Return the noun before one of `heads` in the title that the text repeats and no lexicon knows, or nothing.

    Of the stretches that end at the head it is the one the text repeats most for its length. What the text nearly
    always continues with the same character is a piece of a longer word.
    """
    counts: dict[str, int] = {}
    for head in heads:
        run = _cut(_SPLIT.split(title[: head.start])[-1], rules)[-1]
        for size in range(_NOUN[0], min(_NOUN[1], len(run)) + 1):
            piece = run[-size:]
            if len(_HAN.findall(piece)) == size and piece not in rules.not_nouns:
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
        clause = clause.strip().strip(_EDGE)
        first = next((w for w in rules.leading if clause.startswith(w)), "")
        if len(first) > 1 or not clause.startswith(rules.whole):
            clause = clause[len(first) :]
        last = next((w for w in rules.trailing if clause.endswith(w)), "")
        if len(last) > 1 or not clause.endswith(rules.whole):
            clause = clause[: len(clause) - len(last)]
    return clause


def _shorter(clause: str, most: int, rules: TitleRules) -> list[str]:
    """Return the stretches of a long clause between particles, joined while they fit."""
    pieces = _cut(clause, rules)
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


def _cut(clause: str, rules: TitleRules) -> list[str]:
    """Return stretches and, between them, the particles that part them; a particle inside a word parts nothing."""
    pieces = [""]
    for token in re.split("(" + "|".join((*rules.whole, *rules.breaks, " ")) + ")", clause):
        if token in rules.breaks or token == " ":
            pieces += [token, ""]
        else:
            pieces[-1] += token
    return pieces


def _mentions(phrase: str, plain: str) -> list[int]:
    """Return the damped mentions of each character pair of `phrase` in the text, beyond the phrase itself."""
    grams = sorted({phrase[i : i + 2] for i in range(len(phrase) - 1)})
    return [min(max(plain.count(gram) - 1, 0), _DAMPED) for gram in grams]
