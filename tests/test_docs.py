"""What the README promises exists: make goals, sub-commands, options, files, pictures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CODE = (
    "\n".join(re.findall(r"```(?:sh|bash|console)\n(.*?)```", README, re.S))
    + "\n"
    + "\n".join(re.findall(r"`([^`\n]+)`", README))
)


def goals() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.M))


def test_every_make_goal_in_the_readme_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z-]+)", CODE))
    assert named
    assert named <= goals()


def test_make_help_lists_every_goal() -> None:
    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(f"make {goal}" in done.stdout for goal in goals())


def test_the_issue_of_the_readme_first_screen() -> None:
    head = "\n".join(README.splitlines()[:60])
    assert re.search(r"!\[[^\]]+\]\(docs/images/[\w-]+\.png\)", head), "one picture on the first screen"
    assert "\n| " in head, "one table on the first screen"
    assert "make test" in head


def test_every_file_the_readme_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.fixture(scope="module")
def sub_commands() -> dict[str, str]:
    def help_of(*arguments: str) -> str:
        command = [sys.executable, "-m", "pipeline", *arguments, "--help"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    names = re.findall(r"^  ([a-z]+)  ", help_of().split("Commands:")[1], re.M)
    return {name: help_of(name) for name in names}


def test_every_sub_command_and_option_in_the_readme_exists(sub_commands: dict[str, str]) -> None:
    used = re.findall(r"\blunheng ([a-z]+)\b([^`\n]*)", CODE)
    assert used
    for name, rest in used:
        assert name in sub_commands
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in sub_commands[name], f"lunheng {name} {option}"


def test_every_sub_command_is_in_the_readme(sub_commands: dict[str, str]) -> None:
    assert {name for name in sub_commands if f"lunheng {name}" not in README} == set()
