"""Trains the network: all heads at once, from mixed batches, with a moving average of its weights."""

from __future__ import annotations

import copy
import json
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from extract.model.pieces import WordPieces
from extract.training.examples import IGNORE, Example, Knobs, Schemes, Window, WindowMaker, read_people, schemes, training_articles
from extract.training.network import Batch, Network, build, pretrained, total

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The knobs of one training."""

    seed: int = 1
    epochs: int = 6
    # Every epoch reads all parsed articles, and this share of the others.
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


def batches(windows: list[Window], size: int, rng: random.Random) -> Iterator[list[Window]]:
    """Yields windows of like length together, about `size` pieces a batch, in random order."""
    windows = sorted(windows, key=lambda w: len(w.pieces) + rng.random() * 8)
    groups: list[list[Window]] = [[]]
    for window in windows:
        if groups[-1] and (len(groups[-1]) + 1) * len(window.pieces) > size:
            groups.append([])
        groups[-1].append(window)
    rng.shuffle(groups)
    yield from (g for g in groups if g)


def collate(windows: list[Window]) -> Batch:
    """The windows as padded tensors."""
    mask = _padded([[1] * len(w.pieces) for w in windows], 0)
    return Batch(
        pieces=_padded([w.pieces for w in windows], 0),
        shapes=_padded([w.shapes for w in windows], 0),
        mask=mask,
        first=_padded([w.first for w in windows], 0),
        tags=_padded([w.tags for w in windows], IGNORE),
        sources=_padded([w.sources for w in windows], 0),
        upos=_padded([w.upos for w in windows], IGNORE),
        xpos=_padded([w.xpos for w in windows], IGNORE),
        starts=_padded([w.starts for w in windows], IGNORE),
        heads=_padded([w.heads for w in windows], IGNORE),
        deps=_padded([w.deps for w in windows], IGNORE),
        sentences=_padded([w.sentences for w in windows], -2),
    )


def _padded(rows: list[list[int]], fill: int) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [fill] * (longest - len(row)) for row in rows])


def epoch_windows(maker: WindowMaker, articles: list[list[Example]], share: float, rng: random.Random) -> list[Window]:
    """One epoch's windows: of all parsed articles, and of a random share of the rest."""
    chosen = [a for a in articles if a[0].heads is not None or rng.random() < share or len(a) > 300]
    loose = [a if a[0].heads is not None or len(a) <= 300 else [e for e in a if rng.random() < share] for a in chosen]
    return list(maker.windows([a for a in loose if a], rng))


def optimiser(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW, faster for what was not pretrained, without decay on biases and norms."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        fresh = not name.startswith("encoder.") or "token_type" in name
        key = (recipe.head_rate if fresh else recipe.rate, recipe.weight_decay if parameter.dim() > 1 else 0.0)
        groups.setdefault(key, []).append(parameter)
    return torch.optim.AdamW([{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in groups.items()], fused=True)


def train(data: Path, encoder: Path, out: Path, recipe: Recipe, start: Path | None = None) -> None:
    """Trains, and leaves `average.pt`, `scheme.json` and `vocabulary.txt` in `out` now and then."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    rng = random.Random(recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    articles, _ = training_articles(data, silver=recipe.silver, seed=recipe.seed)
    scheme = schemes(articles)
    base, vocabulary = pretrained(encoder)
    network = Network(base, scheme)
    if start is not None:
        network.load_state_dict(torch.load(start, weights_only=True))
    save_scheme(out, scheme, vocabulary)
    maker = WindowMaker(WordPieces(vocabulary), scheme, read_people(data / "gazetteer" / "names"), Knobs())
    plan = [b for _ in range(recipe.epochs) for b in batches(epoch_windows(maker, articles, recipe.share, rng), recipe.batch_pieces, rng)]
    log.info("%d articles, %d batches, %d pieces; %s", len(articles), len(plan), sum(len(w.pieces) for b in plan for w in b), json.dumps(asdict(recipe)))
    run(network, plan, out, recipe)


def run(network: Network, plan: list[list[Window]], out: Path, recipe: Recipe) -> None:
    """The training loop over planned batches."""
    average = copy.deepcopy(network)
    average.eval()
    steps = optimiser(network, recipe)
    warm = max(1, int(recipe.warm_up * len(plan)))
    schedule = torch.optim.lr_scheduler.LambdaLR(steps, lambda s: min((s + 1) / warm, max(0.0, (len(plan) - s) / (len(plan) - warm))))
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
            log.info("%d/%d %.0fs %s", number, len(plan), time.perf_counter() - began, " ".join(f"{k} {v:.3f}" for k, v in sums.items()))
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
    scheme = Schemes(**{k: tuple(v) for k, v in json.loads((folder / "scheme.json").read_text(encoding="utf-8")).items()})
    vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    network = build(len(vocabulary), scheme)
    network.load_state_dict(torch.load(folder / "average.pt", weights_only=True))
    return network.eval(), scheme, vocabulary
