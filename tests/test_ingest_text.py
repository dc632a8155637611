"""Plain text, Markdown, encodings, metadata from the text itself, and furniture in lines."""

import datetime as dt

import pytest

from pipeline.config import load_config
from pipeline.ingest import find_sources, read_source
from pipeline.ingest.boilerplate import line_role, mark_blocks
from pipeline.ingest.dates import parse_day
from pipeline.ingest.encoding import decode
from pipeline.records import Document, Failure
from pipeline.script import simplify

CONFIG = load_config().ingest
BODY = (
    "价格战打到第三周，几家云厂商都开始算账。\n便宜的接口带来了调用量，也带来了更薄的利润。\n"
    "真正的差别，还是要看谁能把服务做好。"
)


def read(path):
    sources, failures = find_sources([str(path)], CONFIG)
    assert failures == []
    return [item for source in sources for item in read_source(source, CONFIG)]


def one(path):
    items = read(path)
    assert len(items) == 1, items
    assert isinstance(items[0], Document)
    return items[0]


def roles(document):
    return {document.text[block.start : block.end]: block.role for block in document.blocks}


def test_a_text_file_becomes_one_document(tmp_path):
    path = tmp_path / "甲.txt"
    path.write_text("谁在为低价买单？\n文 / 秦望舒(微信公众号:远山评论)\n" + BODY, encoding="utf-8")
    document = one(path)
    assert document.title == "谁在为低价买单？"
    assert (document.author, document.outlet) == ("秦望舒", "远山评论")
    assert document.path == str(path)
    assert document.script == "hans"
    assert roles(document) == {"谁在为低价买单？": "heading", "文 / 秦望舒(微信公众号:远山评论)": "byline"}
    assert document.text.endswith("把服务做好。")


def test_the_id_depends_on_the_content_only(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BODY, encoding="utf-8")
    first, second = read(tmp_path)
    assert first.article_id == second.article_id
    assert first.article_id.startswith("a")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"]
)
def test_encodings_of_simplified_text(encoding):
    assert decode(BODY.encode(encoding), "x").lstrip("\ufeff") == BODY


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8"])
def test_encodings_of_traditional_text(encoding):
    text = "價格戰打到第三週，幾家雲端廠商都開始計算成本。\n便宜的介面帶來了用量，也帶來了更薄的利潤。"
    assert decode(text.encode(encoding), "x") == text


def test_a_stray_byte_does_not_cost_the_article():
    data = (BODY * 20).encode("gb18030")
    assert "价格战" in decode(data[:-1], "x")


def test_short_gb18030():
    assert decode("大模型降价，谁受益？".encode("gb18030"), "x") == "大模型降价，谁受益？"


def test_markdown_with_front_matter(tmp_path):
    path = tmp_path / "m.md"
    path.write_text(
        "---\n标题: 便宜之后\nauthor: [秦望舒, 陆闻]\n来源: 远山评论\ndate: 2024-05-20\n"
        "link: https://example.com/1\ntags: [a]\n---\n"
        "# 便宜之后\n\n第一段说**降价**的[原因](https://example.com/a)。\n\n## 账怎么算\n\n- 成本在下降，这是实话。\n\n"
        "![图一](a.png)\n\n```python\nprint('降价')\n```\n\n| 厂商 | 价格 |\n| --- | --- |\n| 甲 | 1元 |\n\n"
        "**小结论**\n\n最后一段，`tokens`用得更多。\n",
        encoding="utf-8",
    )
    document = one(path)
    assert (document.title, document.author, document.outlet) == ("便宜之后", "秦望舒、陆闻", "远山评论")
    assert (document.published, document.url) == (dt.date(2024, 5, 20), "https://example.com/1")
    assert "第一段说降价的原因。" in document.text
    assert "成本在下降，这是实话。" in document.text.split("\n")
    assert "最后一段，tokens用得更多。" in document.text
    assert "| 甲 | 1元 |" in document.text
    found = roles(document)
    assert found["便宜之后"] == found["账怎么算"] == found["小结论"] == "heading"
    assert found["print('降价')"] == "boilerplate"
    assert found["图一"] == "caption"


