"""Tables to one argument map: choose the arguments of a scope, then the strongest of each viewpoint."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from pipeline.argmap.graph import RELATION_EDGES, ArgumentMap, EdgeKind, MapEdge, MapNode, Source
from pipeline.errors import ConfigError
from pipeline.records import Argument, Article, Membership, Relation, Speaker, SpeakerStanceLabel, Tables, Viewpoint

# A map holds at most one viewpoint per this many arguments, so that a viewpoint is shown by more than one voice.
ARGUMENTS_PER_VIEWPOINT = 3
# Share of the places kept for arguments that back or rebut a chosen one; a quarter keeps both levels readable.
EVIDENCE_SHARE = 0.25
# A side is taken when it has at least this share of the arguments that take sides; below, the camps are even.
MAJORITY = 2 / 3
# Mere evaluations count a quarter when viewpoints compete for places: a map is for causes, risks and strategies.
CLAIM_WEIGHT = 0.25
# Texts of fewer characters seldom say anything by themselves ("当然。"): they come last.
SHORT = 12
# What a point made about many issues hangs on.
EACH_ISSUE = "各篇文章的议题"


def build_map(tables: Tables, scope: str = "all", *, max_arguments: int = 40) -> ArgumentMap:
    """Build the argument map of a scope.

    Parameters
    ----------
    tables : Tables
        The result of a run.
    scope : str
        ``all``, ``viewpoint:ID``, ``article:ID``, ``speaker:NAME`` or ``issue:TEXT``.
    max_arguments : int
        The map is drawn from that many arguments at most: the surest ones of each viewpoint in turn, and what backs
        or rebuts them.

    Raises
    ------
    ConfigError
        If the scope is unknown or empty; the message lists what there is.
    """
    corpus = _Corpus(tables)
    inside = _in_scope(corpus, scope)
    chosen = _choose(corpus, inside, max_arguments)
    return _assemble(corpus, scope, chosen, inside)


class _Corpus:
    """Look-ups over the tables; copies of an article (`repeat_of`) do not count again."""

    def __init__(self, tables: Tables) -> None:
        self.articles: dict[str, Article] = {a.article_id: a for a in tables.articles}
        self.speakers: dict[tuple[str, str], Speaker] = {(s.article_id, s.speaker_id): s for s in tables.speakers}
        self.viewpoints: dict[str, Viewpoint] = {v.viewpoint_id: v for v in tables.viewpoints}
        self.themes = {v.parent_id for v in tables.viewpoints}
        self.memberships: dict[str, Membership] = {m.argument_id: m for m in tables.memberships}
        self.arguments: dict[str, Argument] = {a.argument_id: a for a in tables.arguments}
        self.relations: tuple[Relation, ...] = tables.relations
        originals = {a.article_id for a in tables.articles if a.repeat_of is None}
        self.counted = [a for a in tables.arguments if a.article_id in originals]

    def home_of(self, argument: Argument) -> str | None:
        member = self.memberships.get(argument.argument_id)
        if member is None or member.viewpoint_id not in self.viewpoints:
            return None
        return member.viewpoint_id

    def viewpoint_of(self, argument: Argument) -> str | None:
        """Return the viewpoint of an argument; one that only has a theme makes a point of its own."""
        home = self.home_of(argument)
        return None if home in self.themes else home

    def path_of(self, argument: Argument) -> tuple[str | None, ...]:
        """Return the viewpoint of an argument and the theme above it."""
        home = self.home_of(argument)
        return (home, self.viewpoints[home].parent_id) if home else ()

    def speaker_of(self, argument: Argument) -> Speaker:
        return self.speakers[argument.article_id, argument.speaker_id]

    def strength(self, argument: Argument) -> tuple[bool, bool, float, str]:
        """Sort key, strongest first: whole sentences, exemplars of the viewpoint, sure and typical ones, by id."""
        member = self.memberships.get(argument.argument_id)
        viewpoint = self.viewpoints.get(member.viewpoint_id or "") if member else None
        exemplar = viewpoint is not None and argument.argument_id in viewpoint.exemplar_ids
        return (
            len(argument.text) < SHORT,
            not exemplar,
            -argument.confidence * (0.5 + (member.similarity if member else 0.0)),
            argument.argument_id,
        )


def _in_scope(corpus: _Corpus, scope: str) -> list[Argument]:
    word, _, value = scope.partition(":")
    arguments = corpus.counted
    if scope == "all":
        return arguments
    if word == "viewpoint":
        found = [a for a in arguments if value in corpus.path_of(a)]
        known: Sequence[str] = list(corpus.viewpoints)
    elif word == "article":
        found = [a for a in corpus.arguments.values() if a.article_id == value]
        known = list(corpus.articles)
    elif word == "speaker":
        found = [a for a in arguments if value in (corpus.speaker_of(a).name, corpus.speaker_of(a).person_id)]
        known = sorted({corpus.speaker_of(a).name for a in arguments})
    elif word == "issue":
        found = [a for a in arguments if corpus.articles[a.article_id].issue == value]
        known = sorted({article.issue for article in corpus.articles.values()})
    else:
        raise ConfigError(
            f"scope: got {scope!r}, expected all, viewpoint:ID, article:ID, speaker:NAME or issue:TEXT; check --scope"
        )
    if not found:
        some = ", ".join(known[:8]) + (" …" if len(known) > 8 else "")
        raise ConfigError(f"scope: nothing in {scope!r}; this run knows {word}s {some or '(none)'}; check --scope")
    return found


def _choose(corpus: _Corpus, inside: Sequence[Argument], limit: int) -> list[Argument]:
    """Return at most `limit` arguments: the strongest of each viewpoint in turn, then what backs or rebuts them."""
    groups: dict[str | None, list[Argument]] = defaultdict(list)
    for argument in inside:
        if argument.kind != "evidence" or corpus.viewpoint_of(argument):
            groups[corpus.viewpoint_of(argument)].append(argument)
    loose = sorted(groups.pop(None, []), key=corpus.strength)

    def weight(viewpoint: str | None) -> float:
        return len(groups[viewpoint]) * (CLAIM_WEIGHT if corpus.viewpoints[viewpoint or ""].kind == "claim" else 1.0)

    order = sorted(groups, key=lambda v: (-weight(v), str(v)))
    if limit < len(inside):
        order = order[: max(1, limit // ARGUMENTS_PER_VIEWPOINT)]
    queues = [sorted(groups[viewpoint], key=corpus.strength) for viewpoint in order]
    turns = [queue[i] for i in range(max(map(len, queues), default=0)) for queue in queues if i < len(queue)] + loose
    main = turns[: limit - int(limit * EVIDENCE_SHARE)] if limit < len(inside) else turns
    picked = {a.argument_id: a for a in main}
    partners = _partners(corpus, picked, {a.argument_id for a in inside})
    rest = [a for a in inside if a.kind == "evidence"]
    for argument in [*partners, *turns[len(main) :], *sorted(rest, key=corpus.strength)]:
        if len(picked) >= limit:
            break
        picked.setdefault(argument.argument_id, argument)
    return [a for a in inside if a.argument_id in picked]


def _partners(corpus: _Corpus, picked: dict[str, Argument], inside: set[str]) -> list[Argument]:
    """Return what stands in a relation with a picked argument, the surest relation first."""
    found: dict[str, Argument] = {}
    for relation in sorted(corpus.relations, key=lambda r: (-r.confidence, r.source_id, r.target_id)):
        for near, far in ((relation.target_id, relation.source_id), (relation.source_id, relation.target_id)):
            if near in picked and far in inside and far not in picked:
                found.setdefault(far, corpus.arguments[far])
    return list(found.values())


def _assemble(corpus: _Corpus, scope: str, chosen: Sequence[Argument], inside: Sequence[Argument]) -> ArgumentMap:
    ids = {a.argument_id for a in chosen}
    used = Counter(v for a in chosen if (v := corpus.viewpoint_of(a)))
    viewpoints = sorted(used, key=lambda v: (-corpus.viewpoints[v].size, v))
    edges = [
        MapEdge(r.source_id, r.target_id, RELATION_EDGES[r.kind], r.confidence)
        for r in corpus.relations
        if r.source_id in ids and r.target_id in ids
    ]
    issues: Counter[str] = Counter()
    homes: dict[str, list[Argument]] = defaultdict(list)
    for argument in inside:
        homes[corpus.viewpoint_of(argument) or ""].append(argument)
    for viewpoint in viewpoints:
        members = homes[viewpoint]
        issue = _issue_of(corpus, members)
        issues[issue] += len(members)
        stance = camp(corpus.viewpoints[viewpoint].n_pro, corpus.viewpoints[viewpoint].n_con)
        edges.append(MapEdge(viewpoint, _issue_id(issue), _toward(stance), 1.0))
    linked = {e.source for e in edges}
    for argument in chosen:
        home = corpus.viewpoint_of(argument)
        if home:
            similarity = corpus.memberships[argument.argument_id].similarity
            edges.append(MapEdge(argument.argument_id, home, "member", similarity))
        elif argument.argument_id not in linked:
            issue = corpus.articles[argument.article_id].issue
            issues[issue] += 1
            edges.append(
                MapEdge(argument.argument_id, _issue_id(issue), _toward(argument.stance), argument.stance_confidence)
            )
    nodes = [_issue_node(corpus, issue) for issue, _ in sorted(issues.items(), key=lambda item: (-item[1], item[0]))]
    nodes += [_viewpoint_node(corpus.viewpoints[v]) for v in viewpoints]
    nodes += [_argument_node(corpus, a) for a in chosen]
    return ArgumentMap(scope, _title(corpus, scope), tuple(nodes), tuple(edges), len(inside))


def camp(n_pro: int, n_con: int) -> SpeakerStanceLabel:
    """Return the side that `n_pro` against `n_con` arguments take together."""
    sided = n_pro + n_con
    if not sided:
        return "neu"
    if n_pro >= MAJORITY * sided:
        return "pro"
    return "con" if n_con >= MAJORITY * sided else "mixed"


def _toward(stance: SpeakerStanceLabel) -> EdgeKind:
    edges: dict[SpeakerStanceLabel, EdgeKind] = {"pro": "support", "con": "attack", "neu": "about", "mixed": "about"}
    return edges[stance]


def _issue_of(corpus: _Corpus, arguments: Iterable[Argument]) -> str:
    counts = Counter(corpus.articles[a.article_id].issue for a in arguments)
    top = min(counts, key=lambda issue: (-counts[issue], issue))
    return top if 2 * counts[top] > counts.total() else EACH_ISSUE


def _issue_id(issue: str) -> str:
    return f"issue:{issue}"


def _issue_node(corpus: _Corpus, issue: str) -> MapNode:
    inside = [a for a in corpus.counted if issue in (EACH_ISSUE, corpus.articles[a.article_id].issue)]
    stance = camp(sum(a.stance == "pro" for a in inside), sum(a.stance == "con" for a in inside))
    return MapNode(_issue_id(issue), "issue", issue, None, stance, 1.0, len(inside), None)


def _viewpoint_node(viewpoint: Viewpoint) -> MapNode:
    stance = camp(viewpoint.n_pro, viewpoint.n_con)
    return MapNode(
        viewpoint.viewpoint_id, "viewpoint", viewpoint.label, viewpoint.kind, stance, 1.0, viewpoint.size, None
    )


def _argument_node(corpus: _Corpus, argument: Argument) -> MapNode:
    article, speaker = corpus.articles[argument.article_id], corpus.speaker_of(argument)
    source = Source(
        article_id=article.article_id,
        title=article.title or article.path,
        outlet=article.outlet or "",
        published=article.published.isoformat() if article.published else "",
        start=argument.start,
        end=argument.end,
        speaker=speaker.name,
        speaker_kind=speaker.kind,
        mode=argument.mode,
    )
    return MapNode(
        argument.argument_id, "argument", argument.text, argument.kind, argument.stance, argument.confidence, 1, source
    )


def _title(corpus: _Corpus, scope: str) -> str:
    word, _, value = scope.partition(":")
    if word == "viewpoint":
        return f"观点：{corpus.viewpoints[value].label}"
    if word == "article":
        return f"文章：{corpus.articles[value].title or corpus.articles[value].path}"
    if word == "speaker":
        return f"发言人：{value}"
    if word == "issue":
        return f"议题：{value}"
    return "全部文章"
