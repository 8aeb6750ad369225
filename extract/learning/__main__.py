"""Writes the moments of a model's training data into its folder: `python -m extract.learning DATA FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from extract.learning.head import moments
from extract.learning.retrain import MOMENTS
from extract.learning.texts import Reader, read_data
from extract.model import FACTORY
from extract.pipeline import load

TEXTS = 1600


def main(data: Path, folder: Path) -> None:
    """Reads some texts of each set that were trained on; in float16, it is 300 KB."""
    reader = Reader(load(folder))
    trained, _ = read_data(data, TEXTS, 1)
    np.save(folder / FACTORY / MOMENTS, moments(reader.see(one.text) for one in trained).astype(np.float16))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
