"""Write the files of this folder again; `expected.toml` says what reading them gives."""

import io
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
BODY = "价格战打到第三周，几家云厂商都开始算账，算完之后谁也不愿意先停下来。"
LAUGHS = (
    "<!DOCTYPE x ["
    + '<!ENTITY a "哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/>'
    "</Relationships>"
)


def archive(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as out:
        for name, data in parts.items():
            out.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_BZIP2)
    return stream.getvalue()


def docx(text: str, *, before: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    document = f"{before}<w:document {W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document}
    return archive(parts | (more or {}))


def files() -> dict[str, bytes]:
    bomb = b"\0" * 205_000_000
    laughs = "".join(
        f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" if i else "x0: &x0 [哈, 哈]\n" for i in range(12)
    )
    found: dict[str, str | bytes] = {
        "aliases.md": f"---\n{laughs}---\n{BODY}\n",
        "binary.txt": bytes(range(256)) * 20,
        "bomb.docx": archive({"word/document.xml": bomb}),
        "bomb.xlsx": archive({"xl/workbook.xml": bomb}),
        "climbing.docx": docx(BODY, more={"../../../../tmp/climbed.txt": "x", "/etc/climbed": "x"}),
        "columns.csv": ",".join(f"c{i}" for i in range(1000)) + ",正文\n" + "," * 1000 + BODY + "\n",
        "deep.html": f"<html><body>{'<b>' * 9000}{BODY}</body></html>",
        "deep.jsonl": '{"text":' * 20_000 + "\n" + f'{{"text": "{BODY}"}}\n',
        "empty.txt": b"",
        "entities.docx": docx(f"{BODY}&i;", before=LAUGHS),
        "entities.html": f"{LAUGHS}<html><body><p>{BODY}&i;</p></body></html>",
        "formulas.csv": f"标题,正文\n\"=cmd|' /C calc'!A0\",{BODY}\n",
        "links.html": "<html><body>" + "<p><a href='/x'>一条新闻的标题</a></p>" * 40 + "</body></html>",
        "many-columns.csv": ",".join(f"c{i}" for i in range(2000)) + ",正文\n" + "," * 2000 + BODY + "\n",
        "nul.txt": BODY.replace("，", "\0，"),
        "pickle.parquet": b"PAR1" + b"cos\nsystem\n(S'echo'\ntR." + b"PAR1",
        "quotes.txt": "“" * 10_000 + BODY + "”" * 10_000,
        "rtl.txt": f"\u202e{BODY[:10]}\u2066{BODY[10:]}\u202c",
        "surrogates.jsonl": f'{{"text": "{BODY}\\ud83d\\udeab\\udc00", "title": "\\ud800"}}\n',
        "tags.md": f"---\ntitle: !!python/object/apply:os.system ['echo']\n---\n{BODY}\n",
        "truncated.docx": docx(BODY)[:-40],
        "truncated.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages",
        "two-encodings.txt": BODY.encode("gb18030") * 5 + BODY.encode("utf-8") * 5,
    }
    return {name: data if isinstance(data, bytes) else data.encode("utf-8") for name, data in found.items()}


if __name__ == "__main__":
    for name, data in files().items():
        (HERE / name).write_bytes(data)
