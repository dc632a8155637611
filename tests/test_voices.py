"""Voices: who says what, how it is known, and where it ends."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.mentions import clean_affiliation
from pipeline.article.segments import segment_document
from pipeline.article.speakers import Voices, build_voice_tools, find_voices
from pipeline.config import load_config
from pipeline.gold import read_gold
from pipeline.ingest import find_sources, read_source
from pipeline.models import shipped_folder
from pipeline.models.labels import fold_of
from pipeline.models.train_voices import FOLDS
from pipeline.models.voices import load_voices
from pipeline.records import Document, Segment, Speaker
from pipeline.score.voices import Heard, same_voice, score_voices
from pipeline.script import simplify

TOOLS = build_voice_tools(None)


def read(text: str, **fields: str) -> tuple[tuple[Segment, ...], Voices]:
    document = Document("a1", "x.txt", text, "hans", **fields)  # type: ignore[arg-type]
    plain = simplify(text)
    segments = segment_document(document, plain)
    return segments, find_voices(document, plain, segments, TOOLS)


def spoken(text: str, **fields: str) -> list[tuple[str, str]]:
    """Return (name, mode) per segment; the author's name is ``作者``."""
    segments, voices = read(text, **fields)
    names = {s.speaker_id: s.name for s in voices.speakers}
    found = [voices.of_span(s.start, s.end) for s in segments]
    return [(names[a.speaker_id], a.mode) for a in found]


def who(text: str, **fields: str) -> list[str]:
    return [name for name, _ in spoken(text, **fields)]


def speaker(text: str) -> Speaker:
    _, voices = read(text)
    assert len(voices.speakers) == 2, [s.name for s in voices.speakers]
    return voices.speakers[1]


@pytest.mark.parametrize(
    "text",
    [
        "蓝海咨询分析师陈立群说：“补贴一停，订单就会掉一半。”",
        "“补贴一停，订单就会掉一半。”蓝海咨询分析师陈立群说。",
        "「补贴一停，订单就会掉一半。」陈立群告诉记者。",
        '陈立群坦言："补贴一停，订单就会掉一半。"',
        "陈立群直言：‘补贴一停，订单就会掉一半。’",
        "“补贴一停，”陈立群指出，“订单就会掉一半。”",
    ],
)
def test_direct_speech_before_after_and_around_its_speaker(text: str) -> None:
    assert set(spoken(text)) == {("陈立群", "direct")}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("陈立群认为，低价换不来忠诚的用户。", "陈立群"),
        ("陈立群在接受《远山日报》记者采访时表示，低价换不来忠诚的用户。", "陈立群"),
        ("在陈立群看来，低价换不来忠诚的用户。", "陈立群"),
        ("按照陈立群的说法，低价换不来忠诚的用户。", "陈立群"),
        ("据陈立群介绍，工厂的利润只剩三个点。", "陈立群"),
        ("陈立群的观点是，低价换不来忠诚的用户。", "陈立群"),
        ("正如陈立群所言，低价换不来忠诚的用户。", "陈立群"),
        ("陈立群炮轰，低价竞争正在毁掉整个行业。", "陈立群"),
        ("业内人士普遍认为，低价换不来忠诚的用户。", "业内人士"),
        ("多位受访者表示，低价换不来忠诚的用户。", "多位受访者"),
        ("有分析认为，低价换不来忠诚的用户。", "分析"),
        ("中信证券认为，价格战会在下半年缓和。", "中信证券"),
    ],
)
def test_indirect_speech(text: str, name: str) -> None:
    assert spoken(text) == [(name, "indirect")]


@pytest.mark.parametrize(
    "text",
    [
        "数据显示，今年上半年销量下降了两成。",
        "据统计，今年上半年有三千家门店关门。",
        "我认为，降价不是坏事。",
        "所谓“内卷”，不过是没有新东西可卖。",
        "《价格战简史》是一本好书。",
        "这说明，降价已经成了唯一的办法。",
        "换句话说，便宜只是开始。",
        "他们把这叫做“以价换量”，听起来很美。",
    ],
)
def test_figures_terms_and_the_author_himself_are_no_voices(text: str) -> None:
    assert who(text) == ["作者"]


