"""What a result depends on besides the article: digests of the rules and of the model."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from platform import python_version

from extract._version import __version__

_PACKAGE = Path(__file__).resolve().parent.parent
_NO_RULES = {
    "annotation", "batch", "cli", "correction", "database", "evaluation", "exporting", "learning", "report", "review",
    "training", "writing", "_models",
}  # fmt: skip
_LIBRARIES = ("spacy", "onnxruntime", "numpy", "dateparser", "pydantic", "trafilatura", "htmldate", "lxml")
_SHIPPED = (_PACKAGE / "_models" / "news", _PACKAGE.parent / "models" / "news")


def rules_digest() -> str:
    """A digest of the code and the lexicons that make texts of pages and facts of texts."""
    files = (path for path in _PACKAGE.rglob("*") if path.suffix in {".py", ".jsonl", ".toml", ".json", ".txt", ".csv"})
    rules = (path for path in files if path.relative_to(_PACKAGE).parts[0] not in _NO_RULES)
    return _digest(_PACKAGE, (path for path in rules if path.name != "cases.jsonl"))


@cache
def versions() -> dict[str, str]:
    """The versions of the program and of what it reads pages and texts with."""
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"extract": __version__, "python": python_version(), **libraries}


def model_digest(model: str | None) -> str:
    """A digest of the files of a model: the one that ships, a folder, or an installed package."""
    folder = _folder_of(model)
    return _digest(folder, (path for path in folder.rglob("*") if path.is_file())) if folder else f"unknown:{model}"


def _folder_of(model: str | None) -> Path | None:
    if model is None:
        return next((folder for folder in _SHIPPED if folder.is_dir()), None)
    if Path(model).is_dir():
        return Path(model)
    spec = find_spec(model) if model.isidentifier() else None
    return Path(spec.origin).parent if spec and spec.origin else None


def _digest(root: Path, files: Iterable[Path]) -> str:
    total = blake2b(digest_size=16)
    for path in sorted(files):
        if "__pycache__" not in path.parts:
            total.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
            total.update(blake2b(path.read_bytes()).digest())
    return total.hexdigest()
