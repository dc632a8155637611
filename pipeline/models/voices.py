"""The judge of voices: how likely a segment holds somebody else's words, and how likely a name is its voice.

Small parts, all numpy: the style of the sentence (a logistic regression over hashed character n-grams) goes, with what
the rules found, into gradient-boosted trees (Friedman 2001, Annals of Statistics 29(5)); another logistic regression
weighs the candidates for the name. The first member was learned on all articles, each further one without one fold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError
from pipeline.models.features import Floats
from pipeline.models.store import read_model

Ints = npt.NDArray[np.int64]
STYLE_SHAPE = (256, 128)  # 32,768 slots; twice as many scored no better
_SLOTS = np.uint64(STYLE_SHAPE[0] * STYLE_SHAPE[1])
_SHIFTS = (-2, -1, 1, 2)
_WINDOW = 7


@dataclass(frozen=True, slots=True)
class VoiceMember:
    """Weights of one judge.

    `style` has one weight per slot; `feature`, `threshold`, `left`, `right` and `value` describe the nodes of all trees
    (a leaf leads to itself; children count from the first node of all), `roots` where each tree begins.
    """

    style: Floats
    style_bias: float
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: Floats
    roots: Ints
    bias: float
    names: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class VoiceModel:
    """A judge with its threshold; `columns` is the number of columns that it reads, `depth` that of the trees."""

    members: tuple[VoiceMember, ...]
    threshold: float
    columns: int
    depth: int
    active: int = 0

    def chances(
        self, plain: str, spans: Sequence[tuple[int, int]], *, paragraphs: Sequence[int], values: Floats
    ) -> list[float]:
        """Return the probability of each segment that its words are not the author's.

        Raises
        ------
        ConfigError
            If the weights were learned from other columns than `values` has.
        """
        if values.shape[1] != self.columns:
            raise ConfigError(
                f"voices: weights for {self.columns} columns, the reading gives {values.shape[1]}; expected weights of "
                "this version; train again with `lunheng train`"
            )
        member = self.members[self.active]
        style = style_scores(member.style, member.style_bias, plain, spans)
        rows = np.hstack([values, style_columns(style, paragraphs)])
        return sigmoid(tree_scores(member, rows, self.depth)).tolist()  # type: ignore[no-any-return]

    def name_chance(self, signs: Mapping[str, float]) -> float:
        """Return how likely a candidate with these signs is the voice of a segment that is not the author's."""
        weights = self.members[self.active].names
        score = sum(value * weights.get(name, 0.0) for name, value in signs.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))

    def without_fold(self, fold: int) -> VoiceModel:
        """Return the judge that did not see the articles of `fold`."""
        return replace(self, active=1 + fold)


