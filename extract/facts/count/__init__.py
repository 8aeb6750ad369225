"""The room of counts: numbers of people and things, and amounts, bound to what they count, as of when, out of what."""

from __future__ import annotations

from extract.facts.count.rules import RULES, read
from extract.room import Room

COUNT = Room("count", read, reads=("date", "person", "organisation", "place"), rules=RULES)
