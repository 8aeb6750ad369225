"""Runs the two ONNX graphs, one window at a time, on one thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
OUTPUTS = ("names", "starts", "upos", "xpos", "arcs", "root", "rel_word", "rel_head")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of a window of w words."""

    names: Floats  # [w, tags], unnormalised
    starts: Floats  # [w], log odds that a sentence starts here
    upos: Integers  # [w]
    xpos: Integers  # [w]
    arcs: Floats  # [w, w], row: word, column: head, diagonal: root
    rel_word: Floats
    rel_head: Floats


class Encoder:
    """The graphs as bytes, with their sessions opened at first use and never pickled.

    A window is always read alone: the activations' int8 scale is one a tensor, so a batch would let
    one article change the numbers of another.
    """

    def __init__(self, encoder: bytes, relations: bytes) -> None:
        self.encoder, self.relations_ = encoder, relations
        self._sessions: tuple[InferenceSession, InferenceSession] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"encoder": self.encoder, "relations_": self.relations_, "_sessions": None}

    def _open(self) -> tuple[InferenceSession, InferenceSession]:
        if self._sessions is None:
            self._sessions = (_session(self.encoder), _session(self.relations_))
        return self._sessions

    def read(self, pieces: list[int], shapes: list[int], first: list[int]) -> Reading:
        """Reads one window: its pieces with their shapes, and where each word starts among them."""
        feed = {
            "pieces": np.array(pieces, np.int64),
            "shapes": np.array(shapes, np.int64),
            "first": np.array(first, np.int64),
        }
        names, starts, upos, xpos, arcs, root, rel_word, rel_head = self._open()[0].run(OUTPUTS, feed)
        np.fill_diagonal(arcs, root[:, 0])
        return Reading(names, starts[:, 0], upos, xpos, arcs, rel_word, rel_head)

    def relations(self, reading: Reading, heads: Integers) -> Integers:
        """The relation of each word to its head."""
        feed = {"rel_word": reading.rel_word, "rel_head": reading.rel_head, "heads": heads}
        found: Integers = self._open()[1].run(["relations"], feed)[0]
        return found


def _session(model: bytes) -> InferenceSession:
    from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The graph is fused by hand; what the higher levels fuse further (skip and layer norm) only gets slower.
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])
