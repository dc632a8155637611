"""Join stand-off labels with the texts they belong to, into a file that `lunheng train` reads.

    python scripts/join_standoff.py TEXTS OUT

TEXTS is a file of articles with a blank line between them (plain or .xz); labels: `corpus/standoff/commentary.jsonl`.
An article is known by the first 16 digits of the SHA-256 of its normalised text, so that labels without texts can be
passed on. OUT gets the annotated articles in the format of `corpus/gold`.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.normalise import normalise

KINDS = {
    "c": "cause", "r": "risk", "b": "benefit", "s": "strategy", "f": "forecast", "e": "evidence", "m": "claim",
}  # fmt: skip
LABELS = Path(__file__).resolve().parents[1] / "corpus" / "standoff" / "commentary.jsonl"


def read_texts(path: Path) -> Iterator[str]:
    """Yield the normalised articles of `path`."""
    data = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    for article in data.decode("utf-8", "replace").split("\n\n"):
        if article.strip():
            yield normalise(article.strip()).text


def segment(row: list[Any]) -> dict[str, Any]:
    """Return one segment in the format of the gold files."""
    start, end, kinds, speaker, stance, viewpoint = [*row, "", None, None, None][:6]
    found = {"start": start, "end": end, "kinds": [KINDS[letter] for letter in kinds]}
    return found | {"speaker": speaker, "stance": stance, "viewpoint": viewpoint}


def main() -> None:
    """Join and write."""
    if len(sys.argv) != 3:
        sys.exit("usage: join_standoff.py TEXTS OUT")
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    labels = {row["key"]: row for row in rows}
    found = 0
    with open(sys.argv[2], "w", encoding="utf-8") as sink:
        for text in read_texts(Path(sys.argv[1])):
            row = labels.pop(hashlib.sha256(text.encode()).hexdigest()[:16], None)
            if row is None:
                continue
            segments = [segment(item) for item in row["segments"]]
            article = {"key": row["key"], "title": "", "outlet": "", "date": "", "issue": row["issue"] or "-"}
            article |= {"speaker_stance": {}, "text": text, "segments": segments, "prices": []}
            sink.write(json.dumps(article, ensure_ascii=False) + "\n")
            found += 1
    sys.stdout.write(f"{found} articles joined, {len(labels)} labelled articles are not among the texts\n")


if __name__ == "__main__":
    main()
