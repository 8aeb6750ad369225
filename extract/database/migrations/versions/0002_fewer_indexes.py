"""Fewer indexes: none that no question needs, and of columns that most rows leave out, those rows alone that have
something."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_UNUSED = (
    ("fact", "ix_fact_type_article"),
    ("argument", "ix_argument_entity_fact"),
    ("statement", "ix_statement_entity_fact"),
    ("event", "ix_event_chain"),
)
_SPARSE = (
    ("fact", "source_fact"),
    ("fact", "entity"),
    ("argument", "entity"),
    ("statement", "entity"),
    ("count", "category"),
    ("date", "first"),
)


def upgrade() -> None:
    """Drops what is not needed, and makes the others anew."""
    for table, name in _UNUSED:
        op.drop_index(name, table)
    for table, column in _SPARSE:
        name, told = f"ix_{table}_{column}", sa.text(f"{column} IS NOT NULL")
        op.drop_index(name, table)
        op.create_index(name, table, [column], sqlite_where=told, postgresql_where=told)
