"""The report: two pages that could be sent to an editor, as Markdown or as one HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from pipeline.explorer import blocks
from pipeline.explorer.blocks import Block, Quotation
from pipeline.explorer.digest import Camp, Digest
from pipeline.records import KIND_ZH, STANCE_ZH, Argument, Kind, PriceEvent, Tables, Viewpoint

# How many viewpoints of a kind are told: what fills two printed pages and no more.
_PER_KIND: tuple[tuple[Kind, int], ...] = (("cause", 3), ("risk", 3), ("benefit", 2), ("strategy", 3), ("forecast", 2))
_HEADING: dict[str, str] = {
    "cause": "为什么会这样：原因", "risk": "担心什么：风险", "benefit": "得到什么：利好",
    "strategy": "该怎么办：策略", "forecast": "接下来会怎样：预判",
}  # fmt: skip
_DISPUTES, _PRICES, _VOICES, _ISSUES = 3, 12, 6, 3
# A quotation of more characters takes more than two printed lines; a shorter one of the same viewpoint is preferred.
_QUOTE_CHARS = 90
_TITLE_CHARS = 30
_SYMBOLS = {"CNY": "元", "USD": "美元"}


def render_report(tables: Tables, *, note: str = "") -> str:
    """Return the report in Markdown; `note` says below its heading what it leaves out."""
    return blocks.to_markdown(_compose(tables, note))


def render_report_page(tables: Tables, *, note: str = "") -> str:
    """Return the report as one HTML page with its style inside, for reading, printing and mailing."""
    return blocks.to_html(_compose(tables, note), title="观点报告")


def _compose(tables: Tables, note: str) -> list[Block]:
    digest = Digest(tables)
    heading, *opening = _opening(digest)
    told = [Block("p", note)] if note else []
    return list(
        chain(
            [heading],
            told,
            opening,
            _camps(digest),
            _themes(digest),
            _disputes(digest),
            _prices(tables),
            _method(tables),
        )
    )


def _opening(digest: Digest) -> list[Block]:
    articles = digest.originals
    issues = Counter(a.issue for a in articles).most_common(_ISSUES)
    shared = bool(issues) and 2 * issues[0][1] > len(articles)
    heading = f"观点报告：{issues[0][0]}" if shared else f"观点报告：{len(articles)} 篇评论里的论证"
    copies = len(digest.tables.articles) - len(articles)
    lead = (
        f"本报告读了 {len(articles)} 篇文章{_dates(digest)}，"
        f"从 {len(digest.people)} 位发言人那里摘出 {len(digest.arguments)} 条论证。"
    )
    if copies:
        lead += f"另有 {copies} 篇是转载，不重复计数。"
    sides = Counter(a.stance for a in digest.arguments)
    lead += (
        f"其中 {sides['pro']} 条{STANCE_ZH['pro']}、{sides['con']} 条{STANCE_ZH['con']}，"
        f"{sides['neu']} 条不表态：{_balance(sides['pro'], sides['con'])}。"
    )
    found: list[Block] = [Block("h1", heading), Block("p", lead)]
    if len(issues) > 1 and issues[0][1] == 1:
        listed = "；".join(issue for issue, _ in issues)
        found.append(Block("p", f"各篇议题不同，例如：{listed}。支持与反对都是就各篇自己的议题而言。"))
    elif len(issues) > 1:
        listed = "；".join(f"{issue}（{n} 篇）" for issue, n in issues)
        more = len({a.issue for a in articles}) - len(issues)
        found.append(Block("p", f"文章谈的议题：{listed}{f'；另有 {more} 个议题' if more > 0 else ''}。"))
    return found


def _balance(pro: int, con: int) -> str:
    if not pro + con:
        return "没有一条明确站队"
    share = con / (pro + con)
    if share >= 2 / 3:
        return "反对的声音明显多于支持"
    if share <= 1 / 3:
        return "支持的声音明显多于反对"
    return "两边大致相当"


def _dates(digest: Digest) -> str:
    days = sorted(a.published for a in digest.originals if a.published)
    if not days:
        return ""
    first, last = days[0].isoformat(), days[-1].isoformat()
    return f"（{first}）" if first == last else f"（{first} 至 {last}）"


def _camps(digest: Digest) -> list[Block]:
    found: list[Block] = [Block("h2", "谁站在哪一边")]
    for stance in ("pro", "con", "mixed"):
        camp = [c for c in digest.camps if c.stance == stance]
        if not camp:
            continue
        names = "、".join(_voice(c) for c in camp[:_VOICES])
        more = f" 等 {len(camp)} 位" if len(camp) > _VOICES else ""
        found.append(Block("p", f"{names}{more}。", lead=f"{STANCE_ZH[stance]}："))
        quote = digest.best_of(camp, stance) if stance != "mixed" else None
        if quote:
            found.append(_quote(digest, quote))
    neutral = sum(c.stance == "neu" for c in digest.camps)
    if neutral:
        found.append(Block("p", f"{neutral} 位只陈述、不表态。", lead="其余："))
    return found


def _voice(camp: Camp) -> str:
    where = f"（{camp.description}）" if camp.description else ""
    return f"{camp.name}{where}"


def _themes(digest: Digest) -> list[Block]:
    found: list[Block] = []
    for kind, limit in _PER_KIND:
        viewpoints = digest.strongest(kind)[:limit]
        if not viewpoints:
            continue
        found.append(Block("h2", _HEADING[kind]))
        for viewpoint in viewpoints:
            found.append(Block("p", _support(viewpoint), lead=f"{viewpoint.label}。"))
            quote = digest.quotation(viewpoint, _QUOTE_CHARS)
            if quote:
                found.append(_quote(digest, quote))
    return found


def _support(viewpoint: Viewpoint) -> str:
    sides = f"，支持 {viewpoint.n_pro}、反对 {viewpoint.n_con}" if viewpoint.n_pro + viewpoint.n_con else ""
    spread = f"{viewpoint.n_articles} 篇文章、" if viewpoint.n_articles > 1 else ""
    outlets = f"{viewpoint.n_outlets} 家媒体、" if viewpoint.n_outlets > 1 else ""
    return f"{spread}{outlets}{viewpoint.n_speakers} 位发言人的 {viewpoint.size} 条论证{sides}。"


def _disputes(digest: Digest) -> list[Block]:
    disputes = digest.disputes(_QUOTE_CHARS)[:_DISPUTES]
    if not disputes:
        return [Block("h2", "尚无定论"), Block("p", "没有发现针锋相对的论证。")]
    found: list[Block] = [Block("h2", "尚无定论")]
    for viewpoint, pro, con in disputes:
        found.append(Block("p", f"支持 {viewpoint.n_pro} 条，反对 {viewpoint.n_con} 条。", lead=f"{viewpoint.label}。"))
        found += [_quote(digest, pro, sign="＋ "), _quote(digest, con, sign="－ ")]
    return found


def _quote(digest: Digest, argument: Argument, *, sign: str = "") -> Block:
    article = digest.articles[argument.article_id]
    day = article.published.isoformat() if article.published else ""
    parts = [digest.speaker(argument).name, f"《{_short(article.title or article.path)}》", article.outlet or "", day]
    how = "（转述）" if argument.mode in ("indirect", "hearsay") else ""
    source = f"{sign}{parts[0]}{how}，" + " ".join(part for part in parts[1:] if part)
    return Block("quote", argument.text, quotation=Quotation(source, argument.argument_id))


def _short(title: str) -> str:
    """Return a title that fits the line under a quotation."""
    return title if len(title) <= _TITLE_CHARS else f"{title[: _TITLE_CHARS - 1]}…"


def _prices(tables: Tables) -> list[Block]:
    originals = {a.article_id for a in tables.articles if a.repeat_of is None}
    events: dict[tuple[str | None, ...], PriceEvent] = {}
    for event in tables.price_events:
        if event.article_id in originals:
            key = (
                event.vendor,
                event.product,
                event.direction,
                event.old_norm or event.old,
                event.new_norm or event.new,
            )
            events.setdefault(key, event)
    if not events:
        return [Block("h2", "价格变动"), Block("p", "文章里没有明确报出的价格变动。")]
    ordered = sorted(events.values(), key=lambda e: (_when(e), e.vendor, e.product))
    rows = [("日期", "公司", "产品", "原价", "现价", "变动"), *(_price_row(event) for event in ordered[:_PRICES])]
    found: list[Block] = [Block("h2", "价格变动"), Block("table", "", rows=tuple(rows))]
    if len(ordered) > _PRICES:
        found.append(Block("p", f"另有 {len(ordered) - _PRICES} 条，见 tables/price_events。"))
    return found


def _when(event: PriceEvent) -> str:
    """Sort key: days without a year, and events without a day, come last."""
    date = event.date or "99"
    return date if date[:4].isdigit() else f"9999-{date}"


def _price_row(event: PriceEvent) -> tuple[str, ...]:
    direction = {"input": "（输入）", "output": "（输出）", "both": "（输入与输出）"}.get(event.direction, "")
    product = "" if event.product == "-" else event.product
    date = (event.date or "—") + ("?" if "year-guessed" in event.flags else "")
    new = "免费" if event.free else _money(event, event.new)
    change = f"{event.change_pct}%" if event.change_pct else _money(event, event.change)
    vendor = "—" if event.vendor == "-" else event.vendor
    return date, vendor, product + direction or "—", _money(event, event.old), new, change


def _money(event: PriceEvent, value: str | None) -> str:
    if value is None:
        return "—"
    if not any(char.isdigit() for char in value):
        return value
    return f"{value} {_SYMBOLS.get(event.currency, event.currency)}" + (f"/{event.unit}" if event.unit else "")


def _method(tables: Tables) -> Sequence[Block]:
    sure = [a.confidence for a in tables.arguments]
    mean = f"，平均把握 {sum(sure) / len(sure):.0%}" if sure else ""
    kinds = "、".join(KIND_ZH.values())
    text = (
        f"程序逐句判断每句话是不是论证、属于哪一类（{kinds}）、是谁说的、对议题持什么立场{mean}；"
        "再把说同一件事的论证归到一起，成为观点。引文都是原文，逐字可查；标“转述”的是文章转述，不是本人原话。"
        "分类、立场和归并由统计模型与词表得出，会出错：反讽、跨段指代和没有署名的话最容易判错，"
        "条数反映文章里说了多少次，不等于对错或民意。日期后带“?”的年份是推断的。发表前请点开原文核对。"
    )
    return [Block("h2", "方法与局限"), Block("p", text)]
