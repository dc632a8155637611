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
FORMAT = 2
# A float table with at least this many entries is kept as bytes with one scale per column.
_MIN_PACKED = 4096
_SCALE = "@scale"


def write_model(folder: Path, name: str, arrays: Arrays, settings: Mapping[str, Any]) -> None:
    """Write the model `name` to `folder`, large tables as bytes, the rest in half precision.

    The same content gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    packed: dict[str, npt.NDArray[Any]] = {}
    for key in sorted(arrays):
        packed |= _pack(key, arrays[key])
    weights = save({key: np.ascontiguousarray(packed[key]) for key in sorted(packed)})
    meta = {"format": FORMAT, "sha256": hashlib.sha256(weights).hexdigest(), **settings}
    write_atomically(folder / f"{name}.safetensors", weights)
    text = json.dumps(meta, ensure_ascii=False, indent=0, sort_keys=True)
    write_atomically(folder / f"{name}.json", text.encode("utf-8"))


def read_model(folder: Path, name: str) -> tuple[dict[str, npt.NDArray[np.float32]], dict[str, Any]]:
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
    return {key: _unpack(key, arrays) for key in arrays if not key.endswith(_SCALE)}, settings


def _pack(key: str, array: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
    if array.ndim < 2 or array.size < _MIN_PACKED:
        return {key: array.astype(np.float16)}
    scale = np.abs(array).max(axis=tuple(range(array.ndim - 1))) / 127.0
    scale = np.where(scale > 0, scale, 1.0).astype(np.float32)
    return {key: np.round(array / scale).astype(np.int8), key + _SCALE: scale}


def _unpack(key: str, arrays: Arrays) -> npt.NDArray[np.float32]:
    array = arrays[key].astype(np.float32)
    return array * arrays[key + _SCALE] if key + _SCALE in arrays else array
