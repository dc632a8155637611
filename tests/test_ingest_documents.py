"""Word documents and PDF files."""

import io
import sys
import zlib

import docx
import pytest
from docx.oxml import parse_xml

from pipeline.config import load_config
from pipeline.ingest import find_sources, read_source
from pipeline.ingest.paragraphs import PrintedLine, join_pages
from pipeline.records import Document, Failure

CONFIG = load_config().ingest
PARAGRAPHS = [
    "价格战打到第三周，几家云厂商都开始算账，算完之后谁也不愿意先停下来。",
    "便宜的接口带来了调用量，也带来了更薄的利润，这笔账迟早要有人来付。",
]


def read(path):
    sources, _ = find_sources([str(path)], CONFIG)
    return list(read_source(sources[0], CONFIG))


def roles(document):
    return [(document.text[block.start : block.end], block.role) for block in document.blocks]


def make_docx():
    document = docx.Document()
    document.core_properties.title = "便宜之后"
    document.core_properties.author = "秦望舒"
    document.sections[0].header.paragraphs[0].text = "远山研究 内部资料"
    document.add_heading("便宜之后", 0)
    document.add_paragraph(PARAGRAPHS[0])
    document.add_heading("账怎么算", 1)
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "甲厂", "1元"
    document.add_paragraph("表 1 各家价格", style="Caption")
    document.add_paragraph(PARAGRAPHS[1])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_docx(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(make_docx())
    (document,) = read(path)
    assert (document.title, document.author, document.published) == ("便宜之后", "秦望舒", None)
    assert document.text.split("\n") == [
        "远山研究 内部资料",
        "便宜之后",
        PARAGRAPHS[0],
        "账怎么算",
        "甲厂 1元",
        "表 1 各家价格",
        PARAGRAPHS[1],
    ]
    assert roles(document) == [
        ("远山研究 内部资料", "boilerplate"),
        ("便宜之后", "heading"),
        ("账怎么算", "heading"),
        ("表 1 各家价格", "caption"),
    ]


def test_deleted_text_and_twins_of_text_boxes_stay_out(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph(PARAGRAPHS[0])
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraph._p.append(parse_xml(f"<w:del {w}><w:r><w:delText>删去的话</w:delText></w:r></w:del>"))
    paragraph._p.append(
        parse_xml(
            f'<w:r {w} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            '<mc:AlternateContent><mc:Choice Requires="x">'
            "<w:txbxContent><w:p><w:r><w:t>框里的一句话。</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
            "<mc:Fallback><w:p><w:r><w:t>框里的一句话。</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    path = tmp_path / "a.docx"
    document.save(path)
    (result,) = read(path)
    assert result.text == f"{PARAGRAPHS[0]}\n框里的一句话。"


def test_truncated_docx(tmp_path):
    data = make_docx()
    path = tmp_path / "a.docx"
    for cut in range(30, len(data), len(data) // 25):
        path.write_bytes(data[:cut])
        (failure,) = read(path)
        assert isinstance(failure, Failure)
        assert failure.remedy == "save it again as docx"


def make_pdf(pages, *, title=None, size=12):
    """Return a PDF whose lines (text, x, y) are set in a font without outlines, with a map back to Unicode."""
    chars = sorted({char for page in pages for line in page for char in line[0]})
    codes = {char: i + 1 for i, char in enumerate(chars)}
    cmap = "begincmap\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n" + f"{len(chars)} beginbfchar\n"
    cmap += "".join(f"<{codes[c]:04x}> <{c.encode('utf-16-be').hex()}>\n" for c in chars) + "endbfchar\nendcmap"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        None,
        "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [4 0 R]"
        " /ToUnicode 5 0 R >>",
    ]
    objects += [
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    ]
    objects += [f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream"]
    kids = []
    for page in pages:
        shown = [
            f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm <{''.join(f'{codes[char]:04x}' for char in text)}> Tj\n"
            for text, x, y in page
        ]
        content = f"BT\n{''.join(shown)}ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    if title:
        objects.append(
            f"<< /Title <feff{title.encode('utf-16-be').hex()}> /Author <feff{'秦望舒'.encode('utf-16-be').hex()}> >>"
        )
    out, offsets = b"%PDF-1.4\n", []
    for i, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{i} 0 obj\n{body}\nendobj\n".encode("latin-1")
    xref = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + b"".join(
        f"{o:010d} 00000 n \n".encode() for o in offsets
    )
    info = f" /Info {len(objects)} 0 R" if title else ""
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{info} >>\nstartxref\n{xref}\n%%EOF".encode()


def set_lines(paragraphs, *, width=20, indent=24, top=700, leading=18, gap=0):
    lines, y = [], top
    for paragraph in paragraphs:
        first = width - 2 if indent else width
        pieces = [paragraph[:first]] + [paragraph[i : i + width] for i in range(first, len(paragraph), width)]
        for i, piece in enumerate(pieces):
            lines.append((piece, 50 + (indent if i == 0 else 0), y))
            y -= leading
        y -= gap
    return lines


@pytest.mark.parametrize(("indent", "gap"), [(24, 0), (0, 12), (24, 12)])
def test_pdf_paragraphs(tmp_path, indent, gap):
    paragraphs = PARAGRAPHS * 3
    radicals = str.maketrans({"大": "⼤", "用": "⽤", "长": "⻓"})
    page = [(text.translate(radicals), x, y) for text, x, y in set_lines(paragraphs, indent=indent, gap=gap)]
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([page], title="便宜之后"))
    (document,) = read(path)
    assert (document.title, document.author) == ("便宜之后", "秦望舒")
    assert document.text.split("\n") == paragraphs


def test_pdf_headers_footers_and_a_paragraph_over_two_pages(tmp_path):
    first = [
        ("远山日报　评论", 50, 780),
        *set_lines([*PARAGRAPHS, PARAGRAPHS[0][:18] + PARAGRAPHS[1][:20]]),
        ("第 1 页", 280, 20),
    ]
    second = [
        ("远山日报　评论", 50, 780),
        ("这一行接着上一页的段落，到这里才结束。", 50, 700),
        *set_lines(PARAGRAPHS, top=682),
        ("第 2 页", 280, 20),
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([first, second]))
    (document,) = read(path)
    whole = PARAGRAPHS[0][:18] + PARAGRAPHS[1][:20] + "这一行接着上一页的段落，到这里才结束。"
    assert document.text.split("\n") == [
        "远山日报\u3000评论",
        *PARAGRAPHS,
        whole,
        "第 1 页",
        "远山日报\u3000评论",
        *PARAGRAPHS,
        "第 2 页",
    ]
    assert {role for _, role in roles(document)} == {"boilerplate"}
    assert len(roles(document)) == 4


def test_large_type_is_a_heading():
    lines = [PrintedLine("便宜之后怎么", 50, 760, 24), PrintedLine("办？", 50, 730, 24)]
    lines += [PrintedLine(text, x, y, 12) for text, x, y in set_lines(PARAGRAPHS)]
    assert join_pages([lines]) == [("便宜之后怎么办？", "heading"), *((text, None) for text in PARAGRAPHS)]


def test_truncated_pdf_never_raises(tmp_path):
    data = make_pdf([set_lines(PARAGRAPHS * 3)])
    path = tmp_path / "a.pdf"
    for cut in range(9, len(data), len(data) // 60):
        path.write_bytes(data[:cut])
        (item,) = read(path)
        assert isinstance(item, Failure | Document)


def test_a_scan_says_so(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([[]]))
    (failure,) = read(path)
    assert "scan" in failure.got


def test_a_pdf_that_unpacks_to_much_is_refused(tmp_path):
    bomb = zlib.compress(b"BT (x) Tj ET\n" * 12_000_000, 9)
    data = make_pdf([[("价", 50, 700)]])
    head, _, tail = data.partition(b"6 0 obj\n")
    path = tmp_path / "a.pdf"
    path.write_bytes(
        head
        + b"6 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(bomb)
        + bomb
        + b"\nendstream\nendobj\n"
        + tail[tail.index(b"endobj\n") + 7 :]
    )
    (failure,) = read(path)
    assert isinstance(failure, Failure)


def test_the_text_goes_before_the_properties_of_the_file(tmp_path):
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "模板", "录入员"
    document.add_paragraph("便宜之后怎么办")
    document.add_paragraph("作者：秦望舒")
    document.add_paragraph(PARAGRAPHS[0])
    document.save(tmp_path / "a.docx")
    (result,) = read(tmp_path / "a.docx")
    assert (result.title, result.author) == ("便宜之后怎么办", "秦望舒")


@pytest.mark.parametrize(("name", "module"), [("a.pdf", "pypdf"), ("a.docx", "docx")])
def test_a_missing_extra_is_named(tmp_path, monkeypatch, name, module):
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / name
    path.write_bytes(make_docx() if name == "a.docx" else make_pdf([set_lines(PARAGRAPHS)]))
    (failure,) = read(path)
    assert "lunheng[ingest]" in failure.remedy
