"""Bytes -> text: UTF-8 unless the bytes say otherwise; nothing is replaced or normalised."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup
from dataclasses import dataclass

from extract.errors import ArticleError, ReadError

_MARKS = (
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins alike
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 200_000  # bytes that the encoding is guessed from
_LIKELIEST = "cp1252"  # of English text that is no UTF-8, where its letters allow it
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text and the encoding that it was read with; `guessed` where nothing but its letters told it."""

    text: str
    encoding: str
    guessed: bool = False


def decode(data: bytes, where: str, *, declared: str | None = None) -> Decoded:
    """The text: by its byte order mark (no part of the text), as declared, as UTF-8, or as its letters suggest.

    Raises:
        ArticleError: the bytes are no text.
        ReadError: the text is cut within a character, or no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], encoding, where), encoding)
    if b"\0" in data:
        raise ArticleError("binary: it holds NUL bytes", where=where, expected="text",
                           advice="Leave the file out, or convert it to text")  # fmt: skip
    for likely in ("utf-8", declared):
        if likely and (text := _perhaps(data, likely)) is not None:
            return Decoded(text, likely)
    return _guess(data, where)


def declared_charset(page: bytes) -> str | None:
    """The encoding that an HTML page declares, where Python knows it."""
    found = _CHARSET.search(page[:4096])
    return known_charset(found[1].decode("ascii")) if found else None


def known_charset(name: str) -> str | None:
    """Python's name of an encoding of text, where it has one.

    >>> known_charset("ISO-8859-1"), known_charset("hex"), known_charset("none of these")
    ('iso8859-1', None, None)
    """
    try:
        found = lookup(name)
    except (LookupError, ValueError):
        return None
    return found.name if getattr(found, "_is_text_encoding", True) else None


def _perhaps(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _strictly(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"broken {encoding} at byte {error.start}: {error.reason}", where=where,
                        expected=f"{encoding}, as its byte order mark says",
                        advice="Save the file as UTF-8") from error  # fmt: skip


def _guess(data: bytes, where: str) -> Decoded:
    from charset_normalizer import from_bytes

    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            raise ReadError("UTF-8 cut off within its last character", where=where, expected="a whole file",
                            advice="Fetch the file again") from error  # fmt: skip
    matches = from_bytes(data[:_SAMPLE])
    best = next((match for match in matches if match.encoding == _LIKELIEST), matches.best())
    text = _perhaps(data, best.encoding) if best else None
    if best is None or text is None:
        raise ReadError("no encoding fits its bytes", where=where, expected="text, best in UTF-8",
                        advice="Save the file as UTF-8, or leave it out if it is no text")  # fmt: skip
    return Decoded(text, best.encoding, guessed=True)
