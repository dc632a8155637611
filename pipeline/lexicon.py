"""Lexicons: rules as data, compiled to one automaton each, with a fingerprint.

A lexicon file is TOML. Its tables are groups, each with a list `terms`; whatever else stands in the file is left to
the stage that owns it (`load_raw`). Groups whose terms overlap are matched leftmost-longest.
"""

from __future__ import annotations

import copy
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import ahocorasick_rs

from pipeline.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Match:
    """One term found in a text: ``text[start:end] == term``."""

    start: int
    end: int
    term: str
    group: str


@dataclass(frozen=True)
class Lexicon:
    """Terms with their groups, compiled for matching; build it with `compile_lexicon` or `load_lexicon`."""

    name: str
    terms: tuple[str, ...]
    groups: tuple[str, ...]
    _longest: Any = field(repr=False, compare=False)
    _every: Any = field(repr=False, compare=False)

    def find(self, text: str) -> list[Match]:
        """Return the leftmost-longest matches that do not overlap, in order."""
        return self._matches(self._longest.find_matches_as_indexes(text)) if self.terms else []

    def find_overlapping(self, text: str) -> list[Match]:
        """Return every match, also those inside others, by end."""
        return self._matches(self._every.find_matches_as_indexes(text, overlapping=True)) if self.terms else []

    def _matches(self, found: Iterable[tuple[int, int, int]]) -> list[Match]:
        return [Match(start, end, self.terms[i], self.groups[i]) for i, start, end in found]


def compile_lexicon(name: str, groups: Mapping[str, Iterable[str]]) -> Lexicon:
    """Compile groups of terms; a term given in two groups belongs to the first."""
    owner: dict[str, str] = {}
    for group, terms in groups.items():
        for term in terms:
            if term:
                owner.setdefault(term, group)
    terms_sorted = tuple(sorted(owner))
    return Lexicon(
        name=name,
        terms=terms_sorted,
        groups=tuple(owner[term] for term in terms_sorted),
        _longest=ahocorasick_rs.AhoCorasick(terms_sorted, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest),
        _every=ahocorasick_rs.AhoCorasick(terms_sorted, matchkind=ahocorasick_rs.MatchKind.Standard),
    )


def load_raw(name: str, extra: Path | None = None) -> dict[str, Any]:
    """Return the parsed TOML of the shipped lexicon `name`, extended by the user's file `extra`.

    Lists are joined, tables merged; a scalar of the user's replaces ours.

    Raises
    ------
    ConfigError
        If a file is missing or is not TOML.
    """
    data = copy.deepcopy(_shipped(name))
    if extra is not None:
        try:
            text = extra.read_text(encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{extra}: {error.strerror}; expected a lexicon in TOML; check the path") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{extra}: not UTF-8 at byte {error.start}; save the lexicon as UTF-8") from error
        data = _merge(data, _parse(text, str(extra)))
    return data


@lru_cache(maxsize=32)
def _shipped(name: str) -> dict[str, Any]:
    """Return a shipped lexicon; several stages read the same one, and parsing takes longer than copying."""
    path = resources.files("pipeline") / "lexicons" / f"{name}.toml"
    return _parse(path.read_text(encoding="utf-8"), str(path))


def load_lexicon(name: str, extra: Path | None = None) -> Lexicon:
    """Load and compile the groups of the shipped lexicon `name`, extended by the user's file `extra`."""
    raw = load_raw(name, extra)
    groups = {group: table["terms"] for group, table in raw.items() if isinstance(table, dict) and "terms" in table}
    return compile_lexicon(name, groups)


def fingerprint(extras: Iterable[Path] = ()) -> str:
    """Return a digest of all shipped lexicons and of the user's files."""
    digest = hashlib.sha256()
    folder = resources.files("pipeline") / "lexicons"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    for path in sorted(extras):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: {error}; expected TOML") from error


def _merge(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in more.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = old + value
        else:
            merged[key] = value
    return merged
