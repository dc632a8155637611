"""Companies, brands, models and products of the entity lexicon, and where a text names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import ConfigError
from pipeline.lexicon import Lexicon, compile_lexicon, load_raw

EntityKind = Literal["company", "brand", "model", "product", "media", "research", "regulator", "group"]

_LISTS: dict[str, EntityKind] = {"brands": "brand", "models": "model", "products": "product"}
_GROUPS: dict[str, EntityKind] = {
    "media": "media", "research": "research", "regulators": "regulator", "groups": "group",
}  # fmt: skip
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_SEPARATORS = re.compile(r"[ -]")
_SCRIPT_BORDER = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing the lexicon knows.

    `name` is canonical, `company` the canonical name of the firm it belongs to (its own name for a company, empty for
    media and the like), `aliases` every spelling including `name`, `weak` those that are ordinary words too.
    """

    name: str
    kind: EntityKind
    company: str
    industry: str
    aliases: tuple[str, ...]
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of an entity at ``text[start:end]``; `weak` when the spelling is also an ordinary word."""

    start: int
    end: int
    entity: Entity
    weak: bool


@dataclass(frozen=True)
class Entities:
    """The compiled entity lexicon; build it with `load_entities`."""

    entries: tuple[Entity, ...]
    terms: tuple[str, ...]
    industries: dict[str, str]
    parents: dict[str, str]
    goods: tuple[str, ...]
    _lexicon: Lexicon = field(repr=False, compare=False)
    _owner: dict[str, tuple[Entity, bool]] = field(repr=False, compare=False)

    def find(self, text: str) -> list[Mention]:
        """Return the mentions in `text`, in order, not overlapping: longer names win, of equal ones the left.

        So `甲云M-lite` is read as 甲云 and M-lite although 甲云M is a name too. A name that begins or ends with a Latin
        letter or digit does not match inside a longer word or number.
        """
        folded = fold(text)
        found = [m for m in self._lexicon.find_overlapping(folded) if _stands_alone(folded, m.start, m.end)]
        found.sort(key=lambda m: (m.start - m.end, m.start))
        taken = bytearray(len(text))
        mentions: list[Mention] = []
        for match in found:
            if not (taken[match.start] or taken[match.end - 1]):
                taken[match.start : match.end] = b"\1" * (match.end - match.start)
                entity, weak = self._owner[match.term]
                mentions.append(Mention(match.start, match.end, entity, weak))
        mentions.sort(key=lambda mention: mention.start)
        return mentions

    def company(self, name: str) -> Entity | None:
        """Return the company, brand or other entity with this canonical name or alias."""
        entry = self._owner.get(fold(name))
        return entry[0] if entry else None

    def related(self, one: str, other: str) -> bool:
        """Whether two companies are the same or belong to one group (阿里云 and 阿里巴巴)."""
        return self._top(one) == self._top(other)

    def same_house(self, one: str, other: str) -> bool:
        """Whether two names, in any spelling, are of one firm or group (`豆包` and `字节`)."""
        firms = [self.company(name) for name in (one, other)]
        houses = [firm.company or firm.name if firm else name for firm, name in zip(firms, (one, other), strict=True)]
        return one == other or self.related(houses[0], houses[1])

    def _top(self, company: str) -> str:
        for _ in range(4):
            company = self.parents.get(company, company)
        return company

    def words(self) -> tuple[str, ...]:
        """Return every name and term that a tokenizer should keep whole (no ordinary words), sorted."""
        names = {alias for entity in self.entries for alias in entity.aliases if alias not in entity.weak}
        return tuple(sorted(names | set(self.terms)))


def fold(text: str) -> str:
    """Return `text` with ASCII letters in lower case, code point for code point."""
    return text.translate(_LOWER)


def load_entities(extra: Path | None = None) -> Entities:
    """Load the entity lexicon, extended by the user's file `extra`.

    Raises
    ------
    ConfigError
        If the file breaks the schema at the top of `lexicons/entities.toml`; the message names the entry.
    """
    raw = load_raw("entities", extra)
    entries = _merge([*_companies(raw.get("company", [])), *_others(raw)])
    owner: dict[str, tuple[Entity, bool]] = {}
    for entity in entries:
        for alias in entity.aliases:
            for variant in _variants(fold(alias)):
                owner.setdefault(variant, (entity, alias in entity.weak))
    terms = {term for words in raw.get("terms", {}).values() for term in words}
    return Entities(
        entries=entries,
        terms=tuple(sorted(terms)),
        industries=dict(raw.get("industries", {})),
        goods=tuple(sorted(map(str, _expect(raw.get("goods", []), list, "goods")))),
        parents={str(c["name"]).split("|")[0]: str(c["parent"]) for c in raw.get("company", []) if "parent" in c},
        _lexicon=compile_lexicon("entities", {"entity": owner}),
        _owner=owner,
    )


def _companies(tables: Any) -> Iterator[Entity]:
    for table in _expect(tables, list, "company"):
        name = _expect(table, dict, "an entry of company").get("name")
        where = f"company {name!r}"
        known = {"name", "industry", "parent", *_LISTS}
        unknown = sorted(set(table) - known)
        if unknown:
            raise ConfigError(f"entity lexicon, {where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}")
        company, industry = _entity(name, "company", where=where), str(table.get("industry", ""))
        yield replace(company, company=company.name, industry=industry)
        for key, kind in _LISTS.items():
            for item in _expect(table.get(key, []), list, f"{where}: {key}"):
                yield replace(_entity(item, kind, where=f"{where}: {key}"), company=company.name, industry=industry)


def _others(raw: dict[str, Any]) -> Iterator[Entity]:
    for key, kind in _GROUPS.items():
        for item in _expect(raw.get(key, []), list, key):
            yield _entity(item, kind, where=key)


def _entity(names: Any, kind: EntityKind, *, where: str) -> Entity:
    parts = [part.strip() for part in _expect(names, str, where).split("|")]
    aliases = tuple(dict.fromkeys(part.removeprefix("?") for part in parts))
    if not all(aliases):
        raise ConfigError(f"entity lexicon, {where}: got {names!r}, expected names separated by |, none of them empty")
    weak = tuple(part[1:] for part in parts if part.startswith("?"))
    return Entity(aliases[0], kind, "", "", aliases, weak)


def _expect(value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, kind):
        raise ConfigError(f"entity lexicon, {where}: got {value!r}, expected a {kind.__name__}; see the schema on top")
    return value


def _merge(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Join entries of the same canonical name and kind; the first keeps its place."""
    merged: dict[tuple[str, str, str], Entity] = {}
    for entity in entities:
        key = (entity.name, entity.kind, entity.company)
        old = merged.get(key)
        if old is not None:
            aliases = tuple(dict.fromkeys(old.aliases + entity.aliases))
            industry = entity.industry or old.industry
            entity = replace(old, aliases=aliases, weak=old.weak + entity.weak, industry=industry)
        merged[key] = entity
    return tuple(merged.values())


def _variants(alias: str) -> Sequence[str]:
    """Return `alias` with its spaces and hyphens, and the borders of Han and Latin, written each usual way."""
    parts = _SEPARATORS.split(alias)
    joins = product(("", " ", "-"), repeat=len(parts) - 1) if len(parts) <= 4 else product("- ", repeat=len(parts) - 1)
    forms = [alias, *("".join(a + b for a, b in zip(parts, (*join, ""), strict=True)) for join in joins)]
    forms += [_SCRIPT_BORDER.sub(" ", form) for form in forms]
    return list(dict.fromkeys(form for form in forms if form))


def _stands_alone(text: str, start: int, end: int) -> bool:
    if _latin(text[start]) and start and _latin(text[start - 1]):
        return False
    if _latin(text[end - 1]) and end < len(text):
        after = text[end : end + 2]
        if _latin(after[0]) or (text[end - 1].isdigit() and after[0] == "." and after[1:].isdigit()):
            return False
    return True


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
