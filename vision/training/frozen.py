"""The baseline that fine-tuning must beat: both networks as pretrained, linear heads, principal axes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from catalog.products import GENDERS
from vision.heads import ConceptHead, HeadSettings
from vision.manifest import DEFAULT_HEAD, Manifest
from vision.models import EMBEDDER, HEADS, TRUNK, Projection
from vision.networks import FeatureNetwork
from vision.training.assemble import Assembly, fit_presence
from vision.training.build import Materials, all_but_chosen_by
from vision.training.corpus import draw_weights
from vision.training.efficientnet_lite import FEATURES, LITE0, LITE2, load_pretrained
from vision.training.finetune import BOOSTS, EMBEDDED
from vision.training.linear import fit_concepts, fit_labels, principal_axes, view_features
from vision.training.onnx_export import export_trunk
from vision.training.packaging import write_heads, write_version
from vision.training.views import PLAIN, Recipe

COMPOSITES = Recipe(composite=0.4, occlude=0.05, thumbnail=0.3)
VERSION = "frozen"


def write_frozen(
    materials: Materials, folder: Path, plan: Assembly, *, colour_weight: float, composites: bool
) -> Manifest:
    """A version of the models without any fine-tuning; `composites`: heads see changed views.

    Without composites every picture is seen as it is: the untreated baseline.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for variant, name in ((LITE0, TRUNK), (LITE2, EMBEDDER)):
        export_trunk(load_pretrained(variant).eval(), folder / name)
    networks = [FeatureNetwork(folder / name, plan.threads) for name in (TRUNK, EMBEDDER)]
    items = materials.items(all_but_chosen_by, renders=True, cut_photos=True)
    pool = materials.pool()
    recipe = COMPOSITES if composites else PLAIN
    seen = view_features(networks, items, pool, recipe, plan.side, seed=plan.seed)
    allowed = np.stack([item.allowed for item in items])
    concepts = fit_concepts(seen, allowed, draw_weights(items, BOOSTS), seed=plan.seed)
    gender = fit_labels(seen, np.array([item.gender for item in items]), len(GENDERS), steps=120)
    presence = fit_presence(networks, seen, pool, plan)
    axes = principal_axes(seen[:, FEATURES:], EMBEDDED)
    head = ConceptHead(
        classes=materials.classes,
        weight=concepts.weight,
        bias=concepts.bias,
        gender_weight=gender.weight,
        gender_bias=gender.bias,
        presence_weight=presence.weight,
        presence_bias=presence.bias,
    )
    projection = Projection(
        weight=axes.weight,
        bias=axes.bias,
        looks=np.eye(axes.weight.shape[1], dtype=np.float32),
        concepts=np.zeros((len(materials.classes), 0), dtype=np.float32),
        temperature=1.0,
        concept_share=0.0,
    )
    write_heads(folder / HEADS, head, projection)
    return write_version(
        folder,
        version=VERSION if composites else f"{VERSION}-plain",
        side=plan.side,
        colour_weight=colour_weight,
        mirrored=False,
        heads={DEFAULT_HEAD: HeadSettings()},
    )
