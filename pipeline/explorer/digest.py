"""What the report tells, chosen from the tables: camps, strongest viewpoints, quotations and disputes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.records import Argument, Kind, Membership, Speaker, SpeakerStanceLabel, Tables, Viewpoint
from pipeline.stances import stance_label

# Quotations of fewer characters seldom stand alone.
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Camp:
    """One person across articles and the side taken."""

    person_id: str
    name: str
    description: str
    stance: SpeakerStanceLabel
    n_arguments: int


class Digest:
    """Look-ups and choices over the tables of a run; copies of an article (`repeat_of`) do not count again."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.originals = [a for a in tables.articles if a.repeat_of is None]
        self.articles = {a.article_id: a for a in tables.articles}
        keep = {a.article_id for a in self.originals}
        self.arguments = [a for a in tables.arguments if a.article_id in keep]
        self._speakers = {(s.article_id, s.speaker_id): s for s in tables.speakers}
        self._members: dict[str, list[tuple[Argument, Membership]]] = defaultdict(list)
        memberships = {m.argument_id: m for m in tables.memberships}
        for argument in self.arguments:
            member = memberships.get(argument.argument_id)
            if member and member.viewpoint_id:
                self._members[member.viewpoint_id].append((argument, member))
        self.people = list(dict.fromkeys(self.speaker(a).person_id for a in self.arguments))
        self.camps = self._camps()

    @property
    def _shared(self) -> list[Viewpoint]:
        """The viewpoints without their themes, whose own arguments share no point."""
        themes = {v.parent_id for v in self.tables.viewpoints}
        return [v for v in self.tables.viewpoints if v.viewpoint_id not in themes]

    def speaker(self, argument: Argument) -> Speaker:
        """Return whose argument it is."""
        return self._speakers[argument.article_id, argument.speaker_id]

    def _camps(self) -> list[Camp]:
        by_person: dict[str, list[Argument]] = defaultdict(list)
        for argument in self.arguments:
            by_person[self.speaker(argument).person_id].append(argument)
        camps = []
        for person_id, arguments in by_person.items():
            speaker = self.speaker(arguments[0])
            sides = Counter(a.stance for a in arguments)
            described = "".join(filter(None, (speaker.affiliation, speaker.title)))
            side = stance_label(sides["pro"], sides["con"], sides["neu"])
            camps.append(Camp(person_id, speaker.name, described, side, len(arguments)))
        return sorted(camps, key=lambda c: (-c.n_arguments, c.name, c.person_id))

    def best_of(self, camp: Iterable[Camp], stance: str) -> Argument | None:
        """Return the surest argument of that stance by a member of the camp; one's own words before reports."""
        people = {c.person_id for c in camp}
        found = [
            a
            for a in self.arguments
            if a.stance == stance and a.kind != "evidence" and self.speaker(a).person_id in people
        ]
        return min(found, key=_quotable, default=None)

    def strongest(self, kind: Kind) -> list[Viewpoint]:
        """Return the viewpoints of one kind, those that most articles and voices make first."""
        found = [v for v in self._shared if v.kind == kind and self._members[v.viewpoint_id]]
        return sorted(found, key=lambda v: (-v.n_articles, -v.n_speakers, -v.size, v.viewpoint_id))

    def quotation(self, viewpoint: Viewpoint, chars: int, stance: str | None = None) -> Argument | None:
        """Return the argument that shows a viewpoint best, of at most `chars` characters where there is one."""
        place = {argument_id: i for i, argument_id in enumerate(viewpoint.exemplar_ids)}
        inside = [pair for pair in self._members[viewpoint.viewpoint_id] if stance in (None, pair[0].stance)]

        def rank(pair: tuple[Argument, Membership]) -> tuple[bool, int, float, str]:
            argument, member = pair
            fits = _SHORT <= len(argument.text) <= chars
            exemplar = place.get(argument.argument_id, len(place))
            return not fits, exemplar, -argument.confidence * member.similarity, argument.argument_id

        return min(inside, key=rank)[0] if inside else None

    def disputes(self, chars: int) -> list[tuple[Viewpoint, Argument, Argument]]:
        """Return viewpoints that voices take opposite sides on, the most even and largest first, with both sides."""
        found = []
        for viewpoint in self._shared:
            pro = self.quotation(viewpoint, chars, "pro")
            con = self.quotation(viewpoint, chars, "con")
            if pro and con:
                found.append((viewpoint, pro, con))
        return sorted(found, key=lambda d: (-min(d[0].n_pro, d[0].n_con), -d[0].size, d[0].viewpoint_id))


def _quotable(argument: Argument) -> tuple[bool, bool, float, str]:
    fits = _SHORT <= len(argument.text) <= 90
    return not fits, argument.mode != "direct", -argument.confidence * argument.stance_confidence, argument.argument_id


def names(camps: Sequence[Camp]) -> list[str]:
    """Return the names of a camp, most arguments first."""
    return [camp.name for camp in camps]
