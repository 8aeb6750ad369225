"""Which files the inputs name, and in which order they are read."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from extract.errors import ReadError
from extract.reading.gauge import Gauge
from extract.reading.outcome import Notice
from extract.reading.remote import expand, is_address, is_web, path_of, shown_address

STDIN = "-"
SIDECAR = "metadata.jsonl"
COMPRESSIONS = {".gz", ".zst"}
KINDS = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
}
_ONE_ARTICLE = {"text", "html", "page"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its path, what is in it, where it is one article, its id, and its address if it lies elsewhere.

    `kind` is one of text, html, jsonl, csv, parquet, warc, and `page` where only the content tells text from HTML;
    `problem` says what keeps a file from being read, where that is plain from its place. Of Parquet, only the row
    `groups` from the first to before the second are read where they are named. A gauge hears of it.
    """

    path: Path
    kind: str
    id: str = ""
    address: str = ""
    problem: str = ""
    groups: tuple[int, int] | None = None
    gauge: Gauge | None = None

    @property
    def shown(self) -> str:
        """The path, or the address, as errors show it."""
        return printable(shown_address(self.address) if self.address else self.path.as_posix())

    @property
    def is_stdin(self) -> bool:
        """Whether it is the standard input."""
        return str(self.path) == STDIN and not self.address

    @property
    def is_one_article(self) -> bool:
        """Whether the file is one article, and not many."""
        return self.kind in _ONE_ARTICLE

    @property
    def packs_its_parts(self) -> bool:
        """Whether the format packs its parts one by one, so that the file is to be read as it lies there."""
        return self.kind == "parquet" or (self.kind == "warc" and self.path.suffix.lower() == ".gz")

    @property
    def web_address(self) -> str | None:
        """The address of a file that was read from the web."""
        return self.shown if self.address and is_web(self.address) else None

    def beside(self, name: str) -> Source:
        """The file of another name in the same folder."""
        address = f"{self.address.rpartition('/')[0]}/{name}" if self.address else ""
        path = self.path.with_name(name)
        return Source(path, kind_of(path) or "text", address=address)


def find_sources(inputs: Sequence[str], *, but: frozenset[str] = frozenset()) -> tuple[list[Source], list[Notice]]:
    """The files that the inputs name, each once, sorted by name and then by path; and what is worth knowing.

    The order of the inputs makes no difference. A folder is searched with all its subfolders for files of a known
    suffix; hidden files and the sidecar `metadata.jsonl` are no articles. A file named outright is read whatever
    its suffix is, as text where it has no known one. Files in a folder whose real path is in `but` are left alone.

    Raises:
        ReadError: an input names nothing, or lies where it can't be reached.
    """
    found: dict[str, Source] = {}
    passed_over: list[Path] = []
    links: list[Path] = []
    folders: dict[Path, str] = {}
    for source, named in (pair for text in inputs for pair in _expand(text, links)):
        real = source.address or _real_path(source.path, folders)
        if named or source.problem or (source.kind and source.path.name != SIDECAR and real not in but):
            found.setdefault(real, source if source.kind else replace(source, kind=_unknown_kind(source)))
        elif not source.kind and real not in but:
            passed_over.append(source.path)
    ordered = sorted(found.values(), key=lambda source: (source.path.name, source.shown))
    return list(_identified(ordered)), [*_of_links(sorted(links)), *_of_passed_over(sorted(passed_over))]


def _real_path(path: Path, folders: dict[Path, str]) -> str:
    """The path without links; that of each folder is found once, as 100,000 files may be in it."""
    if path.is_symlink():
        return os.path.realpath(path)
    if path.parent not in folders:
        folders[path.parent] = os.path.realpath(path.parent)
    return f"{folders[path.parent]}{os.sep}{path.name}"


def _unknown_kind(source: Source) -> str:
    return "page" if source.address and is_web(source.address) else "text"


def _of_links(links: Sequence[Path]) -> Iterator[Notice]:
    for path in links:
        yield Notice(printable(path.as_posix()), "a link to a folder, not followed: name it to have it read, too")


