"""Find what there is to read: files, folders, globs and standard input."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import IngestConfig
from pipeline.ingest.columns import check_mapping
from pipeline.ingest.draft import printable
from pipeline.records import Failure

KINDS: dict[str, str] = {
    ".txt": "text", ".text": "text",
    ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".docx": "docx", ".docm": "docx",
    ".pdf": "pdf",
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
READABLE = "txt, md, html, mhtml, docx, pdf, csv, tsv, xlsx, jsonl or parquet"
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read; `kind` is a value of `KINDS`, or ``unknown`` for what must be told by its content.

    `path` is the path as given or found, on one line; `origin` is where the bytes are, `None` for standard input.
    """

    path: str
    kind: str
    origin: Path | None


def find_sources(paths: Sequence[str], config: IngestConfig) -> tuple[list[Source], list[Failure]]:
    """Find the files to read, in the order of their paths.

    Folders are searched to the bottom; hidden files and files of other kinds in them are passed over. Links to files
    are followed, links to folders are not. A file reached twice is read once.

    Parameters
    ----------
    paths : sequence of str
        Files, folders, patterns such as ``news/**/*.html``, and ``-`` for standard input.
    config : IngestConfig
        Settings of ingest.

    Returns
    -------
    tuple of list of Source and list of Failure
        What can be tried, and what cannot.

    Raises
    ------
    ConfigError
        If a column is mapped to something unknown.
    """
    check_mapping(config.columns)  # the limits apply to the content of a file, when it is read
    sources: list[Source] = []
    failures: list[Failure] = []
    for path in dict.fromkeys(paths):
        found = list(_expand(path))
        sources += [item for item in found if isinstance(item, Source)]
        failures += [item for item in found if isinstance(item, Failure)]
    unique: dict[str, Source] = {}
    for source in sorted(sources, key=lambda item: item.path):
        key = STDIN if source.origin is None else os.path.realpath(source.origin)
        unique.setdefault(key, source)
    return list(unique.values()), sorted(set(failures), key=lambda item: (item.where, item.got))


def _expand(path: str) -> Iterator[Source | Failure]:
    if path == STDIN:
        yield Source("-", "unknown", None)
        return
    if "\0" in path or not path:
        yield Failure(repr(path), "no path", "the path of a file or folder", "check the spelling")
        return
    if os.path.lexists(path):
        yield from _named(path)
        return
    matches = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []
    if not matches:
        what = "a pattern that matches nothing" if glob.has_magic(path) else "no such file or folder"
        yield Failure(
            printable(path), what, "a file, a folder or a pattern", "check the spelling and the folder you are in"
        )
        return
    found = [item for match in matches for item in _matched(match)]
    if not found:
        yield Failure(printable(path), "files of other kinds only", READABLE, "name files of these kinds")
    yield from found


def _named(path: str) -> Iterator[Source | Failure]:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        yield Failure(
            printable(path), error.strerror or "unreadable", "a file or folder", "mend the link or its rights"
        )
        return
    if stat.S_ISDIR(mode):
        found = list(_folder(path))
        if not found:
            yield Failure(
                printable(path), "a folder without articles", READABLE, "put articles there or name another folder"
            )
        yield from found
    elif stat.S_ISREG(mode):
        yield _source(path)
    else:
        yield Failure(printable(path), "a device or pipe", "a regular file", "use - to read from a pipe")


def _matched(path: str) -> Iterator[Source | Failure]:
    if os.path.isdir(path):
        yield from _folder(path)
    elif _kind(path) != "unknown":
        yield from _named(path)


def _folder(folder: str) -> Iterator[Source | Failure]:
    problems: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=problems.append, followlinks=False):
        folders[:] = sorted(name for name in folders if not _hidden(name))
        for name in folders:
            path = os.path.join(root, name)
            if os.path.islink(path):
                yield Failure(printable(path), "a link to a folder", "a folder", "name its target to have it read")
        for name in sorted(files):
            path = os.path.join(root, name)
            if not _hidden(name) and _kind(name) != "unknown":
                yield from _named(path)
    for problem in problems:
        yield Failure(
            printable(str(problem.filename)), problem.strerror or "unreadable", "a folder", "check its rights"
        )


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX"))


def _kind(path: str) -> str:
    return KINDS.get(os.path.splitext(path)[1].lower(), "unknown")


def _source(path: str) -> Source:
    return Source(printable(path), _kind(path), Path(path))
