from __future__ import annotations

import datetime as dt
from dataclasses import replace

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import ViewpointsConfig, load_config
from pipeline.ids import content_id
from pipeline.records import Argument, Article, Speaker, Tables
from pipeline.viewpoints import build_viewpoints, find_repeats
from pipeline.viewpoints.phrases import MAX_CHARS
from pipeline.viewpoints.quality import find_candidates

CONFIG: ViewpointsConfig = load_config().viewpoints
_tokenizer = jieba.Tokenizer()


def cut(text: str) -> list[str]:
    return list(_tokenizer.cut(text))


def article(number: int, text: str, **fields: object) -> Article:
    base: dict[str, object] = {
        "article_id": f"a{number:03d}", "path": f"{number}.md", "title": None, "author": None, "outlet": None,
        "published": None, "url": None, "text": text, "n_chars": len(text), "script": "hans", "issue": "降价",
        "repeat_of": None,
    }  # fmt: skip
    return Article(**{**base, **fields})  # type: ignore[arg-type]


def tables(rows: list[tuple[int, str, str, str]], repeat_of: dict[int, int] | None = None) -> Tables:
    """Build tables from (article number, kind, stance, sentence)."""
    texts: dict[int, str] = {}
    arguments, speakers = [], {}
    for number, kind, stance, sentence in rows:
        start = len(texts.get(number, ""))
        texts[number] = texts.get(number, "") + sentence
        speakers[number] = Speaker(f"a{number:03d}", "s0", f"作者{number}", None, None, "author", f"p{number}")
        arguments.append(
            Argument(
                content_id("g", number, start, kind), f"a{number:03d}", 0, start, start + len(sentence), sentence,
                kind, None, "s0", "author", stance, 0.9, 0.9, None, "asserted", None, 1.0,
            )  # type: ignore[arg-type]
        )  # fmt: skip
    copies = repeat_of or {}
    articles = tuple(
        article(n, t, repeat_of=f"a{copies[n]:03d}" if n in copies else None) for n, t in sorted(texts.items())
    )
    return Tables(articles=articles, speakers=tuple(speakers.values()), arguments=tuple(arguments))


ROWS = [
    (1, "cause", "neu", "推理成本下降，让厂商有了降价的底气。"),
    (2, "cause", "neu", "降价首先是因为推理成本下降得很快。"),
    (3, "cause", "neu", "技术进步带来推理成本下降，价格自然下来了。"),
    (1, "cause", "neu", "大厂降价是为了抢占市场份额。"),
    (2, "cause", "neu", "谁都想抢占市场份额，于是一起降价。"),
    (3, "risk", "con", "长期亏损会让创业公司难以生存。"),
    (1, "risk", "con", "创业公司难以生存，长期亏损拖不起。"),
    (2, "strategy", "neu", "中小公司应该专注垂直场景。"),
    (3, "strategy", "neu", "专注垂直场景是中小公司的出路。"),
    (3, "evidence", "neu", "主力模型的价格降了九成。"),
]


def in_order(label: str, text: str) -> bool:
    """Whether a heading is made of characters of the text in their order: words may have gone, none may be added."""
    letters = iter(text)
    return all(char in letters for char in label)


def test_same_point_in_other_articles_is_one_viewpoint_with_a_phrase_as_heading() -> None:
    result = build_viewpoints(tables(ROWS), CONFIG, cut=cut)
    homes = {m.argument_id: m.viewpoint_id for m in result.memberships}
    ids = [a.argument_id for a in tables(ROWS).arguments]
    assert homes[ids[0]] == homes[ids[1]] == homes[ids[2]]
    assert homes[ids[3]] == homes[ids[4]] != homes[ids[0]]
    for viewpoint in result.viewpoints:
        assert 4 <= len(viewpoint.label) <= MAX_CHARS
        assert any(in_order(viewpoint.label, a.text) for a in tables(ROWS).arguments)


def test_kinds_never_mix_and_evidence_makes_no_viewpoint() -> None:
    result = build_viewpoints(tables(ROWS), CONFIG, cut=cut)
    kind = {a.argument_id: a.kind for a in tables(ROWS).arguments}
    by_id = {v.viewpoint_id: v for v in result.viewpoints}
    assert len(result.memberships) == len(ROWS) - 1
    for membership in result.memberships:
        if membership.viewpoint_id is not None:
            assert by_id[membership.viewpoint_id].kind == kind[membership.argument_id] != "evidence"


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_tiny_corpora_work(count: int) -> None:
    result = build_viewpoints(tables(ROWS[5 : 5 + count]), CONFIG, cut=cut)
    assert len(result.memberships) == count
    assert result.changes.startswith("# ")