def test_unmarked_sentences_go_on_and_a_new_paragraph_returns_to_the_author() -> None:
    text = (
        "陈立群认为，这轮降价有三个原因：一是算力过剩；二是模型同质；三是资本等不及了。\n"
        "降价的消息传来那天，园区里没有人庆祝。"
    )
    assert who(text) == ["陈立群", "陈立群", "陈立群", "作者"]


def test_later_mentions_mean_the_first_named() -> None:
    text = (
        "蓝海咨询分析师陈立群表示，订单会掉一半。\n他还指出，工厂撑不过冬天。\n陈立群补充说，银行也在收贷。\n"
        "该分析师建议，小厂尽早转型。"
    )
    assert who(text) == ["陈立群"] * 4


def test_pronoun_means_the_person_named_last_even_without_a_report() -> None:
    assert who("店长周敏早上六点就到了门店。她说，房租已经占到营收的三成。") == ["作者", "周敏"]


def test_name_title_and_affiliation_are_told_apart() -> None:
    found = speaker("远山智能创始人兼CEO陈立群表示，算力不会一直便宜。")
    assert (found.name, found.title, found.affiliation, found.kind) == ("陈立群", "创始人兼CEO", "远山智能", "person")


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("经济学家约翰·哈特曼表示，补贴终将退出。", "约翰·哈特曼", "person"),
        ("Anna Keller认为，补贴终将退出。", "Anna Keller", "person"),
        ("一位不愿具名的经销商透露，库存压了三个月。", "经销商", "group"),
        ("陈先生告诉记者，库存压了三个月。", "陈先生", "person"),
    ],
)
def test_kinds_of_speakers(text: str, name: str, kind: str) -> None:
    found = speaker(text)
    assert name in found.name
    assert found.kind == kind


def test_a_person_has_one_id_across_articles_and_an_unnamed_source_has_not() -> None:
    def person(key: str, text: str) -> str:
        document = Document(key, "x", text, "hans")
        segments = segment_document(document, text)
        return find_voices(document, text, segments, TOOLS).speakers[1].person_id

    named = "远山智能创始人陈立群表示，算力不会一直便宜。"
    unnamed = "一位经销商透露，库存压了三个月。"
    assert person("a1", named) == person("a2", "陈立群认为，" + named[-9:])
    assert person("a1", unnamed) != person("a2", unnamed)


def test_an_interview_with_labels() -> None:
    text = (
        "对话陈立群：便宜的算力不会一直便宜\n远山周刊：你怎么看这轮降价？\n陈立群：我觉得是好事。\n成本在下降，价格当然要下降。\n"
        "远山周刊：小厂怎么办？\n陈立群：我们也是小厂，只能做大厂不愿意做的事。\n编辑 | 小周"
    )
    assert who(text, outlet="远山周刊") == ["作者", "作者", "陈立群", "陈立群", "作者", "陈立群", "作者"]


def test_questions_and_answers_belong_to_the_person_of_the_headline() -> None:
    text = "专访陈立群\n问：怎么看降价？\n答：我觉得是好事。\n问：小厂怎么办？\n答：做大厂不愿意做的事。"
    assert who(text)[1:] == ["作者", "陈立群", "作者", "陈立群"]


def test_a_round_table_with_names_on_their_own_lines() -> None:
    text = (
        "三个人谈降价\n陈立群 远山智能创始人\n降价是技术进步的结果，我不觉得有什么可怕的。\n"
        "周敏 蓝海咨询合伙人\n我更担心的是研发投入会被挤掉，明年就能看出来。"
    )
    assert who(text) == ["作者", "作者", "陈立群", "作者", "周敏"]


