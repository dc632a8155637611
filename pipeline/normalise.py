"""Normalise text once, at ingest, and remember where every character came from.

Lengths change here and nowhere else, so every later offset refers to the normalised text. The passes, in order:
single characters, glosses of pronunciation, blanks. Each is linear, and the whole is idempotent.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

# Radicals that have no compatibility mapping in Unicode but stand for characters in text taken from PDF files.
# ⼾ stands for the simplified 户, which Unicode folds to another form.
_RADICALS = (
    "⼾户"
    "⺁厂⺄乙⺈刀⺊卜⺌小⺍小⺒巳⺖忄⺗心⺘扌⺙攴⺛旡⺝月⺟母⺠民⺡氵⺢水⺣灬⺤爪⺥爪⺦丬⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺰纟⺳网⺶羊⺷羊⺸羊⺹老⺻聿⺼肉⺽臼⺾艹"
    "⻁虎⻂衣⻃西⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻐钅⻑長⻒长⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟食⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻬齐⻮齿⻰龙⻲龟⻳龟"
)
_SMALL_FORMS = "﹐，﹑、﹒。﹔；﹕：﹖？﹗！﹙（﹚）︰：︱｜︿《﹀》﹁「﹂」﹃『﹄』︵（︶）︹【︺】"


def _single_characters() -> dict[int, str]:
    table = {
        code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
    }
    table |= {ord(wide): chr(ord(wide) - 0xFEE0) for wide in "％＋＄＆＠＃＝＿"}
    table |= dict.fromkeys([0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
    table |= dict.fromkeys([0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], "\n")
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00)):
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1 and folded != chr(code):
            table[code] = folded
    for pairs in (_RADICALS, _SMALL_FORMS):
        table |= {ord(odd): plain for odd, plain in zip(pairs[::2], pairs[1::2], strict=True)}
    return table


_TABLE = _single_characters()
_TABLED = re.compile("[" + "".join(map(re.escape, map(chr, _TABLE))) + "]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e0fff]+|\r(?=\n)"
)
# A wide full stop, stroke or hyphen belongs to a number or a name only between half-width letters or digits.
_WIDE_JOINT = re.compile(r"(?<=[0-9A-Za-z])[．／－](?=[0-9A-Za-z])")

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c\u02ca\u02cb\u02c7\u02c9\u3105-\u312f"
_SOUNDS = f"a-züêɡ\u0308'’{_TONED}"
_GLOSS = re.compile(f"(?<=[{HAN}])[ \u3000]*[(（][ \u3000]*([{_SOUNDS}][{_SOUNDS} \u3000]{{0,40}})[)）]")
_TONE = re.compile(f"[{_TONED}]")
# Syllables without a tone mark that a text with glosses may also carry.
_NEUTRAL = frozenset(
    ["a", "ba", "de", "ge", "la", "le", "ma", "me", "men", "na", "ne", "shang", "tou", "ya", "zhe", "zi"]
)

_BLANKS = re.compile("[ \u3000]+")
_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_WIDE_MARKS = frozenset("，。、；：？！（）《》〈〉「」『』【】〔〕")
_SHARED_MARKS = frozenset("“”‘’…—")  # Latin text uses them too: blanks beside them go only next to Chinese
_SENTENCE_ENDS = frozenset("。！？!?…”’」』；）")
_PROSE = re.compile("[，。；！？]")
# Lines longer than this are running text even without punctuation; no title of 457 web articles was longer.
_PROSE_CHARS = 60
# Longer than any byline word and than any name: what lies further left decides nothing.
_TOKEN_CHARS = 8
_BYLINE_WORDS = (
    *("文", "图", "圖", "摄", "攝", "编", "編", "译", "譯", "记者", "記者", "作者", "编辑", "編輯", "通讯员", "通訊員"),
    *(
        "来源",
        "來源",
        "主编",
        "摄影",
        "实习生",
        "特约",
        "撰文",
        "撰稿",
        "评论员",
        "校对",
        "审核",
        "监制",
        "策划",
        "译者",
    ),
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text; ``source[i]`` is the index in the input that ``text[i]`` came from, never decreasing."""

    text: str
    source: Sequence[int]

    def position(self, index: int) -> int:
        """Return where the input's `index` lies in `text`: at the first kept character from there on."""
        return index if isinstance(self.source, range) else bisect_left(self.source, index)


_Edit = tuple[int, int, str]


def normalise(text: str) -> Normalised:
    r"""Normalise one article.

    Full-width letters and digits become half-width, line ends ``\n``, radicals characters; zero-width and control
    characters, glosses of pronunciation after Chinese characters (``價(jià)``), stray blanks between Chinese characters
    and more than one empty line go. A lone surrogate becomes U+FFFD. Chinese punctuation stays as it is.

    A blank between Chinese characters is stray in running text, and between single characters (``摘 要``). It stays
    as one blank in titles, bylines and after words such as 记者; several blanks there become one ideographic space.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    Normalised
        The text and the origin of its characters; ``normalise(x.text).text == x.text``.
    """
    source: Sequence[int] = range(len(text))
    for find in (_invisible, _characters, _joints, _glosses, _blanks, _empty_lines):
        edits = find(text)
        if edits:
            text, source = _apply(text, source, edits)
    return Normalised(text, source)


