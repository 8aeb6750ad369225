"""Makes the shipped pipeline: prepare, train, export, calibrate, package, evaluate.

    python -m extract.training DATA OUT [--gold GOLD] [--work WORK] [--skip-training]
    python -m extract.training DATA OUT --cnn STEPS

DATA holds `ner/`, `syntax/` and `gazetteer/`; OUT is the pipeline's folder; beside it land `train.txt`,
`scores.json` and the card. GOLD, articles annotated by the contract, is measured alone. `--cnn` trains the
small network of the comparison instead.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

from extract.training.make import make

log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    """Runs the command; 0 on success."""
    cli = argparse.ArgumentParser(
        prog="python -m extract.training", description=(__doc__ or "").split("\n", maxsplit=1)[0]
    )
    cli.add_argument("data", type=Path)
    cli.add_argument("out", type=Path)
    cli.add_argument("--gold", type=Path, help="articles annotated by the contract [DATA/../gold]")
    cli.add_argument("--work", type=Path, default=Path("build/model"), help="checkpoints and graphs [build/model]")
    cli.add_argument("--skip-training", action="store_true", help="start from the checkpoint in WORK")
    cli.add_argument("--cnn", type=int, metavar="STEPS", help="train the comparison's small network instead")
    args = cli.parse_args(arguments)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    handlers = [logging.StreamHandler(), logging.FileHandler(args.out.parent / "train.txt", mode="a", encoding="utf-8")]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", handlers=handlers)
    if args.cnn:
        from extract.training.cnn import train_cnn

        train_cnn(args.data, args.out, steps=args.cnn, seed=1)
        return 0
    gold = args.gold or args.data.parent / "gold"
    scores = make(args.data, args.out, gold=gold, work=args.work, skip_training=args.skip_training)
    log.info("%s", json.dumps(scores))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
