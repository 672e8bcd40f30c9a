"""A quantized network says nearly what the float one says, from a quarter of the bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is in the extra `train`")
pytestmark = pytest.mark.train


def test_features_keep_their_direction_and_the_file_shrinks(tmp_path: Path) -> None:
    from vision.framing import normalised
    from vision.networks import FeatureNetwork
    from vision.training.efficientnet_lite import LITE0, load_pretrained
    from vision.training.onnx_export import export_trunk
    from vision.training.quantizing import quantize

    path = tmp_path / "trunk.onnx"
    export_trunk(load_pretrained(LITE0).eval(), path)
    coarse = np.random.default_rng(4).integers(0, 256, (12, 6, 6, 3), dtype=np.uint8)
    squares = np.kron(coarse, np.ones((1, 16, 16, 1), dtype=np.uint8))
    before, size = FeatureNetwork(path, 1).features(squares), path.stat().st_size
    quantize(path, (normalised(square[None]) for square in squares[:8]))
    after = FeatureNetwork(path, 1).features(squares)
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    assert np.all((before * after).sum(axis=1) / lengths > 0.9)
    assert path.stat().st_size < size / 3
    assert [p.name for p in tmp_path.iterdir()] == ["trunk.onnx"]
