"""The encoder's graph, opened: what the head for names sees of each word, and the same graph with another head."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.errors import ModelError
from extract.model.encoder import OUTPUTS, Encoder, Reading
from extract.model.labels import TAGS

VECTORS = "words"  # the tensor that every head reads: a row per word
_WEIGHT, _BIAS = "heads.weight", "heads.bias"  # all heads side by side, that for names first
Floats = npt.NDArray[np.float32]


def onnx() -> Any:
    """The package that edits graphs.

    Raises:
        ModelError: it is not installed.
    """
    try:
        import onnx as package
        import onnx.numpy_helper
    except ModuleNotFoundError as error:
        raise ModelError("training needs the package onnx", advice='pip install "news-extract[retrain]"') from error
    return package


class OpenEncoder(Encoder):
    """An encoder that also gives each word's vector, and adds to the scores for names what a correction makes of it.

    What it has read it keeps: many corrections are tried on the same articles.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder.encoder, encoder.relations_)
        self.correction: Floats | None = None
        self._session = _session(_with_vectors(encoder.encoder))
        self._read: dict[tuple[int, ...], tuple[Reading, Floats]] = {}

    def read(self, pieces: list[int], shapes: list[int], first: list[int]) -> Reading:
        """The window's reading, corrected."""
        reading, vectors = self.open(pieces, shapes, first)
        if self.correction is None:
            return reading
        names = reading.names + extended(vectors) @ self.correction
        return replace(reading, names=names)

    def open(self, pieces: list[int], shapes: list[int], first: list[int]) -> tuple[Reading, Floats]:
        """The window's reading as it is without correction, and its words' vectors."""
        key = (*pieces, -1, *first)
        if key not in self._read:
            feed = {"pieces": np.array(pieces, np.int64), "shapes": np.array(shapes, np.int64),
                    "first": np.array(first, np.int64)}  # fmt: skip
            found = self._session.run([*OUTPUTS, VECTORS], feed)
            names, starts, upos, xpos, arcs, root, rel_word, rel_head, vectors = found
            np.fill_diagonal(arcs, root[:, 0])
            self._read[key] = Reading(names, starts[:, 0], upos, xpos, arcs, rel_word, rel_head), vectors
        return self._read[key]


def extended(vectors: Floats) -> Floats:
    """The vectors with a one after each: the last row of a correction is added whatever the word."""
    return np.concatenate([vectors, np.ones((len(vectors), 1), np.float32)], axis=1)


def with_correction(encoder: bytes, correction: Floats) -> bytes:
    """The graph with the correction added to its head for names; every other number stays as it is."""
    package = onnx()
    model = package.load_from_string(encoder)
    for name, rows in ((_WEIGHT, correction[:-1]), (_BIAS, correction[-1:])):
        tensor = _constant(model, name)
        values = package.numpy_helper.to_array(tensor).copy()
        values.reshape(-1, values.shape[-1])[:, : len(TAGS)] += rows
        tensor.CopyFrom(package.numpy_helper.from_array(values, name))
    packed: bytes = model.SerializeToString()
    return packed


def _with_vectors(encoder: bytes) -> bytes:
    package = onnx()
    model = package.load_from_string(encoder)
    width = _constant(model, _WEIGHT).dims[0]
    model.graph.output.append(package.helper.make_tensor_value_info(VECTORS, package.TensorProto.FLOAT, ["w", width]))
    packed: bytes = model.SerializeToString()
    return packed


def _constant(model: Any, name: str) -> Any:
    found = next((tensor for tensor in model.graph.initializer if tensor.name == name), None)
    if found is None:
        raise ModelError(f"the graph has no constant {name!r}", expected="a graph that this package trained",
                         advice="Start from the model that ships")  # fmt: skip
    return found


def _session(model: bytes) -> Any:
    from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_BASIC  # the same numbers as at run time
    options.log_severity_level = 3
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])