def test_copies_add_members_but_no_support() -> None:
    rows = [*ROWS, (4, "cause", "neu", "推理成本下降，让厂商有了降价的底气。")]
    plain = build_viewpoints(tables(ROWS), CONFIG, cut=cut)
    copied = build_viewpoints(tables(rows, {4: 1}), CONFIG, cut=cut)
    assert max(v.n_articles for v in plain.viewpoints) == max(v.n_articles for v in copied.viewpoints) == 3


def test_support_counts_outlets_once_and_copies_and_unsigned_ones_not_at_all() -> None:
    made = tables([*ROWS, (4, "cause", "neu", "推理成本下降，让厂商有了降价的底气。")], {4: 1})
    names = {"a001": "甲报", "a002": "甲报", "a003": None, "a004": "乙报"}
    made = replace(made, articles=tuple(replace(a, outlet=names[a.article_id]) for a in made.articles))
    assert max(v.n_outlets for v in build_viewpoints(made, CONFIG, cut=cut).viewpoints) == 1
    names["a003"] = "丙报"
    made = replace(made, articles=tuple(replace(a, outlet=names[a.article_id]) for a in made.articles))
    assert max(v.n_outlets for v in build_viewpoints(made, CONFIG, cut=cut).viewpoints) == 2


def test_next_run_keeps_ids_and_headings_and_tells_what_changed() -> None:
    first = tables(ROWS)
    result = build_viewpoints(first, CONFIG, cut=cut)
    previous = replace(first, viewpoints=result.viewpoints, memberships=result.memberships)
    again = build_viewpoints(first, CONFIG, cut=cut, previous=previous)
    assert (again.viewpoints, again.memberships) == (result.viewpoints, result.memberships)
    assert "与上次相同" in again.changes
    added = [(4, "forecast", "neu", "市场最终会走向寡头。"), (4, "cause", "neu", "降价首先是因为推理成本下降得快。")]
    more = tables([*ROWS, *added])
    grown = build_viewpoints(more, CONFIG, cut=cut, previous=previous)
    assert {v.viewpoint_id: v.label for v in result.viewpoints}.items() <= {
        v.viewpoint_id: v.label for v in grown.viewpoints
    }.items()
    assert "增长" in grown.changes


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(ROWS), max_size=12), st.floats(0.0, 1.0))
def test_memberships_cover_grouped_arguments_and_outliers_stay_under_the_dial(rows: list, share: float) -> None:
    given_tables = tables(rows)
    config = replace(CONFIG, max_outliers=share)
    result = build_viewpoints(given_tables, config, cut=cut)
    grouped = [a.argument_id for a in given_tables.arguments if a.kind != "evidence"]
    assert [m.argument_id for m in result.memberships] == grouped
    assert len({v.viewpoint_id for v in result.viewpoints}) == len(result.viewpoints)
    outliers = sum(m.viewpoint_id is None for m in result.memberships)
    assert outliers <= max(share * len(grouped), 0)


LONG = "价格一降再降，用户当然高兴。可是厂商的账本并不好看，研发投入也在变少。有人说这是技术进步，有人说这是抢地盘。"


def test_lightly_edited_copies_are_found_and_the_earliest_is_the_original() -> None:
    other = "咖啡店开在写字楼下，早上八点排起长队。店员说，九块九的活动还要再做三个月。加盟商却在算房租和人工的账。"
    rows = [
        article(1, LONG * 2, published=dt.date(2024, 5, 2)),
        article(2, "本报讯 " + LONG.replace("当然", "自然") + LONG, published=dt.date(2024, 5, 1)),
        article(3, other),
        article(4, LONG + LONG),
    ]
    assert find_repeats(rows) == {"a001": "a002", "a004": "a002"}
    assert find_repeats(rows[::-1]) == find_repeats(rows)
    assert find_repeats([]) == {}


CROWDED = [
    *ROWS,
    (4, "risk", "con", "电池供应商的工人大量流失到海外。"),
    (5, "risk", "con", "地方财政会被补贴拖垮。"),
    (6, "risk", "con", "财政缺口让学校停止招聘。"),
    (7, "risk", "con", "用户数据可能泄露。"),
    (8, "risk", "con", "财政赤字逼迫医院裁员。"),
]


