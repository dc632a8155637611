"""Price events: what is announced, by whom, for what, when, and what is none."""

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article.prices import build_price_tools, find_price_events, price_direction
from pipeline.records import Document, Segment

SHARED = Path(__file__).parents[1].parent / "shared"
TOOLS = build_price_tools()


def read(text, *, published=None, path="x.md", stops="。\n;；！"):
    segments, start = [], 0
    for at, char in enumerate(text + "\n"):
        if char in stops:
            if text[start : at + 1].strip():
                segments.append(Segment("a1", len(segments), start, min(at + 1, len(text)), "body"))
            start = at + 1
    document = Document("a1", path, text, "hans", published=published)
    events = find_price_events(document, text, segments, TOOLS)
    assert all(event.text == text[event.start : event.end] for event in events)
    return events


def told(event):
    return (event.vendor, event.product, event.old, event.new, event.change, event.change_pct)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ERNIE Tiny从0.02元/千tokens降至0.0005元/千tokens", ("百度", "ERNIE Tiny", "0.02", "0.0005", None, "-97.5")),
        ("特斯拉宣布Model Y降价2万元", ("特斯拉", "Model Y", None, None, "-20000", None)),
        ("小米SU7售价上调5000元", ("小米汽车", "小米SU7", None, None, "5000", None)),
        ("库迪的美式打七折", ("库迪咖啡", "美式", None, None, None, "-30")),
        ("智谱AI宣布GLM-4-Air便宜50%", ("智谱AI", "GLM-4-Air", None, None, None, "-50")),
        ("蔚来宣布ET5起售价10.98万元", ("蔚来", "ET5", None, "10.98万", None, None)),
        ("组件价格由1.2元/W跌至0.8元/W", ("-", "组件", "1.2", "0.8", None, "-33.33")),
        ("瑞幸推出9块9的水果茶", ("瑞幸咖啡", "水果茶", None, "9块9", None, None)),
        ("瑞幸推出9.9元的水果茶", ("瑞幸咖啡", "水果茶", None, "9.9", None, None)),
        ("螺纹钢价格每吨上调200元", ("-", "螺纹钢", None, None, "200", None)),
        ("腾讯混元-lite从0.008元/千tokens调整为全面免费", ("腾讯", "混元-lite", "0.008", "免费", None, "-100")),
        ("苹果iPhone Air到手价5499元，较7999元的原价低", ("苹果公司", "iPhone Air", "7999", "5499", None, "-31.25")),
    ],
)  # fmt: skip
def test_the_shapes_of_a_price_event(text, expected):
    (event,) = read(text)
    assert told(event) == expected


def test_input_and_output_are_two_events():
    first, second = read("月之暗面宣布，Kimi K2的价格降到每百万token输入4元、输出16元")
    assert (first.direction, first.new, first.new_norm) == ("input", "4", "4")
    assert (second.direction, second.new, second.new_norm) == ("output", "16", "16")
    assert second.unit == "百万token"


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("阿里云宣布Qwen-Plus降至0.8元/百万tokens", ("0.8", "1M tokens")),
        ("讯飞星火Pro价格降至0.21/万Tokens", ("21", "1M tokens")),
        ("比亚迪海鸥起售价6.98万元", ("69800", "car")),
        ("瑞幸咖啡宣布生椰拿铁售价9.9元", ("9.9", "cup")),
        ("通威股份将多晶硅报价下调至6万元/吨", ("60000", "tonne")),
    ],
)
def test_normal_units(text, norm):
    (event,) = read(text)
    assert (event.new_norm, event.norm_unit) == norm


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("百度宣布ERNIE Tiny价格从0.02元降至0.0005元，直降97%", False),
        ("百度宣布ERNIE Tiny价格从0.02元降至0.0005元，直降98%", False),
        ("百度宣布ERNIE Tiny价格从0.02元降至0.0005元，直降50%", True),
        ("百度宣布ERNIE Tiny价格从0.1元降至0.06元，降幅超过35%", False),
    ],
)
def test_a_stated_percentage_is_checked(text, flagged):
    (event,) = read(text)
    assert ("pct-mismatch" in event.flags) is flagged


