"""Benchmarks as commands: `python -m bench`. Every figure is a ratio taken within one run."""
