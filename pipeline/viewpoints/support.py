"""Who stands behind a viewpoint: articles, voices, sides. Copies of an article count once."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Argument, Tables

EXEMPLARS = 3


class Support:
    """Counts the arguments of a run without the copies."""

    def __init__(self, tables: Tables) -> None:
        self._outlets = {a.article_id: a.outlet for a in tables.articles if a.outlet}
        self._copies = {a.article_id for a in tables.articles if a.repeat_of is not None}
        self._persons = {(s.article_id, s.speaker_id): s.person_id for s in tables.speakers}

    def person(self, argument: Argument) -> str:
        """Return the id of the voice across articles."""
        return self._persons.get((argument.article_id, argument.speaker_id), argument.speaker_id)

    def originals(self, arguments: Sequence[Argument]) -> list[Argument]:
        """Return the arguments that stand in no copy; all of them where only copies make the point."""
        return [a for a in arguments if a.article_id not in self._copies] or list(arguments)

    def count(self, arguments: Sequence[Argument]) -> tuple[int, int, int, int, int]:
        """Return arguments, articles, speakers, arguments for and arguments against."""
        own = self.originals(arguments)
        return (
            len(own),
            len({a.article_id for a in own}),
            len({self.person(a) for a in own}),
            sum(a.stance == "pro" for a in own),
            sum(a.stance == "con" for a in own),
        )

    def outlets(self, arguments: Sequence[Argument]) -> int:
        """Return how many different outlets brought the arguments; articles that name none count for none."""
        named = (self._outlets.get(a.article_id) for a in self.originals(arguments))
        return len({outlet for outlet in named if outlet is not None})

    def exemplars(self, arguments: Sequence[Argument]) -> tuple[str, ...]:
        """Return the ids of up to three arguments, in the order given but of different speakers first."""
        own = self.originals(arguments)
        first: dict[str, Argument] = {}
        for argument in own:
            first.setdefault(self.person(argument), argument)
        chosen = list(first.values())[:EXEMPLARS]
        chosen += [a for a in own if a not in chosen][: EXEMPLARS - len(chosen)]
        return tuple(a.argument_id for a in chosen)