def test_free_for_ever_and_for_several():
    events = read(
        "昨日，百度宣布ERNIE Speed和ERNIE Lite免费。科大讯飞的讯飞星火Lite API永久免费开放。",
        published=dt.date(2024, 5, 22),
    )
    assert [(e.date, e.vendor, e.product, e.new, e.free) for e in events[:2]] == [
        ("2024-05-21", "百度", "ERNIE Speed", "免费", True),
        ("2024-05-21", "百度", "ERNIE Lite", "免费", True),
    ]
    assert events[2].product == "讯飞星火Lite"


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("火山引擎宣布豆包Pro降价30%", "火山引擎"),
        ("字节宣布豆包Pro降价30%", "字节跳动"),
        ("豆包Pro降价30%", "字节跳动"),
        ("阿里巴巴宣布，通义千问Qwen-Long降价30%", "阿里巴巴"),
        ("阿里云宣布，Qwen-Long降价30%", "阿里云"),
        ("与OpenAI相比，阿里云宣布Qwen-Long降价30%", "阿里云"),
        ("火山引擎宣布DeepSeek-R1降价30%", "火山引擎"),
        ("远山汽车集团宣布，旗下远山X5全系降价30%", "远山汽车集团"),
    ],
)
def test_the_articles_own_words_decide_the_vendor(text, vendor):
    (event,) = read(text)
    assert event.vendor == vendor


