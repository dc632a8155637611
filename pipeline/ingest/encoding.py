"""From bytes to text: UTF-8, UTF-16, UTF-32, GB18030, Big5, and what charset-normalizer can tell beyond them."""

from __future__ import annotations

import codecs
import re

from pipeline.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = {
    b"%PDF": "a PDF file", b"PK\x03\x04": "a zip, docx or xlsx file", b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"PAR1": "a parquet file", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image",
    b"\x1f\x8b": "a gzip file", b"{\\rtf": "an RTF file", b"\x7fELF": "a program", b"Rar!": "an archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
}  # fmt: skip
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
# The commonest characters of Chinese text in either script: a wrong decoding hits them by accident only.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手用"
    "主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被"
    "市场价格战企业行业竞争技术产品市经济成本用户"
    "這來國個說們為時會過學對裡後麼沒於還發當開經頭見長動兩現將與進實話種聲點給幾業機間問場價戰競爭術產濟"
)
# Shares of the sample: one bad byte in a thousand is a typing accident, more is another encoding; the share of common
# characters in Chinese prose is .35-.55 in the right encoding and below .06 in a wrong one.
_MAX_BAD = 0.001
_MIN_COMMON = 0.12
_SAMPLE = 65536


def decode(data: bytes, where: str, declared: str | None = None) -> str:
    """Decode the bytes of a text file.

    Parameters
    ----------
    data : bytes
        The whole file.
    where : str
        Its name, for messages.
    declared : str, optional
        The encoding that the file itself names (an HTML page): tried first, believed when it fits.

    Raises
    ------
    InputError
        If the bytes are no text or no known encoding fits.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strict(data, name) or _lenient(data, name, where)
    kind = next((kind for magic, kind in _BINARY.items() if data.startswith(magic) and _looks_binary(data)), None)
    if kind is not None:
        raise InputError(where, kind, "text", "give it the right file extension or save it as text")
    if b"\0" in data[:_SAMPLE]:
        return _without_bom(data, where)
    candidates = [name for name in (_alias(declared), "utf-8") if name]
    for name in candidates:
        text = _strict(data, name)
        if text is not None and (name == "utf-8" or _common(text) >= _MIN_COMMON):
            return _checked(text, where)
    return _checked(_guess(data, where), where)


def _alias(declared: str | None) -> str | None:
    name = (declared or "").strip().lower()
    if name in {"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936"}:
        return "gb18030"
    if name in {"big5", "big5-hkscs", "x-x-big5", "cn-big5"}:
        return "big5hkscs"
    try:
        found = codecs.lookup(name)
    except LookupError:
        return None
    return found.name if found._is_text_encoding else None


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None


def _lenient(data: bytes, name: str, where: str) -> str:
    text = data.decode(name, "replace")
    if text.count("\ufffd") > max(1, _MAX_BAD * len(text)):
        raise InputError(where, f"bytes that are not {name}", "text in one encoding", "save the file as UTF-8")
    return text


def _without_bom(data: bytes, where: str) -> str:
    """UTF-16 without a mark has its zero or its Chinese high bytes (4E-9F) at every second place; else it is binary."""
    sample = data[:_SAMPLE]
    texts = [(name, data[: len(data) & ~1].decode(name, "replace")) for name in ("utf-16-le", "utf-16-be")]
    best = max(texts, key=lambda item: _common(item[1][:_SAMPLE]))
    if _common(best[1][:_SAMPLE]) >= _MIN_COMMON:
        return _lenient(data[: len(data) & ~1], best[0], where)
    if sample.count(0) <= max(2, _MAX_BAD * len(sample)):
        return decode(data.replace(b"\0", b""), where)
    raise InputError(where, "zero bytes: no text", "a text file", "give it the right file extension or leave it out")


def _guess(data: bytes, where: str) -> str:
    scored = []
    for name in ("utf-8", "gb18030", "big5hkscs"):
        text = data.decode(name, "replace")
        bad = text.count("\ufffd") / max(1, len(text))
        scored.append((_common(text) - 50 * bad, bad, name, text))
    _, bad, name, text = max(scored)
    if _common(text) >= _MIN_COMMON and bad <= max(_MAX_BAD, 1.5 / max(1, len(text))):
        return text
    other = _helper(data)
    if other is not None:
        return other
    raise InputError(
        where, f"bytes that are neither UTF-8 nor another known encoding (closest: {name})",
        "text in UTF-8, UTF-16, GB18030 or Big5", "save the file as UTF-8",
    )  # fmt: skip


def _helper(data: bytes) -> str | None:
    try:
        import charset_normalizer
    except ImportError:  # the extra `ingest` is not installed: nothing beyond the encodings above
        return None
    best = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if best is None or best.encoding is None:
        return None
    text = _strict(data, best.encoding)
    return text if text is not None and not _CONTROLS.search(text[:_SAMPLE]) else None


def _common(text: str) -> float:
    """Share of common Chinese characters among the characters beyond ASCII."""
    wide = [char for char in text[:_SAMPLE] if char > "\x7f"]
    return sum(char in _COMMON for char in wide) / len(wide) if wide else 0.0


def _looks_binary(data: bytes) -> bool:
    sample = data[:4096]
    return not sample.isascii() or b"\0" in sample or sample.startswith((b"%PDF", b"PK\x03\x04", b"{\\rtf"))


def _checked(text: str, where: str) -> str:
    sample = text[:_SAMPLE]
    bad = len(_CONTROLS.findall(sample))
    if bad > max(8, 0.02 * len(sample)):  # control characters in running text are strays; 2 % of them are a program
        raise InputError(
            where, "control characters: no text", "a text file", "give it the right file extension or leave it out"
        )
    return text
