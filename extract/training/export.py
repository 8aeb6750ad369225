"""Writes the network as ONNX: one graph of encoder and heads with fused operators, weights in int8."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from extract.training.network import ARC, Network

OPSET, MICROSOFT = 17, "com.microsoft"
HEADS, EPSILON = 12, 1e-12
Array = npt.NDArray[Any]
# Weights of 7 bits: with 8, processors without VNNI saturate and read other numbers than those with it.
MOST = 63


@dataclass(slots=True)
class Graph:
    """Nodes and constants under construction."""

    precise: bool
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def constant(self, name: str, value: Array) -> str:
        """Adds a constant and returns its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(
        self, kind: str, inputs: list[str], name: str, *, domain: str = "", outputs: int = 1, **attributes: Any
    ) -> str:
        """Adds a node and returns the name of its first output."""
        names = [name] if outputs == 1 else [f"{name}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=name, domain=domain, **attributes))
        return names[0]

    def linear(self, x: str, weight: Array, bias: Array, name: str, *, precise: bool = False) -> str:
        """`x @ weight + bias`; in int8 with one scale a column unless `precise`."""
        b = self.constant(f"{name}.bias", bias.astype(np.float32))
        if precise or self.precise:
            product = self.op(
                "MatMul", [x, self.constant(f"{name}.weight", weight.astype(np.float32))], f"{name}.product"
            )
            return self.op("Add", [product, b], name)
        whole, scale = quantised(weight, axis=0)
        inputs = [
            x,
            self.constant(f"{name}.weight", whole),
            self.constant(f"{name}.scale", scale.ravel()),
            self.constant(f"{name}.zero", np.zeros(scale.size, np.int8)),
            b,
        ]
        return self.op("DynamicQuantizeMatMul", inputs, name, domain=MICROSOFT)

    def norm(self, x: str, skip: str, weight: Array, bias: Array, name: str) -> str:
        """Layer norm of `x + skip`, in two operators: the fused one takes eight times as long on a CPU."""
        total = self.op("Add", [x, skip], f"{name}.sum")
        inputs = [total, self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)]
        return self.op("LayerNormalization", inputs, name, epsilon=EPSILON)


def quantised(weight: Array, *, axis: int, most: int = MOST) -> tuple[Array, Array]:
    """Whole numbers of at most `most`, and the scale of each row or column."""
    scale = np.maximum(np.abs(weight).max(axis=axis, keepdims=True), 1e-8) / most
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


def export(network: Network, out: Path, *, longest: int, precise: bool = False) -> None:
    """Writes `encoder.onnx` and `relations.onnx` into `out`."""
    state = {k: v.detach().numpy() for k, v in network.state_dict().items()}
    out.mkdir(parents=True, exist_ok=True)
    _save(_encoder(state, longest, precise=precise), out / "encoder.onnx", _encoder_ports(state))
    _save(_relations(state), out / "relations.onnx", _relation_ports(state))


def _save(graph: Graph, path: Path, ports: tuple[list[Any], list[Any]]) -> None:
    inputs, outputs = ports
    body = helper.make_graph(graph.nodes, path.stem, inputs, outputs, graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)])
    model.ir_version = 9
    onnx.save(model, str(path))


def _encoder(state: dict[str, Array], longest: int, *, precise: bool) -> Graph:
    graph = Graph(precise)
    x = _embeddings(graph, state, longest)
    layers = 1 + max(int(k.split(".")[3]) for k in state if k.startswith("encoder.encoder.layer."))
    for layer in range(layers):
        x = _layer(graph, state, x, layer)
    axes = graph.constant("one_window", np.array([0], np.int64))
    hidden = graph.op("Squeeze", [x, axes], "hidden")
    words = graph.op("Gather", [hidden, "first"], "words", axis=0)
    _heads(graph, state, words)
    return graph


def _embeddings(graph: Graph, state: dict[str, Array], longest: int) -> str:
    table, scale = quantised(state["encoder.embeddings.word_embeddings.weight"], axis=1, most=127)
    rows = graph.op("Gather", [graph.constant("pieces.table", table), "pieces"], "pieces.rows", axis=0)
    scales = graph.op("Gather", [graph.constant("pieces.scale", scale), "pieces"], "pieces.scales", axis=0)
    pieces = graph.op(
        "Mul", [graph.op("Cast", [rows], "pieces.float", to=TensorProto.FLOAT), scales], "pieces.embedded"
    )
    places = graph.constant(
        "places.table", state["encoder.embeddings.position_embeddings.weight"][:longest].astype(np.float16)
    )
    length = graph.op("Shape", ["pieces"], "length")
    zero, first = graph.constant("zero", np.array([0], np.int64)), graph.constant("first_axis", np.array([0], np.int64))
    place = graph.op(
        "Cast",
        [graph.op("Slice", [places, zero, length, first], "places.rows")],
        "places.embedded",
        to=TensorProto.FLOAT,
    )
    kinds = graph.constant("shapes.table", state["encoder.embeddings.token_type_embeddings.weight"])
    kind = graph.op("Gather", [kinds, "shapes"], "shapes.embedded", axis=0)
    total = graph.op("Add", [graph.op("Add", [pieces, place], "embedded.placed"), kind], "embedded.sum")
    norm = [graph.constant(f"embedded.{n}", state[f"encoder.embeddings.LayerNorm.{n}"]) for n in ("weight", "bias")]
    flat = graph.op("LayerNormalization", [total, *norm], "embedded.flat", epsilon=EPSILON)
    return graph.op("Unsqueeze", [flat, graph.constant("batch_axis", np.array([0], np.int64))], "embedded")