def _apply(text: str, source: Sequence[int], edits: Iterable[_Edit]) -> tuple[str, Sequence[int]]:
    """Replace stretches (sorted, apart); a replacement has at most one character more than nothing per character."""
    pieces: list[str] = []
    origins = array("q")
    last = 0
    for start, end, replacement in edits:
        pieces += (text[last:start], replacement)
        origins.extend(source[last:start])
        origins.extend(source[start : start + len(replacement)])
        last = end
    pieces.append(text[last:])
    origins.extend(source[last:])
    return "".join(pieces), origins


def _invisible(text: str) -> list[_Edit]:
    return [(m.start(), m.end(), "") for m in _INVISIBLE.finditer(text)]


def _characters(text: str) -> list[_Edit]:
    return [(m.start(), m.end(), _TABLE[ord(m.group())]) for m in _TABLED.finditer(text)]


def _joints(text: str) -> list[_Edit]:
    return [(m.start(), m.end(), chr(ord(m.group()) - 0xFEE0)) for m in _WIDE_JOINT.finditer(text)]


def _glosses(text: str) -> list[_Edit]:
    edits: list[_Edit] = []
    held: list[_Edit] = []  # without a tone mark: glosses only if another of their line has one
    line_end, toned = -1, False
    for match in _GLOSS.finditer(text):
        if match.start() > line_end:
            edits += held if toned else []
            held, toned = [], False
            line_end = _line_end(text, match.start())
        edit = (match.start(), match.end(), "")
        if _TONE.search(match.group(1)):
            toned = True
            held.append(edit)
        elif match.group(1).strip(" \u3000") in _NEUTRAL:
            held.append(edit)
    return edits + (held if toned else [])


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _blanks(text: str) -> list[_Edit]:
    edits: list[_Edit] = []
    line = _Line(text)
    for match in _BLANKS.finditer(text):
        start, end = match.span()
        left = text[start - 1] if start else "\n"
        right = text[end] if end < len(text) else "\n"
        replacement = _blank(match, left, right, line)
        if replacement != match.group():
            edits.append((start, end, replacement))
    return edits


def _blank(match: re.Match[str], left: str, right: str, /, line: _Line) -> str:
    blank = match.group()
    if left == "\n" or right == "\n":
        return ""
    if left in _SENTENCE_ENDS and blank.count("\u3000") >= 2:
        return "\n"  # the indent of a paragraph whose line break was lost
    left_han, right_han = bool(_HAN.match(left)), bool(_HAN.match(right))
    if left_han and right_han:
        return line.between(blank, match.start(), match.end())
    if left in _WIDE_MARKS or right in _WIDE_MARKS:
        return ""
    shared = (left in _SHARED_MARKS and (right_han or right in _SHARED_MARKS)) or (right in _SHARED_MARKS and left_han)
    return "" if shared else " "


class _Line:
    """What the decision on a blank between Chinese characters needs to know of its line, kept from blank to blank."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = -1
        self.prose = False
        self.token = ""  # the run of Chinese characters on the left, blanks already taken out
        self.token_end = -1
        self.byline = False

    def between(self, blank: str, start: int, end: int) -> str:
        if start > self.end:
            self._enter(start)
        left = self._left_token(start)
        right = _HAN_RUN.match(self.text, end).group()  # type: ignore[union-attr]
        follows_byline_word = left.endswith(_BYLINE_WORDS) if self.prose else left in _BYLINE_WORDS
        keep = follows_byline_word or (self.byline and len(left) <= 4)
        single = len(left) == 1 or len(right) == 1
        wide = len(blank) > 1 or blank == "\u3000"
        self.byline = keep
        if not keep and not wide:
            keep = not self.prose and not single
        elif not keep:
            keep = not (len(left) == 1 and len(right) == 1)
        self.token, self.token_end = (right if keep else left + right)[-_TOKEN_CHARS:], end + len(right)
        return ("\u3000" if wide else " ") if keep else ""

    def _enter(self, start: int) -> None:
        begin = self.text.rfind("\n", 0, start) + 1
        self.end = _line_end(self.text, start)
        self.prose = self.end - begin > _PROSE_CHARS or bool(_PROSE.search(self.text, begin, self.end))
        self.byline, self.token_end = False, -1

    def _left_token(self, start: int) -> str:
        if self.token_end == start:
            return self.token
        self.byline = False
        begin = start
        while begin > start - _TOKEN_CHARS and begin > 0 and _HAN.match(self.text[begin - 1]):
            begin -= 1
        return self.text[begin:start]


def _empty_lines(text: str) -> list[_Edit]:
    edits: list[_Edit] = []
    for match in re.finditer("\n+", text):
        start, end = match.span()
        if start == 0 or end == len(text):
            edits.append((start, end, ""))
        elif end - start > 2:
            edits.append((start, end, "\n\n"))
    return edits
