"""Linear heads on fixed features: concepts by allowed sets, genders, and PCA."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from vision.networks import FeatureNetwork
from vision.training.corpus import Item
from vision.training.finetune import set_loss
from vision.training.views import Recipe, make_view

Floats = NDArray[np.float32]
Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""Of the layer's outputs for the chosen rows, and which rows were chosen."""


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
    target = torch.from_numpy(allowed)

    def loss(logits: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
        return set_loss(logits, target[chosen], 0.02)

    return fit_layer(
        features, weights, allowed.shape[1], loss, decay=decay * 100, steps=steps, seed=seed
    )


def fit_labels(
    features: Floats, labels: NDArray[np.int64], outputs: int, *, steps: int = 200, seed: int = 7
) -> Linear:
    """A plain softmax on the rows whose label is not negative."""
    known = labels >= 0
    target = torch.from_numpy(labels[known])

    def loss(logits: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(logits, target[chosen], label_smoothing=0.05)

    return fit_layer(
        features[known], np.ones(len(target)), outputs, loss, decay=0.1, steps=steps, seed=seed
    )


def principal_axes(features: Floats, width: int) -> Linear:
    """The first `width` principal directions, as a projection of centred features."""
    mean = features.mean(0)
    weight = leading_directions(features - mean, width)
    return Linear(weight=weight, bias=(-mean @ weight).astype(np.float32))


def leading_directions(values: Floats, width: int) -> Floats:
    """The `width` directions that keep most of the values' squared length, shape (values, width)."""
    _, _, axes = np.linalg.svd(values, full_matrices=False)
    return np.asarray(axes[:width].T, dtype=np.float32)


def fit_layer(
    features: Floats,
    weights: NDArray[np.float64],
    outputs: int,
    loss: Loss,
    *,
    decay: float,
    steps: int,
    seed: int,
    rate: float = 4e-3,
    batch: int = 1024,
) -> Linear:
    """A layer from zero by AdamW on standardised features; `weights` say how often each row is drawn."""
    mean, spread = features.mean(0), features.std(0) + 0.05
    x = torch.from_numpy((features - mean) / spread).float()
    chance = torch.from_numpy(weights).float()
    generator = torch.Generator().manual_seed(seed)
    layer = torch.nn.Linear(features.shape[1], outputs)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=rate, weight_decay=decay)
    for step in range(steps):
        chosen = torch.multinomial(
            chance, min(batch, len(x)), replacement=True, generator=generator
        )
        for group in optimiser.param_groups:
            group["lr"] = rate * (1 - step / steps)
        optimiser.zero_grad()
        torch.autograd.backward(loss(layer(x[chosen]), chosen))
        optimiser.step()
    kernel = layer.weight.detach().numpy().T / spread[:, None]
    bias = layer.bias.detach().numpy() - mean @ kernel
    return Linear(weight=kernel.astype(np.float32), bias=bias.astype(np.float32))