@pytest.mark.parametrize(
    "front", ["title: [", "title: !!python/object/apply:os.system ['echo']", "- a\n- b", "a: &a [*a]"]
)
def test_bad_front_matter_costs_the_metadata_only(tmp_path, front):
    path = tmp_path / "m.md"
    path.write_text(f"---\n{front}\n---\n\n{BODY}\n", encoding="utf-8")
    items = read(path)
    documents = [item for item in items if isinstance(item, Document)]
    assert [document.text for document in documents] == [BODY]
    if front != "a: &a [*a]":
        assert [item.where for item in items if isinstance(item, Failure)] == [f"{path}, front matter"]


def test_markdown_without_marks_keeps_its_text(tmp_path):
    path = tmp_path / "m.md"
    path.write_text("2 * 3 * 4 与 snake_case_name 都不是强调，<br>价格从 5*2 降到 3。\n", encoding="utf-8")
    assert one(path).text == "2 * 3 * 4 与 snake_case_name 都不是强调，价格从 5*2 降到 3。"


@pytest.mark.parametrize(
    ("line", "author", "outlet", "day"),
    [
        ("作者 | 秦望舒编辑| 陆闻", "秦望舒", None, None),
        ("作者：秦望舒、陆闻", "秦望舒、陆闻", None, None),
        ("文丨秦望舒 陆闻", "秦望舒、陆闻", None, None),
        ("来源：远山日报　作者：秦望舒", "秦望舒", "远山日报", None),
        ("发布时间：2024-05-20 08:30 来源：远山日报", None, "远山日报", dt.date(2024, 5, 20)),
        ("2024年5月20日", None, None, dt.date(2024, 5, 20)),
        ("本文来自微信公众号：远山评论（ID：yuanshan）", None, "远山评论", None),
        ("5月20日", None, None, None),
        ("2024年5月", None, None, None),
    ],
)
def test_bylines(tmp_path, line, author, outlet, day):
    path = tmp_path / "a.txt"
    path.write_text(f"降价之后怎么办\n{line}\n{BODY}", encoding="utf-8")
    document = one(path)
    assert (document.author, document.outlet, document.published) == (author, outlet, day)


def test_reporters_and_closing_credits(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"新华社北京电（记者 秦望舒、陆闻）{BODY}", encoding="utf-8")
    assert one(path).author == "秦望舒、陆闻"
    path.write_text(
        f"{BODY}\n" * 6 + "本篇作者 | 秦望舒 | 陆闻 | 责任编辑 | 何其\n主编 | 何其 | 图源 | 图库", encoding="utf-8"
    )
    document = one(path)
    assert document.author == "秦望舒、陆闻"
    assert roles(document)["本篇作者 | 秦望舒 | 陆闻 | 责任编辑 | 何其"] == "byline"


def test_a_speaker_label_is_no_byline(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "对话一位店主\n记者：为什么要降价？\n店主：因为不降就没有人来，成本也确实下来了。\n" + BODY, encoding="utf-8"
    )
    document = one(path)
    assert document.author is None
    assert all(document.text[b.start : b.end] == "对话一位店主" for b in document.blocks)


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("长按二维码，关注我们", "boilerplate"),
        ("点击上方蓝字关注我们", "boilerplate"),
        ("阅读原文", "boilerplate"),
        ("上一篇：谁在降价", "boilerplate"),
        ("返回列表页", "boilerplate"),
        ("阅读量:1,234", "boilerplate"),
        ("京ICP备00000000号-1", "boilerplate"),
        ("未经授权，不得转载", "boilerplate"),
        ("责任编辑：何其", "byline"),
        ("（文章来源：远山日报）", "byline"),
        ("图：各家价格对比", "caption"),
        ("店里的价目表 | 图源：受访者", "caption"),
        ("图/远山日报", "caption"),
        ("01", "heading"),
        ("------", "boilerplate"),
        ("分享一个我的看法：价格战没有赢家", None),
        ("关注价格的人，往往不关注质量。", None),
        ("降价的原因有三个", None),
        ("广告收入下降是因为预算收紧。", None),
        ("来源于成本的优势才是真优势", None),
        ("收藏家说，价格还会跌。", None),
        ("推荐大家买便宜的那一款，因为质量差不多。", None),
        ("图便宜的人最后都后悔了。", None),
    ],
)
def test_roles_of_lines(line, role):
    assert line_role(line, edge=True) == role


