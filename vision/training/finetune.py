"""Fine-tuning a trunk with its heads: concepts, an embedding that keeps concept, colour and gender.

The loss of a picture is minus the log of the probability mass on the concepts that its label allows.
"""

from __future__ import annotations

import copy
import json
import logging
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from catalog.products import COLOURS, GENDERS
from vision.framing import normalised
from vision.training.adversary import BrandAdversary, Brands, strength_at
from vision.training.corpus import Item, draw_weights
from vision.training.denormals import without_denormals
from vision.training.efficientnet_lite import FEATURES, EfficientNetLite, Variant, load_pretrained
from vision.training.views import Recipe, make_view

log = logging.getLogger(__name__)

EMBEDDED = 104
"""Width of the learned part of the vector; colour fills it up to 128."""

CHECKPOINT = "checkpoint.pt"
CHECKPOINT_STEPS = 200

BOOSTS: Mapping[str, float] = {
    "kurta_women": 1.6, "kurti": 1.8, "tunic": 1.8, "saree": 1.4, "kurta_men": 1.3, "kurta_set": 1.3,
    "dupatta": 1.3, "stole": 1.3, "ethnic_extra": 1.3, "part": 0.6, "drawn": 0.4, "render": 0.7,
}  # fmt: skip
"""What is drawn more or less often than its size says, by data set and label."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps at one picture size."""

    side: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that decides the outcome, with the seed."""

    stages: tuple[Stage, ...]
    batch: int = 64
    rate: float = 6e-4
    head_rate: float = 3e-3
    decay: float = 0.03
    smoothing: float = 0.05
    average: float = 0.997
    """Of the moving average of the weights, which is what is kept."""
    embed_weight: float = 0.5
    boosts: Mapping[str, float] = field(default_factory=lambda: BOOSTS)
    until: int | None = None
    """Steps after which the run is left although its schedule goes on; None: all of them."""
    frozen: int = 0
    """Of the trunk's first blocks, which keep their weights with the stem: half the time of a step."""
    recipe: Recipe = field(default_factory=Recipe)
    adversary: float = 0.0
    """How strongly features are kept from telling a label's brands apart; 0: not at all."""
    seed: int = 7
    threads: int = 2


