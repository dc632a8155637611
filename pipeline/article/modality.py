"""Modality: whether a statement is asserted, possible, necessary, hypothetical, negated, asked or rhetorical."""

from __future__ import annotations

import re

from pipeline.records import Modality

_DOUBLE_NEGATION = re.compile(
    r"不(?:得不|能不|会不|可能不|是不|无|可不)|没有?(?:人|谁|哪[家个])?不|无人不|(?:不可能|不会|不是|并非|并不是)没有?|无不|无非|并非不|未必不|不可否认|毫无疑问|无疑|不仅|不但|不只|不止"
)
_TAG_QUESTION = re.compile(
    r"难道|岂[不能是有非可]|何尝|何必|何苦|何来|哪里?(?:有|还有|能|会|敢|来的|轮得)|哪怕不|怎(?:么)?(?:能|会|可能|敢|好意思)"
    r"|谁(?:又|还)?(?:会|能|敢|愿|不想|不愿|不知)|不是.{1,25}吗|不就是|还(?:能|有什么|算|叫|用).{0,15}吗|凭什么|有什么(?:用|意义|不好|不可)"
    r"|又(?:有谁|有几|能|何|怎)|算什么|真的.{0,20}吗|何况"
)
_QUESTION = re.compile(r"[？?][”’」』\"']*\s*$")
_HYPOTHETICAL = re.compile(r"(?:如果|假如|倘若|要是|一旦|假设|万一|除非|若(?!干|非|有所)|否则|不然)")
_NECESSARY = re.compile(
    r"(?:必须|应该|应当|理应|务必|有必要|亟[需待]|需要|不得不|不能不|必然|势必|必将|一定(?:要|会)|非.{1,8}不可"
    r"|(?<![主重需想不还只])要(?=[把让做在从对加继坚靠有])|不要|不应|不该|切忌|千万)"
)
_POSSIBLE = re.compile(r"(?:(?<!不)可能|或许|也许|恐怕|似乎|或将|或会|有望|未必|不一定|大概率|说不定|估计|料将|预计)")
_NEGATED = re.compile(
    r"(?:不(?!断|同|少|仅|但|只|止|久|过|错|得不|妨|论|管|如|要|应|该)|没有|没(?=[有能法])|并非|绝非|并未|从未|尚未|未能|无法|难以|毫无)"
)


def modality_of(plain: str) -> Modality:
    """Return the modality of one statement in simplified script.

    The order settles what holds at once: a question before a condition, a condition before necessity, necessity before
    possibility, possibility before negation. A question is rhetorical when its words say so (``谁会…？``). A double
    negation (``不得不``, ``不可能没有``) asserts or obliges; it never negates.
    """
    if _QUESTION.search(plain):
        return "rhetorical" if _TAG_QUESTION.search(plain) else "question"
    if _HYPOTHETICAL.search(plain):
        return "hypothetical"
    if _NECESSARY.search(plain):
        return "necessary"
    if _POSSIBLE.search(plain):
        return "possible"
    if _NEGATED.search(_DOUBLE_NEGATION.sub("", plain)):
        return "negated"
    return "asserted"
