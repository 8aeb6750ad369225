"""The log replayed on a whole file of facts, article by article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from pydantic import ValidationError

from extract.article import Article
from extract.correction.entry import Correction
from extract.correction.log import Broken, read_log
from extract.correction.moving import Target, move, sentences_of
from extract.correction.outcome import Line, Outcome, What, outcome
from extract.correction.pairs import same_entities, shared_identifiers
from extract.correction.replay import replay, without_undone
from extract.errors import LineError, ReadError
from extract.fact import FACT, ArticleReference, Envelope, to_json

Rows = list[bytes]


@dataclass(slots=True)
class Summary:
    """What became of the lines of the log, in their order, and what of them was broken."""

    outcomes: list[Outcome] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    facts: int = 0

    def count(self) -> Counter[What]:
        """How many lines had each outcome."""
        return Counter(one.what for one in self.outcomes)


def apply(facts: Path, log: Path, *, articles: Path | None = None) -> tuple[Iterator[bytes], Summary]:
    """Yields the lines of the corrected file; the summary is full when the last was taken.

    With `articles`, decisions follow an article that was republished with changes, and find articles without facts.

    Raises:
        ReadError: a file can't be read.
        LineError: a line of facts is broken; names file and line.
    """
    summary = Summary()
    lines, summary.broken = lines_of(log)
    return _corrected(facts, lines, articles, summary), summary


def lines_of(log: Path) -> tuple[list[Line], list[Broken]]:
    """The decisions of a log with their line numbers, and what of it is broken.

    Raises:
        ReadError: the file can't be read.
    """
    lines: list[Line] = []
    broken: list[Broken] = []
    for number, entry in read_log(log):
        if isinstance(entry, Correction):
            lines.append(Line(number, entry))
        else:
            broken.append(entry)
    return lines, broken


def by_text(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines by the hash of the text that they were made on."""
    texts: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        texts[line.decision.text_sha256].append(line)
    return dict(texts)


def _corrected(facts: Path, lines: list[Line], articles: Path | None, summary: Summary) -> Iterator[bytes]:
    known = dict(read_articles(articles)) if articles else {}
    seen: dict[int, Outcome] = {}
    decided, lost = with_lines(facts, lines, known)
    seen.update({one.line: one for one in lost})
    identifiers = _identifiers(facts, lines)
    for one in decided:
        yield from _article(one, identifiers, seen, summary)
    summary.outcomes = [seen[number] for number in sorted(seen)]


@dataclass(frozen=True, slots=True)
class Decided:
    """An article with its lines of facts as extracted, and the lines of the log that are about it."""

    reference: ArticleReference
    rows: Rows
    lines: list[Line]


def with_lines(facts: Path, lines: list[Line], known: dict[str, Article]) -> tuple[Iterator[Decided], list[Outcome]]:
    """The articles of a file of facts, then those of `known` without facts, each with its lines; and what is homeless.

    Raises:
        ReadError: the file can't be read.
        LineError: a line of facts is broken; names file and line.
    """
    texts = {row.text_sha256 for row in read_references(facts)}
    made_on = by_text(lines)
    moved, lost = _moved(made_on, texts, known, facts)
    return _with_lines(facts, made_on, moved, known), lost


def _with_lines(
    facts: Path, made_on: dict[str, list[Line]], moved: dict[str, list[Line]], known: dict[str, Article]
) -> Iterator[Decided]:
    done: set[str] = set()
    for reference, rows in read_facts(facts):
        done.add(reference.id)
        yield Decided(reference, rows, made_on.get(reference.text_sha256, []) + moved.get(reference.id, []))
    for article in known.values():
        if article.id not in done:
            reference = Target(article).reference
            yield Decided(reference, [], made_on.get(article.text_sha256, []) + moved.get(article.id, []))


def _identifiers(facts: Path, lines: list[Line]) -> dict[str, str]:
    """Gazetteer's identifiers that facts get from facts of other articles, which people said are one with them."""
    groups = same_entities(without_undone(lines)[0])
    wanted = {id_.encode() for group in groups for id_ in group}
    if not wanted:
        return {}
    rows = (row for _, rows in read_facts(facts) for row in rows if any(id_ in row for id_ in wanted))
    known = {fact.id: getattr(fact, "kb", None) for fact in map(FACT.validate_json, rows)}
    return shared_identifiers(groups, known)


