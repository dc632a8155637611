"""Text for XML 1.0: the characters that it cannot hold even as references are left out."""

from __future__ import annotations

import re

# https://www.w3.org/TR/xml/#charsets
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return `text` without control characters, lone surrogates and noncharacters."""
    return _ILLEGAL.sub("", text)
