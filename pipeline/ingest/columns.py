"""Which column of a table, or key of a front matter, holds what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.errors import ConfigError
from pipeline.lexicon import load_raw


def _folded(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


FIELDS = tuple(load_raw("columns"))
_OWNER = {
    _folded(name): (rank, field)
    for field, table in load_raw("columns").items()
    for rank, name in enumerate(table["names"])
}


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a user's mapping to something that is no field.

    Raises
    ------
    ConfigError
        If a value of ``[ingest.columns]`` is unknown.
    """
    for name, field in mapping.items():
        if field not in FIELDS:
            raise ConfigError(f"ingest.columns.{name}: got {field!r}, expected one of {', '.join(FIELDS)}")


def field_of(name: str, mapping: Mapping[str, str]) -> str | None:
    """Return the field that the column `name` holds by the user's mapping or by the known names, else `None`."""
    if name in mapping:
        return mapping[name]
    owner = _OWNER.get(_folded(name))
    return owner[1] if owner else None


def assign(names: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Return for each field the position of its column: the user's mapping first, then the more usual name."""
    best: dict[str, tuple[int, int]] = {}
    for position, name in enumerate(names):
        field = field_of(name, mapping)
        if field is None:
            continue
        rank = -1 if name in mapping else _OWNER[_folded(name)][0]
        best[field] = min(best.get(field, (rank, position)), (rank, position))
    return {field: position for field, (_, position) in best.items()}
