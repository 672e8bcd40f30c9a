"""Writing a version of the models: networks, heads and the manifest that ties them together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from vision.heads import ConceptHead, HeadSettings
from vision.manifest import DEFAULT_HEAD, Manifest, write_manifest
from vision.models import EMBEDDER, HEADS, TRUNK, Projection


def write_heads(path: Path, head: ConceptHead, projection: Projection) -> None:
    """The linear layers as float16."""
    arrays = {
        "weight": head.weight, "bias": head.bias,
        "gender_weight": head.gender_weight, "gender_bias": head.gender_bias,
        "presence_weight": head.presence_weight, "presence_bias": head.presence_bias,
        "projection": projection.weight, "projection_bias": projection.bias,
        "projection_looks": projection.looks, "projection_concepts": projection.concepts,
        "projection_temperature": np.array(projection.temperature),
        "projection_concept_share": np.array(projection.concept_share),
    }  # fmt: skip
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        allow_pickle=False,
        classes=np.array(head.classes),
        **{name: value.astype(np.float16) for name, value in arrays.items()},
    )
    part.replace(path)


def write_version(
    folder: Path,
    *,
    version: str,
    side: int,
    colour_weight: float,
    mirrored: bool,
    heads: Mapping[str, HeadSettings] | None = None,
    extra_files: tuple[str, ...] = (),
) -> Manifest:
    """The manifest over the files that already lie in the folder, and returned."""
    names = (TRUNK, EMBEDDER, HEADS, *extra_files)
    manifest = Manifest(
        version=version,
        side=side,
        colour_weight=colour_weight,
        mirrored=mirrored,
        files={n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names},
        heads=dict(heads or {DEFAULT_HEAD: HeadSettings()}),
    )
    write_manifest(folder, manifest)
    return manifest
