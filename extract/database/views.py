"""The views that answer questions, the same on SQLite and PostgreSQL; made anew where their definition has changed.

The table `definition` has a digest of each as the database holds it, so that a changed view needs no revision.
People's decisions stand over what was extracted: each view reads the typed tables where nobody decided, and the
decided fact's JSON where somebody did.
"""

# ruff: noqa: S608 - queries are made of this module's words; what a person or a text says is a bound value

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, delete, insert, inspect, select

from extract.database.dialect import Dialect
from extract.database.search import create_search, drop_search, search_definition

_UNTOUCHED = """f.retracted IS NULL AND f.key NOT IN (SELECT key FROM rejected)
      AND f.key NOT IN (SELECT key FROM corrected WHERE key IS NOT NULL)"""

_NOT_UNDONE = """c.digest NOT IN (
        SELECT u.undoes FROM correction u WHERE u.undoes IS NOT NULL AND u.digest NOT IN (
          SELECT again.undoes FROM correction again WHERE again.undoes IS NOT NULL))"""


def _decision(db: Dialect) -> str:
    """The last decision on each fact that nobody took back. An edit may give a fact another id: the decisions after it
    name that one, and are led back to the first. Decisions on pairs (merge, keep_apart) change no fact by themselves.
    """
    edited = db.of("value", "id")
    return f"""
    WITH RECURSIVE standing AS (
      SELECT c.* FROM correction c
      WHERE c.action IN ('accept', 'reject', 'edit', 'add') AND {_NOT_UNDONE}
    ), renamed AS (
      SELECT DISTINCT text_sha256, fact AS was, {edited} AS id FROM standing
      WHERE action = 'edit' AND {edited} <> fact
    ), named (text_sha256, id, root) AS (
      SELECT text_sha256, fact, fact FROM standing s
      WHERE NOT EXISTS (SELECT 1 FROM renamed r WHERE r.text_sha256 = s.text_sha256 AND r.id = s.fact)
      UNION
      SELECT r.text_sha256, r.id, n.root FROM named n JOIN renamed r ON r.text_sha256 = n.text_sha256 AND r.was = n.id
    ), ordered AS (
      SELECT s.*, n.root, row_number() OVER (PARTITION BY s.text_sha256, n.root ORDER BY s.at DESC, s.position DESC)
        AS nth
      FROM standing s JOIN named n ON n.text_sha256 = s.text_sha256 AND n.id = s.fact
    )
    SELECT root AS fact, text_sha256, action, value, annotator, at, note FROM ordered WHERE nth = 1
    """


def _rejected(_: Dialect) -> str:
    """CROSS JOIN has SQLite begin with the few decisions, not with all facts."""
    return """
    SELECT f.key FROM decision d CROSS JOIN fact f
    WHERE f.id = d.fact AND f.text_sha256 = d.text_sha256 AND d.action = 'reject'
    """


def _corrected(db: Dialect) -> str:
    """The facts with a value that a person gave or confirmed; `key` is null where nothing was extracted."""
    return f"""
    SELECT f.key, f.article, {db.of("d.value", "id")} AS id, {db.of("d.value", "type")} AS type, d.value AS json,
      d.action, d.annotator
    FROM decision d CROSS JOIN fact f
    WHERE f.id = d.fact AND f.text_sha256 = d.text_sha256 AND d.action <> 'reject' AND f.retracted IS NULL
    UNION ALL
    SELECT NULL, a.id, {db.of("d.value", "id")}, {db.of("d.value", "type")}, d.value, d.action, d.annotator
    FROM decision d CROSS JOIN article a
    WHERE a.text_sha256 = d.text_sha256 AND d.action = 'add' AND NOT EXISTS (
      SELECT 1 FROM fact f WHERE f.id = d.fact AND f.article = a.id AND f.retracted IS NULL)
    """


