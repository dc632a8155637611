"""Which column of a table, or key of a front matter, holds what."""

from __future__ import annotations

import re
from collections.abc import Mapping

FIELDS = ("text", "title", "author", "outlet", "published", "url")
# In order of preference: when two columns mean the same, the earlier name wins.
_NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text 正文 内容 內容 body content 文章内容 文章內容 正文内容 正文內容 全文 文本 article 文章 content_text maintext",
        "fulltext 原文 新闻内容 articlebody paragraph paragraphs 帖子内容 内文 內文 文章正文 text_content raw_text 语料",
    ),
    "title": ("title 标题 標題 题目 題目 headline 文章标题 文章標題 题名 題名 新闻标题 name subject 篇名 主标题",),
    "author": (
        "author 作者 authors 记者 記者 撰文 撰稿 撰稿人 作者姓名 作者名 byline writer creator 文 发布者 发布人 署名",
        "nickname authorname",
    ),
    "outlet": (
        "outlet 来源 來源 媒体 媒體 出处 出處 source 公众号 公眾號 公众号名称 账号 帳號 来源媒体 媒体名称 发布媒体 刊物 报刊",
        "報刊 报纸 刊名 publisher publication media site site_name sitename website 网站 網站 平台 channel account",
        "发布平台 稿源 newspaper journal mp_name",
    ),
    "published": (
        "published 日期 date 发布时间 發佈時間 發布時間 发布日期 發布日期 时间 時間 发表时间 發表時間 发表日期 出版日期",
        "刊登日期 published_at publish_time publish_date publishtime publishdate pub_date pubdate pubtime datetime time",
        "created_at posttime 发文时间 更新时间 date_published published_time 见报日期",
    ),
    "url": (
        "url 链接 連結 鏈接 link 网址 網址 地址 原文链接 原文連結 文章链接 href 来源链接 permalink source_url 文章地址",
        "content_url web_url",
    ),
}
_OWNER = {
    re.sub(r"[\W_]", "", name): (rank, field)
    for field, names in _NAMES.items()
    for rank, name in enumerate(names.split())
}


def _folded(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


def field_of(name: str, mapping: Mapping[str, str]) -> str | None:
    """Return the field that the column `name` holds by the user's mapping or by the known names, else `None`."""
    if name in mapping:
        return mapping[name]
    owner = _OWNER.get(_folded(name))
    return owner[1] if owner else None


def assign(names: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Return for each field the position of its column: the user's mapping first, then the more usual name."""
    best: dict[str, tuple[int, int]] = {}
    for position, name in enumerate(names):
        field = field_of(name, mapping)
        if field is None:
            continue
        rank = -1 if name in mapping else _OWNER[_folded(name)][0]
        best[field] = min(best.get(field, (rank, position)), (rank, position))
    return {field: position for field, (_, position) in best.items()}
