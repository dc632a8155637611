"""Word classes from jieba's dictionary, without its tagger: enough to tell a phrase from a fragment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.lexicon import load_raw

_OWN_CLASS = ("vn", "an", "ns", "nr", "nt", "nz", "ad")
_MENDED = {"掉": "v", "仍": "d"}  # jieba has no sure class for these
_BOUND = "g"  # morphemes and words of no sure class (jieba's g, zg, ng …)


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, str]:
    """Return the class of every word of jieba's dictionary (about 0.3 s)."""
    import jieba

    classes = {}
    with jieba.get_module_res("dict.txt") as source:
        for line in source.read().decode("utf-8").splitlines():
            word, _, tag = line.split(" ")
            tag = _MENDED.get(word, tag)
            classes[word] = tag if tag in _OWN_CLASS else _BOUND if tag in ("zg", "g") else tag[:1]
    return classes


@lru_cache(maxsize=1)
def _grammar() -> frozenset[str]:
    """Return the words of grammar: each counts as itself, for what it does in a phrase differs from one to the next."""
    return frozenset(load_raw("labels")["grammar"]["terms"])


def word_class(word: str) -> str:
    """Return the class of a word: itself for grammar, `m` for numbers, `eng` for Latin, `x` for unknown ones."""
    if word in _grammar():
        return word
    known = _dictionary().get(word)
    if known is not None:
        return known
    if word[:1].isdigit():
        return "m"
    return "eng" if word.isascii() else "x"


def is_grammar(word: str) -> bool:
    """Whether a word counts as itself, not as one of its class."""
    return word in _grammar()


def classes(words: Sequence[str]) -> list[str]:
    """Return the class of every word."""
    return [word_class(word) for word in words]
