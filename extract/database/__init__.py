"""Facts in tables that can be asked: SQLite where nothing is set up, PostgreSQL where there is a server.

`load_file(facts, url)` loads a file of facts. Loading the same file twice changes nothing; what a newer extraction of
the same article no longer has is marked as retracted, never deleted.
"""

from __future__ import annotations

from extract.database.following import Following, following
from extract.database.info import Description, describe, upgrade_database
from extract.database.load import Loaded, load_file
from extract.database.tables import METADATA

__all__ = ["METADATA", "Description", "Following", "Loaded", "describe", "following", "load_file", "upgrade_database"]
