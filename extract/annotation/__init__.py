"""Other people's tools, one module each: facts out as their tasks, their annotations back in as lines of the log.

Each module has `write(tasks, output)` and `read(path) -> Iterator[Returned]`; `TOOLS` names them.
"""

from __future__ import annotations

from extract.annotation import brat, doccano, labelstudio, prodigy, w3c
from extract.annotation.exchange import Mark, Problem, Returned, Task, decisions, tasks
from extract.annotation.tool import Tool

TOOLS: dict[str, Tool] = {
    "labelstudio": Tool(labelstudio.write, labelstudio.read),
    "prodigy": Tool(prodigy.write, prodigy.read),
    "doccano": Tool(doccano.write, doccano.read),
    "brat": Tool(brat.write, brat.read),
    "w3c": Tool(w3c.write, w3c.read),
}

__all__ = ["TOOLS", "Mark", "Problem", "Returned", "Task", "Tool", "decisions", "tasks"]
