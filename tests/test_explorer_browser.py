"""The page as a reader meets it: driven in headless Chromium, from the disk, with the network off."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sample_tables import build_article, hostile_tables, many_tables, sample_tables

from pipeline.explorer import render_page, render_report_page
from pipeline.records import Tables

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (sh scripts/setup-system.sh)"),
]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run"
)
VIEWS = ("overview", "points", "map", "matrix", "prices", "read", "list")
Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    """Open the page of some tables; fail on any error, dialog or request to the network."""
    troubles: list[str] = []
    contexts = []

    def opener(tables: Tables, fragment: str = "", *, width: int = 1360, height: int = 900, title: str = "题") -> Any:
        path = tmp_path / "explorer.html"
        path.write_text(render_page(tables, title=title), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("dialog", lambda dialog: (troubles.append("dialog"), dialog.dismiss()))
        local = ("file:", "blob:", "data:")
        page.on("request", lambda r: None if r.url.startswith(local) else troubles.append(f"request: {r.url}"))
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("#main > *")
        return page

    yield opener
    for context in contexts:
        context.close()
    assert troubles == []


def wait(page: Any, condition: str) -> None:
    """Wait until a JavaScript expression holds; the page's policy forbids Playwright's own polling."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {condition}")


NAMELESS = """[...document.querySelectorAll('button, a[href], input, canvas, [role=img]')].filter(e =>
    !(e.innerText || '').trim() && !e.getAttribute('aria-label') && !e.labels?.length && !e.querySelector('title')
    && !e.closest('.cy div')).map(e => e.outerHTML.slice(0, 90))"""


def go(page: Any, view: str) -> None:
    page.evaluate(f"location.hash = '#view={view}'")
    wait(page, f"Lunheng.state.view === '{view}'")
    page.wait_for_timeout(150)


@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize(
    "make",
    [sample_tables, hostile_tables, Tables, lambda: many_tables(1), lambda: many_tables(500)],
    ids=["sample", "hostile", "empty", "one", "500"],
)
def test_every_view_shows_something_and_fits_the_width(
    make: Callable[[], Tables], width: int, open_page: Opener
) -> None:
    page = open_page(make(), width=width, height=840)
    for view in VIEWS:
        go(page, view)
        assert page.inner_text("#main").strip(), view
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, view


def test_hostile_text_is_shown_as_text(open_page: Opener) -> None:
    tables = hostile_tables()
    page = open_page(tables, f"#view=read&art={tables.articles[0].article_id}", title="</title><b>x")
    assert page.title() == "</title><b>x"
    assert page.inner_text("#view-title") == tables.articles[0].title
    body = page.inner_text("article")
    for argument in tables.arguments:
        assert (
            argument.text.replace("\u2028", "") in body.replace("\u2028", "").replace("\n", "") or argument.text in body
        )
    assert page.locator("article img, article b, article script").count() == 0


def test_item_is_one_click_from_its_sentence_and_back(open_page: Opener) -> None:
    tables = sample_tables()
    page = open_page(tables, "#view=list")
    card = page.locator(".vlist .card-link").nth(3)
    words = card.locator(".words").inner_text()
    card.click()
    page.wait_for_selector(".mark.now")
    assert words in page.locator(".mark.now").first.inner_text()
    assert words in page.inner_text("#panel blockquote")
    assert (
        page.evaluate(
            "(() => { const r = document.querySelector('.mark.now').getBoundingClientRect(); return r.top; })()"
        )
        < 900
    )
    page.go_back()
    page.wait_for_selector(".vlist")
    assert page.evaluate("Lunheng.state.view") == "list"


def test_mark_leads_to_the_same_viewpoint_in_other_articles(open_page: Opener) -> None:
    tables = sample_tables()
    argument = next(a for a in tables.arguments if "入口之争" in a.text)
    page = open_page(tables, f"#arg={argument.argument_id}")
    page.wait_for_selector(".mark.now")
    page.locator("#panel .cards .card-link").first.click()
    wait(page, f"Lunheng.state.arg !== '{argument.argument_id}'")
    page.wait_for_selector(".mark.now")
    other = page.evaluate("Lunheng.argById.get(Lunheng.state.arg).vp.label")
    assert other == "抢占用户与入口份额"


