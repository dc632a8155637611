"""Register: who is who in one article, from the first full name to `王总` and `他`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.article.mentions import Mention, clean_affiliation
from pipeline.ids import content_id
from pipeline.records import Speaker, SpeakerKind

_KINDS: dict[str, SpeakerKind] = {
    "person": "person",
    "organisation": "organisation",
    "group": "group",
    "anonymous": "anonymous",
    "work": "organisation",
}


@dataclass(slots=True)
class Entry:
    """One voice of the article as far as it is known."""

    index: int
    name: str
    kind: SpeakerKind
    title: str | None = None
    affiliation: str | None = None
    last: int = -1
    places: list[int] = field(default_factory=list)


class Register:
    """The voices of one article in the order of their first words."""

    def __init__(self, short_forms: Mapping[str, str] | None = None) -> None:
        self._short_forms = dict(short_forms or {})
        self.entries: list[Entry] = []
        self._names: dict[str, int] = {}
        self._surnames: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._recent: int | None = None
        self._recent_person: int | None = None

    def resolve(self, mention: Mention, offset: int, nearest: tuple[int, Mention] | None = None) -> Entry | None:
        """Return the entry that a mention means, made when it is new; None for a pronoun without antecedent.

        `nearest` is the person named last before a pronoun, with the offset: it is meant unless a voice spoke since.
        """
        if mention.kind == "pronoun":
            entry = self._antecedent(mention)
            many = mention.name in ("他们", "她们")
            if nearest is not None and (entry is None or nearest[0] > entry.last) and not many:
                entry = self._named(nearest[1])
        elif mention.kind == "anaphor":
            entry = self._same_head(mention)
        else:
            entry = self._named(mention)
        if entry is not None:
            self.note(entry, offset)
        return entry

    def note(self, entry: Entry, offset: int) -> None:
        """Remember that a voice was named here: later pronouns mean the last one named."""
        entry.last = offset
        self._recent = entry.index
        if entry.kind in ("person", "anonymous", "group"):
            self._recent_person = entry.index

    def _antecedent(self, mention: Mention) -> Entry | None:
        if mention.name in ("他们", "她们"):
            # More than one: the last group or body that spoke, never a single person.
            several = (entry for entry in self.entries[-30:] if entry.kind in ("group", "organisation"))
            return max(several, key=lambda entry: entry.last, default=None)
        index = self._recent if mention.name in ("其", "它", "对方", "双方") else self._recent_person
        return None if index is None else self.entries[index]

    def _same_head(self, mention: Mention) -> Entry | None:
        """`该负责人`, `这位经理`: the last voice whose name or title ends alike, else the last one without a name."""
        head = mention.name
        for back in range(1, min(len(self.entries), 30) + 1):
            entry = self.entries[-back]
            if entry.name.endswith(head[-2:]) or (entry.title or "").endswith(head[-2:]):
                return entry
        if head.removeprefix("该") in ("公司", "集团"):
            return next((entry for entry in reversed(self.entries) if entry.kind == "organisation"), None)
        if self._recent is not None:
            return self.entries[self._recent]
        return self._add(Mention(head, "group"))

    def _named(self, mention: Mention) -> Entry:
        name = self._short_forms.get(mention.name, mention.name)
        if name != mention.name:
            mention = replace(mention, name=name)
        index = self._names.get(name)
        if index is None and mention.kind in ("person", "anonymous"):
            index = self._short_form(mention)
        if index is None:
            return self._add(mention)
        entry = self.entries[index]
        entry.title = entry.title or mention.title
        entry.affiliation = entry.affiliation or mention.affiliation
        return entry

    def _short_form(self, mention: Mention) -> int | None:
        """`王总` after `王小川`, `阿诺德` after `苏珊·阿诺德`."""
        name = mention.name
        if mention.title and name.endswith(mention.title) and len(name) - len(mention.title) <= 2:
            return self._surnames.get(name[: -len(mention.title)])
        if mention.kind == "anonymous" and mention.title and name.endswith(mention.title):
            # `该公司首席执行官` after `首席执行官安娜·凯勒`
            return next((e.index for e in reversed(self.entries) if e.title and mention.title in e.title), None)
        return self._parts.get(name)

    def _add(self, mention: Mention) -> Entry:
        kind = _KINDS.get(mention.kind, "anonymous")
        entry = Entry(len(self.entries), mention.name, kind, mention.title, mention.affiliation)
        self.entries.append(entry)
        self._names[mention.name] = entry.index
        if kind == "person":
            self._surnames[mention.name[:1]] = entry.index
            for part in mention.name.replace("・", "·").replace("•", "·").replace(" ", "·").split("·"):
                if len(part) >= 2:
                    self._parts.setdefault(part, entry.index)
            if len(mention.name) == 3 and mention.name.isalpha() and not mention.name.isascii():
                self._parts.setdefault(mention.name[1:], entry.index)
        return entry


def person_id(name: str, kind: SpeakerKind) -> str:
    """Return an id that is the same for the same named voice in every article."""
    plain = name.replace("・", "·").replace("•", "·").casefold()
    return content_id("p", "organisation" if kind == "organisation" else "voice", plain)


def build_speakers(
    article_id: str, author: Speaker, entries: Sequence[Entry], used: Sequence[int]
) -> tuple[Speaker, ...]:
    """Return the author and the voices that have words in the article, in the order of their first words."""
    speakers = [author]
    for index in used:
        entry = entries[index]
        local = entry.kind in ("group", "anonymous")
        speakers.append(
            Speaker(
                article_id=article_id,
                speaker_id=speaker_id(article_id, entry),
                name=entry.name,
                title=entry.title,
                affiliation=clean_affiliation(entry.affiliation),
                kind=entry.kind,
                # An unnamed source of one article is not the one of another.
                person_id=content_id("p", article_id, entry.name) if local else person_id(entry.name, entry.kind),
            )
        )
    return tuple(speakers)


def speaker_id(article_id: str, entry: Entry) -> str:
    """Return the id of a voice within its article."""
    return content_id("s", article_id, entry.kind, entry.name)
