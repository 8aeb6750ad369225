"""What a count says, before it is bound to its sentence."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, model_validator

from extract.fact import Comparator, CountKind


class Quantity(BaseModel):
    """A value or bounds, how they compare, of which kind and unit; `str` is canonical."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: int | float | None = None
    low: int | float | None = None
    high: int | float | None = None
    comparator: Comparator = "exact"
    kind: CountKind = "cardinal"
    unit: str | None = None

    @model_validator(mode="after")
    def _says_a_number(self) -> Quantity:
        if self.value is None and self.low is None and self.high is None:
            raise ValueError("a quantity needs a value or a bound")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} over high {self.high}")
        return self

    def __str__(self) -> str:
        bounds = f"{_plain(self.low)}..{_plain(self.high)}"
        unit = f" {self.unit}" if self.unit else ""
        return f"{bounds if self.value is None else _plain(self.value)} {self.comparator} {self.kind}{unit}"


def plain_number(number: Decimal) -> int | float:
    """The number as JSON writes it: an integer where it is one, else a float of at most ten decimals."""
    return int(number) if number == number.to_integral_value() else _rounded(number)


def _rounded(number: Decimal) -> float:
    return round(float(number), 10) if abs(number) > Decimal("1e-8") else float(number)


def _plain(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if number == int(number) else str(number)
