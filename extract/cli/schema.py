"""`extract schema`: the JSON Schema of a fact."""

from __future__ import annotations

import json
import sys

from extract.cli import new_app
from extract.fact import json_schema

app = new_app()


@app.command()
def schema() -> None:
    """Print the JSON Schema that each line of a file of facts satisfies."""
    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
