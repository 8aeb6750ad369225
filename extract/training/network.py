"""The network: one small encoder, and a head for each thing that it tells of a word."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from extract.model.labels import TAGS
from extract.model.pieces import BREAK
from extract.model.shapes import SHAPES
from extract.training.examples import IGNORE, Schemes, hidden_tags

ARC, REL = 192, 128
# How much each head's loss weighs beside that of names.
WEIGHTS = {"names": 1.0, "upos": 0.4, "xpos": 0.4, "starts": 0.7, "arcs": 1.0, "rels": 0.7}


@dataclass(slots=True)
class Batch:
    """Windows padded to one length: pieces [b, t], labels a word [b, w]."""

    pieces: Tensor
    shapes: Tensor
    mask: Tensor
    first: Tensor
    tags: Tensor
    sources: Tensor
    upos: Tensor
    xpos: Tensor
    starts: Tensor
    heads: Tensor
    deps: Tensor
    sentences: Tensor


class Network(nn.Module):
    """MiniLM with case classes in its token types, and heads on each word's first piece."""

    def __init__(self, encoder: nn.Module, scheme: Schemes, width: int = 384) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.15)
        self.names = nn.Linear(width, len(TAGS))
        self.upos = nn.Linear(width, len(scheme.upos))
        self.xpos = nn.Linear(width, len(scheme.xpos))
        self.starts = nn.Linear(width, 1)
        self.root = nn.Linear(width, 1)
        self.arc_word = nn.Linear(width, ARC)
        self.arc_head = nn.Linear(width, ARC)
        self.biaffine = nn.Parameter(torch.eye(ARC) / ARC**0.5)
        self.arc_bias = nn.Linear(ARC, 1)
        self.rel_word = nn.Linear(width, REL)
        self.rel_head = nn.Linear(width, REL)
        self.rels = nn.Linear(REL, len(scheme.deps))
        self.register_buffer("hidden_tags", torch.tensor(hidden_tags()))

    def words(self, batch: Batch) -> Tensor:
        """Hidden states of words, [b, w, width]."""
        hidden = self.encoder(
            input_ids=batch.pieces, token_type_ids=batch.shapes, attention_mask=batch.mask
        ).last_hidden_state
        index = batch.first.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        return self.dropout(hidden.gather(1, index))

    def arcs(self, words: Tensor) -> Tensor:
        """Scores [b, w, w] of each word (row) having each head (column); on the diagonal, of being the root."""
        word = self.dropout(functional.gelu(self.arc_word(words)))
        head = self.dropout(functional.gelu(self.arc_head(words)))
        scores = word @ self.biaffine @ head.transpose(1, 2) + self.arc_bias(head).transpose(1, 2)
        return (
            scores
            - torch.diag_embed(torch.diagonal(scores, dim1=1, dim2=2))
            + torch.diag_embed(self.root(words).squeeze(-1))
        )

    def relations(self, words: Tensor, heads: Tensor) -> Tensor:
        """Scores [b, w, relations] of the relation of each word to its head."""
        index = heads.clamp(min=0).unsqueeze(-1).expand(-1, -1, REL)
        pair = self.rel_word(words) + self.rel_head(words).gather(1, index)
        return self.rels(self.dropout(functional.gelu(pair)))

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """One loss a head, each the mean over the words that know."""
        words = self.words(batch)
        found = {
            "names": self._name_loss(self.names(words).float(), batch),
            "upos": _cross_entropy(self.upos(words), batch.upos),
            "xpos": _cross_entropy(self.xpos(words), batch.xpos),
            "starts": self._start_loss(self.starts(words).squeeze(-1), batch.starts),
        }
        if bool((batch.heads != IGNORE).any()):
            arcs = self.arcs(words).float()
            same = batch.sentences.unsqueeze(1) == batch.sentences.unsqueeze(2)
            found["arcs"] = _cross_entropy(arcs.masked_fill(~same, -1e4), batch.heads)
            found["rels"] = _cross_entropy(self.relations(words, batch.heads), batch.deps)
        return found

    def _name_loss(self, scores: Tensor, batch: Batch) -> Tensor:
        """Cross entropy, where an unmarked word may carry any label that its source doesn't annotate."""
        logs = scores.log_softmax(-1)
        known = batch.tags.clamp(min=0)
        exact = logs.gather(-1, known.unsqueeze(-1)).squeeze(-1)
        allowed = self.hidden_tags[batch.sources]  # type: ignore[index]
        unmarked = logs.masked_fill(~allowed, -1e4).logsumexp(-1)
        picked = torch.where(known == 0, unmarked, exact)
        counted = batch.tags != IGNORE
        return -(picked * counted).sum() / counted.sum().clamp(min=1)

    def _start_loss(self, scores: Tensor, starts: Tensor) -> Tensor:
        counted = starts != IGNORE
        losses = functional.binary_cross_entropy_with_logits(
            scores.float(), starts.clamp(min=0).float(), reduction="none"
        )
        return (losses * counted).sum() / counted.sum().clamp(min=1)


def _cross_entropy(scores: Tensor, labels: Tensor) -> Tensor:
    if not bool((labels != IGNORE).any()):
        return scores.sum() * 0.0
    return functional.cross_entropy(scores.float().flatten(0, -2), labels.flatten(), ignore_index=IGNORE)


def total(losses: dict[str, Tensor]) -> Tensor:
    """The weighted sum of the heads' losses."""
    return torch.stack([WEIGHTS[name] * loss for name, loss in losses.items()]).sum()


def kept_vocabulary(pieces: list[str]) -> list[str]:
    """What English news needs of BERT's vocabulary: no unused places, no other scripts; the break gets a place."""
    kept = [p for p in pieces if not p.startswith("[unused") and all(_latin(c) for c in p)]
    return [*kept[:1], BREAK, *kept[1:]]


def _latin(c: str) -> bool:
    return ord(c) < 0x250 or 0x2000 <= ord(c) < 0x2150


def pretrained(folder: Path) -> tuple[Any, list[str]]:
    """MiniLM with the kept vocabulary and one token type a shape, and that vocabulary."""
    from transformers import BertConfig, BertModel

    model = BertModel.from_pretrained(folder, add_pooling_layer=False)
    pieces = (folder / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    kept = kept_vocabulary(pieces)
    place = {p: i for i, p in enumerate(pieces)}
    index = torch.tensor([place[p if p != BREAK else "[SEP]"] for p in kept])
    config = BertConfig.from_pretrained(folder)
    config.vocab_size, config.type_vocab_size = len(kept), len(SHAPES)
    config.hidden_dropout_prob, config.attention_probs_dropout_prob = 0.1, 0.0
    slim = BertModel(config, add_pooling_layer=False)
    slim.set_attn_implementation("eager")  # twice as fast to train on a CPU as the fused kernel
    state = model.state_dict()
    state["embeddings.word_embeddings.weight"] = state["embeddings.word_embeddings.weight"][index]
    kind = state["embeddings.token_type_embeddings.weight"][:1]
    state["embeddings.token_type_embeddings.weight"] = kind + 0.02 * torch.randn(len(SHAPES), kind.shape[1])
    slim.load_state_dict(state)
    return slim, kept


def build(vocabulary_size: int, scheme: Schemes) -> Network:
    """An untrained network of the same form, to load a checkpoint into."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=vocabulary_size,
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
        type_vocab_size=len(SHAPES),
    )
    return Network(BertModel(config, add_pooling_layer=False), scheme)
