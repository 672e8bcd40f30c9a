"""Indian wear in the wild over five folds of source repositories: each photo by a network without its source.

The folds' networks (`lite0-fold0` to `lite0-fold4`) differ in `ethnic_extra` alone and are never shipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from catalog.search import WHOLE
from vision.framing import framed, normalised
from vision.training.build import FOLDS, RUNS, Materials, load_network
from vision.training.finetune import VisionNetwork
from vision.training.samples import Sample, read_pictures, read_samples

Floats = NDArray[np.float32]
BATCH = 32


def fold_predictions(
    materials: Materials, work: Path, side: int
) -> Iterator[tuple[int, Sample, dict[str, float]]]:
    """Fold, photo and the concepts' probabilities, likeliest first, of every photo of `ethnic_extra`.

    Raises FileNotFoundError when a fold's run was not done.
    """
    found = read_samples(
        materials.data, materials.tree, materials.splits, datasets=("ethnic_extra",)
    ).samples
    for fold in range(FOLDS):
        run = RUNS[f"lite0-fold{fold}"]
        network = load_network(
            run.variant, work / run.name / "averaged.pt", len(materials.classes)
        ).to(memory_format=torch.channels_last)
        members = [s for s in found if s.split.fold == fold]
        pictures = read_pictures(materials.data, members)
        order = sorted(pictures)
        squares = np.stack([framed(pictures[i], WHOLE, side) for i in order])
        for index, shares in zip(order, _probabilities(network, squares), strict=True):
            yield fold, members[index], _ranked(materials.classes, shares)


@torch.no_grad()
def _probabilities(network: VisionNetwork, squares: NDArray[np.uint8]) -> Floats:
    rows = []
    for start in range(0, len(squares), BATCH):
        planes = torch.from_numpy(normalised(squares[start : start + BATCH]))
        logits = network(planes.contiguous(memory_format=torch.channels_last))["concepts"]
        rows.append(torch.softmax(logits, dim=1).numpy())
    return np.concatenate(rows)


def _ranked(classes: Sequence[str], shares: Floats) -> dict[str, float]:
    order = np.argsort(-shares)
    return {classes[int(i)]: float(shares[i]) for i in order}
