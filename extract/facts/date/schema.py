"""What a date is: a TIMEX3 (TimeML 1.2.1) with the ISO days that it covers."""

from __future__ import annotations

from typing import Any, NamedTuple

from extract.fact import Anchor, Mod, Timex


class Timex3(NamedTuple):
    """A temporal expression's reading: type, value, modifier, first and last day, and what it was counted from.

    The fact that it becomes a part of is what validates it.
    """

    value: str
    timex: Timex = "DATE"
    mod: Mod | None = None
    first: str | None = None
    last: str | None = None
    anchor: Anchor | None = None

    def __str__(self) -> str:
        """The canonical line, as the table of examples writes it: `2024-02-29`, `DURATION P5Y`, `2024-02 START`."""
        kind = "" if self.timex == "DATE" else f"{self.timex} "
        return f"{kind}{self.value}{f' {self.mod}' if self.mod else ''}"

    def fields(self) -> dict[str, Any]:
        """The fields of the fact, JSON-shaped."""
        anchor = {"day": self.anchor.day, "basis": self.anchor.basis} if self.anchor else None
        return {**self._asdict(), "anchor": anchor}