def _same_entity(_: Dialect) -> str:
    """Which entity an entity stands for since people merged them: of those that are one, the one that the gazetteer
    knows, else that of the longest name. A group of which two are to be kept apart is left as it was."""
    first, second = ("CASE WHEN c.fact < c.other THEN c.fact ELSE c.other END",
                     "CASE WHEN c.fact < c.other THEN c.other ELSE c.fact END")  # fmt: skip
    return f"""
    WITH RECURSIVE standing AS (
      SELECT c.fact, c.other, c.action,
        row_number() OVER (PARTITION BY {first}, {second} ORDER BY c.at DESC, c.position DESC) AS nth
      FROM correction c WHERE c.action IN ('merge', 'keep_apart') AND {_NOT_UNDONE}
    ), pair AS (
      SELECT DISTINCT s.action, f.entity AS one, g.entity AS two FROM standing s CROSS JOIN fact f CROSS JOIN fact g
      WHERE s.nth = 1 AND f.id = s.fact AND g.id = s.other AND f.entity <> g.entity AND f.type = g.type
    ), linked AS (
      SELECT one, two FROM pair WHERE action = 'merge' UNION SELECT two, one FROM pair WHERE action = 'merge'
    ), reached (entity, other) AS (
      SELECT one, one FROM linked UNION SELECT r.entity, l.two FROM reached r JOIN linked l ON l.one = r.other
    ), ranked AS (
      SELECT r.entity, r.other, row_number() OVER (PARTITION BY r.entity
        ORDER BY CASE WHEN e.kb IS NULL THEN 1 ELSE 0 END, length(e.name) DESC, e.id) AS nth
      FROM reached r JOIN entity e ON e.id = r.other
      WHERE r.entity NOT IN (SELECT a.entity FROM reached a JOIN reached b ON b.entity = a.entity
        JOIN pair p ON p.action = 'keep_apart' AND p.one = a.other AND p.two = b.other)
    )
    SELECT entity, other AS stands_for FROM ranked WHERE nth = 1 AND entity <> other
    """


def _entity_current(_: Dialect) -> str:
    return """
    SELECT e.id AS entity, k.id AS stands_for, k.type, k.name, k.kb, k.kind FROM entity e
    LEFT JOIN same_entity s ON s.entity = e.id JOIN entity k ON k.id = coalesce(s.stands_for, e.id)
    """


def _fact_current(db: Dialect) -> str:
    return f"""
    SELECT f.key, f.article, f.id, f.type, f.start_char, f.end_char, f.text, f.modality, f.source, f.cue,
      f.confidence, f.component, f.rule, f.json, NULL AS decision, NULL AS annotator
    FROM fact f WHERE {_UNTOUCHED}
    UNION ALL
    SELECT x.key, x.article, x.id, x.type, {db.whole("x.json", "span", "start")}, {db.whole("x.json", "span", "end")},
      {db.of("x.json", "span", "text")}, {db.of("x.json", "modality")},
      {db.of("x.json", "attribution", "source", "text")}, {db.of("x.json", "attribution", "cue", "text")},
      1.0, {db.of("x.json", "by", "component")}, {db.of("x.json", "by", "rule")}, x.json, x.action, x.annotator
    FROM corrected x
    """


