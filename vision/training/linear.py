"""Linear heads on fixed features: concepts by allowed sets, genders, and PCA."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from vision.networks import FeatureNetwork
from vision.training.corpus import Item
from vision.training.finetune import set_loss
from vision.training.views import Recipe, make_view

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """`weight` is (features, outputs)."""

    weight: Floats
    bias: Floats


def view_features(
    networks: Sequence[FeatureNetwork],
    items: Sequence[Item],
    pool: Sequence[NDArray[np.uint8]],
    recipe: Recipe,
    side: int,
    *,
    seed: int,
    batch: int = 32,
) -> Floats:
    """One random view of each item through the networks, side by side. Shape (items, features)."""
    rows = []
    for start in range(0, len(items), batch):
        part = items[start : start + batch]
        squares = np.stack(
            [
                make_view(
                    item.source, list(pool), recipe, side, np.random.default_rng((seed, start + i))
                )
                for i, item in enumerate(part)
            ]
        )
        rows.append(np.concatenate([n.features(squares) for n in networks], axis=1))
    return np.concatenate(rows)


def fit_concepts(
    features: Floats,
    allowed: NDArray[np.bool_],
    weights: NDArray[np.float64],
    *,
    decay: float = 1e-3,
    steps: int = 300,
    seed: int = 7,
) -> Linear:
    """A softmax whose loss is -log of the probability on the allowed classes, by Adam."""
    x, mean, spread = _standardised(features)
    target, weight = torch.from_numpy(allowed), torch.from_numpy(weights).float()
    generator = torch.Generator().manual_seed(seed)

    def loss(logits: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
        return set_loss(logits, target[chosen], 0.02)

    return _fit(x, weight, allowed.shape[1], loss, generator, mean, spread, decay, steps)


def fit_labels(
    features: Floats, labels: NDArray[np.int64], outputs: int, *, steps: int = 200, seed: int = 7
) -> Linear:
    """A plain softmax on the rows whose label is not negative."""
    known = labels >= 0
    x, mean, spread = _standardised(features[known])
    target = torch.from_numpy(labels[known])
    weight = torch.ones(len(target))
    generator = torch.Generator().manual_seed(seed)

    def loss(logits: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(logits, target[chosen], label_smoothing=0.05)

    return _fit(x, weight, outputs, loss, generator, mean, spread, 1e-3, steps)


def principal_axes(features: Floats, width: int) -> Linear:
    """The first `width` principal directions, as a projection of centred features."""
    mean = features.mean(0)
    weight = leading_directions(features - mean, width)
    return Linear(weight=weight, bias=(-mean @ weight).astype(np.float32))


def leading_directions(values: Floats, width: int) -> Floats:
    """The `width` directions that keep most of the values' squared length, shape (values, width)."""
    _, _, axes = np.linalg.svd(values, full_matrices=False)
    return np.asarray(axes[:width].T, dtype=np.float32)


def _fit(
    x: torch.Tensor,
    weight: torch.Tensor,
    outputs: int,
    loss: object,
    generator: torch.Generator,
    mean: Floats,
    spread: Floats,
    decay: float,
    steps: int,
) -> Linear:
    if not callable(loss):
        raise TypeError("loss must be callable")
    layer = torch.nn.Linear(x.shape[1], outputs)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=2e-3, weight_decay=decay * 100)
    batch = min(1024, len(x))
    for step in range(steps):
        chosen = torch.multinomial(weight, batch, replacement=True, generator=generator)
        for group in optimiser.param_groups:
            group["lr"] = 4e-3 * (1 - step / steps)
        optimiser.zero_grad()
        torch.autograd.backward(loss(layer(x[chosen]), chosen))
        optimiser.step()
    kernel = layer.weight.detach().numpy().T / spread[:, None]
    bias = layer.bias.detach().numpy() - mean @ kernel
    return Linear(weight=kernel.astype(np.float32), bias=bias.astype(np.float32))


def _standardised(features: Floats) -> tuple[torch.Tensor, Floats, Floats]:
    mean, spread = features.mean(0), features.std(0) + 0.05
    return torch.from_numpy((features - mean) / spread).float(), mean, spread