def test_a_told_conversation_is_heard_until_the_next_label() -> None:
    text = (
        "跟开厂的老友吃饭\n大家好，我是老陈。\n昨晚和两位老友吃饭，说起这轮降价。\n"
        "渠道说，今年的订单少了三成。\n货压在仓库里，天天看着它折旧。\n老陈问，那为什么不停工？\n"
        "渠道说，停了工人就散了。\n明年再招，一个人要多花一万块。\n采购说，我们那边也一样。\n老陈说，这就是囚徒困境。\n"
        "谁先停，谁先死。\n采购说，所以只能熬。\n写在后面\n散场的时候，谁也没有再提价格。"
    )
    names = who(text)
    assert names[3:5] == ["渠道", "渠道"]
    assert names[5] == "作者"
    assert names[6:9] == ["渠道", "渠道", "采购"]
    assert names[9:] == ["作者", "作者", "采购", "作者", "作者"]


def test_turns_of_phrase_are_no_conversation() -> None:
    text = "\n".join(
        ["算一笔账"] + ["比如说，降价一成，利润就没了。", "换句话说，谁先降谁先死。", "有人说，熬过去就好。"] * 3
    )
    assert "person" not in {s.kind for s in read(text)[1].speakers}


def test_views_of_research_houses_below_their_names() -> None:
    body = "我们判断涨价仍会持续两个季度，库存已经见底，订单正在向头部集中，建议关注成本最低的几家。"
    text = (
        f"收盘｜三大指数集体上涨\n三大指数今日上涨。\n远山证券：涨价仍是主线\n{body}\n蓝海证券：轮动会加快\n{body}"
        f"\n关键看点：什么时候见顶\n{body}"
    )
    assert who(text)[2:] == ["远山证券"] * 2 + ["蓝海证券"] * 2 + ["作者"] * 2


def test_the_person_of_the_headline_speaks_where_the_text_reports_her_and_goes_on_in_the_first_person() -> None:
    text = (
        "周敏：降价不是终点\n周敏在年会上表示，今年最难。\n我自己做了十年工厂，我知道这里面有多难。\n我的办法很简单，先把库存清掉。\n"
        "周敏认为，明年会好一些。\n我相信活下来的人会更强，我也愿意等。"
    )
    assert who(text) == ["作者"] + ["周敏"] * 5
    column = "周敏：降价不是终点\n我自己做了十年工厂，我知道这里面有多难。\n我的办法很简单，先把库存清掉。"
    assert set(who(column)) == {"作者"}


@pytest.mark.parametrize(
    ("firm", "expected"),
    [
        ("上市的远山科技", "远山科技"),
        ("远山科技有关", "远山科技"),
        ("从业二十年", None),
        ("做过保安的小", None),
        ("做过访谈", None),
        (None, None),
    ],
)
def test_an_affiliation_is_a_firm_not_words_about_the_person(firm: str | None, expected: str | None) -> None:
    assert clean_affiliation(firm) == expected


@pytest.mark.parametrize("text", ["平台的说，价格会降。", "一句话说，价格会降。", "有趋势说，价格会降。"])
def test_what_is_no_name_is_no_speaker(text: str) -> None:
    assert who(text) == ["作者"]


ROUND_TABLE = (
    "充电宝租一小时要四块钱，涨价的新闻又上了热搜。\n这门生意究竟怎么了，我们请到了三位行业专家来解答。\n"
    "共享充电宝涨价并不奇怪。涨价的背后，主要有两个原因。\n第一个原因是入场费。商场的点位越来越贵，我见过一个点位一年要五万元的。\n"
    "第二个原因是设备折旧，一批充电宝两年就要换一轮。\n所以涨价的钱，多半进了商场的口袋。\n"
    "随着手机续航变好，共享充电宝的需求在下降，涨价其实是行业的自救，其主要原因是单量撑不起运营成本。\n"
    "我的判断是，两年之内会只剩两家公司。\n但这不全是坏事，留下来的公司会更在意体验。\n最后我想说，别再指望它变便宜了。\n"
    "说到涨价，我觉得共享充电宝缺的是替代品，不是监管。用户没得选，涨价就停不下来。\n一方面，商场可以自己装；另一方面，手机厂商也在推快充。\n"
    "责任编辑 | 小周"
)


