"""Trains the network: all heads at once, from mixed batches, with a moving average of its weights."""

from __future__ import annotations

import copy
import json
import logging
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from extract.model.pieces import WordPieces
from extract.training.batches import batches, collate
from extract.training.doubt import doubted
from extract.training.examples import (
    STAGES,
    Example,
    Schemes,
    Window,
    WindowMaker,
    read_people,
    schemes,
    training_articles,
)
from extract.training.network import Network, build, pretrained, total

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The knobs of one training."""

    seed: int = 1
    epochs: int = 6
    # Every epoch reads these shares of the parsed articles, and of the others.
    parsed: float = 1.0
    share: float = 0.5
    silver: int = 14_000
    batch_pieces: int = 2_048
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    warm_up: float = 0.06
    weight_decay: float = 0.01
    average: float = 0.98
    average_every: int = 4
    threads: int = 2
    save_every: int = 250


FIRST = Recipe()
LOOSE = 300  # no article is longer, only sets whose sentences belong to none
# From the first stage's weights, with its doubts about the silver set and more varied names.
SECOND = Recipe(seed=2, epochs=2, parsed=0.6, share=0.55, silver=14_000, rate=7e-5, head_rate=2e-4, warm_up=0.03)


def epoch_windows(
    maker: WindowMaker, articles: list[list[Example]], recipe: Recipe, rng: random.Random
) -> list[Window]:
    """One epoch's windows: of a random share of the articles; of a set without articles, of its sentences."""
    chosen: list[list[Example]] = []
    for article in articles:
        share = recipe.share if article[0].heads is None else recipe.parsed
        if len(article) > LOOSE:
            chosen.append([e for e in article if rng.random() < share])
        elif rng.random() < share:
            chosen.append(article)
    return list(maker.windows([a for a in chosen if a], rng))


def optimiser(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW, faster for what was not pretrained, without decay on biases and norms."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        fresh = not name.startswith("encoder.") or "token_type" in name
        key = (recipe.head_rate if fresh else recipe.rate, recipe.weight_decay if parameter.dim() > 1 else 0.0)
        groups.setdefault(key, []).append(parameter)
    return torch.optim.AdamW(
        [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in groups.items()], fused=True
    )


def train(data: Path, encoder: Path, out: Path, recipe: Recipe, start: Path | None = None) -> None:
    """Trains, from the folder `start` of an earlier stage if given; leaves a checkpoint in `out` now and then."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    rng = random.Random(recipe.seed)  # noqa: S311
    out.mkdir(parents=True, exist_ok=True)
    articles, _ = training_articles(data, silver=recipe.silver, seed=recipe.seed)
    if start is None:
        scheme = schemes(articles)
        base, vocabulary = pretrained(encoder)
        network = Network(base, scheme)
    else:
        network, scheme, vocabulary = load(start)
        articles = doubted(articles, network, WordPieces(vocabulary))
    save_scheme(out, scheme, vocabulary)
    maker = WindowMaker(
        WordPieces(vocabulary), scheme, read_people(data / "gazetteer" / "names"), STAGES[start is not None]
    )
    maker.collect(articles)
    plan = [
        b
        for _ in range(recipe.epochs)
        for b in batches(epoch_windows(maker, articles, recipe, rng), recipe.batch_pieces, rng)
    ]
    log.info(
        "%d articles, %d batches, %d pieces; %s",
        len(articles),
        len(plan),
        sum(len(w.pieces) for b in plan for w in b),
        json.dumps(asdict(recipe)),
    )
    run(network, plan, out, recipe)


def run(network: Network, plan: list[list[Window]], out: Path, recipe: Recipe) -> None:
    """The training loop over planned batches."""
    average = copy.deepcopy(network)
    average.eval()
    steps = optimiser(network, recipe)
    warm = max(1, int(recipe.warm_up * len(plan)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        steps, lambda s: min((s + 1) / warm, max(0.0, (len(plan) - s) / (len(plan) - warm)))
    )
    sums: dict[str, float] = {}
    began = time.perf_counter()
    network.train()
    for number, windows in enumerate(plan, 1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = network.losses(collate(windows))
            loss = total(losses)
        steps.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        steps.step()
        schedule.step()
        for name, value in losses.items():
            sums[name] = 0.97 * sums.get(name, value.item()) + 0.03 * value.item()
        if number % recipe.average_every == 0:
            _move(average, network, min(recipe.average, number / (number + 10 * recipe.average_every)))
        if number % 25 == 0:
            log.info(
                "%d/%d %.0fs %s",
                number,
                len(plan),
                time.perf_counter() - began,
                " ".join(f"{k} {v:.3f}" for k, v in sums.items()),
            )
        if number % recipe.save_every == 0 or number == len(plan):
            torch.save(average.state_dict(), out / "average.pt.part")
            (out / "average.pt.part").replace(out / "average.pt")


def _move(average: Network, network: Network, keep: float) -> None:
    with torch.no_grad():
        for slow, fast in zip(average.parameters(), network.parameters(), strict=True):
            slow.lerp_(fast, 1 - keep)


def save_scheme(out: Path, scheme: Schemes, vocabulary: list[str]) -> None:
    """Writes what a checkpoint needs to be read."""
    (out / "scheme.json").write_text(json.dumps(asdict(scheme), indent=1) + "\n", encoding="utf-8")
    (out / "vocabulary.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[Network, Schemes, list[str]]:
    """The averaged network of a training folder, ready to evaluate."""
    scheme = Schemes(
        **{k: tuple(v) for k, v in json.loads((folder / "scheme.json").read_text(encoding="utf-8")).items()}
    )
    vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    network = build(len(vocabulary), scheme)
    network.load_state_dict(torch.load(folder / "average.pt", weights_only=True))
    return network.eval(), scheme, vocabulary
