"""Run every benchmark, or those named: ``python -m bench [reading …]``; JSON to stdout."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys

import bench


def main() -> None:
    """Measure and print one JSON object per benchmark."""
    names = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))
    wanted = sys.argv[1:] or names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        sys.exit(f"bench: got {', '.join(unknown)}; expected some of {', '.join(names)}")
    for name in wanted:
        result = importlib.import_module(f"bench.{name}").measure()
        sys.stdout.write(json.dumps({name: result}, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