def _count_series(db: Dialect) -> str:
    """A count that changed from another ("fell from 1,420") says nothing of the day at which the other stood."""
    j = "x.json"
    return f"""
    WITH told AS (
      SELECT f.key, f.article, f.id AS fact, f.modality, f.source, f.source_fact, c.value, c.low, c.high, c.comparator,
        c.kind, c.unit, c.counted, c.category, c.aggregation, c.as_of, c.as_of_basis, c.of, c.place,
        c.fact IN (SELECT was FROM count WHERE was IS NOT NULL) AS is_past, NULL AS decision
      FROM count c JOIN fact f ON f.key = c.fact WHERE {_UNTOUCHED}
      UNION ALL
      SELECT x.key, x.article, x.id, {db.of(j, "modality")}, {db.of(j, "attribution", "source", "text")},
        {_key_of(db, "attribution", "source_id")}, {db.number(j, "value")}, {db.number(j, "low")},
        {db.number(j, "high")}, {db.of(j, "comparator")}, {db.of(j, "kind")}, {db.of(j, "unit")},
        {db.of(j, "counted", "text")}, {db.of(j, "category")}, {db.of(j, "aggregation")}, {_key_of(db, "as_of")},
        {db.of(j, "as_of_basis")}, {_key_of(db, "of")}, {_key_of(db, "place")},
        x.key IN (SELECT was FROM count WHERE was IS NOT NULL), x.action
      FROM corrected x WHERE x.type = 'count'
    ), dated AS (
      SELECT t.*, a.published, a.title, a.url, s.entity AS source_id, p.entity AS place_id,
        CASE WHEN xd.key IS NULL THEN d.value ELSE {db.of("xd.json", "value")} END AS as_of_value,
        CASE WHEN xd.key IS NULL THEN d.first ELSE {db.day("xd.json", "first")} END AS first_day,
        CASE WHEN xd.key IS NULL THEN d.last ELSE {db.day("xd.json", "last")} END AS last_day,
        {db.published("a.published")} AS published_day
      FROM told t JOIN article a ON a.id = t.article
      LEFT JOIN fact s ON s.key = t.source_fact AND s.key NOT IN (SELECT key FROM rejected)
      LEFT JOIN fact p ON p.key = t.place AND p.key NOT IN (SELECT key FROM rejected)
      LEFT JOIN date d ON d.fact = t.as_of AND d.fact NOT IN (SELECT key FROM rejected)
      LEFT JOIN corrected xd ON xd.key = t.as_of
    ), resolved AS (
      SELECT dated.*,
        (as_of_basis = 'publication' OR as_of_value = 'PRESENT_REF') AND NOT is_past AS is_of_publication FROM dated
    )
    SELECT category, pe.name AS place, coalesce(se.name, r.source) AS source,
      CASE WHEN first_day IS NULL AND is_of_publication THEN published_day ELSE first_day END AS as_of_first,
      CASE WHEN last_day IS NULL AND is_of_publication THEN published_day ELSE last_day END AS as_of_last, as_of_basis,
      value, low, high, comparator, aggregation, r.kind, unit, counted, modality, article, published, title, url,
      fact, r.key, pe.stands_for AS place_id, se.stands_for AS source_id, r.of AS part_of, decision
    FROM resolved r LEFT JOIN entity_current pe ON pe.entity = r.place_id
    LEFT JOIN entity_current se ON se.entity = r.source_id
    """


def _key_of(db: Dialect, *path: str) -> str:
    """The key of the fact that a corrected fact refers to by its id."""
    return f"(SELECT r.key FROM fact r WHERE r.article = x.article AND r.id = {db.of('x.json', *path)})"


_SAME = """category, place_id, source_key, aggregation, kind, unit, value, low, high, comparator, is_part, days"""
_HEAD = "substr(lower(counted), length(rtrim(lower(counted), replace(lower(counted), ' ', ''))) + 1)"
_ANYBODY = "('people', 'persons', 'person', 'individuals', 'others', 'men', 'women', 'cases')"


def _count_statement(db: Dialect) -> str:
    """One source's figure, however many articles pass it on: equal in all but the article, of the same days; where the
    days are those of the articles, at most a week lies between one article and the next."""
    gap = db.days_between("lag(as_of_last) OVER same", "as_of_first")
    return f"""
    WITH told AS (
      SELECT s.*, coalesce(source_id, lower(source), '') AS source_key, part_of IS NOT NULL AS is_part,
        CASE WHEN as_of_basis = 'publication' THEN '' ELSE coalesce(as_of_first || ' ' || as_of_last, '-') END AS days,
        CASE WHEN lower(counted) NOT IN {_ANYBODY} THEN {_HEAD} END AS head
      FROM count_series s WHERE category IS NOT NULL AND modality = 'actual'
    ), gaps AS (
      SELECT told.*, CASE WHEN days = '' AND {gap} > 7 THEN 1 ELSE 0 END AS begins FROM told
      WINDOW same AS (PARTITION BY {_SAME} ORDER BY as_of_first, article)
    ), runs AS (
      SELECT gaps.*, sum(begins) OVER (PARTITION BY {_SAME} ORDER BY as_of_first, article
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run FROM gaps
    )
    SELECT category, min(place) AS place, min(source) AS source, min(as_of_first) AS as_of_first,
      max(as_of_last) AS as_of_last, min(as_of_basis) AS as_of_basis, value, low, high, comparator, aggregation, kind,
      unit, min(counted) AS counted, count(DISTINCT article) AS articles, min(published) AS published,
      min(article) AS article, max(article) AS last_article, min(fact) AS fact, place_id, source_key, is_part,
      min(head) AS head, max(head) AS other_head,
      {db.objects("article", "title", "url", "published", "fact")} AS told
    FROM runs
    GROUP BY {_SAME}, run
    """