def test_filters_combine_and_count(open_page: Opener) -> None:
    tables = sample_tables()
    page = open_page(tables, "#view=list")
    page.check("#f-kind-risk")
    page.check("#f-stance-con")
    expected = [a for a in tables.arguments if a.kind == "risk" and a.stance == "con"]
    assert page.inner_text(".status").startswith(f"{len(expected)} 条论证")
    others = sum(a.kind == "cause" and a.stance == "con" for a in tables.arguments)
    assert page.locator("label", has=page.locator("#f-kind-cause")).locator(".num").inner_text() == str(others)
    page.fill("#q", "创业公司")
    found = sum("创业公司" in a.text or "创业公司" in v for a in expected for v in [_label(tables, a.argument_id)])
    wait(page, f"Lunheng.shown.length === {found}")
    assert "q=" in page.url
    assert page.locator(".vlist mark").first.inner_text() == "创业公司"


def _label(tables: Tables, argument_id: str) -> str:
    home = next(m.viewpoint_id for m in tables.memberships if m.argument_id == argument_id)
    return next((v.label for v in tables.viewpoints if v.viewpoint_id == home), "")


def test_date_confidence_outlet_and_speaker_filter(open_page: Opener) -> None:
    tables = sample_tables()
    page = open_page(tables, "#view=list&from=2024-05-25&conf=80")
    late = {a.article_id for a in tables.articles if a.published and a.published.isoformat() >= "2024-05-25"}
    expected = sum(a.article_id in late and a.confidence >= 0.795 for a in tables.arguments)
    assert page.evaluate("Lunheng.shown.length") == expected
    person = next(s.person_id for s in tables.speakers if s.name == "林远舟")
    page.evaluate(f"location.hash = '#view=list&who={person}&outlet={quote('潮汐商业评论')}'")
    wait(page, "Lunheng.shown.length === 3")


def test_what_is_filtered_can_be_saved(open_page: Opener) -> None:
    tables = hostile_tables()
    page = open_page(tables, "#view=list&stance=con&stance=pro")
    with page.expect_download() as waiting:
        page.click("#csv")
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    wanted = [a for a in tables.arguments if a.stance in ("pro", "con")]
    assert [row["text"].removeprefix("'") for row in rows] == [a.text for a in wanted]
    assert [(int(row["start"]), int(row["end"])) for row in rows] == [(a.start, a.end) for a in wanted]
    assert not any(cell[:1] in ("=", "+", "@") for row in rows for cell in row.values())
    with page.expect_download() as waiting:
        page.click("#md")
    saved = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert saved.count("\n- ") == len(wanted)
    assert "<script>" not in saved


def test_labels_and_boxes_do_not_overlap(open_page: Opener) -> None:
    page = open_page(many_tables(30), "#view=points")
    wait(page, "Lunheng.chart && Lunheng.chart.labels.length > 3")
    overlap = """boxes => boxes.some((a, i) => boxes.slice(i + 1).some(b =>
        a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h))"""
    boxes = "Lunheng.chart.labels.map(l => ({x: l.x, y: l.y - l.h / 2, w: l.w, h: l.h}))"
    assert not page.evaluate(f"({overlap})({boxes})")
    assert page.evaluate("Lunheng.chart.labels.every(l => l.x >= 0 && l.x + l.w <= Lunheng.chart.w)")
    before = page.evaluate("Lunheng.chart.labels.length")
    page.click(".zoom button >> nth=0")
    assert page.evaluate("Lunheng.chart.zoom") > 1
    assert before
    go(page, "map")
    wait(page, "Lunheng.cy && Lunheng.cy.nodes().length > 10")
    boxes = (
        "Lunheng.cy.nodes().map(n => { const b = n.boundingBox(); return {x: b.x1, y: b.y1, w: b.w - 4, h: b.h - 4}; })"
    )
    assert not page.evaluate(f"({overlap})({boxes})")


def test_click_on_a_box_a_cell_and_a_label_shows_the_words(open_page: Opener) -> None:
    tables = sample_tables()
    page = open_page(tables, "#view=map")
    wait(page, "Lunheng.cy && Lunheng.cy.nodes().length > 10")
    page.evaluate("Lunheng.cy.nodes('[type = \"arg\"]')[0].emit('tap')")
    shown = page.inner_text("#panel blockquote")
    assert any(shown == a.text for a in tables.arguments)
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    go(page, "matrix")
    page.locator(".cell").first.click()
    assert page.locator("#panel .card").count() >= 1
    go(page, "points")
    page.locator(".vp-list button").first.click()
    assert page.locator("#panel .card").count() >= 1


