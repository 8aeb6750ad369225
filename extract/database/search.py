"""Full-text search over the articles' texts and the statements in them: FTS5 on SQLite, GIN indexes on PostgreSQL.

Words are found in all their English forms ("amnesties"); on SQLite accents don't matter, on PostgreSQL they do.
"""

# ruff: noqa: S608 - queries are made of this module's words; what a person or a text says is a bound value

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from extract.database.terms import Term, as_fts5, terms

_WORDS = 32  # in a snippet
_START, _END = "\x02", "\x03"  # around what was found, until a console or JSON shows it
_INDEXED = 200_000  # characters: PostgreSQL takes no more than a megabyte of words
_TOKENS = "tokenize='porter unicode61 remove_diacritics 2'"

# An article's number is its own: VACUUM may give a table without one other row ids. What is found reads the texts
# where they are; the triggers keep the indexes in step with every way of writing.
_SQLITE = (
    "CREATE TABLE article_number (number INTEGER PRIMARY KEY, article TEXT NOT NULL UNIQUE REFERENCES article (id))",
    "INSERT INTO article_number (article) SELECT id FROM article ORDER BY id",
    """CREATE VIEW article_text AS
       SELECT number, title, text FROM article_number JOIN article ON article.id = article_number.article""",
    "CREATE VIEW statement_text AS SELECT key, text FROM fact WHERE type = 'statement'",
    f"""CREATE VIRTUAL TABLE article_search USING fts5 (
       title, text, content='article_text', content_rowid='number', {_TOKENS})""",
    f"""CREATE VIRTUAL TABLE statement_search USING fts5 (
       text, content='statement_text', content_rowid='key', {_TOKENS})""",
    "INSERT INTO article_search (article_search) VALUES ('rebuild')",
    "INSERT INTO statement_search (statement_search) VALUES ('rebuild')",
    """CREATE TRIGGER article_search_insert AFTER INSERT ON article BEGIN
       INSERT INTO article_number (article) VALUES (new.id);
       INSERT INTO article_search (rowid, title, text)
       SELECT number, new.title, new.text FROM article_number WHERE article = new.id; END""",
    """CREATE TRIGGER article_search_update AFTER UPDATE OF title, text ON article
       WHEN old.title IS NOT new.title OR old.text IS NOT new.text BEGIN
       INSERT INTO article_search (article_search, rowid, title, text)
       SELECT 'delete', number, old.title, old.text FROM article_number WHERE article = old.id;
       INSERT INTO article_search (rowid, title, text)
       SELECT number, new.title, new.text FROM article_number WHERE article = new.id; END""",
    """CREATE TRIGGER article_search_delete BEFORE DELETE ON article BEGIN
       INSERT INTO article_search (article_search, rowid, title, text)
       SELECT 'delete', number, old.title, old.text FROM article_number WHERE article = old.id;
       DELETE FROM article_number WHERE article = old.id; END""",
    """CREATE TRIGGER statement_search_insert AFTER INSERT ON fact WHEN new.type = 'statement' BEGIN
       INSERT INTO statement_search (rowid, text) VALUES (new.key, new.text); END""",
    """CREATE TRIGGER statement_search_update AFTER UPDATE OF text ON fact
       WHEN new.type = 'statement' AND old.text <> new.text BEGIN
       INSERT INTO statement_search (statement_search, rowid, text) VALUES ('delete', old.key, old.text);
       INSERT INTO statement_search (rowid, text) VALUES (new.key, new.text); END""",
    """CREATE TRIGGER statement_search_delete AFTER DELETE ON fact WHEN old.type = 'statement' BEGIN
       INSERT INTO statement_search (statement_search, rowid, text) VALUES ('delete', old.key, old.text); END""",
)
_NO_SQLITE = (
    *(f"DROP TRIGGER IF EXISTS {table}_search_{when}" for table in ("article", "statement")
      for when in ("insert", "update", "delete")),
    "DROP TABLE IF EXISTS article_search", "DROP TABLE IF EXISTS statement_search",
    "DROP VIEW IF EXISTS article_text", "DROP VIEW IF EXISTS statement_text", "DROP TABLE IF EXISTS article_number",
)  # fmt: skip


def _article_words(of: str = "") -> str:
    return f"to_tsvector('english', coalesce({of}title, '') || ' ' || left(coalesce({of}text, ''), {_INDEXED}))"


def _statement_words(of: str = "") -> str:
    return f"to_tsvector('english', left({of}text, {_INDEXED}))"


_POSTGRESQL = (
    f"CREATE INDEX article_search ON article USING gin ({_article_words()})",
    f"CREATE INDEX statement_search ON fact USING gin ({_statement_words()}) WHERE type = 'statement'",
)
_NO_POSTGRESQL = ("DROP INDEX IF EXISTS article_search", "DROP INDEX IF EXISTS statement_search")


def create_search(connection: Connection) -> None:
    """Makes the indexes and fills them with what the tables have."""
    for statement in _statements(connection):
        connection.exec_driver_sql(statement)


def search_definition(connection: Connection) -> str:
    """What makes the indexes."""
    return "\n".join(_statements(connection))


def _statements(connection: Connection) -> tuple[str, ...]:
    return _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL


def drop_search(connection: Connection) -> None:
    """Drops the indexes that are there."""
    for statement in _NO_SQLITE if connection.dialect.name == "sqlite" else _NO_POSTGRESQL:
        connection.exec_driver_sql(statement)


