"""Which facts the reader wants to see: by type, confidence, rule, category, and by what was decided on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal
from urllib.parse import urlencode

from extract.fact import FACT_TYPES
from extract.review.library import Trait

Show = Literal["", "open", "decided", "disagreement"]
SHOWS: tuple[Show, ...] = ("", "open", "decided", "disagreement")


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty fields let everything through."""

    type: str = ""
    below: float | None = None
    rule: str = ""
    category: str = ""
    show: Show = ""
    search: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        """The filter that a request's query asks for; what makes no sense is left out."""
        type_, show = query.get("type", ""), query.get("show", "")
        return cls(
            type_ if type_ in FACT_TYPES else "",
            _fraction(query.get("below", "")),
            query.get("rule", ""),
            query.get("category", ""),
            next((known for known in SHOWS if known == show), ""),
            query.get("search", "").strip(),
        )

    @property
    def query(self) -> str:
        """The filter as a query, with its question mark, or nothing."""
        said = {key: value for key, value in asdict(self).items() if value not in {"", None}}
        return f"?{urlencode(said)}" if said else ""

    @property
    def is_on(self) -> bool:
        """Whether it keeps any fact back."""
        return any((self.type, self.below is not None, self.rule, self.category, self.show))

    def takes(self, trait: Trait, *, is_decided: bool, is_disputed: bool) -> bool:
        """Whether a fact is to be seen."""
        return (
            self.type in {"", trait.type}
            and (self.below is None or trait.confidence < self.below)
            and self.rule in {"", trait.rule}
            and self.category in {"", trait.category}
            and (not self.show or self._is_shown(is_decided=is_decided, is_disputed=is_disputed))
        )

    def _is_shown(self, *, is_decided: bool, is_disputed: bool) -> bool:
        if self.show == "disagreement":
            return is_disputed
        return is_decided == (self.show == "decided")


def _fraction(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None