class VisionNetwork(nn.Module):
    """A trunk with linear heads on its features and cosine heads on its embedding."""

    def __init__(self, variant: Variant, classes: int) -> None:
        super().__init__()
        self.trunk: EfficientNetLite = load_pretrained(variant, drop=0.1)
        self.concept = nn.Linear(FEATURES, classes)
        self.project = nn.Linear(FEATURES, EMBEDDED)
        self.proxies = nn.ModuleDict(
            {
                "concept": nn.Linear(EMBEDDED, classes, bias=False),
                "colour": nn.Linear(EMBEDDED, len(COLOURS), bias=False),
                "gender": nn.Linear(EMBEDDED, len(GENDERS), bias=False),
            }
        )

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Logits by head name; `features` (n, 1280) beside them."""
        return self.heads(self.trunk(x).float())

    def heads(self, features: Tensor) -> dict[str, Tensor]:
        """As `forward`, from pooled features of shape (n, 1280)."""
        dropped = functional.dropout(features, 0.2, self.training)
        vector = functional.normalize(self.project(dropped))
        found = {"features": features, "vector": vector, "concepts": self.concept(dropped)}
        for name, layer in self.proxies.items():
            assert isinstance(layer, nn.Linear)  # noqa: S101  (narrows ModuleDict's element type)
            found[name] = 14.0 * vector @ functional.normalize(layer.weight).T
        return found


def set_loss(logits: Tensor, allowed: Tensor, smoothing: float) -> Tensor:
    """Mean of -log(sum of the allowed probabilities), softened towards uniform over all classes."""
    logs = functional.log_softmax(logits, dim=1)
    mass = torch.logsumexp(logs.masked_fill(~allowed, -torch.inf), dim=1)
    return -((1 - smoothing) * mass + smoothing * logs.mean(1)).mean()


@without_denormals()
def fine_tune(
    variant: Variant,
    items: Sequence[Item],
    pool: Sequence[NDArray[np.uint8]],
    plan: Plan,
    folder: Path,
    *,
    start: VisionNetwork | None = None,
) -> VisionNetwork:
    """Train and return the averaged network; the log and checkpoints are written into `folder`.

    A run that was stopped goes on from its last checkpoint; `start` is the network to begin with.
    """
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    folder.mkdir(parents=True, exist_ok=True)
    network = VisionNetwork(variant, len(items[0].allowed))
    if start is not None:
        network.load_state_dict(start.state_dict())
    network = network.to(memory_format=torch.channels_last)
    kept = [network.trunk.stem, *network.trunk.blocks[: plan.frozen]] if plan.frozen else []
    for part in kept:
        part.requires_grad_(False)  # noqa: FBT003  (torch names it so)
    averaged = copy.deepcopy(network).eval()
    brands = Brands.of(items) if plan.adversary else None
    adversary = None if brands is None else BrandAdversary(brands.rivals.shape[1])
    optimiser = _optimiser(network, adversary, plan)
    total = sum(stage.steps for stage in plan.stages)
    state = _State(network=network, averaged=averaged, optimiser=optimiser, adversary=adversary)
    first = _resumed(folder, state)
    began, losses = time.monotonic(), []
    batches = _batches(items, brands, list(pool), plan, first)
    for step, (pictures, targets) in enumerate(batches, first):
        if step == plan.until:
            break
        _schedule(optimiser, step, total)
        network.train()
        for part in kept:
            part.eval()
        with torch.autocast("cpu", torch.bfloat16):
            found = network(pictures)
        loss = heads_loss(found, targets, plan)
        if adversary is not None:
            strength = strength_at(step / total, plan.adversary)
            loss = loss + adversary.loss(
                found["features"], targets["brand"], targets["rivals"], strength
            )
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        _average(averaged, network, min(plan.average, (step + 1) / (step + 20)))
        losses.append(float(loss.detach()))
        if step % 20 == 0:
            record = {"step": step, "of": total, "side": pictures.shape[-1],
                      "loss": round(float(np.mean(losses[-20:])), 4),
                      "seconds": round(time.monotonic() - began)}  # fmt: skip
            with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
        if step % CHECKPOINT_STEPS == CHECKPOINT_STEPS - 1:
            _checkpoint(folder, step + 1, state)
    torch.save(averaged.state_dict(), folder / "averaged.pt")
    (folder / CHECKPOINT).unlink(missing_ok=True)
    return averaged


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What a checkpoint keeps."""

    network: nn.Module
    averaged: nn.Module
    optimiser: torch.optim.Optimizer
    adversary: nn.Module | None

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        kept: dict[str, nn.Module | torch.optim.Optimizer] = {
            "network": self.network, "averaged": self.averaged, "optimiser": self.optimiser,
        }  # fmt: skip
        return kept if self.adversary is None else {**kept, "adversary": self.adversary}


def _checkpoint(folder: Path, done: int, state: _State) -> None:
    """Write everything that the next step needs, in one rename."""
    whole: dict[str, object] = {n: part.state_dict() for n, part in state.parts().items()}
    whole["done"] = done
    torch.save(whole, folder / f"{CHECKPOINT}.new")
    (folder / f"{CHECKPOINT}.new").replace(folder / CHECKPOINT)


def _resumed(folder: Path, state: _State) -> int:
    """Load the folder's checkpoint, where there is one; how many steps are done."""
    if not (folder / CHECKPOINT).exists():
        return 0
    whole = torch.load(folder / CHECKPOINT, weights_only=True)
    for name, part in state.parts().items():
        part.load_state_dict(whole[name])
    done = int(whole["done"])
    log.info("%s: goes on at step %d", folder.name, done)
    return done


