"""Indian wear in the wild over five folds of source repositories: each photo by a network without its source.

The folds' networks (`lite0-fold0` to `lite0-fold4`) differ in `ethnic_extra` alone and are never shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vision.training.alone import Seen, run_network, seen_alone
from vision.training.build import FOLDS, Materials
from vision.training.samples import read_samples


def fold_predictions(materials: Materials, work: Path, side: int) -> Iterator[tuple[int, Seen]]:
    """Fold and what its network sees in each of its photos, for every photo of `ethnic_extra`.

    Raises FileNotFoundError when a fold's run was not done.
    """
    found = read_samples(
        materials.data, materials.tree, materials.splits, datasets=("ethnic_extra",)
    ).samples
    for fold in range(FOLDS):
        network = run_network(f"lite0-fold{fold}", materials, work)
        members = [s for s in found if s.split.fold == fold]
        for seen in seen_alone(network, materials, members, side):
            yield fold, seen
