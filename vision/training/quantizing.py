"""Networks in 8-bit integers: half the time and a quarter of the bytes of float32.

Post-training quantization (Jacob et al., CVPR 2018): activations in eight bits, their ranges taken from
training pictures; weights in seven bits a channel, so that the sum of two products fits in 16 bits. On
processors whose 8-bit products saturate there (AVX2 without VNNI) the same numbers come out.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable
from pathlib import Path

import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from vision.networks import Floats

CALIBRATED_ON = 128
"""Pictures whose activations give the ranges."""


def quantize(path: Path, planes: Iterable[Floats]) -> None:
    """Rewrite the float network in place; `planes` are pictures as it reads them, each a batch of one."""
    root = logging.getLogger()
    level = root.level
    # The quantizer's advice to preprocess comes through the root logger although it was preprocessed.
    root.setLevel(logging.ERROR)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            plain, made = Path(folder) / "plain.onnx", Path(folder) / "made.onnx"
            quant_pre_process(str(path), str(plain), skip_symbolic_shape=True)
            quantize_static(
                str(plain),
                str(made),
                _Pictures(_input_of(plain), planes),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                reduce_range=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax,
            )
            made.replace(path)
    finally:
        root.setLevel(level)


class _Pictures(CalibrationDataReader):  # type: ignore[misc]  # the base class has no types
    def __init__(self, name: str, planes: Iterable[Floats]) -> None:
        self._name = name
        self._planes = iter(planes)

    def get_next(self) -> dict[str, Floats] | None:
        found = next(self._planes, None)
        return None if found is None else {self._name: found}


def _input_of(path: Path) -> str:
    return str(onnx.load(str(path)).graph.input[0].name)