def _of_passed_over(paths: Sequence[Path]) -> Iterator[Notice]:
    if paths:
        kinds = Counter(printable(path.suffix or path.name)[:20] for path in paths).most_common(6)
        named = ", ".join(f"{kind} {number}" for kind, number in kinds)
        where = printable(paths[0].as_posix())
        yield Notice(where, f"passed over with {len(paths) - 1} more of no known kind ({named})")


def kind_of(path: Path) -> str:
    """What the suffix says is in a file, or "" where it doesn't say.

    >>> kind_of(Path("news/2024.JSONL.gz")), kind_of(Path("photo.png"))
    ('jsonl', '')
    """
    return KINDS.get(Path(_uncompressed(path.name)).suffix.lower(), "")


def stem_of(path: Path) -> str:
    """The name without the suffixes that tell kind and compression.

    >>> stem_of(Path("a/mass.release.txt.gz")), stem_of(Path("a/notes"))
    ('mass.release', 'notes')
    """
    name = _uncompressed(path.name)
    return name[: -len(Path(name).suffix)] if kind_of(path) else path.name


def printable(name: str) -> str:
    r"""The name of a file as Unicode text, bytes that are none escaped.

    >>> printable("caf\udce9")
    'caf\\udce9'
    """
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _uncompressed(name: str) -> str:
    suffix = Path(name).suffix
    return name[: -len(suffix)] if suffix.lower() in COMPRESSIONS else name


def _expand(text: str, links: list[Path]) -> Iterator[tuple[Source, bool]]:
    """Yields (file, whether it was named outright) for one input; links to folders go to `links`."""
    if is_address(text):
        for address, named in expand(text):
            path = Path(path_of(address))
            yield Source(path, kind_of(path), address=address), named
    elif text == STDIN:
        yield Source(Path(text), "text"), True
    elif Path(text).is_dir():
        yield from ((inner, False) for inner in _walk(Path(text), links))
    elif os.path.lexists(text):
        yield Source(Path(text), kind_of(Path(text))), True
    elif matches := _matches(text):
        for match in matches:
            yield from ((inner, not match.is_dir()) for inner in _walk(match, links))
    else:
        raise ReadError("there is no such file", where=text, expected="a file, a folder, a glob, or -",
                        advice="Check the path; quote a glob so that the shell leaves it alone")  # fmt: skip


def _matches(pattern: str) -> list[Path]:
    """The paths that a glob names, `**` included, hidden ones not, as in a shell."""
    return [Path(path) for path in sorted(glob(pattern, recursive=True))] if has_magic(pattern) else []  # noqa: PTH207


def _walk(folder: Path, links: list[Path]) -> Iterator[Source]:
    """Yields the files of a folder and its subfolders, or the one file that it is."""
    if not folder.is_dir():
        yield _found(folder)
    unlisted: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=unlisted.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links.extend(path for name in folders if (path := Path(root, name)).is_symlink())
        yield from (_found(Path(root, name)) for name in sorted(names) if not name.startswith("."))
    for error in unlisted if folder.is_dir() else ():
        yield Source(Path(error.filename), "text", problem=f"can't be listed: {error.strerror}")


def _found(path: Path) -> Source:
    """A file met while searching: a pipe or a device would never end, and is for those who name it."""
    kind = kind_of(path)
    problem = ""
    with suppress(OSError):  # a link that leads nowhere: told when it is opened
        if kind and not stat.S_ISREG(path.stat().st_mode):
            problem = "no regular file, but a pipe, socket or device"
    return Source(path, kind, problem=problem)


def _identified(sources: Sequence[Source]) -> Iterator[Source]:
    """Gives a file that is one article its id: its stem, or where several share that, its path below their folder."""
    single = [s for s in sources if s.is_one_article and not s.is_stdin]
    counted = Counter(stem_of(s.path) for s in single)
    clashing = {stem for stem, times in counted.items() if times > 1}
    common = _common_folder(s.path for s in single if stem_of(s.path) in clashing)
    for source in sources:
        stem = stem_of(source.path)
        if source.is_stdin or not source.is_one_article:
            yield source
        elif stem in clashing:
            yield replace(source, id=printable(Path(os.path.relpath(source.path.absolute(), common)).as_posix()))
        else:
            yield replace(source, id=printable(stem))


def _common_folder(paths: Iterable[Path]) -> str:
    folders = [str(path.absolute().parent) for path in paths]
    return os.path.commonpath(folders) if folders else ""
