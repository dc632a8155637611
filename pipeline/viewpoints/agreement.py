"""Who agrees with whom: speakers by viewpoints, how much a viewpoint divides, and what both camps say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records import Argument, Tables
from pipeline.viewpoints.support import Support


@dataclass(frozen=True, slots=True)
class Agreement:
    """One viewpoint as its speakers see it; counts are of distinct voices, copies of articles left out.

    `controversy` is ``2 · min(pro, con) / (pro + con)``: 0 when all who take a side take the same one, 1 when they are
    evenly divided. A viewpoint is `bridging` when speakers of both camps make it (a camp: the side that most of a
    speaker's arguments take in the whole run).
    """

    viewpoint_id: str
    label: str
    n_pro: int
    n_con: int
    n_neu: int
    controversy: float
    n_camp_pro: int
    n_camp_con: int
    bridging: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Speakers by viewpoints: `cells[i][j]` is the number of arguments for minus against, None where silent."""

    persons: tuple[str, ...]
    names: tuple[str, ...]
    viewpoint_ids: tuple[str, ...]
    labels: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]


def measure_agreement(tables: Tables) -> tuple[Agreement, ...]:
    """Return the agreement on every viewpoint that has members, in the order of `tables.viewpoints`."""
    support = Support(tables)
    voices = _voices(tables, support)
    camps = _camps(tables.arguments, support)
    result = []
    for viewpoint in tables.viewpoints:
        sides = voices.get(viewpoint.viewpoint_id)
        if not sides:
            continue
        balance = {person: _side(stances) for person, stances in sides.items()}
        pro, con = (sum(side == name for side in balance.values()) for name in ("pro", "con"))
        camp_pro, camp_con = (sum(camps.get(person) == name for person in sides) for name in ("pro", "con"))
        divided = round(2 * min(pro, con) / (pro + con), 4) if pro + con else 0.0
        result.append(
            Agreement(
                viewpoint.viewpoint_id, viewpoint.label, pro, con, len(sides) - pro - con, divided,
                camp_pro, camp_con, camp_pro > 0 and camp_con > 0,
            )
        )  # fmt: skip
    return tuple(result)


def speaker_matrix(tables: Tables, *, max_speakers: int = 30, max_viewpoints: int = 30) -> Matrix:
    """Return who says what: the speakers with most viewpoints, the viewpoints with most speakers."""
    support = Support(tables)
    voices = _voices(tables, support)
    names = {s.person_id: s.name for s in reversed(tables.speakers)}
    shown = [v for v in tables.viewpoints if voices.get(v.viewpoint_id)]
    shown = sorted(shown, key=lambda v: (-len(voices[v.viewpoint_id]), v.viewpoint_id))[:max_viewpoints]
    reach: dict[str, int] = defaultdict(int)
    for viewpoint in shown:
        for person in voices[viewpoint.viewpoint_id]:
            reach[person] += 1
    persons = sorted(reach, key=lambda p: (-reach[p], names.get(p, p), p))[:max_speakers]
    cells = tuple(tuple(_balance(voices[v.viewpoint_id].get(person)) for v in shown) for person in persons)
    return Matrix(
        tuple(persons), tuple(names.get(p, p) for p in persons),
        tuple(v.viewpoint_id for v in shown), tuple(v.label for v in shown), cells,
    )  # fmt: skip


def _voices(tables: Tables, support: Support) -> dict[str, dict[str, list[str]]]:
    """Return viewpoint id to person to the stances of that person's arguments there."""
    arguments = {a.argument_id: a for a in tables.arguments}
    members: dict[str, list[Argument]] = defaultdict(list)
    themes = {v.parent_id for v in tables.viewpoints}  # what stands under a theme alone shares no point
    for membership in tables.memberships:
        if membership.viewpoint_id is not None and membership.viewpoint_id not in themes:
            members[membership.viewpoint_id].append(arguments[membership.argument_id])
    voices: dict[str, dict[str, list[str]]] = {}
    for identity, made in members.items():
        said: dict[str, list[str]] = defaultdict(list)
        for argument in support.originals(made):
            said[support.person(argument)].append(argument.stance)
        voices[identity] = dict(said)
    return voices


def _camps(arguments: Sequence[Argument], support: Support) -> dict[str, str]:
    said: dict[str, list[str]] = defaultdict(list)
    for argument in arguments:
        said[support.person(argument)].append(argument.stance)
    return {person: _side(stances) for person, stances in said.items()}


def _side(stances: Sequence[str]) -> str:
    balance = _balance(stances) or 0
    return "pro" if balance > 0 else "con" if balance < 0 else "neu"


def _balance(stances: Sequence[str] | None) -> int | None:
    return None if stances is None else stances.count("pro") - stances.count("con")
