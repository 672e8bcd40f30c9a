"""A version of the models read back into torch, to go on from: what an exported network no longer has.

An exported network has its batch norms folded into the convolutions and its weights in 8 bits. Read
back, every convolution has the pretrained network's length a channel again, and every norm the
statistics of pictures shown to it, so that the whole computes what was exported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from vision.framing import normalised
from vision.models import EMBEDDER, HEADS, TRUNK, read_heads
from vision.training.corpus import Item, draw_weights
from vision.training.efficientnet_lite import FEATURES, LITE0, LITE2, Block, ConvNorm, Variant
from vision.training.finetune import Plan, VisionNetwork, heads_loss, targets_of
from vision.training.views import make_view

FILES = {LITE0.name: TRUNK, LITE2.name: EMBEDDER}

DEAD = 1e-6
"""A channel's weights shorter than this pass nothing on."""

FITTED_VIEWS = 2560
BATCH = 256
HEAD_RATE = 3e-3
HEAD_STEPS = 400

Weights = dict[str, NDArray[np.float32]]


def read_back(
    folder: Path,
    variant: Variant,
    items: Sequence[Item],
    pool: Sequence[NDArray[np.uint8]],
    plan: Plan,
    *,
    views: int = FITTED_VIEWS,
) -> VisionNetwork:
    """The folder's network of this variant, with its half of the head; what is not exported is fitted.

    Args:
        folder: A version of the models.
        variant: Which of its two networks.
        items: Pictures whose views give the norms' statistics and teach the embedding's heads.
        pool: Backgrounds of the views.
        plan: The run that goes on: its seed, recipe, boosts and last picture size.
        views: How many, at least `BATCH`.
    """
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    side = plan.stages[-1].side
    chosen = rng.choice(len(items), views, p=draw_weights(items, plan.boosts))
    seen = [make_view(items[i].source, list(pool), plan.recipe, side, rng) for i in chosen]
    batches = [
        torch.from_numpy(normalised(np.stack(seen[at : at + BATCH])))
        for at in range(0, views, BATCH)
    ]
    head, projection = read_heads(folder / HEADS)
    network = VisionNetwork(variant, len(head.classes)).eval()
    with torch.no_grad():
        _read_trunk(network, read_weights(folder / FILES[variant.name]), batches[0])
        half = slice(0, FEATURES) if variant is LITE0 else slice(FEATURES, 2 * FEATURES)
        # Each network's own logits: the joint ones are the mean of both.
        network.concept.weight.copy_(torch.from_numpy(2 * head.weight[half].T))
        network.concept.bias.copy_(torch.from_numpy(head.bias))
        if variant is LITE2:
            network.project.weight.copy_(torch.from_numpy(projection.weight.T))
            network.project.bias.copy_(torch.from_numpy(projection.bias))
        features = torch.cat([network.trunk(batch) for batch in batches])
    _teach_embedding(network, features, targets_of([items[i] for i in chosen]), plan, rng)
    return network


def _teach_embedding(
    network: VisionNetwork,
    features: Tensor,
    targets: Mapping[str, Tensor],
    plan: Plan,
    rng: np.random.Generator,
) -> None:
    """The cosine heads, and the projection where it was not exported, on features that stay."""
    taught = list(network.proxies.parameters())
    if network.trunk.variant is LITE0:
        taught += network.project.parameters()
    optimiser = torch.optim.AdamW(taught, lr=HEAD_RATE)
    network.train()
    for _ in range(HEAD_STEPS):
        some = torch.from_numpy(rng.choice(len(features), BATCH, replace=False))
        found = network.heads(features[some])
        loss = heads_loss(found, {name: value[some] for name, value in targets.items()}, plan)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    network.eval()


def read_weights(path: Path) -> Weights:
    """The convolutions' weights and biases by name, whether they are stored in 8 bits or not."""
    graph = onnx.load(str(path)).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found: Weights = {name: value for name, value in stored.items() if name.endswith((".w", ".b"))}
    for name, value in stored.items():
        if not name.endswith("_quantized"):
            continue
        plain = name.removesuffix("_quantized")
        scale = stored.get(f"{plain}_scale", stored.get(f"{name}_scale"))
        if scale is None:
            raise ValueError(f"{path.name} has no scale for {name}.")
        shaped = np.asarray(scale).reshape(-1, *[1] * (value.ndim - 1))
        found[plain] = (value.astype(np.float32) * shaped).astype(np.float32)
    return found


def _layers(network: VisionNetwork) -> Iterator[tuple[str, ConvNorm]]:
    """The trunk's layers under the names that the export gives them."""
    yield "stem", network.trunk.stem
    for index, block in enumerate(network.trunk.blocks):
        assert isinstance(block, Block)  # noqa: S101  (narrows ModuleList's element type)
        for place, layer in enumerate(block.layers()):
            yield f"block{index}.{place}", layer
    yield "head", network.trunk.head


def _read_trunk(network: VisionNetwork, weights: Weights, pictures: Tensor) -> None:
    """Each norm takes its statistics while the pictures pass, so that it adds the bias and no more."""
    hooks = []
    for name, layer in _layers(network):
        folded = torch.from_numpy(weights[f"{name}.w"])
        length = _times_longer(layer.conv.weight, folded)
        layer.conv.weight.copy_(folded * length[:, None, None, None])
        bias = torch.from_numpy(weights[f"{name}.b"])
        hooks.append(layer.norm.register_forward_pre_hook(_settled(length, bias)))
    network.trunk(pictures)
    for hook in hooks:
        hook.remove()


def _times_longer(pretrained: Tensor, folded: Tensor) -> Tensor:
    """By channel; 1 for a channel that is dead in either."""
    before, now = (weight.flatten(1).norm(dim=1) for weight in (pretrained, folded))
    return torch.where((before > DEAD) & (now > DEAD), before / now.clamp(min=DEAD), 1.0)


def _settled(length: Tensor, bias: Tensor) -> Callable[[nn.BatchNorm2d, tuple[Tensor]], None]:
    """A hook that gives a norm its input's statistics and leaves `input / length + bias` of it."""

    def settle(norm: nn.BatchNorm2d, inputs: tuple[Tensor]) -> None:
        mean = inputs[0].mean((0, 2, 3))
        variance = inputs[0].var((0, 2, 3), unbiased=False)
        norm.running_mean, norm.running_var = mean, variance
        norm.weight.copy_(torch.sqrt(variance + norm.eps) / length)
        norm.bias.copy_(bias + mean / length)

    return settle
