"""Some concepts of a head taught anew on the networks' own features; the networks and all others stay.

What the networks saw few pictures of (a cushion, a rug, a mirror) often has features that tell it
apart all the same: only the head never learned to read them. The wanted concepts' rows are fitted
on views of everything, held near what they were, so that no other concept's logit changes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vision.models import EMBEDDER, HEADS, TRUNK, Projection, concept_roots, read_heads
from vision.networks import FeatureNetwork
from vision.training.assemble import FITTED_VIEWS, Assembly, fit_presence
from vision.training.build import COVERED, WILD_BOOSTS
from vision.training.corpus import Item, draw_weights
from vision.training.finetune import set_loss
from vision.training.linear import (
    Floats,
    Linear,
    fit_layer,
    leading_directions,
    view_features,
)
from vision.training.packaging import write_heads

VIEWS = (FITTED_VIEWS, COVERED, FITTED_VIEWS)
"""Every picture twice as shops show it and once as shoppers send it: dark, covered, small, on a screen."""
BOOSTS = {**WILD_BOOSTS, "made": 0.4}
"""Models that somebody built count about as much as the many that souk puts together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFit:
    """How the rows are fitted."""

    steps: int = 300
    rate: float = 2e-3
    hold: float = 1.0
    """Weight decay of the change: how strongly a row is held to what it was."""
    smoothing: float = 0.02
    batch: int = 1024
    seed: int = 7


def fit_rows(
    features: Floats,
    allowed: NDArray[np.bool_],
    weights: NDArray[np.float64],
    start: Linear,
    moved: NDArray[np.bool_],
    plan: RowFit,
) -> Linear:
    """`start` with the moved classes' columns and biases fitted.

    Args:
        features: Shape (pictures, features).
        allowed: Shape (pictures, classes): which classes answer a picture's label.
        weights: How often each picture is drawn.
        start: What the change is added to; weight (features, classes).
        moved: Shape (classes,): whose rows may change.
        plan: The fit's numbers and seed.
    """
    before = torch.from_numpy(features @ start.weight + start.bias)
    target, mask = torch.from_numpy(allowed), torch.from_numpy(moved.astype(np.float32))

    def loss(change: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
        # What is masked has no gradient and stays zero.
        return set_loss(before[chosen] + change * mask, target[chosen], plan.smoothing)

    change = fit_layer(
        features, weights, len(moved), loss,
        decay=plan.hold, steps=plan.steps, seed=plan.seed, rate=plan.rate, batch=plan.batch,
    )  # fmt: skip
    return Linear(weight=start.weight + change.weight, bias=start.bias + change.bias)


def refit_concepts(
    folder: Path,
    items: Sequence[Item],
    pool: Sequence[NDArray[np.uint8]],
    wanted: Collection[str],
    assembly: Assembly,
    plan: RowFit,
) -> None:
    """Write the folder's heads again: the wanted concepts' rows, what follows from them, and presence.

    The vector's directions for what a thing is are those of the new head's probabilities.
    """
    head, projection = read_heads(folder / HEADS)
    networks = [FeatureNetwork(folder / name, assembly.threads) for name in (TRUNK, EMBEDDER)]
    seen = np.concatenate(
        [
            view_features(networks, items, pool, recipe, assembly.side, seed=assembly.seed + number)
            for number, recipe in enumerate(VIEWS)
        ]
    )
    weights = np.tile(draw_weights(items, BOOSTS) / len(VIEWS), len(VIEWS))
    rows = fit_rows(
        seen,
        np.tile(np.stack([item.allowed for item in items]), (len(VIEWS), 1)),
        weights,
        Linear(weight=head.weight, bias=head.bias),
        np.array([name in wanted for name in head.classes]),
        plan,
    )
    rng = np.random.default_rng(assembly.seed)
    some = seen[rng.choice(len(seen), assembly.fitted_on, p=weights)]
    presence = fit_presence(networks, some, pool, assembly)
    write_heads(
        folder / HEADS,
        replace(
            head,
            weight=rows.weight,
            bias=rows.bias,
            presence_weight=presence.weight,
            presence_bias=presence.bias,
        ),
        _reprojected(projection, rows, some),
    )


def _reprojected(projection: Projection, rows: Linear, seen: Floats) -> Projection:
    concepts = concept_roots(seen @ rows.weight + rows.bias, projection.temperature)
    width = projection.concepts.shape[1]
    return replace(projection, concepts=leading_directions(concepts, width))