@dataclass(frozen=True, slots=True)
class Hit:
    """An article, or a statement with who says it. `found` are the words around what was found, in `[...]`.

    `copies` is how many articles have the same text.
    """

    found: tuple[str, ...]
    article: str
    title: str | None
    url: str | None
    published: str | None
    copies: int
    fact: str | None = None
    speaker: str | None = None
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, the best first."""

    statements: tuple[Hit, ...]
    articles: tuple[Hit, ...]


def search(connection: Connection, query: str, *, limit: int = 10) -> Hits:
    """The statements and the articles that a search finds, at most `limit` of each; of equal texts, one.

    Raises:
        QueryError: the search has no word, or is too long.
    """
    found = terms(query)
    find = _find_sqlite if connection.dialect.name == "sqlite" else _find_postgresql
    return Hits(find(connection, found, "statement", limit), find(connection, found, "article", limit))


_STANDS = "f.retracted IS NULL AND f.key NOT IN (SELECT key FROM rejected)"
_OF_STATEMENT = """f.article, a.title, a.url, a.published, f.id AS fact, s.speaker, s.cue,
    (SELECT count(*) FROM fact same WHERE same.id = f.id AND same.retracted IS NULL) AS copies"""
_OF_ARTICLE = """a.id AS article, a.title, a.url, a.published,
    (SELECT count(*) FROM article same WHERE same.text_sha256 = a.text_sha256) AS copies"""
_FIRST_STATEMENT = """NOT EXISTS (SELECT 1 FROM fact other
    WHERE other.id = f.id AND other.retracted IS NULL AND other.article < f.article)"""
_FIRST_ARTICLE = """NOT EXISTS (SELECT 1 FROM article other
    WHERE other.text_sha256 = a.text_sha256 AND other.id < a.id)"""
_IN_SQLITE = {
    "statement": f"""SELECT {_OF_STATEMENT}, snippet(statement_search, 0, :start, :end, '…', {_WORDS}) AS found
        FROM statement_search JOIN fact f ON f.key = statement_search.rowid JOIN statement s ON s.fact = f.key
        JOIN article a ON a.id = f.article
        WHERE statement_search MATCH :query AND {_STANDS} AND {_FIRST_STATEMENT}
        ORDER BY bm25(statement_search), f.key LIMIT :most""",
    "article": f"""SELECT {_OF_ARTICLE}, snippet(article_search, 1, :start, :end, '…', {_WORDS}) AS found
        FROM article_search JOIN article_number n ON n.number = article_search.rowid JOIN article a ON a.id = n.article
        WHERE article_search MATCH :query AND {_FIRST_ARTICLE}
        ORDER BY bm25(article_search, 4, 1), a.id LIMIT :most""",
}


def _find_sqlite(connection: Connection, found: list[Term], kind: str, limit: int) -> tuple[Hit, ...]:
    bound = {"query": as_fts5(found), "start": _START, "end": _END, "most": limit}
    return tuple(_hit(row) for row in connection.execute(text(_IN_SQLITE[kind]), bound).mappings())


_OPTIONS = f"StartSel={_START}, StopSel={_END}, MaxWords={_WORDS}, MinWords={_WORDS // 2}, MaxFragments=1"
_IN_POSTGRESQL = {
    "statement": f"""SELECT best.*, ts_headline('english', words, {{query}}, '{_OPTIONS}') AS found FROM (
        SELECT {_OF_STATEMENT}, f.text AS words, ts_rank_cd({_statement_words("f.")}, {{query}}) AS rank
        FROM fact f JOIN statement s ON s.fact = f.key JOIN article a ON a.id = f.article
        WHERE f.type = 'statement' AND {_statement_words("f.")} @@ {{query}} AND {_STANDS} AND {_FIRST_STATEMENT}
        ORDER BY rank DESC, f.key LIMIT :most) best ORDER BY rank DESC""",
    "article": f"""SELECT best.*, ts_headline('english', words, {{query}}, '{_OPTIONS}') AS found FROM (
        SELECT {_OF_ARTICLE}, left(coalesce(a.text, a.title, ''), {_INDEXED}) AS words,
          ts_rank_cd({_article_words("a.")}, {{query}}) AS rank
        FROM article a WHERE {_article_words("a.")} @@ {{query}} AND {_FIRST_ARTICLE}
        ORDER BY rank DESC, a.id LIMIT :most) best ORDER BY rank DESC""",
}


def _find_postgresql(connection: Connection, found: list[Term], kind: str, limit: int) -> tuple[Hit, ...]:
    query, bound = _tsquery(found)
    statement = _IN_POSTGRESQL[kind].replace("{query}", query)
    return tuple(_hit(row) for row in connection.execute(text(statement), bound | {"most": limit}).mappings())


def _tsquery(found: list[Term]) -> tuple[str, dict[str, Any]]:
    """The query as an expression whose words are bound values."""
    bound = {f"term{number}": term.text for number, term in enumerate(found)}
    expression = ""
    for number, term in enumerate(found):
        phrase = f"phraseto_tsquery('english', :term{number})"
        if term.other and expression:
            expression = f"{expression.removesuffix(')')} || {phrase})"
        else:
            expression += f"{' && ' if expression else ''}({'!!' if term.excluded else ''}{phrase})"
    return f"({expression})", bound


def _hit(row: Any) -> Hit:
    fields = {name: row[name] for name in Hit.__slots__ if name in row and name != "found"}
    return Hit(found=_parts(row["found"]), **fields)


def _parts(snippet: str) -> tuple[str, ...]:
    """The snippet cut at what was found: every second part is such a word.

    >>> _parts("an \\x02amnesty\\x03 for all")
    ('an ', 'amnesty', ' for all')
    """
    return tuple(snippet.replace(_END, _START).split(_START))