def test_experts_without_names_are_told_apart_by_how_answers_begin() -> None:
    segments, voices = read(ROUND_TABLE)
    assert [s.name for s in voices.speakers] == ["作者", "专家1", "专家2", "专家3"]
    names = {s.speaker_id: s.name for s in voices.speakers}
    firsts = {}
    for segment in segments:
        name = names[voices.of_span(segment.start, segment.end).speaker_id]
        firsts.setdefault(name, ROUND_TABLE[segment.start : segment.start + 6])
    assert (firsts["专家1"], firsts["专家2"], firsts["专家3"]) == ("共享充电宝涨", "随着手机续航", "说到涨价，我")


@pytest.mark.parametrize(
    "text",
    [
        "有人说，便宜没好货。",
        "俗话说，一分价钱一分货。",
        "网传，两家公司下个月就要合并。",
        "周敏援引陈立群的话说，价格还会再跌一半。",
    ],
)
def test_hearsay_and_relay_are_kept_apart(text: str) -> None:
    assert {mode for _, mode in spoken(text)} <= {"hearsay", "author"}


def test_a_relay_names_the_one_whose_words_they_are() -> None:
    assert spoken("周敏援引陈立群的话说，价格还会再跌一半。") == [("陈立群", "hearsay")]


def test_words_taken_up_only_to_be_rejected_are_hearsay() -> None:
    text = "一些专家认为，降价会自己停下来。事实并非如此。"
    assert spoken(text)[0][1] == "hearsay"


def test_every_attribution_has_a_confidence_and_the_author_is_first() -> None:
    _, voices = read("陈立群认为，低价换不来忠诚。这话不假。\n“订单掉了一半。”周敏说。")
    assert voices.speakers[0].kind == "author"
    assert all(0 < a.confidence <= 1 for a in voices.attributions)
    assert all(a.cue for a in voices.attributions)


def test_traditional_script_is_read_through_the_simplified_view() -> None:
    segments, voices = read("遠山智能創始人陳立群表示，價格戰不會結束。")
    assert voices.speakers[1].name in ("陳立群", "陈立群")
    assert len(segments) == 1


@given(st.text(alphabet="陈立群说表示认为：“”，。\n他问答「」A·（）", max_size=160))
@settings(max_examples=80, deadline=None)
def test_any_text_gives_sorted_attributions_inside_it(text: str) -> None:
    _, voices = read(text)
    ids = {s.speaker_id for s in voices.speakers}
    last = 0
    for item in voices.attributions:
        assert last <= item.start < item.end <= len(text)
        assert item.speaker_id in ids
        last = item.end


