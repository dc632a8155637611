"""What the terminal shows of a run and of one article, as lines of rich markup; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.markup import escape

from pipeline.records import CORE_KINDS, KIND_ZH, KINDS, STANCE_ZH, Argument, Reading, Speaker, Viewpoint
from pipeline.run import RunSummary

_KIND_COLOUR = {
    "cause": "blue", "risk": "red", "benefit": "green", "strategy": "magenta",
    "forecast": "cyan", "evidence": "bright_black", "claim": "yellow",
}  # fmt: skip
_STANCE_SIGN = {"pro": "＋", "con": "－", "neu": "○", "mixed": "±"}
_MODE_ZH = {"author": "", "direct": "原话", "indirect": "转述", "hearsay": "传闻"}


def summary_lines(summary: RunSummary) -> Iterator[str]:
    """Yield the closing summary of a run: what was read, the largest viewpoints, where the files are."""
    counts = summary.counts
    rows, kinds, stances = counts["rows"], counts["kinds"], counts["stances"]
    if not rows["articles"]:
        return
    repeats = counts["repeats"]
    yield (
        f"[bold]{rows['articles']} 篇文章[/] articles"
        + (f" ({repeats} 篇转载 repeats)" if repeats else "")
        + f" · [bold]{counts['quoted voices']}[/] 个被引声音 quoted voices"
        + f" · [bold]{rows['arguments']}[/] 条论点 arguments"
        + f" · {rows['price_events']} 次调价 price events"
    )
    yield "论点 kinds     " + "  ".join(f"[{_KIND_COLOUR[k]}]{KIND_ZH[k]} {kinds.get(k, 0)}[/]" for k in KINDS)
    signs = (f"{_STANCE_SIGN[s]} {STANCE_ZH[s]} {stances.get(s, 0)}" for s in ("pro", "con", "neu"))
    yield "立场 stance    " + "  ".join(signs)
    yield from _largest_viewpoints(summary.viewpoints)
    seconds = sum(summary.seconds.values())
    cached = f", {summary.n_cached} unchanged and not read again" if summary.n_cached else ""
    if summary.unchanged:
        cached = ", nothing changed since the last run"
    yield f"完成 done in {seconds:.1f} s{cached}"
    yield f"页面 page      {escape(str(summary.out / 'explorer.html'))}"
    yield f"报告 report    {escape(str(summary.out / 'report.md'))}"
    yield f"表格 tables    {escape(str(summary.out / 'tables'))}"
    yield f"图谱 maps      {escape(str(summary.out / 'maps'))}"
    for note in summary.notes:
        yield f"[yellow]注意 note[/]      {escape(note)}"
    n_left_out = len(summary.failures) + len(summary.errors)
    if n_left_out or summary.n_quarantined:
        yield (
            f"[yellow]未读 left out[/]  {n_left_out} inputs (each with its reason in "
            f"{escape(str(summary.out / 'manifest.json'))}), {summary.n_quarantined} rows quarantined"
        )


def _largest_viewpoints(viewpoints: Sequence[Viewpoint]) -> Iterator[str]:
    parents = {viewpoint.parent_id for viewpoint in viewpoints}
    # Claims and evidence gather loosely; the points people look for are of the five core kinds.
    leaves = [v for v in viewpoints if v.viewpoint_id not in parents and v.kind in CORE_KINDS]
    largest = sorted(leaves, key=lambda v: (-v.n_articles, -v.n_speakers, -v.size, v.viewpoint_id))[:5]
    if largest:
        yield "观点 the five largest viewpoints"
    for viewpoint in largest:
        yield (
            f"  [{_KIND_COLOUR[viewpoint.kind]}]{KIND_ZH[viewpoint.kind]}[/] [bold]{escape(viewpoint.label)}[/]"
            f"  {viewpoint.n_articles} 篇 · {viewpoint.n_speakers} 个声音 · ＋{viewpoint.n_pro} －{viewpoint.n_con}"
        )


def reading_lines(reading: Reading) -> Iterator[str]:
    """Yield one article as a person would want to skim it: head, voices, and each argument under its voice."""
    document = reading.document
    yield f"[bold]{escape(document.title or document.path)}[/]"
    head = [document.author, document.outlet, document.published and document.published.isoformat(), document.url]
    known = " · ".join(escape(str(item)) for item in head if item)
    if known:
        yield known
    yield f"议题 issue: {escape(reading.issue)}" if reading.issue else "议题 issue: not found"
    by_speaker: dict[str, list[Argument]] = defaultdict(list)
    for argument in reading.arguments:
        by_speaker[argument.speaker_id].append(argument)
    stances = {row.speaker_id: row for row in reading.stances}
    for speaker in reading.speakers:
        arguments = by_speaker.get(speaker.speaker_id, [])
        if not arguments:
            continue
        row = stances.get(speaker.speaker_id)
        sign = f"{_STANCE_SIGN[row.stance]} {STANCE_ZH[row.stance]}" if row else ""
        yield ""
        yield f"[bold underline]{escape(_who(speaker))}[/]  {sign}"
        for argument in arguments:
            yield _argument_line(argument)
    if reading.price_events:
        yield ""
        yield "[bold underline]调价 price events[/]"
        for event in reading.price_events:
            change = "免费" if event.free else event.new or ""
            before = f"{event.old} → " if event.old else ""
            per_cent = f" ({event.change_pct}%)" if event.change_pct else ""
            what = f"{event.vendor} {event.product}"
            yield escape(f"  {event.date or '日期不详'}  {what}  {before}{change}{per_cent}  {event.unit}")


def _who(speaker: Speaker) -> str:
    if speaker.kind == "author":
        return f"作者 {speaker.name}" if speaker.name != "作者" else "作者"
    details = " ".join(item for item in (speaker.affiliation, speaker.title) if item)
    return f"{speaker.name}（{details}）" if details else speaker.name


def _argument_line(argument: Argument) -> str:
    kinds = f"[{_KIND_COLOUR[argument.kind]}]{KIND_ZH[argument.kind]}[/]"
    if argument.kind2:
        kinds += f"+[{_KIND_COLOUR[argument.kind2]}]{KIND_ZH[argument.kind2]}[/]"
    mode = _MODE_ZH[argument.mode]
    note = (
        f"[bright_black]{mode} {argument.confidence:.0%}[/]" if mode else f"[bright_black]{argument.confidence:.0%}[/]"
    )
    text = argument.text.replace("\n", " ")
    return f"  {_STANCE_SIGN[argument.stance]} {kinds}  {escape(text)}  {note}"
