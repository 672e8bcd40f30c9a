"""One run's network on whole pictures, by its own last layers: what a single step of the recipe does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from catalog.search import WHOLE
from vision.framing import framed, normalised
from vision.training.build import RUNS, Materials, load_network
from vision.training.finetune import VisionNetwork
from vision.training.samples import Sample, read_pictures

Floats = NDArray[np.float32]
BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A picture as one network sees it."""

    sample: Sample
    concepts: dict[str, float]
    """Probabilities, likeliest first."""
    vector: Floats
    """Shape (EMBEDDED,), unit length: how the picture looks."""


def run_network(name: str, materials: Materials, work: Path) -> VisionNetwork:
    """The averaged network that a run left. Raises FileNotFoundError when the run was not done."""
    network = load_network(RUNS[name].variant, work / name / "averaged.pt", len(materials.classes))
    return network.to(memory_format=torch.channels_last)


def seen_alone(
    network: VisionNetwork, materials: Materials, samples: Sequence[Sample], side: int
) -> Iterator[Seen]:
    """Every picture that is there, in the samples' order; `side` in pixels."""
    pictures = read_pictures(materials.data, samples)
    order = sorted(pictures)
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        squares = np.stack([framed(pictures[i], WHOLE, side) for i in part])
        shares, vectors = _outputs(network, squares)
        for index, row, vector in zip(part, shares, vectors, strict=True):
            ranked = {materials.classes[int(c)]: float(row[c]) for c in np.argsort(-row)}
            yield Seen(sample=samples[index], concepts=ranked, vector=vector)


@torch.no_grad()
def _outputs(network: VisionNetwork, squares: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    planes = torch.from_numpy(normalised(squares)).contiguous(memory_format=torch.channels_last)
    found = network(planes)
    return torch.softmax(found["concepts"], dim=1).numpy(), found["vector"].numpy()