def _layer(graph: Graph, state: dict[str, Array], x: str, layer: int) -> str:
    at, name = f"encoder.encoder.layer.{layer}", f"layer{layer}"
    parts = [f"{at}.attention.self.{p}" for p in ("query", "key", "value")]
    weight = np.concatenate([state[f"{p}.weight"].T for p in parts], axis=1)
    bias = np.concatenate([state[f"{p}.bias"] for p in parts])
    mixed = graph.linear(x, weight, bias, f"{name}.mixed")
    graph.op("Split", [mixed], f"{name}.part", outputs=3, axis=2)
    query, key, value = (f"{name}.part_{i}" for i in range(3))
    seen = graph.op("MultiHeadAttention", [query, key, value], f"{name}.seen", domain=MICROSOFT, num_heads=HEADS)
    said = _dense(graph, state, seen, f"{at}.attention.output.dense", f"{name}.said")
    x = _norm(graph, state, said, x, f"{at}.attention.output.LayerNorm", f"{name}.attended")
    wide = _dense(graph, state, x, f"{at}.intermediate.dense", f"{name}.wide")
    bent = graph.op("Gelu", [wide], f"{name}.bent", domain=MICROSOFT)
    narrow = _dense(graph, state, bent, f"{at}.output.dense", f"{name}.narrow")
    return _norm(graph, state, narrow, x, f"{at}.output.LayerNorm", f"{name}.out")


def _dense(graph: Graph, state: dict[str, Array], x: str, key: str, name: str) -> str:
    return graph.linear(x, state[f"{key}.weight"].T, state[f"{key}.bias"], name)


def _norm(graph: Graph, state: dict[str, Array], x: str, skip: str, key: str, name: str) -> str:
    return graph.norm(x, skip, state[f"{key}.weight"], state[f"{key}.bias"], name)


HEAD_NAMES = ("names", "upos", "xpos", "starts", "root", "arc_word", "arc_head", "rel_word", "rel_head")


def _heads(graph: Graph, state: dict[str, Array], words: str) -> None:
    """All heads as one product, cut up again; float, as int8 costs parses more than it saves."""
    weights = [state[f"{h}.weight"].T for h in HEAD_NAMES]
    bias = np.concatenate([state[f"{h}.bias"] for h in HEAD_NAMES])
    joined = graph.linear(words, np.concatenate(weights, axis=1), bias, "heads", precise=True)
    sizes = graph.constant("heads.sizes", np.array([w.shape[1] for w in weights], np.int64))
    outputs = ["names", "upos_scores", "xpos_scores", "starts", "root", "arc_word", "arc_head", "rel_word", "rel_head"]
    graph.nodes.append(helper.make_node("Split", [joined, sizes], outputs, name="heads.split", axis=1))
    for kind in ("upos", "xpos"):
        graph.op("ArgMax", [f"{kind}_scores"], kind, axis=1, keepdims=0)
    _arcs(graph, state)


def _arcs(graph: Graph, state: dict[str, Array]) -> None:
    word = graph.op("Gelu", ["arc_word"], "arc_word.bent", domain=MICROSOFT)
    head = graph.op("Gelu", ["arc_head"], "arc_head.bent", domain=MICROSOFT)
    # [u | bias] . [head | 1]: the bias of a head is one more column of the product's left side.
    turned = graph.op("MatMul", [word, graph.constant("biaffine", state["biaffine"])], "arc_word.turned")
    lifted = graph.op(
        "Add", [turned, graph.constant("arc_bias.row", state["arc_bias.weight"].reshape(1, ARC))], "arc_word.lifted"
    )
    graph.op("MatMul", [lifted, graph.op("Transpose", [head], "arc_head.turned", perm=[1, 0])], "arcs")


def _relations(state: dict[str, Array]) -> Graph:
    graph = Graph(precise=True)
    chosen = graph.op("Gather", ["rel_head", "heads"], "chosen", axis=0)
    pair = graph.op("Gelu", [graph.op("Add", ["rel_word", chosen], "pair")], "pair.bent", domain=MICROSOFT)
    scores = graph.linear(pair, state["rels.weight"].T, state["rels.bias"], "scores")
    graph.op("ArgMax", [scores], "relations", axis=1, keepdims=0)
    return graph


def _port(name: str, kind: int, *shape: str | int) -> Any:
    return helper.make_tensor_value_info(name, kind, list(shape))


def _encoder_ports(state: dict[str, Array]) -> tuple[list[Any], list[Any]]:
    whole, real = TensorProto.INT64, TensorProto.FLOAT
    inputs = [_port("pieces", whole, "t"), _port("shapes", whole, "t"), _port("first", whole, "w")]
    outputs = [
        _port(n, real, "w", state[f"{n}.weight"].shape[0]) for n in ("names", "starts", "root", "rel_word", "rel_head")
    ]
    return inputs, [*outputs, _port("upos", whole, "w"), _port("xpos", whole, "w"), _port("arcs", real, "w", "w")]


def _relation_ports(state: dict[str, Array]) -> tuple[list[Any], list[Any]]:
    width = state["rel_word.weight"].shape[0]
    real = [_port(n, TensorProto.FLOAT, "w", width) for n in ("rel_word", "rel_head")]
    return [*real, _port("heads", TensorProto.INT64, "w")], [_port("relations", TensorProto.INT64, "w")]
