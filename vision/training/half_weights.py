"""ONNX files with float16 weights: half the size on disk, cast to float32 when a session opens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

SMALLEST = 256
"""Numbers from which an initializer is halved; scales and shapes stay exact."""


def halve_weights(path: Path) -> None:
    """Rewrite the file with its large float32 initializers as float16 behind a Cast.

    ONNX Runtime folds the casts when it loads the file: its CPU has no fast float16 convolution.
    """
    model = onnx.load(str(path))
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALLEST:
            continue
        name = tensor.name
        half = numpy_helper.from_array(values.astype(np.float16), f"{name}.half")
        tensor.CopyFrom(half)
        casts.append(
            helper.make_node(
                "Cast", [half.name], [name], to=onnx.TensorProto.FLOAT, name=f"{name}.cast"
            )
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    part = path.with_suffix(".part")
    onnx.save(model, str(part))
    part.replace(path)
