"""Pack trained word vectors as the shipped model of `pipeline/viewpoints/static` (model2vec format).

    python -m bench._pack_viewpoint_vectors words.npz dev.jsonl pipeline/viewpoints/static

`words.npz` holds `words` (n), `vectors` (n, d) and `counts` (n) of a corpus of commentary. Steps: centre on the mean
word of running text, scale to length 1, rotate to the 96 strongest directions, remove the common direction of weighted
sentences (Arora et al. 2017, "A simple but tough-to-beat baseline"), weight by a/(a+p) and salience, round to 8 bits.
The salience of a word says how often readers keep it when they put a segment into a phrase (the `viewpoint` phrases of
`dev.jsonl`, without the articles of `viewpoints_dev.tsv`), at most 1: words of reporting and reasoning get little,
words of content all.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import rjieba
from safetensors.numpy import save_file

from pipeline.script import simplify
from pipeline.viewpoints.encode import content_words

POINTS = Path(__file__).resolve().parents[1] / "corpus" / "gold" / "viewpoints_dev.tsv"

DIMENSIONS = 96  # 64, 96 and 128 score alike on the development set; 96 leaves room
SMOOTHING = 1e-3  # a of a/(a+p): 1e-3 beat 1e-4 and 1e-5 on the development set


def main(source: Path, annotated: Path, folder: Path) -> None:
    data = np.load(source, allow_pickle=False)
    keep = [i for i, word in enumerate(data["words"]) if any(c.isalnum() for c in str(word))]
    words = [str(data["words"][i]) for i in keep]
    counts = data["counts"][keep].astype(np.float64)
    vectors = data["vectors"][keep].astype(np.float64)
    total = float(data["counts"].sum())
    vectors -= (vectors * counts[:, None]).sum(axis=0) / counts.sum()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    axes = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :DIMENSIONS]
    vectors = vectors @ (axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMENSIONS)]))
    weights = SMOOTHING / (SMOOTHING + counts / total)
    salience = _salience(annotated, words)
    common = _common_direction(vectors, counts / total, weights)
    vectors -= np.outer(vectors @ common, common)
    scale = np.abs(vectors).max() / 127
    embeddings = np.vstack([np.zeros((1, DIMENSIONS)), np.round(vectors / scale)]).astype(np.int8)
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        "embeddings": embeddings,
        "weights": np.concatenate([[0], weights * salience * scale]).astype(np.float32),
        "salience": np.concatenate([[1], salience]).astype(np.float32),
        "frequencies": np.concatenate([[0], counts / total]).astype(np.float32),
    }
    save_file(tensors, folder / "model.safetensors")
    vocabulary = {"[UNK]": 0, **{word: i + 1 for i, word in enumerate(words)}}
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(vocabulary), ensure_ascii=False), encoding="utf-8")
    config = {
        "model_type": "model2vec", "architectures": ["StaticModel"], "hidden_dim": DIMENSIONS, "normalize": True,
        "language": ["zh"], "embedding_dtype": "int8", "seq_length": 1000000, "apply_zipf": False,
        "pca_dims": DIMENSIONS,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def _common_direction(vectors: np.ndarray, shares: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the first direction of the means of weighted words in simulated sentences (20,000 of 12 draws, seed 7)."""
    draws = np.random.default_rng(7).choice(len(vectors), size=(20_000, 12), p=shares / shares.sum())
    sentences = np.einsum("sw,swd->sd", weights[draws], vectors[draws])
    sentences /= np.linalg.norm(sentences, axis=1, keepdims=True)
    return np.linalg.eigh(sentences.T @ sentences)[1][:, -1]


def _salience(annotated: Path, words: list[str]) -> np.ndarray:
    """Return how much more often a word stands in a phrase than words do on average, smoothed by 20, at most 1."""
    held_out = {line.split("\t")[0] for line in POINTS.read_text(encoding="utf-8").splitlines()[1:]}
    cut = rjieba.Jieba().cut
    seen: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for line in annotated.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        if article["key"] in held_out:
            continue
        for part in article["segments"]:
            if part.get("viewpoint"):
                seen.update(set(content_words(simplify(article["text"][part["start"] : part["end"]]), cut)))
                kept.update(set(content_words(simplify(part["viewpoint"]), cut)))
    mean = kept.total() / seen.total()
    return np.asarray([min(1.0, (kept[w] + 20 * mean) / (seen[w] + 20) / mean) for w in words])


def _tokenizer(vocabulary: dict[str, int]) -> dict[str, object]:
    special = {"id": 0, "content": "[UNK]", "single_word": False, "lstrip": False, "rstrip": False}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{**special, "normalized": False, "special": True}],
        "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None,
        "decoder": None, "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