def _count_conflicts(db: Dialect) -> str:
    """Pairs of statements that can't both be right. What is not compared: stock with flow with cumulative; parts of a
    whole; votes; different things counted; what one source says in one article; a flow with one that lies not within
    its days; a sum with a later, larger one."""
    return f"""
    WITH said AS MATERIALIZED (
      SELECT s.*, coalesce(low, CASE comparator WHEN 'about' THEN 0.9 * value ELSE value END, -{db.infinity}) AS bottom,
        coalesce(high, CASE comparator WHEN 'about' THEN 1.1 * value ELSE value END, {db.infinity}) AS top
      FROM count_statement s
      WHERE NOT is_part AND kind = 'cardinal' AND category <> 'vote' AND aggregation IS NOT NULL
        AND place_id IS NOT NULL AND as_of_first IS NOT NULL
    )
    SELECT a.category, a.place, a.aggregation, a.counted,
      a.source, a.value, a.low, a.high, a.comparator, a.as_of_first, a.as_of_last, a.articles, a.article, a.fact,
      b.source AS other_source, b.value AS other_value, b.low AS other_low, b.high AS other_high,
      b.comparator AS other_comparator, b.as_of_first AS other_as_of_first, b.as_of_last AS other_as_of_last,
      b.articles AS other_articles, b.article AS other_article, b.fact AS other_fact, b.counted AS other_counted,
      a.place_id
    FROM said a JOIN said b ON b.category = a.category AND b.place_id = a.place_id AND b.aggregation = a.aggregation
    WHERE a.bottom > b.top AND a.as_of_first <= b.as_of_last AND b.as_of_first <= a.as_of_last
      AND (a.head IS NULL OR b.head IS NULL OR a.head IN (b.head, b.other_head)
        OR a.other_head IN (b.head, b.other_head))
      AND (a.source_key <> b.source_key OR (a.article <> b.article AND a.last_article <> b.last_article))
      AND CASE a.aggregation
        WHEN 'flow' THEN b.as_of_first <= a.as_of_first AND a.as_of_last <= b.as_of_last
        WHEN 'cumulative' THEN a.published <= b.published
        ELSE a.category IS NOT NULL END
    """


def _person_timeline(db: Dialect) -> str:
    """A decided event's people and times are those of its JSON."""
    j = "x.json"
    return f"""
    WITH took_part AS (
      SELECT f.key, f.article, f.id AS fact, g.entity AS person_id, g.role, e.event_type, e.chain, f.modality, f.source,
        f.source_fact, f.cue, f.text, f.start_char, f.sentence_start, f.sentence_end,
        (SELECT min(t.refers) FROM argument t WHERE t.fact = f.key AND t.role = 'time') AS time, NULL AS decision
      FROM argument g JOIN event e ON e.fact = g.fact JOIN fact f ON f.key = e.fact
      WHERE g.role IN ('agent', 'target') AND g.entity IS NOT NULL AND {_UNTOUCHED}
      UNION ALL
      SELECT x.key, x.article, x.id, p.entity, {db.of("one.value", "role")}, {db.of(j, "event_type")},
        {db.of(j, "chain")}, {db.of(j, "modality")}, {db.of(j, "attribution", "source", "text")},
        {_key_of(db, "attribution", "source_id")}, {db.of(j, "attribution", "cue", "text")},
        {db.of(j, "span", "text")}, {db.whole(j, "span", "start")}, {db.whole(j, "sentence", "start")},
        {db.whole(j, "sentence", "end")}, {_time_of(db)}, x.action
      FROM corrected x CROSS JOIN {db.each(j, "arguments", name="one")}
      JOIN fact p ON p.article = x.article AND p.id = {db.of("one.value", "entity")}
      WHERE x.type = 'event' AND {db.of("one.value", "role")} IN ('agent', 'target')
    )
    SELECT p.name AS person, t.role, t.event_type,
      CASE WHEN xd.key IS NULL THEN d.first ELSE {db.day("xd.json", "first")} END AS first,
      CASE WHEN xd.key IS NULL THEN d.last ELSE {db.day("xd.json", "last")} END AS last,
      CASE WHEN xd.key IS NULL THEN d.value ELSE {db.of("xd.json", "value")} END AS time,
      t.modality, coalesce(s.name, t.source) AS source, t.cue, t.text,
      substr(a.text, t.sentence_start + 1, t.sentence_end - t.sentence_start) AS sentence,
      t.start_char - t.sentence_start AS text_at, t.article, a.published,
      {db.published("a.published")} AS published_day,
      a.title, a.url, t.fact, t.key, t.chain, t.person_id, p.stands_for, t.decision
    FROM took_part t JOIN entity_current p ON p.entity = t.person_id AND p.type = 'person'
    JOIN article a ON a.id = t.article
    LEFT JOIN date d ON d.fact = t.time AND d.fact NOT IN (SELECT key FROM rejected)
    LEFT JOIN corrected xd ON xd.key = t.time
    LEFT JOIN fact sf ON sf.key = t.source_fact LEFT JOIN entity_current s ON s.entity = sf.entity
    """


