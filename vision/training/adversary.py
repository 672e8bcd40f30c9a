"""Features that do not tell the brand: an adversary guesses it, its gradient is turned round in the trunk.

The adversary tells apart the brands of one label only. Over all brands at once it would take the
label's own signs away, because most brands sell few kinds of things.
Source: Ganin et al. 2016, "Domain-Adversarial Training of Neural Networks", JMLR 17.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from vision.training.corpus import Item
from vision.training.efficientnet_lite import FEATURES

HIDDEN = 256
BRANDED = "catalog:"
"""The items whose groups are brands."""
RAMP = 10.0
"""How fast the reversed gradient grows with the run's progress, as in the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brands:
    """Each item's brand and the brands that sell its label."""

    own: NDArray[np.int64]
    """Shape (items,); -1 where an item has no brand."""
    rivals: NDArray[np.bool_]
    """Shape (items, brands): brands of the same label."""

    @classmethod
    def of(cls, items: Sequence[Item]) -> Brands:
        branded = [item.key.startswith(BRANDED) for item in items]
        names = sorted({item.group for item, has in zip(items, branded, strict=True) if has})
        number: Mapping[str, int] = {name: i for i, name in enumerate(names)}
        sells: dict[str, NDArray[np.bool_]] = {}
        for item, has in zip(items, branded, strict=True):
            row = sells.setdefault(item.key, np.zeros(len(names), dtype=bool))
            if has:
                row[number[item.group]] = True
        own = [number[i.group] if has else -1 for i, has in zip(items, branded, strict=True)]
        return cls(own=np.array(own), rivals=np.stack([sells[item.key] for item in items]))


class BrandAdversary(nn.Module):
    """Guesses the brand from features (n, 1280), whose gradient it turns round."""

    def __init__(self, brands: int) -> None:
        super().__init__()
        self.guess = nn.Sequential(
            nn.Linear(FEATURES, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, brands)
        )

    def loss(self, features: Tensor, own: Tensor, rivals: Tensor, strength: float) -> Tensor:
        """Cross-entropy over each item's rivals; 0 where none has a brand. `own` is -1 without one."""
        known = own >= 0
        if not bool(known.any()):
            return features.sum() * 0.0
        turned: Tensor = _Reversed.apply(features[known], strength)
        logits: Tensor = self.guess(turned)
        return functional.cross_entropy(logits.masked_fill(~rivals[known], -torch.inf), own[known])


def strength_at(progress: float, most: float) -> float:
    """Of the reversed gradient: from 0 to `most` as the run goes from 0 to 1."""
    return most * (2 / (1 + math.exp(-RAMP * progress)) - 1)


class _Reversed(torch.autograd.Function):
    """The identity, whose gradient is multiplied by minus the strength."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return features.view_as(features)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * gradients[0], None
