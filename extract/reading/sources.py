"""Which files the inputs name, and in which order they are read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from extract.errors import ReadError

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
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its path, what is in it, and, where the file is one article, the article's id."""

    path: Path
    kind: str
    id: str = ""

    @property
    def shown(self) -> str:
        """The path as errors show it."""
        return printable(self.path.as_posix())

    @property
    def is_stdin(self) -> bool:
        """Whether it is the standard input."""
        return str(self.path) == STDIN


def find_sources(inputs: Sequence[str], *, but: frozenset[str] = frozenset()) -> tuple[list[Source], list[Path]]:
    """The files that the inputs name, each once, sorted by name and then by path; and the files passed over.

    The order of the inputs makes no difference. A folder is searched with all its subfolders for files of a known
    suffix; hidden files and the sidecar `metadata.jsonl` are no articles. A file named outright is read whatever
    its suffix is, as text where it has no known one. Files in a folder whose real path is in `but` are left alone.

    Raises:
        ReadError: an input names nothing.
    """
    found: dict[str, Source] = {}
    passed_over: list[Path] = []
    for path, named in (pair for text in inputs for pair in _expand(text)):
        kind = kind_of(path)
        real = os.path.realpath(path)
        if named or (kind and path.name != SIDECAR and real not in but):
            found.setdefault(real, Source(path, kind or "text"))
        elif not kind and real not in but:
            passed_over.append(path)
    ordered = sorted(found.values(), key=lambda source: (source.path.name, source.shown))
    return list(_identified(ordered)), sorted(passed_over)


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


def _expand(text: str) -> Iterator[tuple[Path, bool]]:
    """Yields (path, whether it was named outright) for one input."""
    path = Path(text)
    if text == STDIN:
        yield path, True
    elif path.is_dir():
        yield from ((inner, False) for inner in _walk(path))
    elif path.exists():
        yield path, True
    elif matches := _matches(text):
        for match in matches:
            yield from ((inner, False) for inner in _walk(match)) if match.is_dir() else [(match, True)]
    else:
        raise ReadError("there is no such file", where=text, expected="a file, a folder, a glob, or -",
                        advice="Check the path; quote a glob so that the shell leaves it alone")  # fmt: skip


def _matches(pattern: str) -> list[Path]:
    """The paths that a glob names, `**` included, hidden ones not, as in a shell."""
    return [Path(path) for path in sorted(glob(pattern, recursive=True))] if has_magic(pattern) else []  # noqa: PTH207


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(names) if not name.startswith("."))


def _identified(sources: Sequence[Source]) -> Iterator[Source]:
    """Gives a file that is one article its id: its stem, or where several share that, its path below their folder."""
    single = [s for s in sources if s.kind in {"text", "html"} and not s.is_stdin]
    counted = Counter(stem_of(s.path) for s in single)
    clashing = {stem for stem, times in counted.items() if times > 1}
    common = _common_folder(s.path for s in single if stem_of(s.path) in clashing)
    for source in sources:
        stem = stem_of(source.path)
        if source.is_stdin or source.kind not in {"text", "html"}:
            yield source
        elif stem in clashing:
            yield replace(source, id=printable(Path(os.path.relpath(source.path.absolute(), common)).as_posix()))
        else:
            yield replace(source, id=printable(stem))


def _common_folder(paths: Iterable[Path]) -> str:
    folders = [str(path.absolute().parent) for path in paths]
    return os.path.commonpath(folders) if folders else ""