def _time_of(db: Dialect) -> str:
    return f"""(SELECT min(r.key) FROM {db.each("x.json", "arguments", name="at")}
          JOIN fact r ON r.article = x.article AND r.id = {db.of("at.value", "fact")}
          WHERE {db.of("at.value", "role")} = 'time')"""


def _entity_mentions(_: Dialect) -> str:
    return """
    SELECT e.name, e.type, e.kb, m.text, m.start_char, m.end_char, f.article, a.published, a.title, a.url,
      f.id AS fact, f.key, m.entity, e.stands_for
    FROM mention m JOIN fact f ON f.key = m.fact JOIN entity_current e ON e.entity = m.entity
    JOIN article a ON a.id = f.article
    WHERE f.retracted IS NULL AND f.key NOT IN (SELECT key FROM rejected)
    """


# By name, in the order in which they build on each other.
VIEWS = {
    "decision": _decision,
    "rejected": _rejected,
    "corrected": _corrected,
    "same_entity": _same_entity,
    "entity_current": _entity_current,
    "fact_current": _fact_current,
    "count_series": _count_series,
    "count_statement": _count_statement,
    "count_conflicts": _count_conflicts,
    "person_timeline": _person_timeline,
    "entity_mentions": _entity_mentions,
}


DEFINITION = Table(
    "definition",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)
_SEARCH = "search"


def are_as_defined(connection: Connection) -> bool:
    """Whether the database has all views and the search as this version defines them."""
    return _found(connection) == _defined(connection)


def create_views(connection: Connection) -> None:
    """Makes the views and what the search needs, in the connection's transaction, where nothing is in their way."""
    for name, query in _queries(connection).items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")
    create_search(connection)
    DEFINITION.create(connection, checkfirst=True)
    rows = ((name, number, digest) for number, (name, digest) in enumerate(_defined(connection).items()))
    connection.execute(insert(DEFINITION), [dict(zip(DEFINITION.c.keys(), row, strict=True)) for row in rows])


def drop_views(connection: Connection) -> None:
    """Drops the views that are there, those first that build on others: no table can be changed under a view."""
    drop_search(connection)
    found = [name for name in _found(connection) if name != _SEARCH]
    for name in reversed(found or list(VIEWS)):
        connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{name}"')
    if found:
        connection.execute(delete(DEFINITION))


def _queries(connection: Connection) -> dict[str, str]:
    return {name: make(Dialect(connection.dialect.name)).strip() for name, make in VIEWS.items()}


def _defined(connection: Connection) -> dict[str, str]:
    """The digest of each view, and of the search, as this version makes them."""
    texts = _queries(connection) | {_SEARCH: search_definition(connection)}
    return {name: sha256(query.encode()).hexdigest() for name, query in texts.items()}


def _found(connection: Connection) -> dict[str, str]:
    """The digests that the database has, in the order in which the views build on each other."""
    if not inspect(connection).has_table(DEFINITION.name):
        return {}
    rows = connection.execute(select(DEFINITION.c.name, DEFINITION.c.digest).order_by(DEFINITION.c.number))
    return {row.name: row.digest for row in rows}
