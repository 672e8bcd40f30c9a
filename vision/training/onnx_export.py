"""A trunk as an ONNX graph: batch norm folded, weights in float32.

The graph is written node by node (Conv, Clip, Add, ReduceMean), so that no tracer is needed and
nothing but these operators can be in it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from vision.training.efficientnet_lite import Block, ConvNorm, EfficientNetLite

OPSET = 17
IR_VERSION = 8


class _Graph:
    """Nodes and weights in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        for name, value in (("zero", 0.0), ("six", 6.0)):
            self.weights.append(numpy_helper.from_array(np.array(value, np.float32), name))

    def stored(self, value: NDArray[np.float32], name: str) -> str:
        """Keep a weight; returns its name."""
        self.weights.append(numpy_helper.from_array(value, name))
        return name

    def layer(self, layer: ConvNorm, x: str, name: str) -> str:
        weight, bias = layer.folded()
        before, after = layer.pads
        inputs = [
            x,
            self.stored(weight.numpy(), f"{name}.w"),
            self.stored(bias.numpy(), f"{name}.b"),
        ]
        self.nodes.append(
            helper.make_node(
                "Conv", inputs, [f"{name}.conv"],
                strides=[layer.stride] * 2, pads=[before, before, after, after],
                group=layer.conv.groups, kernel_shape=list(layer.conv.kernel_size),
            )
        )  # fmt: skip
        if not layer.act:
            return f"{name}.conv"
        self.nodes.append(
            helper.make_node("Clip", [f"{name}.conv", "zero", "six"], [f"{name}.act"])
        )
        return f"{name}.act"

    def block(self, block: Block, x: str, name: str) -> str:
        y = x
        for index, layer in enumerate(block.layers()):
            y = self.layer(layer, y, f"{name}.{index}")
        if not block.residual:
            return y
        self.nodes.append(helper.make_node("Add", [x, y], [f"{name}.sum"]))
        return f"{name}.sum"


def export_trunk(trunk: EfficientNetLite, path: Path) -> None:
    """Write the network: `pictures` (n, 3, height, width) → `features` (n, 1280)."""
    graph = _Graph()
    x = graph.layer(trunk.stem, "pictures", "stem")
    for index, block in enumerate(trunk.blocks):
        if isinstance(block, Block):
            x = graph.block(block, x, f"block{index}")
    x = graph.layer(trunk.head, x, "head")
    graph.nodes.append(helper.make_node("ReduceMean", [x], ["features"], axes=[2, 3], keepdims=0))
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            f"efficientnet-{trunk.variant.name}",
            [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, "h", "w"])],
            [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 1280])],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="souk",
    )
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
