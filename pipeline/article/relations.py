"""Relations between the arguments of an article: what supports, attacks or causes what.

Only what the order of the text and a cue make plain is stated; a missing relation is better than an invented one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.lexicon import Lexicon
from pipeline.records import Argument, Relation, RelationKind, Segment

_REACH = 3  # segments between evidence and what it backs; farther pairs were wrong more often than right
_HEAD = 2  # characters at the start in which a cue governs the whole sentence
_SUMS_UP = ("可见", "这说明", "这意味着", "这表明", "由此可见", "所以", "因此", "总之", "说明")
_EXPLAINS = ("因为", "这是由于", "这是因为", "原因是", "原因在于", "主要是因为", "毕竟", "主要原因")
_ILLUSTRATES = (
    "例如", "比如", "譬如", "举例来说", "举个例子", "数据显示", "统计显示", "据统计", "事实上", "正如", "就像", "好比",
    "根据", "据", "比方说",
)  # fmt: skip
# Pairs of characters in common, those with a function word aside: at 2 a third of the sampled relations were wrong.
_MIN_SHARED = 4
_CONTENT = re.compile(
    r"[^\u0000-\u4dff的了是在和也就不有着一这那个我你他她它们与及或而但都很被把从对为上中下到说要会能可以没还其之]{2}"
)
_CONCLUDES = re.compile("所以|因此|于是|从而|才能|正因|正是因")
_OPPOSES = ("但是", "但", "然而", "不过", "可是", "相反", "反而", "问题是", "与此相反", "恰恰相反")


def find_relations(
    plain: str, segments: Sequence[Segment], arguments: Sequence[Argument], *, cues: Lexicon
) -> tuple[Relation, ...]:
    """Return the relations of one article, in the order of their sources.

    Parameters
    ----------
    plain : str
        The text in simplified script.
    segments, arguments
        What was found in it.
    cues : Lexicon
        Words that announce what a sentence does.
    """
    del segments, cues
    relations = []
    for position, argument in enumerate(arguments):
        found = (
            _support(plain, arguments, position)
            if argument.kind == "evidence"
            else _explain(plain, arguments, position) or _oppose(plain, arguments, position)
        )
        if found is not None:
            relations.append(found)
    return tuple(relations)


def _support(plain: str, arguments: Sequence[Argument], position: int) -> Relation | None:
    """Evidence backs the sentence that sums it up right after, else the view right before it of the same voice.

    Without a word that says so the two must speak of the same things: evidence that merely follows was wrong in four of
    ten sampled cases.
    """
    source = arguments[position]
    if position + 1 < len(arguments):
        after = arguments[position + 1]
        cue = _leading(plain, after, _SUMS_UP)
        if cue and after.kind != "evidence" and _near(source, after, plain) and after.speaker_id == source.speaker_id:
            return _relation(source, after, "support", cue)
    follower = source
    for before in reversed(arguments[max(0, position - _REACH) : position]):
        if before.segment != follower.segment - 1 or before.speaker_id != source.speaker_id:
            return None
        if not _near(before, source, plain):
            return None
        if before.kind != "evidence":
            cue = _leading(plain, source, _ILLUSTRATES)
            backed = cue is not None or _shared(plain, source, before) >= _MIN_SHARED
            return _relation(source, before, "support", cue) if backed and not _asks(plain, before) else None
        follower = before
    return None


def _shared(plain: str, one: Argument, other: Argument) -> int:
    """Return how many pairs of Han characters two arguments have in common, function words aside."""
    pairs = [
        {plain[i : i + 2] for i in range(a.start, a.end - 1) if _CONTENT.fullmatch(plain, i, i + 2)}
        for a in (one, other)
    ]
    return len(pairs[0] & pairs[1])


def _asks(plain: str, argument: Argument) -> bool:
    return plain[argument.start : argument.end].rstrip("”」』\"' ").endswith(("？", "?"))


def _explain(plain: str, arguments: Sequence[Argument], position: int) -> Relation | None:
    if position == 0 or arguments[position].kind != "cause":
        return None
    source, target = arguments[position], arguments[position - 1]
    cue = _leading(plain, source, _EXPLAINS)
    if cue is None or target.segment != source.segment - 1 or target.speaker_id != source.speaker_id:
        return None
    if _CONCLUDES.search(plain, source.start, source.end):  # because A, therefore B: it explains itself
        return None
    return _relation(source, target, "cause", cue)


def _oppose(plain: str, arguments: Sequence[Argument], position: int) -> Relation | None:
    if position == 0:
        return None
    source, target = arguments[position], arguments[position - 1]
    cue = _leading(plain, source, _OPPOSES)
    sides, kinds = {source.stance, target.stance}, {source.kind, target.kind}
    against = sides == {"pro", "con"} or (kinds == {"benefit", "risk"} and len(sides) == 2)
    if cue is None or target.segment < source.segment - 1 or target.kind == "evidence" or not against:
        return None
    return _relation(source, target, "attack", cue)


def _near(before: Argument, after: Argument, plain: str) -> bool:
    return after.segment - before.segment <= _REACH and "\n" not in plain[before.end : after.start]


def _leading(plain: str, argument: Argument, words: Sequence[str]) -> str | None:
    head = plain[argument.start : argument.start + _HEAD + max(map(len, words))]
    for word in sorted(words, key=len, reverse=True):
        at = head.find(word)
        if 0 <= at <= _HEAD:
            return word
    return None


def _relation(source: Argument, target: Argument, kind: RelationKind, cue: str | None) -> Relation:
    confidence = round(min(source.confidence, target.confidence) * (1.0 if cue else 0.9), 4)
    return Relation(source.article_id, source.argument_id, target.argument_id, kind, confidence, cue)
