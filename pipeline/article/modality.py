"""Modality: whether a statement is asserted, possible, necessary, hypothetical, negated or asked."""

from __future__ import annotations

import re

from pipeline.records import Modality

_DOUBLE_NEGATION = re.compile(
    r"不(?:得不|能不|会不|可能不|是不|无|可不)|没有(?:人|谁|哪[家个])?不|无不|无非|并非不|未必不|不可否认|毫无疑问|无疑|不仅|不但|不只|不止"
)
_TAG_QUESTION = re.compile(r"(?:难道|岂|何尝|何必|怎[么能会]|哪里|哪有|谁[会能]|不是.{0,20}吗)")
_QUESTION = re.compile(r"[？?][”’」』\"']*\s*$")
_HYPOTHETICAL = re.compile(r"(?:如果|假如|倘若|要是|一旦|假设|万一|除非|若(?!干|非|有所)|否则|不然)")
_NECESSARY = re.compile(
    r"(?:必须|应该|应当|理应|务必|有必要|亟[需待]|需要|不得不|不能不|必然|势必|必将|一定(?:要|会)|非.{1,8}不可"
    r"|(?<![主重需想不还只])要(?=[把让做在从对加继坚靠有])|不要|不应|不该|切忌|千万)"
)
_POSSIBLE = re.compile(r"(?:可能|或许|也许|恐怕|似乎|或将|或会|有望|未必|不一定|大概率|说不定|估计|料将|预计)")
_NEGATED = re.compile(
    r"(?:不(?!断|同|少|仅|但|只|止|久|过|错|得不|妨|论|管|如|要|应|该)|没有|没(?=[有能法])|并非|绝非|并未|从未|尚未|未能|无法|难以|毫无)"
)


def modality_of(plain: str) -> Modality:
    """Return the modality of one statement in simplified script.

    The order settles what holds at once: a question before a condition, a condition before necessity, necessity before
    possibility, possibility before negation. A double negation (``不得不``, ``不能不``) asserts or
    obliges; it never negates.
    """
    if _QUESTION.search(plain):
        return "question"
    if _HYPOTHETICAL.search(plain):
        return "hypothetical"
    if _NECESSARY.search(plain):
        return "necessary"
    if _POSSIBLE.search(plain):
        return "possible"
    if _NEGATED.search(_DOUBLE_NEGATION.sub("", plain)):
        return "negated"
    return "asserted"


def is_rhetorical(plain: str) -> bool:
    """Return whether a question asserts something (``难道…？``, ``谁会…？``)."""
    return bool(_QUESTION.search(plain)) and bool(_TAG_QUESTION.search(plain))
