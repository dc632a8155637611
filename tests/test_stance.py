"""Stance of voices."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.article.stance import speaker_stances
from pipeline.stances import MIXED_SHARE, SIDE_SHARE, stance_label
from tests.test_score import argument


def test_a_voice_that_only_criticises_is_con() -> None:
    (row,) = speaker_stances([argument(0, "risk", "con"), argument(2, "risk", "con")])
    assert (row.stance, row.n_con, row.n_pro) == ("con", 2, 0)


def test_a_voice_on_both_sides_is_mixed_and_one_on_none_neutral() -> None:
    assert stance_label(2, 2, 1) == "mixed"
    assert stance_label(0, 0, 5) == "neu"
    assert stance_label(5, 1, 2) == "mixed"
    assert stance_label(8, 1, 2) == "pro"
    assert stance_label(1, 0, 40) == "neu"


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_swapping_sides_swaps_the_label(pro: int, con: int, neu: int) -> None:
    swap = {"pro": "con", "con": "pro", "neu": "neu", "mixed": "mixed"}
    if pro != con:
        assert stance_label(con, pro, neu) == swap[stance_label(pro, con, neu)]


def test_the_page_decides_as_the_table_does() -> None:
    """The page's own copy of the rule holds the same two shares."""
    page = Path(__file__).resolve().parents[1] / "pipeline" / "explorer" / "static" / "app" / "02-data.js"
    rule = page.read_text("utf-8").split("L.side = ")[1].split("};")[0]
    assert f"< {SIDE_SHARE} * (sided + n.neu)" in rule
    assert f">= {MIXED_SHARE} * sided" in rule
