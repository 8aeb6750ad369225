"""What comes of reading: an article, a failure (a line of the error file), a repeat left out, or a notice."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from extract.article import Article
from extract.errors import ExtractError


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that nothing comes of: which, where, what is wrong, what was expected, what to do now."""

    id: str
    where: str
    what: str
    expected: str
    advice: str

    @classmethod
    def of(cls, id_: str, error: ExtractError) -> Failure:
        """The failure that the error tells of."""
        return cls(id_, error.where or id_, error.what, error.expected, error.advice)

    def to_json(self) -> str:
        """The failure as one line of the error file; what is no Unicode in an id stands there escaped."""
        told = {key: text.encode("utf-8", "backslashreplace").decode() for key, text in asdict(self).items()}
        return json.dumps(told, ensure_ascii=False)

    def __str__(self) -> str:
        return str(ExtractError(self.what, where=self.where, expected=self.expected, advice=self.advice))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that whoever runs it may want to know, and that stops no article."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Repeat:
    """An article that is left out because an earlier one, named in its `duplicate_of`, says all of it."""

    article: Article
    where: str

    def told(self) -> Failure:
        """What the error file says of it, where whoever misses the article looks for it."""
        return Failure(self.article.id, self.where, f"skipped: it repeats the article {self.article.duplicate_of!r}",
                       "an article that says something new", "To extract it too, use --dedupe mark")  # fmt: skip


Outcome = Article | Failure | Notice | Repeat
