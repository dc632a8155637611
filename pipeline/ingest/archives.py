"""Zip archives, which docx and xlsx files are: refused when broken or when they unpack to far more than they say."""

from __future__ import annotations

import io
import zipfile

from pipeline.config import IngestConfig
from pipeline.errors import InputError

_MAX_ENTRIES = 10_000


def check_archive(data: bytes, where: str, config: IngestConfig, *, kind: str) -> None:
    """Refuse bytes that are no zip archive or unpack to more than the settings allow.

    Raises
    ------
    InputError
        If the archive is broken, encrypted, or too large when unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        old = data.startswith(b"\xd0\xcf\x11\xe0")
        got = "an old or encrypted Office file" if old else "a broken or truncated file"
        raise InputError(where, got, f"a {kind} file", f"save it again as {kind}") from error
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > config.max_unpacked_mb * 1_000_000 or len(entries) > _MAX_ENTRIES:
        raise InputError(
            where, f"an archive that unpacks to {unpacked // 1_000_000:,} MB in {len(entries):,} parts",
            f"at most {config.max_unpacked_mb} MB", "check where it comes from, or raise ingest.max_unpacked_mb",
        )  # fmt: skip
    if any(entry.flag_bits & 1 for entry in entries):
        raise InputError(where, "an encrypted file", f"a {kind} file without a password", "remove the password")
