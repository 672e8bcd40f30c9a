"""Training the detector: a stream of composites, screenshots and real streets, then the export.

Invariants: batch i of a seed is always the same; only trained pictures are shown.
"""

from __future__ import annotations

import copy
import json
import math
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from catalog.concepts import ConceptTree
from vision.coarse import COARSE
from vision.detector import DETECTOR, input_size, network_input
from vision.networks import Floats
from vision.training.composites import Studio
from vision.training.denormals import without_denormals
from vision.training.detector_network import STRIDE, Detector, Exported, losses, targets
from vision.training.detector_plans import Plan
from vision.training.efficientnet_lite import LITE0, load_pretrained
from vision.training.garments import guessed_garments
from vision.training.quantizing import CALIBRATED_ON, quantize
from vision.training.scenes import Scene
from vision.training.screenshots import screenshot
from vision.training.splits import load_splits
from vision.training.streets import Street, load_streets, street_scene

SHAPES = ((3, 4), (3, 4), (2, 3), (1, 1), (4, 3), (9, 16), (9, 19.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    pixels: Tensor
    """uint8, (n, height, width, 3)."""
    boxes: list[Tensor]
    kinds: list[Tensor]
    exact: list[Tensor]


class SceneBatches(Dataset[Batch]):
    """Batch i: scenes of one input size, drawn from the seed and i alone."""

    def __init__(
        self,
        studio: Studio,
        streets: Sequence[Street],
        plan: Plan,
        garments: Sequence[Street] = (),
    ) -> None:
        self.studio = studio
        self.garments = garments
        self.streets = streets
        self.plan = plan

    def __len__(self) -> int:
        return self.plan.steps

    def __getitem__(self, index: int) -> Batch:
        rng = np.random.default_rng((self.plan.seed, index, 3))
        wide, high = SHAPES[int(rng.integers(len(SHAPES)))]
        size = input_size(round(wide * 100), round(high * 100), self.plan.pixels(index))
        scenes = [
            self._scene(index * self.plan.batch + i, rng, size) for i in range(self.plan.batch)
        ]
        return Batch(
            pixels=torch.from_numpy(np.stack([fitted(scene, size) for scene in scenes])),
            boxes=[_corners(scene) for scene in scenes],
            kinds=[torch.tensor([COARSE.index(o.kind) for o in s.objects]) for s in scenes],
            exact=[torch.tensor([o.exact for o in s.objects]) for s in scenes],
        )

    def _scene(self, number: int, rng: np.random.Generator, size: tuple[int, int]) -> Scene:
        on_screen = rng.random() < self.plan.screenshots
        share = rng.random()
        real = self.streets if share < self.plan.streets else ()
        if 0 <= share - self.plan.streets < self.plan.garments:
            real = self.garments
        if real:
            scene = street_scene(real[int(rng.integers(len(real)))], rng, size)
            return screenshot(scene, rng) if on_screen else scene
        if on_screen:
            return self.studio.screenshot(self.plan.seed, number)
        return self.studio.scene(self.plan.seed, number, size)


def fitted(scene: Scene, size: tuple[int, int]) -> np.ndarray:
    """The scene's pixels at the input's size."""
    if scene.pixels.shape[:2] == (size[1], size[0]):
        return np.ascontiguousarray(scene.pixels)
    return np.asarray(Image.fromarray(scene.pixels).resize(size, Image.Resampling.BILINEAR))


@without_denormals()
def train_detector(
    network: Detector,
    batches: SceneBatches,
    plan: Plan,
    *,
    report: Callable[[int, float, float], None] | None = None,
    keep: Callable[[Detector], None] | None = None,
) -> Detector:
    """Train and return the average of the weights.

    `report` gets step, score loss and box loss; `keep` the average so far, every 200 steps.
    """
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    network = network.to(memory_format=torch.channels_last).train()
    averaged = copy.deepcopy(network).eval()
    head = [p for p in network.head.parameters() if p.requires_grad]
    trunk = [p for p in network.trunk.parameters() if p.requires_grad]
    groups = [{"params": head, "lr": plan.rate}]
    if trunk:
        groups.append({"params": trunk, "lr": plan.trunk_rate})
    optimiser = torch.optim.AdamW(groups, weight_decay=plan.decay)
    peaks = [group["lr"] for group in optimiser.param_groups]
    loader = DataLoader(batches, batch_size=None, num_workers=1, prefetch_factor=4)
    for step, batch in enumerate(loader):
        share = step / plan.steps
        factor = min(1.0, (step + 1) / 60) * (0.5 + 0.5 * math.cos(math.pi * share))
        for group, peak in zip(optimiser.param_groups, peaks, strict=True):
            group["lr"] = peak * max(factor, 0.01)
        score_loss, box_loss = _step(network, batch)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(score_loss + 2.0 * box_loss)
        nn.utils.clip_grad_norm_([*head, *trunk], 10.0)
        optimiser.step()
        _average(averaged, network, min(plan.average, (step + 1) / (step + 10)))
        if report is not None:
            report(step, float(score_loss.detach()), float(box_loss.detach()))
        if keep is not None and step % 200 == 199:
            keep(averaged)
    return averaged


def _step(network: Detector, batch: Batch) -> tuple[Tensor, Tensor]:
    inputs = batch.pixels.permute(0, 3, 1, 2).float().sub(127).div(128)
    inputs = inputs.contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        scores, distances = network(inputs)
    rows, columns = inputs.shape[2] // STRIDE, inputs.shape[3] // STRIDE
    weights, wanted = targets(batch.boxes, batch.kinds, rows, columns, batch.exact)
    return losses(scores.float(), distances.float(), weights, wanted)


@torch.no_grad()
def _average(averaged: nn.Module, network: nn.Module, keep: float) -> None:
    fresh = network.state_dict()
    for name, old in averaged.state_dict().items():
        if old.is_floating_point():
            old.lerp_(fresh[name], 1.0 - keep)


def run(
    studio: Studio,
    data: Path,
    splits: Path,
    out: Path,
    plan: Plan,
    *,
    tree: ConceptTree,
    start: Path | None = None,
) -> Path:
    """Train and return the exported file.

    From ImageNet's weights; or from `start`, the weights of an earlier run, which then also guesses
    the boxes of the trained photos of single garments.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    network = Detector(load_pretrained(LITE0, drop=0.0), frozen=plan.frozen)
    table = load_splits(splits)
    garments: tuple[Street, ...] = ()
    if start is not None:
        network.load_state_dict(torch.load(start, weights_only=True))
        garments = guessed_garments(network, data, table, tree)
    batches = SceneBatches(studio, list(load_streets(data, table)), plan, garments)
    weights = out / "detector.pt"
    trained = train_detector(
        network, batches, plan,
        report=log_to(out / "detector.jsonl"),
        keep=lambda average: torch.save(average.state_dict(), weights),
    )  # fmt: skip
    torch.save(trained.state_dict(), weights)
    export_detector(trained, out / DETECTOR)
    quantize(out / DETECTOR, calibration(batches))
    return out / DETECTOR


def calibration(batches: SceneBatches) -> Iterator[Floats]:
    """The first scenes as the network reads them."""
    for index in range(CALIBRATED_ON // batches.plan.batch):
        for pixels in batches[index].pixels.numpy():
            yield network_input(pixels)


def export_detector(network: Detector, path: Path) -> None:
    """Write the ONNX file, any input size in multiples of 32."""
    exported = Exported(network).eval().to(memory_format=torch.contiguous_format)
    example = torch.zeros(1, 3, 256, 256)
    free = {2: "height", 3: "width"}
    with warnings.catch_warnings():
        # The tracing exporter warns that it is legacy, of a tensor passed through as_tensor, and of
        # slices that it does not fold; the test compares what the file says with the network.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            exported, (example,), str(path), dynamo=False, opset_version=17,
            input_names=["photo"], output_names=["scores", "distances"],
            dynamic_axes={"photo": free, "scores": {2: "rows", 3: "columns"},
                          "distances": {2: "rows", 3: "columns"}},
        )  # fmt: skip


def log_to(path: Path) -> Callable[[int, float, float], None]:
    """A report that appends every twentieth step to a JSONL file."""
    began = time.monotonic()
    recent: list[tuple[float, float]] = []

    def report(step: int, score: float, box: float) -> None:
        recent.append((score, box))
        if step % 20 == 19:
            means = np.mean(recent[-20:], axis=0)
            record = {
                "step": step + 1, "score_loss": round(float(means[0]), 4),
                "box_loss": round(float(means[1]), 4),
                "seconds": round(time.monotonic() - began),
            }  # fmt: skip
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")

    return report


def _corners(scene: Scene) -> Tensor:
    rows = [(o.box.left, o.box.top, o.box.right, o.box.bottom) for o in scene.objects]
    return torch.tensor(rows, dtype=torch.float32).reshape(-1, 4)
