"""What SQLite and PostgreSQL say in different words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """One of the two, by its name."""

    name: str

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self.name == "sqlite"

    def of(self, column: str, *path: str) -> str:
        """The text at a path of a JSON column."""
        if self.is_sqlite:
            return f"json_extract({column}, '$.{'.'.join(path)}')"
        return f"({column} #>> '{{{','.join(path)}}}')"

    def number(self, column: str, *path: str) -> str:
        """The number at a path of a JSON column."""
        found = self.of(column, *path)
        return found if self.is_sqlite else f"CAST({found} AS double precision)"

    def day(self, column: str, *path: str) -> str:
        """The day at a path of a JSON column, as columns of dates have it."""
        found = self.of(column, *path)
        return found if self.is_sqlite else f"CAST({found} AS date)"

    def whole(self, column: str, *path: str) -> str:
        """The whole number at a path of a JSON column."""
        found = self.of(column, *path)
        return found if self.is_sqlite else f"CAST({found} AS integer)"

    def each(self, column: str, *path: str, name: str) -> str:
        """A table of the elements of a list in a JSON column: its one column that matters is `value`."""
        if self.is_sqlite:
            return f"json_each({column}, '$.{'.'.join(path)}') AS {name}"
        return f"jsonb_array_elements({column} #> '{{{','.join(path)}}}') AS {name}(value)"

    def objects(self, *columns: str) -> str:
        """A JSON list of objects with these columns, one for each row of a group."""
        fields = ", ".join(f"'{column}', {column}" for column in columns)
        if self.is_sqlite:
            return f"json_group_array(json_object({fields}))"
        return f"json_agg(json_build_object({fields}))"

    def days_between(self, earlier: str, later: str) -> str:
        """How many days lie between two days."""
        return f"(julianday({later}) - julianday({earlier}))" if self.is_sqlite else f"({later} - {earlier})"

    def published(self, column: str) -> str:
        """The day of a column of ISO 8601 dates, or null: a column of text holds whatever the articles say."""
        if self.is_sqlite:
            digits = "[1-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*"
            return f"(CASE WHEN {column} GLOB '{digits}' THEN date(substr({column}, 1, 10)) END)"
        month = f"CAST(substr({column}, 1, 7) || '-01' AS date)"
        return (
            f"(CASE WHEN {column} ~ '^[1-9][0-9]{{3}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' "
            f"THEN {month} + CAST(substr({column}, 9, 2) AS integer) - 1 END)"
        )

    @property
    def infinity(self) -> str:
        """A number larger than all others."""
        return "9e999" if self.is_sqlite else "CAST('Infinity' AS double precision)"