@pytest.mark.parametrize(
    "text",
    [
        "像ChatGPT Plus 20美元/月这种订阅，用户并不多",
        "拼多多股价上涨18.8%，市值达到1834亿美元",
        "小米2023年营收2710亿元，同比下降3.2%",
        "关税从10%上调至25%",
        "沪铜主力合约收盘报71020元/吨，下跌1.2%",
        "预计明年空调价格上涨15%",
        "如果特斯拉降价10%，竞争对手会很难受",
        "大模型市场规模达到300亿元",
        "ChatGPT的免费用户超过1亿",
        "天下没有免费的午餐，DeepSeek也不例外",
        "瑞幸的净利润下降50%",
        "月薪从1万元降至8000元",
        "特斯拉Model Y比对手便宜2万元",
    ],
)
def test_what_is_no_price_event(text):
    assert read(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "如果特斯拉降价2万元，比亚迪会跟进吗？",
        "特斯拉不会降价2万元",
        "特斯拉否认Model Y降价2万元",
        "小米并未将小米SU7的价格下调1万元",
        "假如瑞幸把拿铁降到5元，库迪怎么办",
        "传闻称蔚来ET5将降价3万元",
        "要是DeepSeek涨价50%，开发者还会用吗",
        "就算阿里云再降价90%，我也不会迁移",
        "网友呼吁比亚迪海鸥降价1万元",
        "分析师预计宁德时代电池价格下跌10%",
        "难道让瑞幸把9.9元涨到19.9元才叫理性？",
        "你以为特斯拉降价2万元就赢了？",
        "特斯拉会降价2万元吗？",
        "百度没有宣布文心一言降价50%",
        "有人说茅台要降价500元，纯属谣言",
        "恨不得让华为Mate手机降价3000元",
        "苹果取消了iPhone 15优惠1000元的活动",
        "她说好想让星巴克的拿铁打五折",
        "理想汽车辟谣：L9降价2万元不属实",
        "小鹏假装降价2万元，其实只是减了配置",
        "与其降价2万元，不如提升服务，蔚来说",
        "若组件价格跌至0.6元/W，企业将全线亏损",
        "除非面板价格上涨10%，否则厂商不会扩产",
        "阿里云拒绝了把Qwen-Max降价30%的提议",
        "OpenAI考虑将ChatGPT涨价到每月200美元",
        "特斯拉降价2万元的消息不属实",
    ],
)
def test_a_denied_asked_or_imagined_move_is_no_event(text):
    assert read(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "特斯拉宣布Model Y降价2万元，这合理吗？",
        "空调价格不降反涨5%",
        "没有人想到，瑞幸的拿铁价格涨到12元",
        "此前声明不会降价的蔚来，6月把ET5降价3万元",
    ],
)
def test_a_move_beside_a_question_or_a_negation_stays(text):
    assert len(read(text)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("近日，远山超市的螺纹钢价格上涨5%", [("螺纹钢", None, None, None, "5")]),
        ("全国纯花生油价格上涨2.1%", [("花生油", None, None, None, "2.1")]),
        ("索尼宣布上调PS5售价50美元", [("PlayStation", None, None, "50", None)]),
        ("大金的空调从7月1日起开始涨价，幅度在10%以上", [("空调", None, None, None, "10")]),
        ("棉纱报价19057元/吨，跌2元", [("棉纱", None, "19057", "-2", None)]),
        ("氧化锗的价格为3500元/千克，两月内已大涨近6成至5500元/千克", [("氧化锗", "3500", "5500", None, "57.14")]),
        ("某三菱空调报价2399元，春节前优惠价2099元", [("空调", "2099", "2399", None, "14.29")]),
        ("金龙鱼食用油于8月1日起上调5%的价格", [("食用油", None, None, None, "5")]),
        ("飞天茅台的市场价是1580元，一年里涨了一倍", [("飞天茅台", None, "1580", None, "100")]),
        ("宝马的新车最高涨价幅度为2.2万元", [("新车", None, None, "22000", None)]),
        (
            "华为畅享90起售价为1299元，Plus版1499元，Pro Max版则为1699元",
            [
                ("畅享90", None, "1299", None, None),
                ("Plus版", None, "1499", None, None),
                ("Pro Max版", None, "1699", None, None),
            ],
        ),
        ("360推出了免费的杀毒软件", [("杀毒软件", None, "免费", None, None)]),
        ("小米15发布，定价4499起", [("小米15", None, "4499", None, None)]),
        ("汽油、柴油价格每吨均降低３００元", [("汽油", None, None, "-300", None), ("柴油", None, None, "-300", None)]),
    ],
)  # fmt: skip
def test_goods_steps_spans_and_lists(text, expected):
    events = read(text)
    assert [(e.old, e.new, e.change, e.change_pct) for e in events] == [tuple(row[1:]) for row in expected]
    assert all(row[0] in e.product for row, e in zip(expected, events, strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "国家发改委上调成品油最高限价，汽油400元/吨、柴油300元/吨",
            [("汽油", None, None, "400", None), ("柴油", None, None, "300", None)],
        ),
        ("岚州产的R199价格下降9.5%至52000元/吨", [("R199", None, "52000", None, "-9.5")]),
        ("淀粉价格一度上涨到每吨2900元，现在回落到每吨2700元", [("淀粉", "2900", "2700", None, "-6.9")]),
        ("T.7光缆去年是每公里30元，今年涨到了90元", [("T.7", "30", "90", None, "200")]),
        ("本周沿海动力煤平均价格为810元/吨，较上期价格上涨12元/吨", [("动力煤", None, "810", "12", None)]),
        ("可是房价仍涨了4%", [("住房", None, None, None, "4")]),
        ("全国P.O 42.5水泥价格上涨8%", [("水泥", None, None, None, "8")]),
        ("海岳耳机较发售价150元便宜60元", [("耳机", "150", None, "-60", None)]),
        ("豆粕价格较去年同期的2800元/吨上涨7%", [("豆粕", "2800", None, None, "7")]),
        ("国内甲醇均价较年初上涨300元/吨，至2900元/吨", [("甲醇", None, "2900", "300", None)]),
        ("氧化铈从年初的5万元/吨，6月份最高涨到20万元/吨", [("氧化铈", "5万", "20万", None, "300")]),
        ("北京地区93号汽油每升由7.1元提高到7.4元", [("汽油", "7.1", "7.4", None, "4.23")]),
        ("钨和锡的价格降低了60%", [("钨", None, None, None, "-60"), ("锡", None, None, None, "-60")]),
        ("基本药物价格下降20%", [("药物", None, None, None, "-20")]),
    ],
)  # fmt: skip
def test_levels_lists_and_what_a_price_word_names(text, expected):
    events = read(text)
    assert [(e.old, e.new, e.change, e.change_pct) for e in events] == [tuple(row[1:]) for row in expected]
    assert all(row[0] in e.product for row, e in zip(expected, events, strict=True))
    assert {e.vendor for e in events} <= {"-", "国家发展改革委"}


@pytest.mark.parametrize(
    "text",
    [
        "每多100人，星海课程涨价100元",
        "投行说金价明年会涨到6000美元",
        "节能灯最便宜的也要10元",
        "DeepSeek是开源的，免费提供权重",
        "氧化铝跌1.88%，原油跌1.22%",
        "此前瑞幸的拿铁到手价多在15元以上",
        "公司财务费用同比下降33%",
        "现货黄金上涨2.1%，报4300美元/盎司",
        "像海外客户要求棉纱下调10%",
        "比如一个商家把汉堡降价到10元",
        "当你买下三套，房价上涨5000元",
        "添加助理微信，读者社群优惠100元",
        "特斯拉的每份ADS定价增减1美元",
        "酒城的葡萄酒将比目前的市面均价便宜20%",
    ],
)
def test_states_forecasts_and_quotations_are_no_events(text):
    assert read(text) == ()


