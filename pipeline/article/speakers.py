"""Speakers: who says what in one article.

The steps: quotations, reporting clauses, who is meant by each, and how far each report goes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.article.attribution import Attributor, Continues
from pipeline.article.continuation import probability
from pipeline.article.dialogues import find_dialogue
from pipeline.article.digests import find_digest
from pipeline.article.draft import Draft, VoiceJudge
from pipeline.article.experts import find_lost_experts
from pipeline.article.interviews import Turn, find_turns
from pipeline.article.judged import judge_voices
from pipeline.article.mentions import Mention, MentionReader
from pipeline.article.monologues import find_monologue
from pipeline.article.page import Given, Page
from pipeline.article.people import find_people, introduced, short_forms
from pipeline.article.quoted import quote_voices
from pipeline.article.quotes import find_quotes
from pipeline.article.register import Register, build_speakers, speaker_id
from pipeline.article.reported import ReportFinder
from pipeline.article.resolution import mark_rebutted, resolve_reports
from pipeline.article.segments import iter_lines
from pipeline.article.voices import Voices
from pipeline.article.words import entity_names
from pipeline.ids import content_id
from pipeline.lexicon import Lexicon, compile_lexicon, load_raw
from pipeline.records import Attribution, Document, Segment, Speaker
from pipeline.script import simplify

__all__ = ["VoiceTools", "Voices", "build_voice_tools", "draft_voices", "find_voices"]


@dataclass(frozen=True)
class VoiceTools:
    """Compiled lexicons for finding voices; build it with `build_voice_tools`, once per worker.

    Without a `judge` the rules alone decide.
    """

    finder: ReportFinder
    titles: Lexicon
    hearsay: frozenset[str]
    rebuttal: re.Pattern[str]
    weights: Mapping[str, float]
    judge: VoiceJudge | None = None


def build_voice_tools(entities: Path | None, judge: VoiceJudge | None = None) -> VoiceTools:
    """Compile the lexicons that finding voices needs; `entities` extends the shipped companies and bodies."""
    import rjieba

    raw = load_raw("voices")
    terms: dict[str, list[str]] = {group: table["terms"] for group, table in raw.items() if "terms" in table}
    tagger = rjieba.Jieba()
    for group in load_raw("words").values():
        for term in group["terms"]:
            tagger.add_word(term, 2_000_000, "n")
    sets = {group: frozenset(words) for group, words in terms.items()}
    reader = MentionReader(
        titles=sets["titles"],
        groups=sets["groups"],
        organisations=tuple(sorted(terms["organisations"])),
        entities=frozenset(entity_names(entities)),
        author=sets["author"],
        surnames=frozenset(raw["surnames"]["single"]),
        compound=frozenset(raw["surnames"]["compound"]),
        common_surnames=frozenset(raw["surnames"]["common"]),
        after_surname=sets["after_surname"],
        never_in_names=sets["never_in_names"],
        tag=lambda text: tagger.tag(text, True),
        has_word=tagger.has_word,
        adverbs=sets["adverbs"],
        openers=sets["openers"],
        phrase_words=sets["phrase_words"],
        pronouns=sets["pronouns"],
        no_speaker=sets["no_speaker"],
        real_verbs=sets["real_verbs"],
        no_topic=sets["no_topic"],
    )
    verbs = compile_lexicon(
        "verbs of speech",
        {"figures": terms["figures"], "not_speech": terms["not_speech"], "say": terms["say"], "weak": terms["weak"]},
    )
    finder = ReportFinder(verbs, frozenset(terms["mental"]), reader)
    titles = compile_lexicon("titles", {"titles": [term for term in terms["titles"] if len(term) >= 2]})
    rebuttal = re.compile("|".join(map(re.escape, sorted(terms["rebuttal"], key=lambda term: (-len(term), term)))))
    return VoiceTools(finder, titles, frozenset(terms["hearsay"]), rebuttal, dict(raw.get("continuation", {})), judge)


def find_voices(document: Document, plain: str, segments: Sequence[Segment], tools: VoiceTools) -> Voices:
    """Find the speakers of an article and what each of them says.

    Parameters
    ----------
    document : Document
        The normalised article.
    plain : str
        Its text in simplified script, code point for code point.
    segments : sequence of Segment
        Its segments, in order.
    tools : VoiceTools
        The compiled lexicons.

    Returns
    -------
    Voices
        The speakers, the author first, and the attributions, sorted and without overlap.
    """
    return find_voices_with(document, plain, segments, tools, None)


def find_voices_with(
    document: Document, plain: str, segments: Sequence[Segment], tools: VoiceTools, continues: Continues | None
) -> Voices:
    """Find voices with another judge of continuations: fitting its weights needs to see every decision.

    `continues` gets the index of the segment, the name of the voice before it and the features, and returns a
    probability; the other parameters are those of `find_voices`.
    """
    author = _author(document)
    if not segments:
        return Voices((author,), ())
    draft = draft_voices(document, plain, segments, tools, continues)
    given = list(draft.given) if tools.judge is None else judge_voices(draft, tools.judge, tools.finder.reader)
    given = mark_rebutted(draft.page, given, draft.register, tools.rebuttal)
    entries = draft.register.entries
    used = list(dict.fromkeys(item.voice for item in given if item.voice is not None))
    speakers = build_speakers(document.article_id, author, entries, used)
    ids = {index: speaker_id(document.article_id, entries[index]) for index in used}
    attributions = tuple(
        Attribution(start, end, ids[item.voice], item.mode, item.cue, item.confidence)
        for (start, end), item in zip(draft.page.spans, given, strict=True)
        if item.voice is not None
    )
    return Voices(speakers, attributions)


def draft_voices(
    document: Document, plain: str, segments: Sequence[Segment], tools: VoiceTools, continues: Continues | None = None
) -> Draft:
    """Read the voices of an article by the rules alone; a judge learns from this and corrects it.

    `segments` is not empty; the parameters are those of `find_voices_with`.
    """
    shorts = short_forms(plain)
    register = Register(shorts)
    own = frozenset(simplify(name) for name in (document.author, document.outlet) if name) | _pen_names(plain)
    page = _page(plain, segments, tools, register, own=own)
    inside = [(quote.start + 1, quote.end - 1) for quote in page.quotes]
    known = introduced(plain, tools.finder.reader, tools.titles)
    known.update({name: Mention(name, "organisation") for pair in shorts.items() for name in pair if name not in known})
    reports = tools.finder.find(plain, page.spans, inside, known)
    people = find_people(plain, {n: m for n, m in known.items() if m.kind == "person"}, inside)
    resolved = resolve_reports(page, reports, register, people=people, hearsay=tools.hearsay)
    quoted = quote_voices(page, resolved, people=people, register=register)
    chances: dict[int, float] = {}

    def judge(i: int, name: str, found: Mapping[str, float]) -> float:
        chances[i] = continues(i, name, found) if continues else probability(found, tools.weights)
        return chances[i]

    attributor = Attributor(page, resolved, quoted, register=register, continues=judge)
    given = attributor.run()
    return Draft(
        page=page,
        register=register,
        people=people,
        known=known,
        reports=reports,
        resolved=resolved,
        quoted=quoted,
        given=given,
        chances=chances,
        in_block=[attributor.block(start) is not None for start, _ in page.spans],
        covered=[attributor.covering(start, end) is not None for start, end in page.spans],
        dialogue=attributor.dialogue,
    )


def _page(
    plain: str, segments: Sequence[Segment], tools: VoiceTools, register: Register, *, own: frozenset[str]
) -> Page:
    paragraphs = []
    paragraph = last = 0
    for segment in segments:
        if "\n" in plain[last : segment.start]:
            paragraph += 1
        paragraphs.append(paragraph)
        last = segment.end
    lines = [(start, end) for start, end in iter_lines(plain) if plain[start:end].strip()]
    reader = tools.finder.reader
    turns = (
        find_turns(plain, lines, reader, own=own)
        or find_dialogue(plain, lines, reader, own=own)
        or find_digest(plain, lines, reader)
        or find_lost_experts(plain, lines, reader)
        or find_monologue(plain, lines, reader, own=own)
    )
    return Page(
        plain=plain,
        spans=tuple((segment.start, segment.end) for segment in segments),
        paragraphs=tuple(paragraphs),
        quotes=tuple(quote for quote in find_quotes(plain) if quote.level == 0),
        silent=frozenset(i for i, segment in enumerate(segments) if segment.role != "body"),
        blocks=tuple(_block(turn, register) for turn in turns),
        own=own,
    )


def _block(turn: Turn, register: Register) -> tuple[int, int, Given]:
    entry = None if turn.mention.kind == "author" else register.resolve(turn.mention, turn.start)
    if entry is None:
        return turn.start, turn.end, Given(None, "author", turn.cue, turn.confidence)
    return turn.start, turn.end, Given(entry.index, "direct", turn.cue, turn.confidence)


_PEN_NAME = re.compile(
    r"(?:大家好|各位好|朋友们好|你好|哈喽)[，,！!。\s]{1,2}我是(?P<name>[\u4e00-\u9fffA-Za-z]{2,6})[。，,！!\s]"
)


def _pen_names(plain: str) -> frozenset[str]:
    """Return how the author calls himself at the head of a column (`大家好，我是老陈。`)."""
    return frozenset(found["name"] for found in _PEN_NAME.finditer(plain[:1500]))


def _author(document: Document) -> Speaker:
    name = document.author or "作者"
    return Speaker(
        article_id=document.article_id,
        speaker_id=content_id("s", document.article_id, "author"),
        name=name,
        title=None,
        affiliation=document.outlet,
        kind="author",
        person_id=content_id("p", name, document.outlet or ""),
    )
