"""The one visible list of rooms, in visiting order. Removing a line removes the fact."""

from __future__ import annotations

from extract.facts.count import COUNT
from extract.facts.date import DATE
from extract.facts.event import EVENT
from extract.facts.organisation import ORGANISATION
from extract.facts.person import PERSON
from extract.facts.place import PLACE
from extract.facts.statement import STATEMENT
from extract.room import Room

ROOMS: tuple[Room, ...] = (DATE, PERSON, ORGANISATION, PLACE, COUNT, STATEMENT, EVENT)