def heads_loss(found: Mapping[str, Tensor], targets: Mapping[str, Tensor], plan: Plan) -> Tensor:
    """Of all heads together, as the plan weighs them."""
    loss = set_loss(found["concepts"], targets["allowed"], plan.smoothing)
    loss = loss + plan.embed_weight * set_loss(found["concept"], targets["allowed"], 0.0)
    for name, weight in (("colour", 0.25), ("gender", 0.2)):
        loss = loss + weight * functional.cross_entropy(
            found[name], targets[name], ignore_index=-1, label_smoothing=0.1
        ).nan_to_num(0.0)
    return loss


def targets_of(items: Sequence[Item]) -> dict[str, Tensor]:
    """What the heads should say of each item; -1 where it is not known."""
    return {
        "allowed": torch.from_numpy(np.stack([item.allowed for item in items])),
        "colour": torch.tensor([item.colour for item in items]),
        "gender": torch.tensor([item.gender for item in items]),
    }


def _batches(
    items: Sequence[Item],
    brands: Brands | None,
    pool: list[NDArray[np.uint8]],
    plan: Plan,
    first: int,
) -> Iterator[tuple[Tensor, dict[str, Tensor]]]:
    """Batches of random views, the next ones made in a thread meanwhile; a step has its own seed."""
    weights = draw_weights(items, plan.boosts)
    sides = [stage.side for stage in plan.stages for _ in range(stage.steps)]

    def make(step: int) -> tuple[Tensor, dict[str, Tensor]]:
        rng = np.random.default_rng((plan.seed, step))
        chosen = rng.choice(len(items), plan.batch, p=weights)
        views = np.stack(
            [make_view(items[i].source, pool, plan.recipe, sides[step], rng) for i in chosen]
        )
        targets = targets_of([items[i] for i in chosen])
        if brands is not None:
            targets["brand"] = torch.from_numpy(brands.own[chosen])
            targets["rivals"] = torch.from_numpy(brands.rivals[chosen])
        pictures = torch.from_numpy(normalised(views)).contiguous(memory_format=torch.channels_last)
        return pictures, targets

    with ThreadPoolExecutor(1) as worker:
        ahead = [worker.submit(make, step) for step in range(first, min(first + 3, len(sides)))]
        for step in range(first, len(sides)):
            ready = ahead.pop(0).result()
            if step + 3 < len(sides):
                ahead.append(worker.submit(make, step + 3))
            yield ready


def _optimiser(
    network: VisionNetwork, adversary: nn.Module | None, plan: Plan
) -> torch.optim.Optimizer:
    heads = [p for name, p in network.named_parameters() if not name.startswith("trunk.")]
    heads += [] if adversary is None else list(adversary.parameters())
    groups = []
    for parameters, rate in (
        (list(network.trunk.parameters()), plan.rate),
        (heads, plan.head_rate),
    ):
        decayed: list[nn.Parameter] = []
        free: list[nn.Parameter] = []
        for parameter in parameters:
            (decayed if parameter.ndim > 1 else free).append(parameter)
        groups += [
            {"params": decayed, "lr": rate, "peak": rate, "weight_decay": plan.decay},
            {"params": free, "lr": rate, "peak": rate, "weight_decay": 0.0},
        ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.99))


def _schedule(optimiser: torch.optim.Optimizer, step: int, total: int) -> None:
    """A short warm-up, then a cosine down to a hundredth."""
    warm = min(1.0, (step + 1) / max(1, min(100, total // 10)))
    wave = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / total))
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * warm * wave


@torch.no_grad()
def _average(averaged: nn.Module, network: nn.Module, keep: float) -> None:
    for kept, new in zip(
        averaged.state_dict().values(), network.state_dict().values(), strict=True
    ):
        if kept.is_floating_point():
            kept.lerp_(new, 1 - keep)
        else:
            kept.copy_(new)
