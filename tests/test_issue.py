"""The issue of an article: subject and contested thing, the same for all articles of one quarrel."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.issue import MAX_ISSUE, find_issue
from pipeline.article.issue_rules import load_issue_rules
from pipeline.article.issue_title import title_phrase
from pipeline.article.segments import segment_document
from pipeline.lexicon import load_raw
from pipeline.records import Document
from pipeline.script import simplify


def issue(title: str | None, text: str) -> str:
    document = Document("a1", "a.md", text, "hans", title=title)
    plain = simplify(text)
    return find_issue(document, plain, segment_document(document, plain))


MODELS = (
    "上个月，几家厂商的大模型又降价了。大模型的价格战打了一年，中小公司跟不动。"
    "有人说大模型降价是好事，也有人说价格战没有赢家。"
)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("不跟的人后来怎样", MODELS, "大模型价格战"),
        ("便宜到最后是谁买单", MODELS, "大模型价格战"),
        (None, MODELS, "大模型价格战"),
        (
            "展厅里的一道算术题",
            "这家4S店的汽车又官降了。车企相继降价，车主觉得吃亏。汽车降价还会继续，新车的利润越来越薄。",
            "汽车价格战",
        ),
        (
            "两块钱的美式",
            "咖啡的价格战打到县城。一杯咖啡卖九块九，咖啡店的老板说，打价格战打得没了利润。",
            "咖啡价格战",
        ),
        (
            "免单之后",
            "外卖大战进入第三个月，外卖平台的补贴还在加码。骑手说，外卖补贴停了单子就没了。补贴大战没有赢家。",
            "外卖补贴大战",
        ),
        (
            "行业自救",
            "光伏组件跌破成本。光伏企业低价竞争，价格战把全行业拖进亏损，光伏协会呼吁停止价格战。",
            "光伏价格战",
        ),
        ("药价为何又降", "药品集采开了新一轮，药企说药品集采以后利润更薄。集采的药品降了一半。", "药品集采"),
        ("空调企业酝酿涨价", "铜价高企，空调涨价已成定局。几家空调企业说，涨价幅度在一成以内。", "空调涨价"),
        (
            "今后的房价还会上涨吗",
            "房价涨了十年。二手房的房价上涨最快，买房的人怕房价上涨，卖房的人等房价上涨。",
            "房价上涨",
        ),
        ("日本央行再度加息", "日本央行宣布加息。市场早已预期日本央行加息，日元反应平淡。", "日本央行加息"),
        (
            "我们为什么要加班",
            "职场里人人都在内卷。内卷不是努力，内卷是互相消耗。打工人说，职场内卷没有尽头。",
            "职场内卷",
        ),
    ],
)
def test_names_the_subject_and_the_contested_thing(title: str | None, text: str, expected: str) -> None:
    assert issue(title, text) == expected


def test_a_firm_that_the_article_is_about_alone_is_the_subject() -> None:
    text = "特斯拉又降价了。特斯拉这次降价两万元，特斯拉的车主很不满。特斯拉说降价是因为成本下降。"
    assert issue("特斯拉为什么降价", text) == "特斯拉降价"


def test_a_trade_is_the_subject_when_many_firms_cut() -> None:
    text = "特斯拉降价后，比亚迪、小鹏汽车和蔚来也降价。汽车价格战由此开始，车企的价格战打到年底。"
    assert issue("特斯拉降价，比亚迪跟进", text) == "汽车价格战"


def test_a_commodity_that_gets_cheaper_is_not_at_war() -> None:
    text = "棉花价格下跌已经三个月。棉花需求不振，棉农惜售，棉花价格走低的局面一时难改。"
    assert issue("棉花价格疲软", text) == "棉花价格下跌"


def test_traditional_script_gives_the_same_issue() -> None:
    text = "上個月，幾家廠商的大模型又降價了。大模型的價格戰打了一年，小公司跟不動。有人說價格戰沒有贏家。"
    assert issue("免費的帳單誰來付", text) == "大模型价格战"


def test_latin_terms_are_words_of_their_own() -> None:
    text = "他写了一本关于 MAIL 服务的书，免费送给读者。免费的书没有人珍惜，免费送书的人却很高兴。"
    assert "AI" not in issue("送书的人", text)


def test_without_a_head_a_whole_clause_of_the_title_stands() -> None:
    text = "老家的房子空了很多年，院子里的枣树还在。每年秋天，母亲都要回去打枣。"
    assert issue("母亲与老家的枣树，以及别的", text) == "母亲与老家的枣树"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于枣树的十个故事", "枣树的十个故事"),
        ("专访李木：枣树还能活多久", "枣树还能活多久"),
        ("枣树为什么会死的", "枣树为什么会死"),
        ("圆桌｜山里的枣树谁来种", "山里的枣树谁来种"),
        ("别人家的枣树", "别人家的枣树"),
        ("枣树为何不存在", "枣树为何不存在"),
        ("", ""),
        ("20251227-market-analysis", ""),
    ],
)
def test_title_phrases_are_well_formed(title: str, expected: str) -> None:
    assert title_phrase(title, "枣树" * 3, MAX_ISSUE, load_issue_rules().title)[0] == expected


def test_a_long_clause_is_cut_at_a_particle_only() -> None:
    title = "当山里的枣树以一种谁也没有料到的方式在秋天倒下"
    phrase, _ = title_phrase(title, "枣树在秋天倒下。山里的枣树。", MAX_ISSUE, load_issue_rules().title)
    assert 3 <= len(phrase) <= MAX_ISSUE
    assert phrase in title
    assert not phrase.startswith(("的", "了", "在"))


def test_no_chinese_no_issue() -> None:
    assert issue("Prices are falling", "Prices are falling. Nobody knows why.") == ""


_CHINESE = st.text(alphabet="的了在价格战大模型汽车降涨补贴免费内卷谁a1 ，。！\n：——“”", max_size=120)


@settings(max_examples=100, deadline=None)
@given(title=st.one_of(st.none(), _CHINESE), text=_CHINESE)
def test_any_text_gets_a_short_issue(title: str | None, text: str) -> None:
    found = issue(title, text)
    assert len(found) <= MAX_ISSUE
    assert found == found.strip()
    assert not found.startswith(("的", "了", "在"))
    assert found == issue(title, text)
    if any("\u4e00" <= char <= "\u9fff" for char in text):
        assert found


def test_every_rule_names_something_that_exists() -> None:
    raw = load_raw("issue")
    heads, subjects = set(raw["head"]), set(raw["subject"])
    for name, entry in raw["head"].items():
        assert {entry.get("quarrel", name)} <= heads, name
        assert set(entry.get("only", ())) <= subjects, name
    for name, entry in raw["subject"].items():
        assert set(entry.get("only", ())) <= heads, name
    assert set(raw["industry"].values()) <= subjects
    assert set(raw["industry"]) <= set(load_raw("entities")["industries"])
    assert all(len(name) <= MAX_ISSUE for name in heads | subjects)


def test_time_is_linear() -> None:
    def seconds(times: int) -> float:
        text = MODELS * times
        document = Document("a1", "a.md", text, "hans", title="便宜到最后是谁买单")
        segments = segment_document(document, text)
        start = time.process_time()
        find_issue(document, text, segments)
        return time.process_time() - start

    seconds(10)
    # Eight times the text; the bound leaves room for the memory of 200,000 characters and for a busy machine.
    assert seconds(3200) < 40 * max(seconds(400), 0.01)
