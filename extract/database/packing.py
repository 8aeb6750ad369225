"""An article's rows as they wait for their keys: all that can be done before the database is asked is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extract.database.rows import FactRows, Row
from extract.database.tables import FACT
from extract.fact import ArticleReference

NOBODY, LOAD = -2, -1  # where the keys of an article's facts end: no key, and the number of the load
_NULL = "\0"  # no text has it that goes into PostgreSQL
Key = int | bytes | None
Ready = Row | bytes  # values for a prepared statement, or lines of COPY


class Block(NamedTuple):
    """The rows of an article in one table: of which fact each is, by its number; the numbers of the facts whose keys
    it has, row after row; its other values, or for PostgreSQL lines of COPY with `%b` where the keys go."""

    of: list[int]
    keys: list[int]
    rests: list[Row] | bytes


@dataclass(frozen=True, slots=True)
class Extracted:
    """The facts of one article, their digests, the entities that they name, and their rows by table."""

    reference: ArticleReference
    ids: tuple[str, ...]
    digests: tuple[str, ...]
    entities: dict[str, Row]
    blocks: dict[str, Block]


def packed(reference: ArticleReference, facts: Sequence[FactRows], dialect: str) -> Extracted:
    """The article with the rows of its facts, no two of one id."""
    numbers: dict[str | None, int] = {fact.id: number for number, fact in enumerate(facts)}
    made: dict[str, tuple[list[int], list[int], list[Row]]] = defaultdict(lambda: ([], [], []))
    for number, fact in enumerate(facts):
        for table, ids, rest in fact.rows:
            of, keys, rests = made[table]
            of.append(number)
            keys += [numbers.get(id_, NOBODY) for id_ in ids]
            if table == FACT.name:
                keys.append(LOAD)
            rests.append(rest)
    entities = {str(fact.entity[0]): fact.entity for fact in facts if fact.entity}
    pack = _as_lines if dialect == "postgresql" else Block
    blocks = {table: pack(*block) for table, block in made.items()}
    return Extracted(reference, tuple(numbers), tuple(fact.digest for fact in facts), entities, blocks)  # type: ignore[arg-type]


def _as_lines(of: list[int], keys: list[int], rests: list[Row]) -> Block:
    head = b"%b\t" * (len(keys) // len(of))
    lines = copy_lines(rests).replace(b"%", b"%%")
    return Block(of, keys, head + lines[:-1].replace(b"\n", b"\n" + head) + b"\n")


def copy_lines(rows: Sequence[Row]) -> bytes:
    r"""Rows of one length as lines of PostgreSQL's COPY, in its text format.

    >>> copy_lines([("a\tb", None, 1, 0.5, True)])
    b'a\\tb\t\\N\t1\t0.5\tTrue\n'
    """
    texts = [_NULL if one is None else one if type(one) is str else str(one) for row in rows for one in row]
    lines = _joined(texts, len(rows[0]))
    if b"\r" in lines or lines.count(b"\n") != len(rows) or lines.count(b"\t") != len(texts) - len(rows):
        return _joined(map(_escaped, texts), len(rows[0])).replace(b"\0", rb"\N")
    return lines.replace(b"\\", rb"\\").replace(b"\0", rb"\N")


def _joined(texts: Iterable[str], columns: int) -> bytes:
    return ("\n".join(map("\t".join, zip(*[iter(texts)] * columns, strict=True))) + "\n").encode()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def named(keys: Sequence[int | None], dialect: str) -> Sequence[Key]:
    """The keys as `ready` takes them."""
    return [rb"\N" if key is None else b"%d" % key for key in keys] if dialect == "postgresql" else keys


def ready(block: Block, keys: Sequence[Key], wanted: set[int]) -> list[Ready]:
    """The rows, with keys, of the facts of the wanted numbers."""
    given = map(keys.__getitem__, block.keys)
    if isinstance(block.rests, bytes) and wanted.issuperset(block.of):
        return [block.rests % tuple(given)]
    own = zip(*[given] * (len(block.keys) // len(block.of)), strict=True)
    if isinstance(block.rests, bytes):
        lines = zip(block.of, own, block.rests.splitlines(keepends=True), strict=True)
        return [line % key for of, key, line in lines if of in wanted]
    return [(*key, *rest) for of, key, rest in zip(block.of, own, block.rests, strict=True) if of in wanted]
