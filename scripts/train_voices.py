"""Learn the judge of voices alone, without the classifiers of kinds.

    python scripts/train_voices.py OUT FILE…

FILE holds annotated articles in the format of `corpus/gold` (`scripts/join_standoff.py` makes one of the stand-off
labels); OUT is the folder for `voices.json` and `voices.safetensors`. Takes some two minutes for 3,000 articles.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.article.speakers import build_voice_tools
from pipeline.gold import read_gold
from pipeline.training_voices import train_judge


def main(arguments: list[str]) -> int:
    """Read the articles, learn and write; return 1 when they hold too few voices."""
    if len(arguments) < 2:
        sys.stdout.write(__doc__ or "")
        return 2
    out, *files = map(Path, arguments)
    gold = [article for path in files for article in read_gold(path)]
    judge = train_judge(gold, build_voice_tools(None), out)
    if judge is None:
        sys.stdout.write(f"{len(gold)} articles hold too few annotated voices; nothing was written\n")
        return 1
    sys.stdout.write(f"{len(gold)} articles, threshold {judge.threshold}, written to {out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
