"""Saved pages: the article, what stands around it, and what the page says of itself."""

import base64
import datetime as dt
import difflib
import json
from pathlib import Path

import pytest

from pipeline.config import load_config
from pipeline.ingest import find_sources, read_source
from pipeline.ingest.boilerplate import mark_blocks
from pipeline.normalise import normalise
from pipeline.records import Document, Failure
from pipeline.script import simplify

CONFIG = load_config().ingest
SHARED = Path(__file__).parents[1].parent / "shared"
PARAGRAPHS = [
    "价格战打到第三周，几家云厂商都开始算账，算完之后谁也不愿意先停下来。",
    "便宜的接口带来了调用量，也带来了更薄的利润，这笔账迟早要有人来付。",
    "真正的差别，还是要看谁能把服务做好，让客户在涨价之后也舍不得离开。",
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def read_bytes(tmp_path, data, name="a.html"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    sources, _ = find_sources([str(path)], CONFIG)
    return list(read_source(sources[0], CONFIG))


def one(tmp_path, data):
    items = read_bytes(tmp_path, data)
    assert len(items) == 1
    assert isinstance(items[0], Document), items
    return items[0]


def by_role(document):
    found = {}
    for block in document.blocks:
        found.setdefault(block.role, []).append(document.text[block.start : block.end])
    return found


def body(document):
    chars = list(document.text)
    for block in document.blocks:
        chars[block.start : block.end] = [""] * (block.end - block.start)
    return [line for line in "".join(chars).split("\n") if line]


PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>便宜之后怎么办_远山网</title>
<meta name="author" content="秦望舒"><meta property="og:site_name" content="远山网">
<meta property="article:published_time" content="2024-05-20T08:00:00+08:00"><link rel="canonical" href="https://example.com/1">
<style>p {{}}</style><script>var x = "价格战，脚本里的话不算。";</script></head><body>
<div class="nav"><a href="/">首页</a> <a href="/a">财经</a></div>
<div class="wrap"><h1>便宜之后怎么办</h1><div class="info">2024-05-20 08:00 来源：远山网</div>
<div class="main">{PARAGRAPHS[0]}<br>{PARAGRAPHS[1]}
<figure><img src="a.png"><figcaption>店门口的价目表</figcaption></figure>
<h2>服务才是终点</h2><p>{PARAGRAPHS[2]}</p><p style="display:none">看不见的话，不应该出现在这里，对吧。</p></div>
<div class="related"><h3>相关阅读</h3>
<ul><li><a href="/b">另一篇文章的标题很长很长很长，还有逗号</a></li></ul></div></div>
<div id="comments"><p>网友甲：我觉得价格战对大家都没有好处，尤其是对小公司来说更是如此。</p></div>
<div class="footer">版权所有 远山网，未经授权不得转载，违者必究，一切解释权归本站。</div></body></html>"""


def test_an_ordinary_page(tmp_path):
    document = one(tmp_path, PAGE)
    assert (document.title, document.author, document.outlet) == ("便宜之后怎么办", "秦望舒", "远山网")
    assert (document.published, document.url) == (dt.date(2024, 5, 20), "https://example.com/1")
    assert body(document) == PARAGRAPHS
    roles = by_role(document)
    assert roles["heading"] == ["便宜之后怎么办", "服务才是终点"]
    assert roles["caption"] == ["店门口的价目表"]
    assert roles["byline"] == ["2024-05-20 08:00 来源：远山网"]
    assert any("网友甲" in line for line in roles["boilerplate"])
    assert any("另一篇文章" in line for line in roles["boilerplate"])
    assert "脚本里" not in document.text
    assert "看不见" not in document.text


def test_the_text_keeps_the_order_of_the_page(tmp_path):
    text = one(tmp_path, PAGE).text
    order = [
        "首页",
        "便宜之后怎么办",
        PARAGRAPHS[0],
        PARAGRAPHS[1],
        "店门口",
        "服务才是",
        PARAGRAPHS[2],
        "相关阅读",
        "网友甲",
        "版权所有",
    ]
    assert [text.index(piece) for piece in order] == sorted(text.index(piece) for piece in order)


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "big5", "utf-16"])
@pytest.mark.parametrize("declared", [True, False])
def test_encodings(tmp_path, encoding, declared):
    paragraphs = [p.replace("战", "戰").replace("价", "價") if encoding == "big5" else p for p in PARAGRAPHS]
    if encoding == "big5":
        paragraphs = ["價格戰打到第三週，幾家廠商都開始計算成本，誰也不願意先停下來。"] * 3
    head = f"<meta charset={encoding}>" if declared else ""
    page = f"<html><head>{head}</head><body>{''.join(f'<p>{p}</p>' for p in paragraphs)}</body></html>"
    assert body(one(tmp_path, page.encode(encoding))) == paragraphs


def test_a_page_that_lies_about_its_encoding(tmp_path):
    page = f"<html><head><meta charset=gb2312></head><body>{BODY}</body></html>"
    assert body(one(tmp_path, page.encode("utf-8"))) == PARAGRAPHS


def test_paragraphs_that_lost_their_breaks(tmp_path):
    page = f"<html><body><div>{'&nbsp;&nbsp;&nbsp;&nbsp;'.join(PARAGRAPHS)}</div></body></html>"
    assert body(one(tmp_path, page)) == PARAGRAPHS
    page = f"<html><body><div>　　{'　　'.join(PARAGRAPHS)}</div></body></html>"
    assert body(one(tmp_path, page)) == PARAGRAPHS


def test_rows_of_a_table_stay_together(tmp_path):
    page = f"<html><body><div>{BODY}<table><tr><td>甲厂</td><td>1元</td></tr></table></div></body></html>"
    assert "甲厂 1元" in one(tmp_path, page).text.split("\n")


def test_readings_beside_characters_are_left_out(tmp_path):
    page = f"<html><body><p><ruby>价<rp>(</rp><rt>jià</rt><rp>)</rp></ruby>格战的读音。</p>{BODY}</body></html>"
    assert one(tmp_path, page).text.startswith("价格战的读音。")


def test_pages_without_trafilatura(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.ingest.html._extractor", lambda: None)
    assert body(one(tmp_path, PAGE)) == PARAGRAPHS


def test_json_ld(tmp_path):
    data = json.dumps(
        {
            "@graph": [
                {
                    "@type": "NewsArticle",
                    "headline": "便宜之后",
                    "datePublished": "2024-05-20",
                    "author": [{"name": "秦望舒"}],
                }
            ]
        }
    )
    page = f'<html><head><script type="application/ld+json">{data}</script></head><body>{BODY}</body></html>'
    document = one(tmp_path, page)
    assert (document.title, document.author, document.published) == ("便宜之后", "秦望舒", dt.date(2024, 5, 20))


def test_comments_longer_than_the_article(tmp_path):
    comments = "".join(
        f"<li><p>{i}楼说，价格战对大家都没有好处，尤其是对小公司来说更是如此。</p></li>" for i in range(30)
    )
    page = f"<html><body><div><h1>便宜之后</h1><div>{BODY}</div></div>"
    page += f"<ul class='comment-list'>{comments}</ul></body></html>"
    assert body(one(tmp_path, page)) == PARAGRAPHS


def test_a_wrapper_with_the_name_of_furniture(tmp_path):
    page = "<html><body><div class='share-page hot'><h1>便宜之后</h1>"
    page += f"<div class='news-source'>{BODY}</div></div></body></html>"
    assert body(one(tmp_path, page)) == PARAGRAPHS


WECHAT = f"""<html><head><meta property="og:title" content="便宜之后">
<meta property="og:site_name" content="微信公众平台">
<script>var ct = "1716163200"; var msg_link = "http://mp.weixin.example/s?a=1&amp;b=2";</script></head><body>
<h1 class="rich_media_title" id="activity-name"> 便宜之后 </h1>
<div id="meta_content" class="rich_media_meta_list"><span class="rich_media_meta rich_media_meta_text">原创</span>
<span class="rich_media_meta rich_media_meta_text">秦望舒</span>
<a id="js_name">远山评论</a><em id="publish_time" class="rich_media_meta"></em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden;">
<section><section><span>点击上方蓝字关注我们</span></section></section>
{"".join(f"<section><span>{p[:10]}</span><span>{p[10:]}</span></section>" for p in PARAGRAPHS)}
<p>长按二维码，加入读者群</p></div>
<div class="rich_media_tool">阅读 10万+</div>
<div id="js_pc_qr_code">微信扫一扫，关注该公众号，看更多关于价格战的文章和讨论。</div></body></html>"""


def test_a_saved_wechat_page(tmp_path):
    document = one(tmp_path, WECHAT)
    assert (document.title, document.author, document.outlet) == ("便宜之后", "秦望舒", "远山评论")
    assert document.published == dt.date(2024, 5, 20)
    assert document.url == "http://mp.weixin.example/s?a=1&b=2"
    assert body(document) == PARAGRAPHS


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><body><ul>" + "<li><a href='/x'>一条新闻的标题，很长很长</a></li>" * 30 + "</ul></body></html>",
        "<html><head><title>登录</title></head><body><form><p>请登录</p></form></body></html>",
        "<%@ page %><!-- nothing -->",
    ],
)
def test_pages_without_an_article(tmp_path, page):
    (failure,) = read_bytes(tmp_path, page)
    assert isinstance(failure, Failure)
    assert failure.got == "a page without an article"


def test_entities_are_not_expanded(tmp_path):
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    document = one(
        tmp_path, f"{bomb}<html><body>{BODY}<p>&b;&x;结尾，到此为止，谢谢各位读者的耐心阅读。</p></body></html>"
    )
    assert "root:" not in document.text
    assert "aaaaaaaaaaaaaaa" not in document.text


def test_deep_nesting(tmp_path):
    assert body(one(tmp_path, f"<html><body>{'<div>' * 900}{BODY}{'</div>' * 900}</body></html>")) == PARAGRAPHS
    (failure,) = read_bytes(tmp_path, f"<html><body>{'<div>' * 9000}{BODY}{'</div>' * 9000}</body></html>")
    assert "nested deeper" in failure.got


def test_broken_markup_is_repaired(tmp_path):
    assert set(PARAGRAPHS) <= set(
        body(one(tmp_path, f"<div><p>{PARAGRAPHS[0]}<p>{PARAGRAPHS[1]}</i></b><td>{PARAGRAPHS[2]}"))
    )


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the measuring material is not there")
def test_extraction_against_the_annotated_texts():
    """Body text by character against the annotated texts of the same pages, of which two are cut short."""
    gold = {row["key"]: row for row in map(json.loads, (SHARED / "gold/dev.jsonl").open(encoding="utf-8"))}
    sources, _ = find_sources([str(SHARED / "bench/html")], CONFIG)
    hit = chosen = wanted = 0
    for source in sources:
        (document,) = read_source(source, CONFIG)
        assert isinstance(document, Document)
        known = gold[Path(source.path).stem]["text"]
        furniture = mark_blocks(known, simplify(known), (), title=None)
        for block in reversed(furniture):
            known = known[: block.start] + known[block.end :]
        ours, theirs = "".join("".join(body(document)).split()), "".join(normalise(known).text.split())
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        hit += sum(match.size for match in matcher.get_matching_blocks())
        chosen += len(ours)
        wanted += len(theirs)
    assert hit / wanted >= 0.99
    assert hit / chosen >= 0.96


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the measuring material is not there")
def test_furniture_hides_no_argument():
    """Of the segments that rules mark, gold gives a kind to almost none; titles and dates with a kind are its noise."""
    right = wrong = 0
    for row in list(map(json.loads, (SHARED / "gold/dev.jsonl").open(encoding="utf-8")))[1::2]:
        text = row["text"]
        blocks = mark_blocks(text, simplify(text), (), title=row["title"])
        for segment in row["segments"]:
            start, end = segment["start"], segment["end"]
            if any(min(b.end, end) - max(b.start, start) >= 0.5 * (end - start) for b in blocks if b.role != "heading"):
                right, wrong = right + (not segment["kinds"]), wrong + bool(segment["kinds"])
    assert right / (right + wrong) >= 0.98


def test_a_page_saved_as_one_file(tmp_path):
    page = base64.encodebytes(PAGE.replace('<link rel="canonical" href="https://example.com/1">', "").encode()).decode()
    data = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.com/2024/a\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{page}\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    )
    (document,) = read_bytes(tmp_path, data, "a.mhtml")
    assert body(document) == PARAGRAPHS
    assert document.url == "https://example.com/2024/a"
    (failure,) = read_bytes(tmp_path, "From: x\r\n\r\nnothing", "a.mht")
    assert failure.got == "a file without a page"


def test_a_page_named_txt(tmp_path):
    (document,) = read_bytes(tmp_path, PAGE, "a.txt")
    assert body(document) == PARAGRAPHS