def _article(one: Decided, identifiers: dict[str, str], seen: dict[int, Outcome], summary: Summary) -> Iterator[bytes]:
    touched = one.lines or any(id_.encode() in row for id_ in identifiers for row in one.rows)
    if not touched:
        summary.facts += len(one.rows)
        yield from one.rows
        return
    facts, outcomes = replay([FACT.validate_json(row) for row in one.rows], one.lines, one.reference)
    for outcome_ in outcomes:
        seen.setdefault(outcome_.line, outcome_)
    summary.facts += len(facts)
    facts = [fact.model_copy(update={"kb": identifiers[fact.id]}) if fact.id in identifiers else fact for fact in facts]
    yield from (to_json(fact).encode("utf-8") + b"\n" for fact in facts)


def _moved(
    made_on: dict[str, list[Line]], texts: set[str], known: dict[str, Article], facts: Path
) -> tuple[dict[str, list[Line]], list[Outcome]]:
    """The lines whose text is gone, by the id of the article that it became; and those with nowhere to go."""
    texts = texts | {article.text_sha256 for article in known.values()}
    homeless = [line for text, lines in made_on.items() if text not in texts for line in lines]
    if not homeless:
        return {}, []
    moved: dict[str, list[Line]] = defaultdict(list)
    lost: list[Outcome] = []
    targets = _targets({_home(line, known) for line in homeless}, known, facts)
    for line in homeless:
        home = _home(line, known)
        found = move(line, targets[home]) if home in targets else _why_lost(known)
        if isinstance(found, Line):
            moved[home].append(found)
        else:
            lost.append(outcome(line, "orphaned", found))
    return moved, lost


def _home(line: Line, known: dict[str, Article]) -> str:
    """The id of the article that the decision's article is now: the same id, or else the same address."""
    was = line.decision.anchor.article
    if was.id in known or not was.url:
        return was.id
    return next((article.id for article in known.values() if article.url == was.url), was.id)


def _targets(homes: set[str], known: dict[str, Article], facts: Path) -> dict[str, Target]:
    targets = {home: Target(known[home]) for home in homes if home in known}
    for reference, rows in read_facts(facts):
        if reference.id in targets:
            parsed: list[Envelope] = [FACT.validate_json(row) for row in rows]
            targets[reference.id] = Target(known[reference.id], sentences_of(parsed))
    return targets


def _why_lost(known: dict[str, Article]) -> str:
    return "no article of that text" + ("" if known else "; give --articles to look for what it became")


def read_facts(path: Path) -> Iterator[tuple[ArticleReference, Rows]]:
    """Yields each article with its lines of facts, which stand together.

    Raises:
        ReadError: the file can't be read.
        LineError: a line is no fact.
    """
    for _, group in groupby(_rows(path), key=lambda row: row[0].id):
        rows = list(group)
        yield rows[0][0], [row for _, row in rows]


def read_references(path: Path) -> Iterator[ArticleReference]:
    """Yields the article of each line."""
    return (reference for reference, _ in _rows(path))


def _rows(path: Path) -> Iterator[tuple[ArticleReference, bytes]]:
    last: tuple[bytes, ArticleReference] | None = None
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                quoted = _article_part(line)
                if last is None or quoted is None or quoted != last[0]:
                    last = (quoted or b"", _reference(line, f"{path}:{number}"))
                yield last[1], line if line.endswith(b"\n") else line + b"\n"
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected="a file of facts") from error


def _article_part(line: bytes) -> bytes | None:
    """The bytes of a line that name its article: where they are those of the line before, so is the article."""
    start, end = line.find(b'"article":{'), line.find(b'},"span":')
    return line[start:end] if 0 <= start < end else None


def _reference(line: bytes, where: str) -> ArticleReference:
    try:
        return FACT.validate_json(line).article
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise LineError(f"no fact: {first['msg']}", where=where, expected="a line that `extract run` wrote",
                        advice="Check the file with `extract verify`") from error  # fmt: skip


def read_articles(path: Path) -> Iterator[tuple[str, Article]]:
    """Yields (id, article) for each line of a file that `extract run --articles` wrote.

    Raises:
        ReadError: the file can't be read, or a line is no article.
    """
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    article = _article_of(line, f"{path}:{number}")
                    yield article.id, article
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected="a file of articles") from error


def _article_of(line: bytes, where: str) -> Article:
    try:
        return Article.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ReadError(f"no article: {first['msg']}", where=where, expected='{"id": ..., "text": ...}',
                        advice="Give the file that `extract run --articles` wrote") from error  # fmt: skip
