"""Every test that docs/promises.md names exists, and its settings are those of the defaults."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.config import load_config

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")


def test_every_named_test_exists() -> None:
    named = re.findall(r"`(tests/\w+\.py)(?:::(\w+))?`", TEXT)
    assert len(named) > 10
    for file, function in named:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert not function or f"def {function}(" in source, f"{file}::{function}"


def test_every_promise_names_a_test() -> None:
    table = TEXT.split("|---|---|---|\n")[1].split("\n\n")[0]
    assert all("`tests/" in row for row in table.splitlines())


def test_stated_settings_are_the_defaults() -> None:
    config = load_config()
    assert f"`viewpoints.max_fitted` arguments ({config.viewpoints.max_fitted:,})" in TEXT
    assert f"`export.max_page_arguments` ({config.export.max_page_arguments:,} arguments" in TEXT
