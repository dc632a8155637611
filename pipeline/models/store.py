"""Weights on disk: one ``.safetensors`` file of arrays and one ``.json`` of settings with its digest. No pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from pipeline.atomic import write_atomically
from pipeline.errors import ConfigError

Arrays = Mapping[str, npt.NDArray[Any]]
FORMAT = 1


def write_model(folder: Path, name: str, arrays: Arrays, settings: Mapping[str, Any]) -> None:
    """Write the model `name` to `folder`; the same content gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = save({key: np.ascontiguousarray(arrays[key]) for key in sorted(arrays)})
    meta = {"format": FORMAT, "sha256": hashlib.sha256(weights).hexdigest(), **settings}
    write_atomically(folder / f"{name}.safetensors", weights)
    text = json.dumps(meta, ensure_ascii=False, indent=0, sort_keys=True)
    write_atomically(folder / f"{name}.json", text.encode("utf-8"))


def read_model(folder: Path, name: str) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Read the model `name` from `folder`.

    Raises
    ------
    ConfigError
        If a file is missing, damaged or of another format; the message names it.
    """
    remedy = "train again with `lunheng train`, or leave the setting arguments.model at its default"
    path = folder / f"{name}.json"
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        weights = path.with_suffix(".safetensors").read_bytes()
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}; expected the model {name}; {remedy}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: {error}; expected the settings of a model; {remedy}") from error
    if settings.get("format") != FORMAT:
        raise ConfigError(f"{path}: format {settings.get('format')!r}, expected {FORMAT}; {remedy}")
    if hashlib.sha256(weights).hexdigest() != settings.get("sha256"):
        raise ConfigError(f"{path.with_suffix('.safetensors')}: not the weights that {path.name} describes; {remedy}")
    try:
        arrays = load(weights)
    except SafetensorError as error:
        raise ConfigError(f"{path.with_suffix('.safetensors')}: {error}; expected safetensors; {remedy}") from error
    return arrays, settings
