"""Two trained networks become a version of the models: exported, quantized, joined under one head, packed.

The joint head's logits are the weighted mean of the two networks' own; whom a thing is for, and
whether there is anything to see, are fitted on the joint features.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from catalog.products import GENDERS
from vision.framing import normalised
from vision.heads import ConceptHead
from vision.models import EMBEDDER, HEADS, TRUNK, Projection, concept_roots, look_directions
from vision.networks import FeatureNetwork, Floats
from vision.training.corpus import Item
from vision.training.finetune import EMBEDDED, VisionNetwork
from vision.training.linear import Linear, fit_labels, leading_directions, view_features
from vision.training.nothing import empty_picture
from vision.training.onnx_export import export_trunk
from vision.training.packaging import write_heads
from vision.training.quantizing import CALIBRATED_ON, quantize
from vision.training.views import Recipe, make_view

LOGIT_OF_95 = 2.944
"""ln(0.95 / 0.05)."""
LOOKS_WIDTH = 40
"""Values of a vector for how a thing looks; those for what it is fill it up to `EMBEDDED`."""
VECTOR_TEMPERATURE = 0.6
CONCEPT_SHARE = 0.4
FITTED_VIEWS = Recipe(composite=0.35, thumbnail=0.3, light=0.4, camera=0.4, occlude=0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What the parts are joined with."""

    side: int
    trunk_share: float = 0.5
    """Weight of the trunk's logits; the embedder's have the rest."""
    fitted_on: int = 2500
    """How many pictures the gender and presence layers are fitted on."""
    seed: int = 5
    threads: int = 2


def assemble(
    trunk: VisionNetwork,
    embedder: VisionNetwork,
    classes: Sequence[str],
    items: Sequence[Item],
    pool: Sequence[NDArray[np.uint8]],
    plan: Assembly,
    folder: Path,
) -> None:
    """Write the two networks and the heads into the folder; the manifest is written apart."""
    folder.mkdir(parents=True, exist_ok=True)
    for network, name in ((trunk, TRUNK), (embedder, EMBEDDER)):
        export_trunk(network.trunk.eval(), folder / name)
        quantize(folder / name, calibration(items, pool, plan))
    networks = [FeatureNetwork(folder / name, plan.threads) for name in (TRUNK, EMBEDDER)]
    rng = np.random.default_rng(plan.seed)
    known = [i for i, item in enumerate(items) if item.gender >= 0]
    others = [i for i, item in enumerate(items) if item.gender < 0]
    chosen = [
        *rng.permutation(known)[: plan.fitted_on * 2 // 3],
        *rng.permutation(others)[: plan.fitted_on // 3],
    ]
    part = [items[int(i)] for i in chosen]
    seen = view_features(networks, part, pool, FITTED_VIEWS, plan.side, seed=plan.seed)
    gender = fit_labels(seen, np.array([item.gender for item in part]), len(GENDERS), steps=120)
    presence = fit_presence(networks, seen, pool, plan)
    joint = joint_head(trunk, embedder, plan.trunk_share)
    write_heads(
        folder / HEADS,
        ConceptHead(
            classes=tuple(classes),
            weight=joint.weight,
            bias=joint.bias,
            gender_weight=gender.weight,
            gender_bias=gender.bias,
            presence_weight=presence.weight,
            presence_bias=presence.bias,
        ),
        fit_projection(embedder, joint, seen),
    )


def calibration(
    items: Sequence[Item], pool: Sequence[NDArray[np.uint8]], plan: Assembly
) -> Iterator[Floats]:
    """Views of random pictures as the networks read them."""
    rng = np.random.default_rng((plan.seed, 1))
    for i in rng.choice(len(items), CALIBRATED_ON):
        view = make_view(items[int(i)].source, list(pool), FITTED_VIEWS, plan.side, rng)
        yield normalised(view[None])


def joint_head(trunk: VisionNetwork, embedder: VisionNetwork, share: float) -> Linear:
    """The two concept layers over the joined features: trunk's first, then the embedder's."""
    parts = ((trunk.concept, share), (embedder.concept, 1 - share))
    with torch.no_grad():
        weight = torch.cat([layer.weight.T * part for layer, part in parts])
        bias = sum((layer.bias * part for layer, part in parts), torch.zeros(weight.shape[1]))
    return Linear(weight=weight.numpy(), bias=bias.numpy())


def fit_projection(embedder: VisionNetwork, joint: Linear, seen: Floats) -> Projection:
    """The embedder's own projection and the joint head's probabilities, on their leading directions."""
    weight = embedder.project.weight.detach().numpy().T.copy()
    bias = embedder.project.bias.detach().numpy().copy()
    looks = look_directions(seen[:, -len(weight) :], weight, bias)
    concepts = concept_roots(seen @ joint.weight + joint.bias, VECTOR_TEMPERATURE)
    return Projection(
        weight=weight,
        bias=bias,
        looks=leading_directions(looks, LOOKS_WIDTH),
        concepts=leading_directions(concepts, EMBEDDED - LOOKS_WIDTH),
        temperature=VECTOR_TEMPERATURE,
        concept_share=CONCEPT_SHARE,
    )


def fit_presence(
    networks: Sequence[FeatureNetwork],
    seen: Floats,
    pool: Sequence[NDArray[np.uint8]],
    plan: Assembly,
) -> Linear:
    """A logistic layer between pictures of things and pictures of nothing, on halves of both.

    On the other halves its bias leaves one in fifty pictures of nothing above one half, and its
    steepness gives 19 in 20 pictures of things a presence of 0.95 at least.
    """
    rows = []
    for start in range(0, plan.fitted_on // 2, 32):
        squares = np.stack(
            [
                empty_picture(pool, plan.side, np.random.default_rng((plan.seed, start + i)))
                for i in range(32)
            ]
        )
        rows.append(np.concatenate([n.features(squares) for n in networks], axis=1))
    empty = np.concatenate(rows)
    things, nothings = seen[::2], empty[::2]
    labels = np.array([1] * len(things) + [0] * len(nothings))
    two = fit_labels(np.concatenate([things, nothings]), labels, 2, steps=150)
    weight = (two.weight[:, 1:] - two.weight[:, :1]).astype(np.float32)
    centre = float(np.quantile(empty[1::2] @ weight[:, 0], 0.98))
    sure = float(np.quantile(seen[1::2] @ weight[:, 0], 0.05))
    steepness = np.float32(max(1.0, LOGIT_OF_95 / max(sure - centre, 1e-3)))
    return Linear(weight=weight * steepness, bias=np.array([-centre * steepness], dtype=np.float32))
