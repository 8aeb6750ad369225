"""FollowTheMoney: entities of people, organisations, places, events, and notes, as JSON lines.

What a schema can say without overstating is what it says here:

- A person, organisation or place is one entity across articles where the gazetteer knows it (`kb`), and else one per
  text: two people of one name stay two until somebody says otherwise.
- An Event is one that is told as having happened; its mentions in one article (`chain`) are one. What is denied,
  possible, planned or demanded is a Note.
- Counts and statements are Notes: what is said, by whom, and where.
- Every entity proves itself by its Article.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from extract.errors import FactError, OutputError
from extract.exporting.source import Extracted
from extract.exporting.tables import aliases, as_of_days, of_role, sentence_of
from extract.fact import Argument, Count, Date, Envelope, Event, Organisation, Person, Place, Statement
from extract.writing import in_place

_OF_KIND = {"company": "Company", "government": "PublicBody", "security": "PublicBody", "court": "PublicBody"}
_QID = re.compile(r"Q\d{1,12}")
_PARTIAL = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_LONGEST_NAME = 200


def write(articles: Iterable[Extracted], output: Path) -> int:
    """Writes a line per entity, each of them valid by FollowTheMoney's schemata; gives how many.

    Raises:
        OutputError: it can't be written, or followthemoney is missing.
    """
    entities = _Entities()
    for source in articles:
        _Told(entities, source).tell()
    with in_place(output) as part, part.open("w", encoding="utf-8") as lines:
        for entity in entities.valid():
            lines.write(json.dumps(entity, ensure_ascii=False, sort_keys=True) + "\n")
    return len(entities)


class _Entities:
    """The entities by id; what several articles say of one comes together."""

    def __init__(self) -> None:
        try:
            from followthemoney import model
        except ModuleNotFoundError as error:
            raise OutputError("FollowTheMoney entities need the package followthemoney",
                              advice='pip install "news-extract[ftm]" (builds on ICU: apt install libicu-dev)'
                              ) from error  # fmt: skip
        self._model = model
        self._by_id: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def put(self, schema: str, id_: str, **properties: Any) -> str:
        """Adds what is said to the entity; gives its id."""
        entity = self._by_id.get(id_)
        if entity is None:
            entity = self._by_id[id_] = self._model.make_entity(schema)
            entity.id = id_
        for name, values in properties.items():
            entity.add(name, values)
        return id_

    def valid(self) -> Iterator[dict[str, Any]]:
        """Yields the entities as JSON, sorted by id.

        Raises:
            FactError: one breaks its schema.
        """
        from followthemoney.exc import InvalidData

        for id_ in sorted(self._by_id):
            made: dict[str, Any] = self._by_id[id_].to_dict()
            try:
                self._by_id[id_].schema.validate(made)
            except InvalidData as error:
                raise FactError(
                    f"{made['schema']} {id_} is not valid: {error.errors}", where=output_of(made)
                ) from error
            yield made


def output_of(entity: dict[str, Any]) -> str:
    """The address of the article that the entity is from, as far as it is known."""
    return next(iter(entity["properties"].get("sourceUrl", ())), "")


class _Told:
    """The facts of one article, told as entities."""

    def __init__(self, entities: _Entities, source: Extracted) -> None:
        self._entities = entities
        self._source = source
        self._by_id = {fact.id: fact for fact in source.facts}
        self._proof: dict[str, Any] = {}

    def tell(self) -> None:
        """Puts the article, then whom and what it names, then what it says of them."""
        self._proof = {"proof": self._article(), "sourceUrl": self._source.reference.url}
        for fact in self._source.facts:
            if isinstance(fact, Person | Organisation | Place):
                self._entity(fact)
        for fact in self._source.facts:
            match fact:
                case Person():
                    self._roles(fact)
                case Count() | Statement():
                    self._note(fact)
        for mentions in self._events():
            self._event(mentions)

    def _article(self) -> str:
        reference, article = self._source.reference, self._source.article
        return self._entities.put(
            "Article",
            _key("article", reference.id, reference.text_sha256),
            title=(article.title if article else None) or reference.id,
            publisher=article.source if article else None,
            bodyText=article.text if article else None,
            language="eng",
            publishedAt=reference.published,
            sourceUrl=reference.url,
        )

    def _entity(self, fact: Person | Organisation | Place) -> None:
        others = aliases(fact)
        named: dict[str, Any] = {
            "name": fact.name,
            "alias": [name for name in others if " " in name],
            "weakAlias": [name for name in others if " " not in name],
            "wikidataId": fact.kb if fact.kb and _QID.fullmatch(fact.kb) else None,
            **self._proof,
        }
        match fact:
            case Person():
                positions = [role.span.text for role in fact.roles]
                self._entities.put("Person", _id_of(fact), position=positions, **named)
            case Organisation():
                self._entities.put(_OF_KIND.get(fact.kind, "Organization"), _id_of(fact), keywords=fact.kind, **named)
            case Place():
                self._entities.put("Address", _id_of(fact), **named, **_address(fact))

    def _roles(self, person: Person) -> None:
        for role in person.roles:
            organisation = self._by_id.get(role.organisation or "")
            if isinstance(organisation, Organisation):
                ends = {"subject": _id_of(person), "object": _id_of(organisation)}
                key = _key("link", *ends.values(), role.span.text)
                self._entities.put("UnknownLink", key, **ends, role=role.span.text, **self._proof)

    def _note(self, fact: Count | Statement | Event) -> None:
        kind = fact.event_type if isinstance(fact, Event) else fact.category if isinstance(fact, Count) else None
        about = [_id_of(entity) for entity in self._about(fact)]
        self._entities.put(
            "Note",
            _key("note", self._source.reference.id, fact.id),
            name=_short(_title(fact)),
            description=fact.span.text if isinstance(fact, Statement) else self._sentence(fact),
            summary=self._summary(fact),
            keywords=[word for word in (fact.type, kind, fact.modality) if word],
            entity=about,
            **self._proof,
        )

    def _about(self, fact: Count | Statement | Event) -> Iterator[Person | Organisation | Place]:
        """Yields who says it, and whom and where it is of."""
        ids = [fact.attribution.source_id if fact.attribution else None]
        match fact:
            case Count():
                ids.append(fact.place)
            case Statement():
                ids.append(fact.entity)
            case Event():
                ids += [argument.entity for argument in fact.arguments]
        for id_ in dict.fromkeys(ids):
            entity = self._by_id.get(id_ or "")
            if isinstance(entity, Person | Organisation | Place):
                yield entity

    def _summary(self, fact: Envelope) -> str:
        """The fact in one line, with its day and who vouches for it."""
        parts = [fact.canonical()]
        if isinstance(fact, Count):
            first, last = as_of_days(fact, self._by_id)
            parts += [word for word in (fact.category, fact.aggregation) if word]
            parts += [f"as of {first}" if first == last else f"as of {first} to {last}"] if first and last else []
        if fact.attribution:
            source = fact.attribution.source.text if fact.attribution.source else "unnamed"
            parts.append(f"source: {source} ({fact.attribution.cue.text})")
        return " · ".join(parts)

    def _sentence(self, fact: Envelope) -> str:
        return sentence_of(fact, self._source) or fact.span.text

    def _events(self) -> Iterator[list[Event]]:
        """Yields the mentions of each event told as having happened; of all others, a note."""
        happened: dict[str, list[Event]] = defaultdict(list)
        for fact in self._source.facts:
            if isinstance(fact, Event):
                if fact.modality == "actual":
                    happened[fact.chain or fact.id].append(fact)
                else:
                    self._note(fact)
        yield from happened.values()

    def _event(self, mentions: list[Event]) -> None:
        arguments = [argument for fact in mentions for argument in fact.arguments]
        first = mentions[0]
        who = [a.span.text for fact in mentions for role in ("agent", "target") for a in of_role(fact, role)][:2]
        named = [fact.name.text for fact in mentions if fact.name]
        self._entities.put(
            "Event",
            _key("event", self._source.reference.id, first.chain or first.id),
            name=_short(named[0] if named else f"{first.event_type}: {', '.join(who) or first.span.text}"),
            description=[self._sentence(fact) for fact in mentions],
            summary=[self._summary(fact) for fact in mentions],
            keywords=[first.event_type, *([first.plover] if first.plover else [])],
            **self._involved(arguments),
            **_times(self._by_id[a.fact] for a in arguments if a.role == "time" and a.fact in self._by_id),
            **self._proof,
        )

    def _involved(self, arguments: list[Argument]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for argument in arguments:
            entity = self._by_id.get(argument.entity or "")
            if isinstance(entity, Place) and argument.role == "place":
                found["addressEntity"].append(_id_of(entity))
                found["location"].append(entity.name)
            elif isinstance(entity, Person | Organisation):
                found["involved"].append(_id_of(entity))
        return found


def _title(fact: Count | Statement | Event) -> str:
    counted = f" {fact.counted.text}" if isinstance(fact, Count) and fact.counted else ""
    return f"{fact.span.text}{counted}"


def _address(place: Place) -> dict[str, str | None]:
    part = {"country": "country", "region": "region", "city": "city"}.get(place.kind, "remarks")
    return {"full": place.name, part: place.name}


def _times(dates: Iterable[Envelope]) -> dict[str, list[str]]:
    """A date that FollowTheMoney can say stays as coarse as it is; of others, the first and the last day."""
    found: dict[str, list[str]] = defaultdict(list)
    for told in dates:
        if isinstance(told, Date) and _PARTIAL.fullmatch(told.value):
            found["date"].append(told.value)
        elif isinstance(told, Date) and told.first and told.last:
            found["startDate"].append(told.first)
            found["endDate"].append(told.last)
    return found


def _id_of(entity: Person | Organisation | Place) -> str:
    """The entity's id: by the gazetteer where it is known there, and else by its text."""
    return _key(entity.type, entity.kb or entity.id)


def _key(*parts: str) -> str:
    """An id that is the same on every machine and in every run.

    >>> _key("person", "x-bialiatski-ales")
    'x-fab0d1b514e8dc8f15756534e9950f334d42ec9e'
    """
    digest = hashlib.sha1("\x1f".join(parts).encode("utf-8"), usedforsecurity=False)
    return f"x-{digest.hexdigest()}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