def crowd(n: int) -> str:
    surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
    names = [surnames[i % 20] + "甲乙丙丁戊己庚辛壬癸"[i // 20 % 10] + "东南西北中"[i // 200 % 5] for i in range(n)]
    return "\n".join(f"远山公司经理{name}表示，价格还会下降。他说：“库存太多了。”这一点没有争议。" for name in names)


def test_five_hundred_speakers_are_all_found() -> None:
    _, voices = read(crowd(500))
    assert len(voices.speakers) > 450


def test_time_grows_with_length_only() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        read(text)
        return time.process_time() - start

    for make in (
        crowd,
        lambda n: "陈立群说：“" + "价格还会降，" * n * 8,
        lambda n: "“陈立群说" * n * 8,
        lambda n: "的" * n * 60,
    ):
        read(make(20))
        # The best of three: on shared cores a single run may be twice as slow as the next.
        small, large = (min(seconds(make(n)) for _ in range(3)) for n in (100, 1000))
        assert large < 25 * max(small, 0.004), (small, large)


def test_scores_name_the_same_voice() -> None:
    assert same_voice("王小明", "远山智能王小明")
    assert same_voice("E1", "专家1")
    assert same_voice("约翰•哈特曼", "约翰·哈特曼")
    assert not same_voice("王小明", "李小明")


@pytest.mark.shared
@pytest.mark.parametrize("judged", [False, True])
def test_the_price_war_article_has_ten_voices(shared: Path, judged: bool) -> None:
    tools = build_voice_tools(None, load_voices(shipped_folder())[0]) if judged else TOOLS
    config = load_config().ingest
    sources, _ = find_sources([str(shared / "articles" / "price_war_2024.txt")], config)
    document = next(iter(read_source(sources[0], config)))
    assert isinstance(document, Document)
    plain = simplify(document.text)
    segments = segment_document(document, plain)
    voices = find_voices(document, plain, segments, tools)
    names = [s.name for s in voices.speakers if s.kind != "author"]
    assert names == ["谭待", "刘伟光", "黄仁勋", "马斯克", "奥特曼", "专家1", "专家2", "专家3", "专家4", "专家5"]
    stretches: dict[str, list[str]] = {}
    by_id = {s.speaker_id: s.name for s in voices.speakers}
    for segment in segments:
        name = by_id[voices.of_span(segment.start, segment.end).speaker_id]
        stretches.setdefault(name, []).append(document.text[segment.start : segment.end])
    assert [len(stretches[name]) for name in names[:5]] == [1, 1, 1, 1, 1]
    edges = {name: (stretches[name][0][:8], stretches[name][-1][-6:]) for name in names[5:]}
    assert edges == {
        "专家1": ("我的选择是,谁家", "中脱颖而出。"),
        "专家2": ("大模型的价格战,", "守住优势地位。"[-6:]),
        "专家3": ("国产大模型突然发", "人、挤压人。"),
        "专家4": ("随着国外大模型降", "术的接受度。"),
        "专家5": ("“让更多人用上A", "的远景目标。"),
    }


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize(("half", "recall", "precision"), [(0, 0.63, 0.82), (1, 0.64, 0.78)])
def test_voices_on_the_annotated_articles(shared: Path, half: int, recall: float, precision: float) -> None:
    gold = read_gold(shared / "gold" / "dev.jsonl")[half::2]
    judge, _ = load_voices(shipped_folder())
    tools = [build_voice_tools(None, judge.without_fold(fold)) for fold in range(FOLDS)]
    heard: dict[str, list[Heard | None]] = {}
    for article in gold:
        document = Document(article.key, "x", article.text, "hans", title=article.title, outlet=article.outlet or None)
        plain = simplify(article.text)
        segments = segment_document(document, plain)
        voices = find_voices(document, plain, segments, tools[fold_of(article.key, FOLDS)])
        speakers = {s.speaker_id: s for s in voices.speakers}
        row: list[Heard | None] = []
        for segment in article.segments:
            found = voices.of_span(segment.start, segment.end)
            name = speakers[found.speaker_id].name
            row.append(Heard(None if speakers[found.speaker_id].kind == "author" else name, found.confidence))
        heard[article.key] = row
    scores = score_voices(gold, heard)
    assert scores.recall >= recall
    assert scores.precision >= precision


def test_experts_who_turn_to_each_other_are_told_apart() -> None:
    document = "\n".join(
        [
            "圆桌｜降价之后",
            "我们请来三位长期观察这个行业的朋友，听听他们怎么说。",
            "我先说结论：这场降价是好事，而且来得有点晚，真正的成本早就掉下来了，没有人是在赔钱赚吆喝。",
            "更要紧的是，便宜会带来新的用法，这一点我自己管过机房，看得很清楚，以后只会更多。",
            "我和前面那位看法不太一样，降价的起因说穿了是库存，卡买回来了，应用没有跟上，闲着也是折旧。",
            "这样下去，创业公司要么把自己卖给大厂，要么转行做外包，三年以后剩不下几家。",
            "我想换一个角度，从用户这边讲讲，我们服务的工厂主动来问的多了三倍，门槛确实低了。",
        ]
    )
    _, voices = read(document)
    assert [s.name for s in voices.speakers if s.kind == "anonymous"] == ["专家1", "专家2", "专家3"]
