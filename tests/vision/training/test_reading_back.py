"""A version of the models read back into torch says what it said before it was exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")
pytestmark = pytest.mark.train

from vision.framing import normalised  # noqa: E402
from vision.models import EMBEDDER, HEADS, TRUNK, load_models  # noqa: E402
from vision.networks import FeatureNetwork  # noqa: E402
from vision.training.build import SHIPPED  # noqa: E402
from vision.training.corpus import Item  # noqa: E402
from vision.training.efficientnet_lite import LITE0, LITE2, Variant  # noqa: E402
from vision.training.finetune import Plan, Stage  # noqa: E402
from vision.training.reading_back import BATCH, read_back, read_weights  # noqa: E402
from vision.training.views import Source  # noqa: E402

MODELS = Path(__file__).parents[3] / "models"
SIDE = 64


def coloured(seed: int, side: int = SIDE) -> np.ndarray:
    """Coarse random squares, shape (side, side, 3)."""
    coarse = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((side // 8, side // 8, 1), dtype=np.uint8))


def pictures(classes: int) -> list[Item]:
    items = []
    for index in range(40):
        allowed = np.zeros(classes, dtype=bool)
        allowed[index % 5] = True
        items.append(
            Item(source=Source(pixels=coloured(index)), allowed=allowed, colour=index % 3,
                 gender=index % 2, key=f"made:{index % 5}", group="made")
        )  # fmt: skip
    return items


@pytest.mark.parametrize(("variant", "file"), [(LITE0, TRUNK), (LITE2, EMBEDDER)])
def test_features_and_logits_are_those_of_the_shipped_network(variant: Variant, file: str) -> None:
    head = load_models(MODELS, 1).head
    plan = Plan(stages=(Stage(SIDE, 1),), boosts={}, threads=1)
    network = read_back(
        MODELS, variant, pictures(len(head.classes)), [coloured(99, 224)], plan, views=BATCH
    )
    squares = np.stack([coloured(seed, 160) for seed in range(50, 56)])
    with torch.no_grad():
        features = network.trunk(torch.from_numpy(normalised(squares))).numpy()
        logits = network.concept(torch.from_numpy(features)).numpy()
    shipped = FeatureNetwork(MODELS / file, 1).features(squares)
    lengths = np.linalg.norm(features, axis=1) * np.linalg.norm(shipped, axis=1)
    assert np.all((features * shipped).sum(axis=1) / lengths > 0.97)
    half = slice(0, 1280) if variant is LITE0 else slice(1280, 2560)
    np.testing.assert_allclose(logits, features @ (2 * head.weight[half]) + head.bias, atol=1e-3)


def test_every_shipped_network_can_be_gone_on_from() -> None:
    assert set(SHIPPED) == {LITE0, LITE2}
    for file in (TRUNK, EMBEDDER):
        weights = read_weights(MODELS / file)
        assert {"stem.w", "stem.b", "head.w", "head.b"} <= set(weights)
        assert all(value.dtype == np.float32 for value in weights.values())
    assert (MODELS / HEADS).exists()


def test_weights_without_their_scale_are_refused(tmp_path: Path) -> None:
    import onnx

    model = onnx.load(str(MODELS / TRUNK))
    kept = [one for one in model.graph.initializer if one.name != "stem.w_scale"]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    path = tmp_path / TRUNK
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ValueError, match=r"trunk\.onnx has no scale for stem\.w_quantized"):
        read_weights(path)