def test_what_shares_no_point_joins_no_viewpoint_but_a_theme_that_names_a_noun_it_holds() -> None:
    made = tables(CROWDED)
    result = build_viewpoints(made, CONFIG, cut=cut)
    parents = {
        v.viewpoint_id: v for v in result.viewpoints if v.viewpoint_id in {x.parent_id for x in result.viewpoints}
    }
    texts = {a.argument_id: a.text for a in made.arguments}
    under = [(parents[m.viewpoint_id], texts[m.argument_id]) for m in result.memberships if m.viewpoint_id in parents]
    assert under
    for theme, text in under:
        assert theme.label == "其他风险" or theme.label.removesuffix("方面的风险") in text
    for theme in parents.values():
        below = sum(v.size for v in result.viewpoints if v.parent_id == theme.viewpoint_id)
        assert theme.size == below + sum(home.viewpoint_id == theme.viewpoint_id for home, _ in under)
    leaves = [v for v in result.viewpoints if v.viewpoint_id not in parents]
    assert all(v.size <= 3 for v in leaves)


def test_no_viewpoint_is_made_of_what_no_phrase_tells() -> None:
    rows = [*ROWS, (5, "cause", "neu", "这样，那样。"), (6, "cause", "neu", "这样，那样。")]
    made = tables(rows)
    result = build_viewpoints(made, CONFIG, cut=cut)
    parents = {v.parent_id for v in result.viewpoints}
    homes = {m.argument_id: m.viewpoint_id for m in result.memberships}
    assert all(homes[a.argument_id] in {None, *parents} for a in made.arguments if a.text == "这样，那样。")


def test_single_arguments_keep_their_theme_on_the_next_run() -> None:
    made = tables(CROWDED)
    first = build_viewpoints(made, CONFIG, cut=cut)
    previous = replace(made, viewpoints=first.viewpoints, memberships=first.memberships)
    more = tables([*CROWDED, (9, "risk", "con", "游客太多挤坏了古城。")])
    second = build_viewpoints(more, CONFIG, cut=cut, previous=previous)
    now = {m.argument_id: m.viewpoint_id for m in second.memberships}
    assert all(now[m.argument_id] == m.viewpoint_id for m in first.memberships if m.viewpoint_id is not None)
    known = {v.viewpoint_id: v.label for v in second.viewpoints}
    assert all(known[v.viewpoint_id] == v.label for v in first.viewpoints)


@pytest.mark.parametrize(
    ("kind", "text", "heading"),
    [
        ("risk", "散户大量使用杠杆，在市场下跌时形成机械性抛售。", "散户"),
        ("risk", "平台的补贴可能拖垮小店。", "可能"),
        ("benefit", "年费改成月费，降低了会员的付费门槛。", "年费改成月费，"),
        ("risk", "如果菜价上涨，食堂也会涨价。", "如果菜价上涨，"),
    ],
)
def test_headings_keep_hedge_and_condition_and_take_a_subject_from_the_clause_before(
    kind: str, text: str, heading: str
) -> None:
    found = find_candidates(text, kind, cut)
    assert heading in found[0].text
    assert all(in_order(candidate.text, text) for candidate in found)
    if heading == "可能":
        assert all("可能" in candidate.text for candidate in found if "拖垮" in candidate.text)


def test_a_condition_without_what_follows_from_it_is_no_heading() -> None:
    found = [c.text for c in find_candidates("食堂要是不降价，那就换一家。", "strategy", cut)]
    assert "食堂要是不降价" not in found


def test_advice_is_no_risk_and_a_bad_end_is_no_advice() -> None:
    def best(text: str, kind: str) -> float:
        return max((c.score for c in find_candidates(text, kind, cut)), default=0.0)

    assert best("厂商应该降低价格。", "risk") < best("厂商应该降低价格。", "strategy")
    assert best("小店不得不关门歇业。", "strategy") < best("小店不得不关门歇业。", "risk")


@pytest.mark.parametrize(
    "text",
    [
        "没有人再相信工资会越来越高。",
        "我们不再觉得工资会越来越高。",
        "厂家否认工资会越来越高。",
        "即便工资会越来越高也留不住人。",
    ],
)
def test_what_is_denied_in_front_is_not_told_as_true(text: str) -> None:
    assert not [c.text for c in find_candidates(text, "cause", cut) if c.text.startswith("工资")]
