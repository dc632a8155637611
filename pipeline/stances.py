"""Which side a voice is on, by counting its arguments: one rule for the table of stances, the report and the page."""

from __future__ import annotations

from pipeline.records import SpeakerStanceLabel

# Both were the best of a grid on the voices of 457 annotated articles, and on either half of them. The page repeats
# them (`explorer/static/app/02-data.js`, function `L.side`); a test compares.
MIXED_SHARE = 0.15  # a voice is mixed when each side holds at least this share of its arguments that take a side
SIDE_SHARE = 0.03  # a voice takes a side when at least this share of its arguments does


def stance_label(n_pro: float, n_con: float, n_neu: float) -> SpeakerStanceLabel:
    """Return the stance that counts (or weights) of pro, con and neutral arguments add up to."""
    sides = n_pro + n_con
    if sides == 0 or sides < SIDE_SHARE * (sides + n_neu):
        return "neu"
    if min(n_pro, n_con) >= MIXED_SHARE * sides:
        return "mixed"
    return "pro" if n_pro > n_con else "con"
