"""The grammar of price moves: what one sentence says a price was, is, or changed by.

Rules are regular expressions over the codes of `price_tokens`; each has a rank, and where two claim the same token the
better rank wins. Neighbouring moves that complete each other (`从A降至B，直降97%`) are joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.article.price_tokens import Coded, Token
from pipeline.article.units import Amount

# A rule in short: `<old>` an amount, `<new*>` an amount or a free word, `<to>` `<verb>` `<pct>` as below, `~6` at most
# six codes of the same clause that are no figures, `^8` the same across clauses; letters are codes. Gaps were set on
# sentences of the development articles: the widest that still added true moves.
_SHORT: tuple[tuple[str, str], ...] = (
    ("from_to", "f~14<old>~10,?~8<to>~6<new*>"),  # 从0.02元降至0.0005元; 由9000元，现在降到了5000元
    ("then_by_to", "p~5<old>^14<verb>~3<pct>~1z~2<new>"),  # 价格为3500元，两月内已大涨近6成至5500元
    ("from_by_to", "f~10<old>~6<verb>~3<pct>?~3z~2<new*>"),  # 由340美元下降20%至237美元
    ("to", "<old>~6<to>~4<new*>"),  # 0.008元/千tokens调整为全面免费
    ("rose_fell", "[Tt]~5<old>,~8n?~6(?P<to>[tT])~5<new>"),  # 曾涨到3200元，现在回落到3000元
    (
        "then_to",
        "[yp][^,ABPDp]{0,14}<old>,[^,ABPDpx]{0,8}[ny]?[^,ABPDpx]{0,3}(?P<to>[tT])~5<new>",
    ),  # 去年是每公里32元，今年涨到了240元
    ("then_now", "[po]~5<old>[^ABPDp]{0,8}(?P<to>[tT])~5<new*>"),  # 去年价格是50多元，现在已下降至30元
    ("old_new", "o~6<old>[^ABPDN]{0,24}[npqtkdzT][^,ABPDN]{0,8}<new*>"),  # 原价7999元，现价5499元
    ("new_old", "[pqt]~6<new>^8<old>~3o"),  # 到手价5499元，较7999元的原价
    ("compared", "p~5<new>^18<old>~2c,?~3<verb>~4<pct>"),  # 批发价为114元，与最低时的95元相比，涨幅达20%
    ("new_was", "[pqt]~6<new>^24o~5<old>"),  # 到手价1997元（原价2899元）
    # 年初价格约23万元，现在报价110万元
    ("was_now", "p[^,ABPDdeuv]{0,4}<old>[^ABPD,]{0,3},[^ABPD,xc]{0,3}n[^,ABPDxcdeuv]{0,7}<new>"),
    ("now_then", "p~5<new>,[^ABPD,xc]{0,8}y~5[pq]~3<old>"),  # 现报价2399元，春节前优惠价2099元
    # 输入1元、输出2元; 输入每百万tokens 4元（缓存未命中），输出每百万tokens 16元
    ("pair", "<to>?[^,AB]{0,10}(?P<first>i)[^,AB]{0,14}(?P<new>A)[^AB]{0,10}(?P<second>j)[^,AB]{0,14}(?P<new2>[AB])"),
    ("verb_to", "<verb>z~2<new*>"),  # 再降到9.9元; 提价至15元
    ("ratio", "(?P<to>[tk])~3o~2(?P<pct>R)"),  # 降至原价的四分之一
    ("to_new", "(?P<to>[tT])~6<new*>"),  # 降至9.9元
    ("set_new", "(?P<to>k)~4<new*>"),  # 调整为免费
    ("step_of", "(?P<verb>[du])~16[pq][^,ABPDzktTnpq]{0,5}<delta>"),  # 上调主机售价50美元
    ("step_of_pct", "(?P<verb>[du])~16[pq]~1<pct>"),  # 上调小麦采购价格4.5%
    ("since_step", "y[^,ABPD]{0,12}<old>~3<verb>~3<delta>"),  # 较涨价之前的400元上涨24元
    ("since_pct", "y[^,ABPD]{0,12}<old>~3<verb>~3<pct>"),  # 较去年同期的400元上涨6%
    ("old_step", "<old>~2(?P<verb>e)~2<delta>"),  # 较发售价159元便宜59元
    ("level_step", "(?<![deuv])<new>~3,?~6(?P<verb>[du])~3<delta>"),  # 报19057元/吨，跌2元
    # 上调成品油最高限价，汽油500元/吨
    ("step_list", "(?P<verb>[du])[^,ABPDx]{0,16}p,[^,ABPDxpqdeuvtTk]{1,8}<delta>"),
    ("by_step_to", "<verb>~3<delta>,z~2<new>"),  # 上涨334元/吨，至2902元/吨
    ("by_money", "<verb>[^,ABPDy]{0,5}<delta>"),  # 降价2万元; 上调290元
    ("by_to", "<verb>~3<pct>,?z~2<new>"),  # 下降8.7%至62000元/吨
    ("by_pct", "<verb>~6<pct>"),  # 直降97%; 涨幅达10%
    ("extent", "<verb>~10,?~8s~5<pct>"),  # 开始涨价，幅度在10%以上
    ("extent_by", "<verb>~10,?~8s~5<delta>"),
    ("cap", "p~5(?P<cap>m)~3<new>"),  # 规定其价格不得超过4元
    ("fold", "(?P<fold>D)"),  # 打七折
    ("pct_move", "<pct>~1p~1(?P<verb>[deuv])"),  # 实施15%的价格上调
    ("pct_by", "<pct>~3(?P<verb>e)"),  # 10%的优惠
    ("money_by", "<delta>~4(?P<verb>e)"),  # 100至300元不等的降价
    ("offer", "(?P<noun>q)~7<new>"),  # 起售价10.98万元
    ("price", "(?P<noun>p)~7<new>"),  # 输入价格为0.0008元/千Tokens
    ("at_price", "<new>~3(?P<noun>[pq])"),  # 9.9元的售价
    ("promotion", "(?P<noun>a)~8(?P<new>A)"),  # 推出398元的套餐
    ("promotion2", "(?P<new>A)~5(?P<noun>a)"),  # 9.9元起促销
    ("direction", "(?P<first>[ij])[^,AB]{0,6}(?P<new>A)"),  # 输入1元
    ("also", ",[^,ABPDxcdeuvtTkpqowh]{2,14}n?[^,ABPDxcdeuvtTkpqowh]?<new>(?=,|$)"),  # ，Plus版1499元
    ("free_new", "a[^,ABPDhpx]{0,3}(?P<free>[gN])(?=[^,]{2})"),  # 推出免费的杀毒软件
    ("free", "(?P<free>[FGg])"),
)
_PARTS = {
    "<old>": "(?P<old>[AB])", "<new>": "(?P<new>[AB])", "<new*>": "(?P<new>[ABgFG])", "<delta>": "(?P<delta>[AB])",
    "<pct>": "(?P<pct>P)", "<to>": "(?P<to>[tTk])", "<verb>": "(?P<verb>[deuv])",
}  # fmt: skip


def _long(short: str) -> re.Pattern[str]:
    for part, pattern in _PARTS.items():
        short = re.sub(rf"(?<!\?P){re.escape(part)}", pattern, short)
    short = re.sub(r"~([0-9]+)", r"[^,ABPD]{0,\1}", short)
    return re.compile(re.sub(r"(?<!\[)\^([0-9]+)", r"[^ABPD]{0,\1}", short))


_RULES = tuple((name, _long(short)) for name, short in _SHORT)
_SPANS = ("幅", "幅度")
_STRONG = frozenset("ev")
_SIGN = {"t": -1, "d": -1, "e": -1, "T": 1, "u": 1, "v": 1}


@dataclass(frozen=True, slots=True)
class Move:
    """What a stretch ``text[start:end]`` of a sentence says of a price.

    `first` and `last` are indices of its codes; `sign` is -1 for a fall, 1 for a rise, 0 unknown; `pct` (and
    `pct_high`) is unsigned; `rule` names the rules that fired; `figure` is where
    its step or percentage stands; `more` holds the figures that
    a list (`分别为5万元和6万元`) adds for the products after the first.
    """

    rule: str
    first: int
    last: int
    start: int
    end: int
    old: Amount | None = None
    new: Amount | None = None
    delta: Amount | None = None
    pct: Decimal | None = None
    pct_high: Decimal | None = None
    sign: int = 0
    free: bool = False
    side: str = ""
    strong: bool = False
    more: tuple[Token, ...] = ()
    figure: int = 0

    @property
    def announces(self) -> bool:
        """Whether only a price is named, not a change."""
        return self.sign == 0 and self.pct is None and self.delta is None and self.old is None


def find_moves(sentence: Coded) -> list[Move]:
    """Return the moves of one sentence, in order, complementary neighbours not yet joined."""
    codes = sentence.codes
    found: list[tuple[int, int, Move]] = []
    for rank, (name, pattern) in enumerate(_RULES):
        for match in pattern.finditer(codes):
            for move in _build(name, match, sentence):
                found.append((rank, match.start(), move))
    found.sort(key=lambda item: (item[0], item[1]))
    used: set[int] = set()
    chosen: list[Move] = []
    owner: dict[int, tuple[int, int]] = {}
    for rank, at, move in found:
        claims = _claims(move, codes)
        if all(index not in used or owner.get(index) == (rank, at) for index in claims):
            used.update(claims)
            owner.update(dict.fromkeys(claims, (rank, at)))
            chosen.append(replace(move, more=_listed(move, sentence)))
    return sorted(chosen, key=lambda move: (move.start, move.end))


def each_of(move: Move, count: int) -> list[Move]:
    """Return one move per product: the figures of a list when there are as many, else the same for all."""
    if count == 1:  # 售价分别为5万元、6万元和7万元 of one product: its versions
        return [move, *(_with(move, token) for token in move.more if move.new is not None)]
    if count != len(move.more) + 1:
        return [move] * count
    return [move, *(_with(move, token) for token in move.more)]


def _with(move: Move, token: Token) -> Move:
    if token.amount is None:
        return replace(move, pct=token.low, pct_high=token.high)
    return replace(move, new=token.amount) if move.new is not None else replace(move, delta=token.amount)


def _listed(move: Move, sentence: Coded) -> tuple[Token, ...]:
    """Return the figures of the same kind that 和 or 、 joins to the last of a move."""
    code = sentence.codes[move.last]
    found: list[Token] = []
    index = move.last + 1
    while code in "ABPD" and index + 1 < len(sentence.codes) and sentence.codes[index + 1] == code:
        if sentence.text[sentence.starts[index]] not in "和与及、":
            break
        found.append(sentence.tokens[index + 1])
        index += 2
    return tuple(found)


def join_moves(moves: list[Move], may_join: Callable[[Move, Move], bool]) -> list[Move]:
    """Join neighbours that complete each other when `may_join(left, right)` allows it."""
    joined: list[Move] = []
    for move in moves:
        if joined and may_join(joined[-1], move) and (both := _both(joined[-1], move)) is not None:
            joined[-1] = both
        else:
            joined.append(move)
    return joined


def _build(name: str, match: re.Match[str], sentence: Coded) -> list[Move]:
    group = match.groupdict()

    def token(key: str) -> Token | None:
        return sentence.tokens.get(match.start(key)) if group.get(key) is not None else None

    to, verb, new, old = token("to"), token("verb"), token("new"), token("old")
    percent = token("pct") or token("fold")
    step = token("delta")
    if name == "verb_to" and verb and sentence.text[verb.start : verb.end].endswith(_SPANS):  # 涨价幅度为2.2万元
        new, step = None, new
    marker = to or verb
    first = match.start("new") if name == "also" else match.start()
    base = Move(
        rule=name,
        first=first,
        last=match.end() - 1,
        start=sentence.starts[first],
        end=sentence.end(match.end() - 1),
        old=old.amount if old else None,
        new=new.amount if new and new.code in "AB" else None,
        delta=step.amount if step else None,
        pct=percent.low if percent else None,
        pct_high=percent.high if percent else None,
        sign=_SIGN.get(marker.code, 0) if marker else (-1 if group.get("fold") else 0),
        free=bool(token("free") or (new and new.code in "gFG")),
        figure=next((t.start for t in (step, percent) if t), 0),
        strong=bool(marker and marker.code in _STRONG) or bool(group.get("fold")),
    )
    if name == "pair":
        second = token("new2")
        level = _same_unit(second.amount if second else None, base.new)
        return [replace(base, side="input"), replace(base, side="output", new=level)]
    if name == "direction":
        return [replace(base, side="input" if match["first"] == "i" else "output")]
    return [base]


def _same_unit(amount: Amount | None, model: Amount | None) -> Amount | None:
    """Give the second of two prices the unit that only the first one has."""
    if amount is None or model is None or amount.unit or not model.unit:
        return amount
    return replace(amount, unit=model.unit, norm_unit=model.norm_unit, per=model.per,
                   currency=amount.currency or model.currency)  # fmt: skip


def _claims(move: Move, codes: str) -> list[int]:
    """Return the codes a move uses up: its figures, verbs and free words."""
    return [index for index in range(move.first, move.last + 1) if codes[index] in "ABPDRgFGtTkdeuv"]


def _both(left: Move, right: Move) -> Move | None:
    """Return one move out of two that say different things of the same price, or None."""
    if left.side != right.side and left.side and right.side:
        return None
    if left.sign and right.sign and left.sign != right.sign:
        return None
    for name in ("old", "new", "delta", "pct"):
        if getattr(left, name) is not None and getattr(right, name) is not None:
            return None
    if (left.free and right.new is not None) or (right.free and left.new is not None) or (left.free and right.free):
        return None
    return replace(
        left,
        rule=f"{left.rule}+{right.rule}",
        last=right.last,
        end=right.end,
        old=left.old or right.old,
        new=left.new or right.new,
        delta=left.delta or right.delta,
        pct=left.pct if left.pct is not None else right.pct,
        pct_high=left.pct_high if left.pct is not None else right.pct_high,
        sign=left.sign or right.sign,
        free=left.free or right.free,
        side=left.side or right.side,
        strong=left.strong or right.strong,
    )
