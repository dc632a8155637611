"""Ids that derive from content: the same content gets the same id on every machine."""

from __future__ import annotations

import hashlib


def content_id(prefix: str, *parts: object) -> str:
    """Return `prefix` and 12 hexadecimal digits of the SHA-256 of `parts`.

    Parts are joined by a separator that normalised text cannot hold, so ``("ab", "c")`` differs from ``("a", "bc")``.
    """
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return prefix + hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:12]
