"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "article",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True, comment="ISO 8601, as the article has it"),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True, comment="null where facts were loaded without --articles"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
    )
    op.create_index(op.f("ix_article_text_sha256"), "article", ["text_sha256"], unique=False)
    op.create_table(
        "correction",
        sa.Column("digest", sa.Text(), nullable=False, comment="of the line in the log"),
        sa.Column("fact", sa.Text(), nullable=False, comment="the fact's id; the fact may be gone"),
        sa.Column("text_sha256", sa.Text(), nullable=False, comment="the text that the decision was made on"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="the line's place in the log: of two, the later wins"
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("other", sa.Text(), nullable=True, comment="the second fact's id, of a decision on a pair"),
        sa.Column("undoes", sa.Text(), nullable=True, comment="the digest of the line that it takes back"),
        sa.Column(
            "value",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
            comment="the whole corrected fact",
        ),
        sa.Column(
            "json",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
            comment="the whole line",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_fact"), "correction", ["fact"], unique=False)
    op.create_index("ix_correction_text_sha256_fact", "correction", ["text_sha256", "fact"], unique=False)
    op.create_table(
        "entity",
        sa.Column("id", sa.Text(), nullable=False, comment="type and the gazetteer's identifier, else type and name"),
        sa.Column("type", sa.Text(), nullable=False, comment="person, organisation or place"),
        sa.Column("name", sa.Text(), nullable=False, comment="as the article that came first has it in full"),
        sa.Column(
            "kb", sa.Text(), nullable=True, comment="the gazetteer's identifier, a Wikidata QID where there is one"
        ),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.CheckConstraint("type IN ('person', 'organisation', 'place')", name=op.f("ck_entity_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
    )
    op.create_index(op.f("ix_entity_kb"), "entity", ["kb"], unique=False)
    op.create_table(
        "load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("inserted", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_load")),
    )
    op.create_table(
        "fact",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False, comment="the text that it was read in"),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sentence_start", sa.Integer(), nullable=False),
        sa.Column("sentence_end", sa.Integer(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True, comment="who vouches for it, as the text says"),
        sa.Column("source_fact", sa.Integer(), nullable=True, comment="the person or organisation fact of the source"),
        sa.Column("cue", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column(
            "json",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
            comment="the whole fact",
        ),
        sa.Column(
            "digest", sa.Text(), nullable=False, comment="of the JSON: tells a changed fact from an unchanged one"
        ),
        sa.Column("loaded", sa.Integer(), nullable=False, comment="the load that brought it as it is"),
        sa.Column("retracted", sa.Integer(), nullable=True, comment="the load whose extraction no longer has it"),
        sa.Column("entity", sa.Text(), nullable=True, comment="who or what that is, in all articles"),
        sa.CheckConstraint(
            "type IN ('person', 'organisation', 'place', 'date', 'count', 'event', 'statement')",
            name=op.f("ck_fact_type"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_fact_confidence")),
        sa.CheckConstraint("start_char < end_char", name=op.f("ck_fact_span")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_fact_article_article")),
        sa.ForeignKeyConstraint(["entity"], ["entity.id"], name=op.f("fk_fact_entity_entity")),
        sa.ForeignKeyConstraint(["loaded"], ["load.id"], name=op.f("fk_fact_loaded_load")),
        sa.ForeignKeyConstraint(["retracted"], ["load.id"], name=op.f("fk_fact_retracted_load")),
        sa.ForeignKeyConstraint(
            ["source_fact"], ["fact.key"], name=op.f("fk_fact_source_fact_fact"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_fact")),
        sa.UniqueConstraint("article", "id", name=op.f("uq_fact_article_id")),
    )
    op.create_index(op.f("ix_fact_entity"), "fact", ["entity"], unique=False)
    op.create_index(op.f("ix_fact_id"), "fact", ["id"], unique=False)
    op.create_index(op.f("ix_fact_source_fact"), "fact", ["source_fact"], unique=False)
    op.create_index("ix_fact_type_article", "fact", ["type", "article"], unique=False)
    op.create_table(
        "argument",
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="the place in the fact's own list, from 0"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("entity_fact", sa.Integer(), nullable=True, comment="the person, organisation or place fact"),
        sa.Column("refers", sa.Integer(), nullable=True, comment="the date or count fact"),
        sa.Column("entity", sa.Text(), nullable=True, comment="who or what that is, in all articles"),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entity"], ["entity.id"], name=op.f("fk_argument_entity_entity")),
        sa.ForeignKeyConstraint(["entity_fact"], ["fact.key"], name=op.f("fk_argument_entity_fact_fact")),
        sa.ForeignKeyConstraint(["fact"], ["fact.key"], name=op.f("fk_argument_fact_fact")),
        sa.ForeignKeyConstraint(["refers"], ["fact.key"], name=op.f("fk_argument_refers_fact")),
        sa.PrimaryKeyConstraint("fact", "number", name=op.f("pk_argument")),
    )
    op.create_index(op.f("ix_argument_entity"), "argument", ["entity"], unique=False)
    op.create_index(op.f("ix_argument_entity_fact"), "argument", ["entity_fact"], unique=False)
    op.create_table(
        "count",
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("comparator", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("counted", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("aggregation", sa.Text(), nullable=True, comment="stock, flow or cumulative: never add the three up"),
        sa.Column("as_of", sa.Integer(), nullable=True, comment="the date fact at which it stood"),
        sa.Column("as_of_basis", sa.Text(), nullable=True),
        sa.Column("of", sa.Integer(), nullable=True, comment="the count fact that it is a part of"),
        sa.Column("was", sa.Integer(), nullable=True, comment="the count fact that it changed from"),
        sa.Column("place", sa.Integer(), nullable=True, comment="the place fact"),
        sa.CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name=op.f("ck_count_bounds")),
        sa.ForeignKeyConstraint(["as_of"], ["fact.key"], name=op.f("fk_count_as_of_fact")),
        sa.ForeignKeyConstraint(["fact"], ["fact.key"], name=op.f("fk_count_fact_fact")),
        sa.ForeignKeyConstraint(["of"], ["fact.key"], name=op.f("fk_count_of_fact")),
        sa.ForeignKeyConstraint(["place"], ["fact.key"], name=op.f("fk_count_place_fact")),
        sa.ForeignKeyConstraint(["was"], ["fact.key"], name=op.f("fk_count_was_fact")),
        sa.PrimaryKeyConstraint("fact", name=op.f("pk_count")),
    )
    op.create_index(op.f("ix_count_category"), "count", ["category"], unique=False)
    op.create_table(
        "date",
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("timex", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("mod", sa.Text(), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True, comment="the day that it was counted from"),
        sa.Column("anchor_basis", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["fact"], ["fact.key"], name=op.f("fk_date_fact_fact")),
        sa.PrimaryKeyConstraint("fact", name=op.f("pk_date")),
    )
    op.create_index(op.f("ix_date_first"), "date", ["first"], unique=False)
    op.create_table(
        "event",
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("plover", sa.Text(), nullable=True),
        sa.Column("chain", sa.Text(), nullable=True, comment="shared by the mentions of one event in an article"),
        sa.ForeignKeyConstraint(["fact"], ["fact.key"], name=op.f("fk_event_fact_fact")),
        sa.PrimaryKeyConstraint("fact", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_chain"), "event", ["chain"], unique=False)
    op.create_index(op.f("ix_event_event_type"), "event", ["event_type"], unique=False)
    op.create_table(
        "mention",
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="the place in the fact's own list, from 0"),
        sa.Column("entity", sa.Text(), nullable=True, comment="who or what that is, in all articles"),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entity"], ["entity.id"], name=op.f("fk_mention_entity_entity")),
        sa.ForeignKeyConstraint(["fact"], ["fact.key"], name=op.f("fk_mention_fact_fact")),
        sa.PrimaryKeyConstraint("fact", "number", name=op.f("pk_mention")),
    )
    op.create_index(op.f("ix_mention_entity"), "mention", ["entity"], unique=False)
    op.create_table(
        "role",
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="the place in the fact's own list, from 0"),
        sa.Column("organisation", sa.Integer(), nullable=True, comment="the organisation fact"),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["fact"], ["fact.key"], name=op.f("fk_role_fact_fact")),
        sa.ForeignKeyConstraint(["organisation"], ["fact.key"], name=op.f("fk_role_organisation_fact")),
        sa.PrimaryKeyConstraint("fact", "number", name=op.f("pk_role")),
    )
    op.create_table(
        "span",
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="the place in the fact's own list, from 0"),
        sa.Column(
            "part", sa.Text(), nullable=False, comment="which part of the fact: source, cue, counted, speaker or name"
        ),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["fact"], ["fact.key"], name=op.f("fk_span_fact_fact")),
        sa.PrimaryKeyConstraint("fact", "number", name=op.f("pk_span")),
    )
    op.create_table(
        "statement",
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("cue", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("entity_fact", sa.Integer(), nullable=True, comment="the person or organisation fact of the speaker"),
        sa.Column("entity", sa.Text(), nullable=True, comment="who or what that is, in all articles"),
        sa.ForeignKeyConstraint(["entity"], ["entity.id"], name=op.f("fk_statement_entity_entity")),
        sa.ForeignKeyConstraint(["entity_fact"], ["fact.key"], name=op.f("fk_statement_entity_fact_fact")),
        sa.ForeignKeyConstraint(["fact"], ["fact.key"], name=op.f("fk_statement_fact_fact")),
        sa.PrimaryKeyConstraint("fact", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_entity"), "statement", ["entity"], unique=False)
    op.create_index(op.f("ix_statement_entity_fact"), "statement", ["entity_fact"], unique=False)
