"""Pre-train the network of kinds on raw articles, for `lunheng train --start OUT`. Needs PyTorch.

    python scripts/pretrain.py OUT FILE…

FILE holds plain articles with a blank line between them (plain or .xz). Articles of 400 to 5,000 characters that are
mostly Chinese are taken. Leave out the texts that you will measure on. 13,592 articles took fifteen minutes.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from join_standoff import read_texts

from pipeline.article.segments import segment_document
from pipeline.article.words import build_words
from pipeline.config import load_config
from pipeline.models import shipped_folder
from pipeline.models.features import word_key
from pipeline.models.network import tuned_rows
from pipeline.models.pretrain import cue_index, pretrain, raw_example, write_start
from pipeline.models.train import MAX_TUNED, shipped_vectors
from pipeline.records import Document
from pipeline.script import detect_script, simplify

_HAN = re.compile(r"[\u4e00-\u9fff]")


def segment_texts(text: str) -> list[str]:
    """Return the segments of a normalised article."""
    plain = simplify(text)
    document = Document(article_id="raw", path="raw", text=text, script=detect_script(text))
    return [plain[segment.start : segment.end] for segment in segment_document(document, plain)]


def main(arguments: list[str]) -> int:
    """Read, learn and write."""
    if len(arguments) < 2:
        sys.stdout.write(__doc__ or "")
        return 2
    out, *files = map(Path, arguments)
    found = (text for file in files for text in read_texts(file) if 400 <= len(text) <= 5000)
    articles = [segment_texts(text) for text in found if len(_HAN.findall(text)) >= 0.66 * len(text)]
    cutter = build_words(load_config().words, None)
    words, matrix = shipped_vectors(shipped_folder())
    rows = {word: row for row, word in enumerate(words, start=2)}
    counts = Counter(
        key for texts in articles for text in texts for word in cutter.pieces(text) if (key := word_key(word)) in rows
    )
    moved = sorted(sorted(counts, key=lambda word: (-counts[word], word))[:MAX_TUNED])
    index = cue_index(articles)
    examples = [raw_example(texts, cutter.pieces, rows, index) for texts in articles if texts]
    table = np.vstack([np.zeros((2, matrix.shape[1]), np.float32), matrix])
    write_start(out, pretrain(examples, table, len(index), tuned=tuned_rows(rows, moved, len(table))), moved)
    sys.stdout.write(f"{len(examples)} articles, {len(index)} cues, written to {out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