def test_boilerplate_is_folded_and_can_be_opened(open_page: Opener) -> None:
    tables = sample_tables()
    page = open_page(tables, f"#view=read&art={tables.articles[0].article_id}")
    assert not page.get_by_text("阅读原文 点赞 在看").is_visible()
    page.click(".folded summary")
    assert page.get_by_text("阅读原文 点赞 在看").is_visible()


def test_english_interface_keeps_the_article_in_chinese(open_page: Opener) -> None:
    page = open_page(sample_tables(), "#view=list")
    page.click(".lang")
    wait(page, "document.documentElement.lang === 'en'")
    assert "All arguments" in page.inner_text("nav")
    assert "arguments" in page.inner_text(".status")
    assert "推理成本" in page.inner_text("#main")


def test_keyboard_alone_is_enough(open_page: Opener) -> None:
    page = open_page(sample_tables(), "#view=overview")
    page.keyboard.press("6")
    wait(page, "Lunheng.state.view === 'read'")
    page.locator(".article-row a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("article .mark")
    page.keyboard.press("j")
    page.wait_for_selector(".mark.now")
    first = page.evaluate("Lunheng.state.arg")
    page.keyboard.press("j")
    wait(page, f"Lunheng.state.arg !== '{first}'")
    page.keyboard.press("k")
    wait(page, f"Lunheng.state.arg === '{first}'")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_controls_have_names_and_pictures_have_text(open_page: Opener) -> None:
    page = open_page(sample_tables())
    for view in VIEWS:
        go(page, view)
        nameless = page.evaluate(NAMELESS)
        assert nameless == [], view


def test_print_shows_the_page_without_its_controls(open_page: Opener) -> None:
    page = open_page(sample_tables())
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert page.locator(".filter-box").is_hidden()
    assert page.locator(".theme").first.is_visible()
    assert len(page.pdf(format="A4")) > 20_000


def test_long_list_is_printed_in_full(open_page: Opener) -> None:
    tables = many_tables(6)
    page = open_page(tables, "#view=list")
    assert page.locator(".vlist .card").count() < len(tables.arguments)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".vlist .card").count() == len(tables.arguments)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".vlist .card").count() < len(tables.arguments)


@pytest.mark.parametrize(
    "fragment", ["#view=nope", "#art=x&arg=y", "#who=x&kind=y&vp=z", "#view=map&as=q&by=z&from=1", "#%"]
)
def test_address_that_leads_nowhere_still_shows_a_page(open_page: Opener, fragment: str) -> None:
    page = open_page(sample_tables(), fragment)
    assert page.inner_text("#main").strip()


def test_traditional_text_is_found_by_simplified_words(open_page: Opener) -> None:
    line = ("N", "risk", "con", "", "價格戰會拖垮沒有輸血能力的創業公司。")
    part = build_article([("", "", "", "", "價格戰"), line], "t.md", title="價格戰", author=None, outlet=None, day=1)
    tables = replace(part, articles=(replace(part.articles[0], script="hant"),))
    page = open_page(tables, f"#view=list&q={quote('创业公司')}")
    assert page.inner_text(".vlist .words") == line[4]


@pytest.mark.parametrize(
    "make", [sample_tables, hostile_tables, lambda: many_tables(60)], ids=["sample", "hostile", "60"]
)
def test_report_prints_on_two_pages_and_asks_for_nothing(
    browser: Any, tmp_path: Path, make: Callable[[], Tables]
) -> None:
    path = tmp_path / "report.html"
    path.write_text(render_report_page(make()), encoding="utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(path.as_uri())
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
    assert asked == [path.as_uri()]
    assert page.locator("blockquote").count() >= 2
    page.close()


def test_ten_thousand_arguments_stay_smooth(open_page: Opener) -> None:
    tables = many_tables(1200)
    assert len(tables.arguments) > 10_000
    page = open_page(tables)
    for view in VIEWS:
        go(page, view)
        for patch in ("{kind: ['risk']}", "{q: '创业'}", "{kind: [], q: '', conf: '70'}", "{conf: ''}"):
            spent = page.evaluate(
                f"""(() => {{ const t = performance.now(); Lunheng.go({patch}, {{ replace: true }});
                document.body.offsetHeight; return performance.now() - t; }})()"""
            )
            assert spent < 200, f"{view} {patch}: {spent:.0f} ms"
    assert page.locator(".vlist .card").count() < 60