def test_a_firm_named_as_a_place_sells_nothing():
    (event,) = read("有人在微博上说，螺纹钢价格上涨5%")
    assert event.vendor == "-"
    (event,) = read("旧金山的房价上涨5%")
    assert event.vendor == "-"
    (event,) = read("宝钢、武钢都下调了价格，以市场上的螺纹钢为例，价格已跌至4600元/吨")
    assert event.vendor == "-"


def test_a_users_own_goods_have_prices(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('goods = ["月芽糕"]\n', encoding="utf-8")
    tools = build_price_tools(path)
    assert tools.lexicon.nouns.headed("记者看到，手作月芽糕") == "手作月芽糕"
    assert not TOOLS.lexicon.nouns.headed("记者看到，手作月芽糕")


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["9", "0.", "9,", "十", "1^", "降价1"])
def test_a_hundred_thousand_digits_are_read_in_linear_time(piece):
    spent = []
    for count in (12_500, 100_000):
        start = time.process_time()
        assert all("number-unclear" in e.flags for e in read(f"特斯拉宣布Model Y价格从{piece * count}元降至5元"))
        spent.append(time.process_time() - start)
    assert spent[1] < 24 * max(spent[0], 0.02)


WAR = """6月3日，Mistral发布新模型Mistral Large，并宣布向开发者免费开放。
两天后，国内也有了动静。
6月5日，字节跳动宣布旗下豆包Lite模型，输入价格为0.0003元/千Tokens（一个Token约等于半个词）。
5天后，也就是6月10日，阿里云宣布通义千问大幅降价，其中Qwen-Max，API输入价格从0.04元/千tokens降至0.02元/千tokens，直降50%，即日生效。
三小时后，百度直接宣布，ERNIE Tiny和ERNIE Character免费。
次日，科大讯飞宣布讯飞星火Lite API永久免费开放，星火Max API价格降至0.3/万Tokens；
腾讯的混元大模型全面降价，混元-standard模型价格从0.01元/千tokens调整为全面免费。
更早一些，5月20日，DeepSeek宣布将DeepSeek-V2的价格降到了每百万token输入2元、输出8元；
5月25日，智谱AI将GLM-4-Flash的价格从0.005元/千tokens降低到0.0001元/千tokens，而GLM-4-Air批处理便宜50%，达到1元400万tokens。
会员每月20美元的收费没有变。过去一年多，推理成本下降了九成。"""


def test_an_article_with_a_sequence_of_events():
    events = read(WAR, path="war_2024.md")
    assert [(e.date, e.vendor, e.product, e.direction, e.old, e.new, e.free, e.change_pct) for e in events] == [
        ("2024-06-03", "Mistral AI", "Mistral Large", "-", None, "免费", True, None),
        ("2024-06-05", "字节跳动", "豆包通用模型Lite", "input", None, "0.0003", False, None),
        ("2024-06-10", "阿里云", "Qwen-Max", "input", "0.04", "0.02", False, "-50"),
        ("2024-06-10", "百度", "ERNIE Tiny", "-", None, "免费", True, None),
        ("2024-06-10", "百度", "ERNIE Character", "-", None, "免费", True, None),
        ("2024-06-11", "科大讯飞", "讯飞星火Lite", "-", None, "免费", True, None),
        ("2024-06-11", "科大讯飞", "讯飞星火Max", "-", None, "0.3", False, None),
        ("2024-06-11", "腾讯", "混元-standard", "-", "0.01", "免费", True, "-100"),
        ("2024-05-20", "DeepSeek", "DeepSeek-V2", "input", None, "2", False, None),
        ("2024-05-20", "DeepSeek", "DeepSeek-V2", "output", None, "8", False, None),
        ("2024-05-25", "智谱AI", "GLM-4-Flash", "-", "0.005", "0.0001", False, "-98"),
        ("2024-05-25", "智谱AI", "GLM-4-Air", "-", None, "1", False, "-50"),
    ]
    assert all("year-guessed" in event.flags for event in events)
    assert "year-unknown" in read(WAR)[0].flags
    assert read(WAR, published=dt.date(2024, 7, 1))[0].flags == ""


def test_a_list_of_figures_goes_to_a_list_of_products():
    events = read(
        "赛力斯宣布，问界M7和问界M9的售价分别为24.98万元和28.98万元。汽油、柴油价格每吨分别上调300元和290元。"
    )
    assert [(e.product, e.new, e.change) for e in events] == [
        ("问界M7", "24.98万", None),
        ("问界M9", "28.98万", None),
        ("汽油", None, "300"),
        ("柴油", None, "290"),
    ]


