"""Files that lie elsewhere, at an address that fsspec knows: `s3://`, `gs://`, `https://`, `memory://` and others.

Credentials and endpoints come from where the stores' own tools look: the environment, and fsspec's configuration.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from extract.errors import ReadError

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,30}://", re.IGNORECASE)
_WEB = ("http", "https")
_IN_TEXT = re.compile(r"[a-z][a-z0-9+.-]{1,30}://[^\s'\"<>]+", re.IGNORECASE)
_PASSWORD = re.compile(r"(?<=://)[^/\s?#]{1,400}@")
# Names of what signs a link or opens a door: AWS's, Google's, Azure's, CloudFront's, and those that others use.
_SECRET = re.compile(
    r"x-(amz|goog)-.*|.*(signature|token|secret|passw(or)?d|credentials?)|(.*[_-])?(sig|key|pwd|auth)|.*apikey|"
    r".*accesskeyid|policy|expires",
    re.IGNORECASE,
)
_BUFFER = 1 << 20
_VERSIONS = ("size", "ETag", "etag", "LastModified", "last_modified", "mtime", "created", "generation", "md5Hash")


def is_address(text: str) -> bool:
    """Whether the text is the address of something elsewhere, or a glob of such addresses.

    >>> is_address("s3://news/2024/*.jsonl.gz"), is_address("news/2024"), is_address("C:\\\\news")
    (True, False, False)
    """
    return bool(_ADDRESS.match(text))


def is_web(address: str) -> bool:
    """Whether the address is one of the web, where a name needn't tell what is there."""
    return urlsplit(address).scheme.lower() in _WEB


def path_of(address: str) -> str:
    """The path of an address, its store before it; what follows a question mark on the web is none of it.

    >>> path_of("s3://news/2024/a.jsonl.gz"), path_of("https://news.example/a.html?page=2")
    ('news/2024/a.jsonl.gz', 'news.example/a.html')
    """
    rest = _ADDRESS.sub("", address)
    return rest.partition("?")[0].rstrip("/") if is_web(address) else rest


def shown_address(address: str) -> str:
    """The address as it is shown and written down: without a password, without what signs a link for one person.

    >>> shown_address("https://me:secret@news.example/a.jsonl?X-Amz-Signature=12ab")
    'https://news.example/a.jsonl'
    >>> shown_address("https://news.example/a?page=2&token=12ab&lang=en")
    'https://news.example/a?page=2&lang=en'
    """
    return _stripped(address)


def without_secrets(text: str) -> str:
    """A text, such as a command line or a store's error, without the credentials of the addresses in it.

    >>> without_secrets("403, url='https://a.example/x?sv=2024&sig=12%2Fab' --db=postgresql://me:pw@host/db")
    "403, url='https://a.example/x?sv=2024' --db=postgresql://host/db"
    """
    return _IN_TEXT.sub(lambda found: _stripped(found[0]), text)


def _stripped(address: str) -> str:
    parts = re.split(r"([?&;#])", _PASSWORD.sub("", address))
    kept = parts[0]
    for mark, part in zip(parts[1::2], parts[2::2], strict=True):
        name, equals, _ = part.partition("=")
        if not (equals and _SECRET.fullmatch(unquote(name)[:200])):
            kept += f"{'?' if mark in '&;' and '?' not in kept else mark}{part}"
    return kept


def expand(address: str) -> Iterator[tuple[str, bool]]:
    """Yields (address, whether it was named outright) for a file, for each in a folder, or for each that a glob names.

    Raises:
        ReadError: nothing is there, its store can't be reached, or a package is missing.
    """
    try:
        found = list(_expand(address))
    except (ImportError, ValueError) as error:  # no such protocol, or its package isn't installed
        raise _no_package(address, error) from error
    except FileNotFoundError:
        found = []
    except Exception as error:  # each store has errors of its own
        raise ReadError(f"can't be reached: {_reason(error)}", where=shown_address(address),
                        expected="a store that answers, and the right to read there",
                        advice="Check the address, the network and the credentials") from error  # fmt: skip
    if not found:
        raise ReadError("there is no such file", where=shown_address(address), expected="a file, a folder or a glob",
                        advice="Check the address; quote a glob so that the shell leaves it alone")  # fmt: skip
    yield from found


def exists(address: str) -> bool:
    """Whether there is a file at the address; no where that can't be told."""
    try:
        store, path = _store(address)
        return bool(store.exists(path))
    except Exception:  # each store has errors of its own; what is wrong is told where the article is read
        return False


def about(place: str | Path) -> tuple[int | None, str]:
    """The size of a file in bytes, None where nobody knows, and what tells this version of it from others."""
    try:
        if isinstance(place, Path):
            found = place.stat()
            return found.st_size, f"{found.st_size} {found.st_mtime_ns}"
        store, path = _store(place)
        said = store.info(path)
    except Exception:  # each store has errors of its own; what is wrong is told where the article is read
        return None, ""
    return said.get("size"), " ".join(f"{key}={said[key]}" for key in _VERSIONS if said.get(key) is not None)


def open_address(address: str) -> BinaryIO:
    """The file as a stream of bytes, fetched as it is read.

    Raises:
        OSError: it can't be opened, now or while it is read.
    """
    remote = _Remote(address)
    return cast(BinaryIO, io.BufferedReader(remote, _BUFFER))


def _expand(address: str) -> Iterator[tuple[str, bool]]:
    store, path = _store(address)
    store.invalidate_cache()  # a listing from before may be out of date
    if "*" in address or (not is_web(address) and re.search(r"[?\[]", path)):
        matches = store.glob(path, detail=True)
        for match, about in sorted(matches.items()):
            inner = store.find(match) if about.get("type") == "directory" else [match]
            yield from ((_full(store, one), False) for one in sorted(inner) if not _is_hidden(one, match))
    elif is_web(address) or store.info(path)["type"] == "file":
        yield address, True
    else:
        yield from ((_full(store, one), False) for one in sorted(store.find(path)) if not _is_hidden(one, path))


def _is_hidden(path: str, folder: str) -> bool:
    return any(part.startswith(".") for part in path[len(folder) :].split("/"))


def _full(store: Any, path: str) -> str:
    return str(store.unstrip_protocol(path))


def _store(address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    store, path = url_to_fs(address)
    return store, str(path)


def _no_package(address: str, error: Exception) -> ReadError:
    return ReadError(f"can't be read: {without_secrets(str(error))}", where=shown_address(address),
                     expected=f"a package that reads {address.partition(':')[0]}://",
                     advice='pip install "news-extract[remote]" (s3, http; for gs also gcsfs)')  # fmt: skip


def _reason(error: Exception) -> str:
    return without_secrets(f"{type(error).__name__}: {error}")[:300]


class _Remote(io.RawIOBase):
    """A file of fsspec whose errors are all OSErrors, whatever the store calls them."""

    def __init__(self, address: str) -> None:
        self._file: Any = None
        self._file = self._asked(lambda: _opened(address))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._asked(lambda: self._file.seek(offset, whence)))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:
        data = self._asked(lambda: self._file.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if self._file is not None and not self.closed:
            self._file.close()
        super().close()

    @staticmethod
    def _asked(question: Any) -> Any:
        try:
            return question()
        except Exception as error:  # each store has errors of its own
            raise OSError(_reason(error)) from error


def _opened(address: str) -> Any:
    store, path = _store(address)
    return store.open(path, "rb", block_size=_BUFFER * 4) if not is_web(address) else store.open(path, "rb")
