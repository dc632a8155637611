"""Static word vectors: the shipped model, and any other that a folder holds.

The shipped model is a model2vec folder (`tokenizer.json`, `model.safetensors`, `config.json`) with one vector per word
of Chinese commentary; its weights stress content over cue words. It is read here with numpy alone; another model is
loaded by its own library, found by what lies in the folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file

from pipeline.errors import ConfigError
from pipeline.viewpoints.encode import Cut, Matrix, content_words, count_matrix, encode_tfidf, unit_rows


class Encoder(Protocol):
    """Texts to unit vectors."""

    def __call__(self, texts: Sequence[str], cut: Cut) -> Matrix:
        """Return one unit row per text, shape (n, d); a text without a known word gets a zero row."""


UNKNOWN = 6.0  # rarity of a word outside the vocabulary: mostly a name, which makes no point


@dataclass(frozen=True)
class WordModel:
    """One weighted vector per word; also an `Encoder`.

    `frequencies` are shares of running text; `salience` is near 0 for words that readers leave out when they put a
    sentence into a phrase (reporting, reasoning, time) and 1 for words of content.
    """

    vocabulary: dict[str, int]
    vectors: npt.NDArray[np.float32]
    frequencies: npt.NDArray[np.float32]
    salience: npt.NDArray[np.float32]

    def __call__(self, texts: Sequence[str], cut: Cut) -> Matrix:
        """Return the direction of the summed vectors of the different words of each text."""
        bags = [sorted({piece for word in content_words(text, cut) for piece in self.pieces(word)}) for text in texts]
        counts = count_matrix(bags, self.vocabulary).astype(np.float32)  # else every call copies all vectors as float64
        return unit_rows(np.asarray(counts @ self.vectors, dtype=np.float64))

    def pieces(self, word: str) -> list[str]:
        """Return `word` where it is known, else the longest known words it is made of, from the left."""
        if word in self.vocabulary:
            return [word]
        if word.isascii():
            return [word]
        found, start = [], 0
        while start < len(word):
            end = next(
                (e for e in range(min(len(word), start + 6), start, -1) if word[start:e] in self.vocabulary), None
            )
            if end is not None:
                found.append(word[start:end])
            start = end or start + 1
        return found

    def rarity(self, word: str) -> float:
        """Return how much `word` tells: -log of its share of running text, 0 to about 13, times its salience."""
        index = self.vocabulary.get(word)
        if index is None:
            return UNKNOWN
        return max(0.0, -float(np.log(20 * (self.frequencies[index] + 1e-7)))) * float(self.salience[index])


@lru_cache(maxsize=1)
def shipped_model() -> WordModel:
    """Load the word vectors that come with the package (about 0.2 s)."""
    folder = resources.files("pipeline") / "viewpoints" / "static"
    with resources.as_file(folder) as path:
        tensors = load_file(path / "model.safetensors")
        tokenizer = json.loads((path / "tokenizer.json").read_text(encoding="utf-8"))
    vectors = tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None]
    return WordModel(tokenizer["model"]["vocab"], vectors, tensors["frequencies"], tensors["salience"])


def load_encoder(vectors: str) -> Encoder:
    """Return the encoder that the setting `viewpoints.vectors` names.

    Parameters
    ----------
    vectors : str
        ``shipped``, ``tfidf``, or the folder of a model2vec or sentence-transformers model.

    Raises
    ------
    ConfigError
        If the folder is no such model, or the library that reads it is not installed; the message names the remedy.
    """
    if vectors in ENCODERS:
        return ENCODERS[vectors]()
    folder = Path(vectors)
    if not folder.is_dir():
        raise ConfigError(
            f"viewpoints.vectors: {vectors}: no such folder; expected one of {', '.join(ENCODERS)} "
            "or the folder of a model2vec or sentence-transformers model"
        )
    if (folder / "model.safetensors").is_file() and (folder / "tokenizer.json").is_file():
        kind = (
            json.loads((folder / "config.json").read_text(encoding="utf-8"))
            if (folder / "config.json").is_file()
            else {}
        )
        if kind.get("model_type") == "model2vec" or kind.get("architectures") == ["StaticModel"]:
            return _model2vec(folder)
    if (folder / "modules.json").is_file():
        return _sentence_transformers(folder)
    held = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
    raise ConfigError(
        f"viewpoints.vectors: {folder}: holds {held}; expected "
        "model.safetensors, tokenizer.json and config.json (model2vec) or modules.json (sentence-transformers)"
    )


def _model2vec(folder: Path) -> Encoder:
    try:
        from model2vec import StaticModel
    except ImportError as error:
        raise ConfigError(
            f"viewpoints.vectors: {folder} is a model2vec model; install the extra: pip install 'lunheng[vectors]'"
        ) from error
    try:
        model = StaticModel.from_pretrained(folder, force_download=False)
    except (ValueError, KeyError, OSError, SafetensorError) as error:
        raise ConfigError(
            f"viewpoints.vectors: {folder}: {error}; expected a model2vec model; save it again"
        ) from error
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    by_words = tokenizer["model"]["type"] == "WordLevel"  # cannot cut Chinese itself: give it our words

    def encode(texts: Sequence[str], cut: Cut) -> Matrix:
        given = [" ".join(content_words(text, cut)) for text in texts] if by_words else list(texts)
        return _plain(model.encode(given, use_multiprocessing=False)) if given else np.zeros((0, model.dim), np.float32)

    return encode


def _sentence_transformers(folder: Path) -> Encoder:
    try:
        from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise ConfigError(
            f"viewpoints.vectors: {folder} is a sentence-transformers model; pip install sentence-transformers"
        ) from error
    model = SentenceTransformer(str(folder))

    def encode(texts: Sequence[str], cut: Cut) -> Matrix:  # noqa: ARG001 - it has a tokenizer of its own
        return _plain(model.encode(list(texts), show_progress_bar=False))

    return encode


def _plain(rows: Any) -> Matrix:
    return unit_rows(np.nan_to_num(np.asarray(rows, dtype=np.float64)))


ENCODERS: dict[str, Callable[[], Encoder]] = {"shipped": shipped_model, "tfidf": lambda: encode_tfidf}
