"""Settings: defaults, a user's file over them, and every refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_config
from pipeline.errors import ConfigError


def test_defaults_load() -> None:
    config = load_config()
    assert config.profile == "best"
    assert 0 <= config.arguments.min_confidence < 1


def test_file_and_options_override(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text('[viewpoints]\ngranularity = 2\n[ingest.columns]\n"文章内容" = "text"\n', encoding="utf-8")
    config = load_config(path, profile="fast")
    assert config.profile == "fast"
    assert config.viewpoints.granularity == 2.0
    assert config.ingest.columns == {"文章内容": "text"}
    assert config.viewpoints.seed == load_config().viewpoints.seed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("granularty = 1", "unknown setting granularty"),
        ("[viewpoints]\ngranularty = 1", "unknown setting viewpoints.granularty"),
        ('[viewpoints]\ngranularity = "x"', "viewpoints.granularity"),
        ('profile = "quick"', "profile"),
        ("viewpoints = 3", "is a section"),
        ('[words]\nuser_words = "x"', "words.user_words"),
        ("[viewpoints", "expected a settings file"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_config(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="check the path"):
        load_config(tmp_path / "none.toml")


def test_fingerprint_follows_every_setting() -> None:
    assert load_config().fingerprint() == load_config().fingerprint()
    assert load_config().fingerprint() != load_config(viewpoints={"seed": 8}).fingerprint()
