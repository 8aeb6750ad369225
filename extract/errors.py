"""What can go wrong, as one tree.

ExtractError                  every error that the package raises on purpose
  InputError                  something from outside can't be used; the rest of the batch goes on
    ReadError                 a file or stream can't be read or decoded
    ArticleError              an article is empty, binary, too long, or not in English
    LineError                 a line of JSONL or CSV is broken
    PublishedError            a publication date is no ISO 8601 date
  DataFileError               a lexicon or gazetteer that ships with a room is wrong (file and line)
  FactError                   a fact breaks the contract: a defect of a rule, never of the article
    SpanError                 a span doesn't hold the text that it claims
  OutputError                 the output can't be written, or exists already
  ModelError                  the spaCy pipeline named can't be loaded or lacks a part

Each says what, where, what was expected, and what to do now.
"""

from __future__ import annotations


class ExtractError(Exception):
    """An error that says what happened, where, what was expected, and what to do now."""

    def __init__(self, what: str, *, where: str = "", expected: str = "", advice: str = "") -> None:
        super().__init__(what, where, expected, advice)
        self.what = what
        self.where = where
        self.expected = expected
        self.advice = advice

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        advice = f". {self.advice}" if self.advice else ""
        return f"{place}{self.what}{expected}{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.expected, self.advice)


def _rebuild(kind: type[ExtractError], what: str, where: str, expected: str, advice: str) -> ExtractError:
    return kind(what, where=where, expected=expected, advice=advice)


class InputError(ExtractError):
    """Something from outside can't be used."""


class ReadError(InputError):
    """A file or stream can't be read or decoded."""


class ArticleError(InputError):
    """An article is empty, binary, too long, or not in English."""


class LineError(InputError):
    """A line of JSONL or CSV is broken."""


class PublishedError(InputError):
    """A publication date is no ISO 8601 date."""


class DataFileError(ExtractError):
    """A lexicon or gazetteer that ships with a room is wrong."""


class FactError(ExtractError):
    """A fact breaks the contract."""


class SpanError(FactError):
    """A span doesn't hold the text that it claims."""


class OutputError(ExtractError):
    """The output can't be written, or exists already."""


class ModelError(ExtractError):
    """The spaCy pipeline named can't be loaded or lacks a part."""
