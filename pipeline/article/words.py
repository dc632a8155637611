"""Words: a tokenizer of our own with one dictionary for two engines.

`jieba` is the reference, `rjieba` the same algorithm and dictionary in Rust, some forty times quicker; both get the
same domain words. Neither matches a user word with ``·``, ``/`` or a space in it, so such words are joined afterwards.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NoReturn

from pipeline.config import WordsConfig
from pipeline.errors import ConfigError
from pipeline.lexicon import Lexicon, compile_lexicon, load_raw
from pipeline.records import Word

# Above the frequency of any word of jieba's dictionary that could cut a domain word apart.
_FREQUENCY = 2_000_000
_MIXED = re.compile(r"[·•・/\s+.&_A-Za-z0-9-]")
Engine = Callable[[str], Sequence[str]]


class Words:
    """Cuts text into words; build it with `build_words`, once per worker."""

    def __init__(self, engine: Engine, joined: Lexicon) -> None:
        self._engine = engine
        self._joined = joined

    def cut(self, text: str) -> tuple[Word, ...]:
        """Cut `text` into words.

        Returns
        -------
        tuple of Word
            In order and without gaps: the words joined give `text` back; offsets into `text`.
        """
        return tuple(Word(start, end, text[start:end]) for start, end in pairwise(self._bounds(text)))

    def pieces(self, text: str) -> list[str]:
        """Return the words of `text` without their offsets, which takes half the time."""
        return [text[start:end] for start, end in pairwise(self._bounds(text))]

    def _bounds(self, text: str) -> list[int]:
        if not text:
            return []
        bounds = [0, *accumulate(map(len, self._engine(text)))]
        return self._join(text, bounds) if self._joined.terms else bounds

    def _join(self, text: str, bounds: list[int]) -> list[int]:
        inside: set[int] = set()
        edges: set[int] = set()
        for match in self._joined.find(text):
            if _whole(text, match.start, match.end):
                inside.update(range(match.start + 1, match.end))
                edges.update((match.start, match.end))
        if not inside:
            return bounds
        return sorted((set(bounds) - inside) | edges)

    def __reduce__(self) -> NoReturn:
        raise TypeError("Words holds a compiled tokenizer and cannot be pickled; call build_words in every worker")


def build_words(config: WordsConfig, entities: Path | None) -> Words:
    """Load the engine that `config` names with our domain words, the names of the entities and the user's words.

    Raises
    ------
    ConfigError
        If a user word is empty or holds a line break.
    """
    for word in config.user_words:
        if not word.strip() or "\n" in word:
            raise ConfigError(f"words.user_words: got {word!r}; expected a word on one line; remove or mend it")
    words = sorted({*_shipped_words(entities), *(word.strip() for word in config.user_words)})
    # An engine that knows "Token" cuts "Tokens" apart, so words with Latin letters are joined afterwards as well.
    whole = [word for word in words if not _MIXED.search(word)]
    joined = [word for word in words if _MIXED.search(word)]
    return Words(_ENGINES[config.engine](whole), compile_lexicon("joined words", {"joined": joined}))


def _shipped_words(entities: Path | None) -> set[str]:
    found = {term for group in load_raw("words").values() for term in group["terms"]}
    return found | {name for name in entity_names(entities) if 2 <= len(name) <= 24}


def entity_names(entities: Path | None) -> set[str]:
    """Return every name of the entities lexicon: companies, brands, models, products, bodies, terms, aliases."""
    return names_under(load_raw("entities", entities))


def names_under(node: Any) -> set[str]:
    """Return the names below a node of the entities lexicon, with their other spellings.

    A name is a string ``canonical|other|?ambiguous``; titles of industries and ids are no names of their own.
    """
    if isinstance(node, str):
        return {name.strip().lstrip("?").strip() for name in node.split("|")} - {""}
    if isinstance(node, list):
        return {name for item in node for name in names_under(item)}
    if isinstance(node, dict):
        return {name for key, value in node.items() if key != "industry" for name in names_under(value)}
    return set()


def _rjieba(words: Iterable[str]) -> Engine:
    import rjieba

    engine = rjieba.Jieba()
    for word in words:
        engine.add_word(word, _FREQUENCY, "n")

    def cut(text: str) -> Sequence[str]:
        pieces: Sequence[str] = engine.cut(text, True)
        return pieces

    return cut


def _jieba(words: Iterable[str]) -> Engine:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    engine = jieba.Tokenizer()
    engine.initialize()
    for word in words:
        engine.add_word(word, _FREQUENCY, "n")

    def cut(text: str) -> Sequence[str]:
        return list(engine.cut(text, HMM=True))

    return cut


_ENGINES: dict[str, Callable[[Iterable[str]], Engine]] = {"rjieba": _rjieba, "jieba": _jieba}


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a match is not the part of a longer run of letters or digits (``GPT-4`` in ``GPT-40``)."""
    before = start > 0 and _alike(text[start - 1], text[start])
    after = end < len(text) and _alike(text[end - 1], text[end])
    return not before and not after


def _alike(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
