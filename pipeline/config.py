"""Settings: TOML to a frozen tree that refuses what it does not know.

`defaults.toml` documents every setting; the dataclasses below are its shape. A user's file needs only what differs.
"""

from __future__ import annotations

import hashlib
import tomllib
import types
from dataclasses import dataclass, field, fields, is_dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pipeline.errors import ConfigError


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """How files become documents."""

    max_file_mb: int
    max_unpacked_mb: int
    max_article_chars: int
    min_article_chars: int
    columns: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class WordsConfig:
    """How text is cut into words."""

    engine: Literal["rjieba", "jieba"]
    user_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LexiconConfig:
    """Files of the user that extend our lexicons (empty: none)."""

    entities: str
    cues: str


@dataclass(frozen=True, slots=True)
class ArgumentsConfig:
    """Which segments become arguments."""

    model: str
    min_confidence: float


@dataclass(frozen=True, slots=True)
class ViewpointsConfig:
    """How arguments are grouped into viewpoints."""

    method: Literal["default", "bertopic", "umap"]
    vectors: str
    kinds: tuple[str, ...]
    granularity: float
    max_outliers: float
    max_fitted: int
    seed: int


@dataclass(frozen=True, slots=True)
class ExportConfig:
    """What is written beside the tables."""

    csv: bool
    map_formats: tuple[str, ...]
    max_map_arguments: int
    max_page_arguments: int


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run."""

    profile: Literal["best", "fast"]
    ingest: IngestConfig
    words: WordsConfig
    lexicons: LexiconConfig
    arguments: ArgumentsConfig
    viewpoints: ViewpointsConfig
    export: ExportConfig

    def fingerprint(self) -> str:
        """Return a digest of every setting."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def load_config(path: Path | None = None, **overrides: Any) -> Config:
    """Load the defaults, the user's file over them and `overrides` over both.

    Parameters
    ----------
    path : Path, optional
        A TOML file with some of the settings of `defaults.toml`.
    **overrides
        Top-level settings, or a dict per section.

    Raises
    ------
    ConfigError
        If a file cannot be read, a setting is unknown or has the wrong type; the message names it.
    """
    shipped = resources.files("pipeline") / "defaults.toml"
    tree = tomllib.loads(shipped.read_text(encoding="utf-8"))
    if path is not None:
        tree = _overlay(tree, _read(path), str(path))
    tree = _overlay(tree, overrides, "options")
    built: Config = _build(Config, tree, "")
    return built


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; expected a settings file in TOML; check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}; expected a settings file in TOML, UTF-8") from error


def _overlay(base: dict[str, Any], more: dict[str, Any], where: str, prefix: str = "") -> dict[str, Any]:
    result = dict(base)
    for key, value in more.items():
        name = prefix + key
        if prefix != "ingest.columns." and key not in base:
            raise ConfigError(f"{where}: unknown setting {name}; known here: {', '.join(sorted(base))}")
        if isinstance(base.get(key), dict):
            if not isinstance(value, dict):
                raise ConfigError(f"{where}: {name} is a section, got {value!r}")
            result[key] = _overlay(base[key], value, where, f"{name}.")
        else:
            result[key] = value
    return result


def _build(cls: type, tree: dict[str, Any], prefix: str) -> Any:
    hints = get_type_hints(cls)
    return cls(**{f.name: _value(hints[f.name], tree[f.name], prefix + f.name) for f in fields(cls)})


def _value(hint: Any, value: Any, name: str) -> Any:
    if is_dataclass(hint):
        return _build(hint, value, f"{name}.")  # type: ignore[arg-type]
    origin = get_origin(hint)
    if origin is Literal:
        if value not in get_args(hint):
            raise ConfigError(f"{name}: got {value!r}, expected one of {', '.join(map(repr, get_args(hint)))}")
        return value
    if origin is tuple:
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{name}: got {value!r}, expected a list of strings")
        return tuple(value)
    if origin is dict:
        if not all(isinstance(item, str) for item in value.values()):
            raise ConfigError(f"{name}: got {value!r}, expected names as strings")
        return dict(sorted(value.items()))
    if origin in (Union, types.UnionType):
        return None if value is None else _value(get_args(hint)[0], value, name)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ConfigError(f"{name}: got {value!r}, expected {hint.__name__}")
    return value