def sigmoid(scores: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the logistic function of `scores`."""
    out: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(scores.astype(np.float64), -30.0, 30.0)))
    return out


def slots(plain: str) -> tuple[Ints, Ints, Ints]:
    """Return the slots of the single characters, pairs and triples that begin at each character of `plain`."""
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    padded = np.r_[codes, np.zeros(2, np.uint64)]
    one = codes * np.uint64(2654435761)
    two = one + padded[1:-1] * np.uint64(2246822519) + np.uint64(7)
    three = two * np.uint64(31) + padded[2:] * np.uint64(3266489917)
    return _mixed(one), _mixed(two), _mixed(three)


def _mixed(codes: npt.NDArray[np.uint64]) -> Ints:
    codes = (codes ^ (codes >> np.uint64(15))) * np.uint64(2246822519)
    return ((codes ^ (codes >> np.uint64(13))) % _SLOTS).astype(np.int64)


def style_scores(style: Floats, bias: float, plain: str, spans: Sequence[tuple[int, int]]) -> Floats:
    """Return one score per segment: the weights of its n-grams, summed and brought to one length."""
    starts = np.array([start for start, _ in spans])
    ends = np.array([end for _, end in spans])
    total = np.zeros(len(spans))
    for shorter, slot in enumerate(slots(plain)):
        sums = np.r_[0.0, np.cumsum(style[slot], dtype=np.float64)]
        total += sums[np.maximum(ends - shorter, starts)] - sums[starts]
    scores: Floats = (total / np.sqrt(3.0 * (ends - starts)) + bias).astype(np.float32)
    return scores


def style_columns(scores: Floats, paragraphs: Sequence[int]) -> Floats:
    """Return the scores with those of the paragraph, the article and the neighbours."""
    n = len(scores)
    paragraph = np.asarray(paragraphs)
    mean = np.bincount(paragraph, weights=scores) / np.maximum(1, np.bincount(paragraph))
    columns = [scores, mean[paragraph], np.full(n, scores.mean())]
    for shift in _SHIFTS:
        moved = np.full(n, -9.0)
        if 0 < shift < n:
            moved[:-shift] = scores[shift:]
        elif shift < 0 and -shift < n:
            moved[-shift:] = scores[:shift]
        columns.append(moved)
    half = _WINDOW // 2
    columns.append(np.convolve(scores, np.ones(_WINDOW) / _WINDOW)[half : half + n])
    return np.stack(columns, axis=1).astype(np.float32)


def tree_scores(member: VoiceMember, rows: Floats, depth: int) -> npt.NDArray[np.float64]:
    """Return the sum of the trees for each row (log-odds)."""
    node = np.broadcast_to(member.roots, (len(rows), len(member.roots)))
    at = np.arange(len(rows))[:, None]
    for _ in range(depth):
        goes_left = rows[at, member.feature[node]] <= member.threshold[node]
        node = np.where(goes_left, member.left[node], member.right[node])
    total: npt.NDArray[np.float64] = member.value[node].sum(axis=1, dtype=np.float64) + member.bias
    return total


_ARRAYS = ("feature", "threshold", "left", "right", "value", "sizes")


def voice_arrays(members: Sequence[VoiceMember]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays that the store keeps; the nodes of each tree are counted from its root."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for k, member in enumerate(members):
        sizes = np.diff(np.r_[member.roots, len(member.feature)])
        base = np.repeat(member.roots, sizes)
        parts = (member.feature, member.threshold, member.left - base, member.right - base, member.value, sizes)
        arrays |= {f"{k}.{name}": part.astype(np.float32) for name, part in zip(_ARRAYS, parts, strict=True)}
        arrays[f"{k}.style"] = member.style.reshape(STYLE_SHAPE)
    return arrays


def load_voices(folder: Path) -> tuple[VoiceModel, str]:
    """Load the judge of `folder` and the digest of its weights.

    Raises
    ------
    ConfigError
        If the weights are missing, damaged or of another version.
    """
    arrays, settings = read_model(folder, "voices")
    members = tuple(_member(arrays, k, settings["members"][k]) for k in range(len(settings["members"])))
    model = VoiceModel(members, settings["threshold"], settings["columns"], settings["depth"])
    return model, f"voices {settings['sha256']} {settings['threshold']} {settings['members']}"


def _member(arrays: Mapping[str, Floats], k: int, settings: Mapping[str, Any]) -> VoiceMember:
    parts = {name: arrays[f"{k}.{name}"] for name in _ARRAYS}
    sizes = parts["sizes"].astype(np.int64)
    roots = np.r_[0, np.cumsum(sizes)[:-1]].astype(np.int64)
    base = np.repeat(roots, sizes)
    return VoiceMember(
        style=arrays[f"{k}.style"].reshape(-1),
        style_bias=settings["style_bias"],
        feature=parts["feature"].astype(np.int64),
        threshold=parts["threshold"],
        left=parts["left"].astype(np.int64) + base,
        right=parts["right"].astype(np.int64) + base,
        value=parts["value"],
        roots=roots,
        bias=settings["bias"],
        names=settings["names"],
    )