def test_related_articles_end_with_the_next_paragraph():
    text = "\n".join(
        [BODY] * 3 + ["相关阅读", "八月车市数据出炉", "奶茶店的账本", "这是正文的补充：价格最终要由成本决定。", "结束"]
    )
    blocks = mark_blocks(text, simplify(text), (), title=None)
    assert [text[block.start : block.end] for block in blocks] == ["相关阅读", "八月车市数据出炉", "奶茶店的账本"]


def test_menus_are_furniture_and_parallel_lines_are_not():
    menu = ["首屏", "国内", "财经", "汽车", "科技", "生活"]
    parallel = ["盼房租降价", "盼菜场降价", "盼药费降价", "盼学费降价", "盼车票降价", "盼油费降价"]
    text = "\n".join([*menu, BODY, *parallel, BODY])
    marked = {text[block.start : block.end] for block in mark_blocks(text, simplify(text), (), title=None)}
    assert marked == set(menu)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-05-20", "2024-05-20"),
        ("2024/5/20 10:11", "2024-05-20"),
        ("2024年5月20日", "2024-05-20"),
        ("20240520", "2024-05-20"),
        ("二〇二四年五月二十日", "2024-05-20"),
        ("1716163200", "2024-05-20"),
        (1716163200000, "2024-05-20"),
        ("20 May 2024", "2024-05-20"),
        ("2024-05-19T23:30:00Z", "2024-05-20"),
        (dt.datetime(2024, 5, 20, 1, 1), "2024-05-20"),
        ("Mon, 20 May 2024 08:00:00", "2024-05-20"),
        ("2024-Q1", None),
        ("2024", None),
        ("2024-13-40", None),
        ("2024-02-30", None),
        ("", None),
        (None, None),
        (True, None),
        ("去年五月", None),
    ],
)
def test_days(value, day):
    assert parse_day(value) == (None if day is None else dt.date.fromisoformat(day))


@pytest.mark.parametrize("name", ["空.txt", "二.txt", "短.txt"])
def test_bad_text_files(tmp_path, name):
    path = tmp_path / name
    path.write_bytes({"空.txt": b" \n", "二.txt": bytes(range(256)) * 50, "短.txt": "太短".encode()}[name])
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    assert failure.where == str(path)
    assert failure.got
    assert failure.expected
    assert failure.remedy


def test_a_pdf_named_txt_is_refused_by_name(tmp_path):
    path = tmp_path / "x.txt"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj\n" * 50)
    (failure,) = read(path)
    assert failure.got == "a PDF file"


def test_lines_broken_at_a_fixed_width_are_joined(tmp_path):
    paragraphs = [BODY.replace("\n", "") * n for n in (1, 2, 1, 3)]
    broken = "\n".join(("　　" + p)[i : i + 24] for p in paragraphs for i in range(0, len(p) + 2, 24))
    path = tmp_path / "a.txt"
    path.write_text(broken, encoding="utf-8")
    assert one(path).text.split("\n") == paragraphs


def test_credits_at_the_end_of_a_paragraph(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"{BODY}（责任编辑：何其）", encoding="utf-8")
    assert roles(one(path)) == {"（责任编辑：何其）": "byline"}


def test_a_day_in_the_address(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "' + BODY.replace("\n", "") + '", "url": "https://example.com/2024/05/20/a.html"}', encoding="utf-8"
    )
    assert one(path).published == dt.date(2024, 5, 20)
