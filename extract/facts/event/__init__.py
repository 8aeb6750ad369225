"""The room of events: who did what to whom, where, when, told how."""

from __future__ import annotations

from extract.facts.event.rules import RULES, read
from extract.room import Room

EVENT = Room("event", read, reads=("date", "person", "organisation", "place", "count"), rules=RULES)
