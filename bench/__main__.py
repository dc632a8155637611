"""Run the benchmarks: ``python -m bench [reading growth …] [--large]``; a table to stderr, JSON to stdout.

``--large`` adds the sizes that take long: 20,000 articles, 200,000 arguments. Every comparison is taken within one run,
on the same text, so figures of different machines can be set side by side.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys

import bench


def main() -> None:
    """Measure, show the table and print one JSON object."""
    names = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))
    wanted = [name for name in sys.argv[1:] if name != "--large"] or names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        sys.exit(f"bench: got {', '.join(unknown)}; expected some of {', '.join(names)}, and --large")
    if "--large" in sys.argv[1:]:
        os.environ["BENCH_LARGE"] = "1"
    results = {}
    for name in wanted:
        module = importlib.import_module(f"bench.{name}")
        results[name] = module.measure()
        if hasattr(module, "headline"):
            for figure, value, target in module.headline(results[name]):
                sys.stderr.write(f"{name:<10} {figure:<64} {value:<28} {target}\n")
    sys.stdout.write(json.dumps(results, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