def test_a_price_told_twice_is_one_event():
    events = read("特斯拉Model Y降价1万元。\n11月25日，特斯拉中国宣布，Model Y降价1万元。")
    assert len(events) == 1


def test_what_follows_from_an_old_and_a_new_price_is_told_twice():
    events = read("特斯拉Model Y的价格从20万元降至18万元。\n特斯拉这次把Model Y降价10%。\nModel Y直降2万元。")
    assert [(e.old, e.new) for e in events] == [("20万", "18万")]


def test_another_firm_does_not_inherit_the_product():
    first, second = read("AWS宣布将EC2的价格上调15%。\n谷歌云宣布将对数据传输服务进行价格上调，最高涨幅达100%。")
    assert (first.vendor, first.product) == ("AWS", "EC2")
    assert (second.vendor, "EC2" in second.product) == ("谷歌云", False)


def test_a_span_with_both_units_is_one_range():
    (event,) = read("宝钢下调了热轧价格100元/吨到500元/吨不等")
    assert (event.change, "range" in event.flags) == ("-100", True)


def test_a_numeral_that_cannot_be_read_is_flagged():
    (event,) = read("特斯拉宣布Model Y价格从0.0.8元降至0.5元")
    assert (event.old, event.old_norm, event.change_pct) == ("0.0.8", None, None)
    assert "number-unclear" in event.flags
    (event,) = read("特斯拉宣布Model Y降价10^30元")
    assert "number-unclear" in event.flags
    assert read("元元元") == ()


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="特斯拉ModelY3从降至到涨价格免费宣布0123456789.万元/千tokens，。%折成输入输出原现和、", max_size=120
    )
)
def test_every_row_is_verbatim_whatever_the_text(text):
    read(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    ["特斯拉Model Y降价2万元", "比亚迪海鸥价格从12万元降至10万元，", "今天天气好，", "免费", "1", "价格从", "5月1日"],
)
def test_time_grows_with_length(piece):
    """Eight times the text takes about eight times as long, also without a single stop."""
    spent = []
    for count in (1000, 8000):
        start = time.process_time()
        read(piece * count)
        spent.append(time.process_time() - start)
    assert spent[1] < 24 * max(spent[0], 0.02)


def test_a_price_list_of_many_lines():
    lines = "\n".join(f"型号T{number}的价格从{number + 1}元降至{number}元" for number in range(10, 1010))
    assert len(read(lines)) == 1000


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("供应收紧，铜价持续上涨", "rise"),
        ("需求疲软，面板价格再次下跌", "fall"),
        ("厂商集体提价", "rise"),
        ("限产推高废纸价格", "rise"),
        ("销量下降30%", None),
        ("今天开会", None),
    ],
)
def test_direction(text, direction):
    assert price_direction(text, TOOLS) == direction


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the measuring material is not beside the project")
def test_the_price_war_article_has_exactly_its_thirteen_events():
    path = SHARED / "articles" / "price_war_2024.txt"
    events = read(path.read_text(encoding="utf-8"), path=path.name)
    key = [(e.date[5:], e.vendor, e.product, e.direction, e.old, e.new, e.free, e.change_pct) for e in events]
    assert key == [
        ("05-14", "OpenAI", "GPT-4o", "-", None, "免费", True, None),
        ("05-15", "字节跳动", "豆包主力模型", "input", None, "0.0008", False, None),
        ("05-21", "阿里巴巴", "Qwen-Long", "input", "0.02", "0.0005", False, "-97.5"),
        ("05-21", "百度", "ERNIE Speed", "-", None, "免费", True, None),
        ("05-21", "百度", "ERNIE Lite", "-", None, "免费", True, None),
        ("05-22", "科大讯飞", "讯飞星火", "-", None, "免费", True, None),
        ("05-22", "科大讯飞", "讯飞星火Lite", "-", None, "免费", True, None),
        ("05-22", "科大讯飞", "讯飞星火pro/Max", "-", None, "0.21", False, None),
        ("05-22", "腾讯", "混元-lite", "-", "0.008", "免费", True, "-100"),
        ("05-07", "DeepSeek", "DeepSeek-V2", "input", None, "1", False, None),
        ("05-07", "DeepSeek", "DeepSeek-V2", "output", None, "2", False, None),
        ("05-11", "智谱AI", "GLM-3-Turbo", "-", "0.005", "0.001", False, "-80"),
        ("05-11", "智谱AI", "GLM-3-Turbo Batch", "-", None, "1", False, "-50"),
    ]
