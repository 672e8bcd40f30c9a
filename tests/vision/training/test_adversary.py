"""The adversary of brands: whom it compares, and that its gradient is turned round."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from vision.training.adversary import BrandAdversary, Brands, strength_at  # noqa: E402
from vision.training.corpus import Item  # noqa: E402
from vision.training.efficientnet_lite import FEATURES  # noqa: E402
from vision.training.views import Source  # noqa: E402


def item(key: str, group: str) -> Item:
    return Item(
        source=Source(pixels=np.zeros((4, 4, 3), dtype=np.uint8)),
        allowed=np.array([True]),
        colour=-1,
        gender=-1,
        key=key,
        group=group,
    )


ITEMS = [
    item("catalog:saree", "Ada"),
    item("catalog:saree", "Bea"),
    item("catalog:kurti", "Cia"),
    item("street:dress", "sender 7"),
]


def test_a_brand_is_told_from_those_of_its_own_label_only() -> None:
    brands = Brands.of(ITEMS)

    assert brands.own.tolist() == [0, 1, 2, -1]
    assert brands.rivals.tolist() == [
        [True, True, False],
        [True, True, False],
        [False, False, True],
        [False, False, False],
    ]


def test_what_helps_the_adversary_is_taken_from_the_features() -> None:
    torch.manual_seed(1)
    brands = Brands.of(ITEMS)
    adversary = BrandAdversary(3)
    features = torch.randn(4, FEATURES, requires_grad=True)
    own, rivals = torch.from_numpy(brands.own), torch.from_numpy(brands.rivals)

    torch.autograd.backward(adversary.loss(features, own, rivals, 0.5))

    turned = features.grad
    assert turned is not None
    step = features.detach() - 5.0 * turned  # down the gradient that the trunk receives
    with torch.no_grad():
        before = adversary.loss(features, own, rivals, 0.5)
        after = adversary.loss(step, own, rivals, 0.5)
    assert float(after) > float(before)
    assert float(turned[3].abs().sum()) == 0.0


def test_pictures_without_brands_ask_nothing() -> None:
    brands = Brands.of([*ITEMS[:3], ITEMS[3]])
    adversary = BrandAdversary(3)
    loss = adversary.loss(
        torch.randn(1, FEATURES),
        torch.from_numpy(brands.own[3:]),
        torch.from_numpy(brands.rivals[3:]),
        1.0,
    )
    assert float(loss) == 0.0


def test_the_strength_grows_from_nothing() -> None:
    assert strength_at(0.0, 0.3) == 0.0
    assert strength_at(0.1, 0.3) < strength_at(0.5, 0.3) < 0.3
    assert strength_at(1.0, 0.3) == pytest.approx(0.3, abs=1e-3)
