"""The detector: EfficientNet-Lite0's maps, a light feature pyramid, one anchor-free head at stride 8.

Input: float32 (n, 3, height, width), RGB as (x - 127) / 128, sides multiples of 32. Output per cell
and coarse kind: a score (the expected overlap of the box there with a thing of that kind) and the
distances from the cell's centre to the box's left, top, right and bottom as shares of the picture.
Targets follow FCOS (Tian et al. 2019), scores follow quality focal loss (Li et al. 2020).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.coarse import COARSE
from vision.training.efficientnet_lite import EfficientNetLite

STRIDE = 8
WIDTH = 96


class Separable(nn.Module):
    """A depthwise then a pointwise convolution, batch norm and ReLU6; residual."""

    def __init__(self, width: int, kernel: int = 3) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            width, width, kernel, padding=kernel // 2, groups=width, bias=False
        )
        self.pointwise = nn.Conv2d(width, width, 1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        fresh: Tensor = self.norm(self.pointwise(self.depthwise(x)))
        return x + functional.relu6(fresh)


class DetectorHead(nn.Module):
    """From the trunk's maps at strides 8, 16 and 32 to raw scores and box distances."""

    def __init__(self, kinds: int = len(COARSE), width: int = WIDTH) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(
            nn.Sequential(nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width))
            for inputs in (40, 112, 320)
        )
        self.smooth = nn.ModuleList(
            nn.Sequential(*(Separable(width) for _ in range(repeats))) for repeats in (4, 2, 2)
        )
        self.score = nn.Conv2d(width, kinds, 1)
        self.distance = nn.Conv2d(width, 4 * kinds, 1)
        self.score.apply(lambda layer: _start(layer, -4.6))  # a score of 0.01 at first
        self.distance.apply(lambda layer: _start(layer, -1.6))  # boxes of 0.4 of the picture

    def forward(self, maps: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        fine, middle, coarse = (lateral(x) for lateral, x in zip(self.lateral, maps, strict=True))
        coarse = self.smooth[2](coarse)
        middle = self.smooth[1](middle + functional.interpolate(coarse, scale_factor=2))
        fine = self.smooth[0](fine + functional.interpolate(middle, scale_factor=2))
        return self.score(fine), self.distance(fine).clamp(-6.0, 0.5).exp()


def _start(layer: nn.Module, bias: float) -> None:
    if isinstance(layer, nn.Conv2d) and layer.bias is not None:
        nn.init.normal_(layer.weight, std=0.01)
        nn.init.constant_(layer.bias, bias)


class Detector(nn.Module):
    """Trunk and head. The trunk's first `frozen` blocks are not trained, nor any of its statistics.

    Five frozen blocks are all up to stride 8; None freezes the whole trunk.
    """

    def __init__(self, trunk: EfficientNetLite, *, frozen: int | None = 5) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = DetectorHead()
        self.frozen = len(trunk.blocks) if frozen is None else frozen
        for parameter in trunk.parameters():
            parameter.requires_grad = False
        for block in trunk.blocks[self.frozen :]:
            for parameter in block.parameters():
                parameter.requires_grad = True

    def train(self, mode: bool = True) -> Detector:  # noqa: FBT001, FBT002  (torch's own signature)
        """As torch's, but the trunk's batch norms keep their statistics."""
        super().train(mode)
        for module in self.trunk.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        found: tuple[Tensor, Tensor] = self.head(self._maps(x))
        return found

    def _maps(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The maps at strides 8, 16 and 32; no gradient through the frozen blocks."""
        with torch.no_grad():
            x = self.trunk.stem(x)
        found: list[Tensor] = []
        for index, block in enumerate(self.trunk.blocks):
            if index in _BEFORE_STRIDES:
                found.append(x)
            with torch.set_grad_enabled(torch.is_grad_enabled() and index >= self.frozen):
                x = block(x)
        return found[0], found[1], x


_BEFORE_STRIDES = (5, 11)
"""Blocks of EfficientNet-Lite0 that halve the map: their inputs are at strides 8 and 16."""


class Exported(nn.Module):
    """What serving runs: scores 0 to 1, (n, kinds, rows, columns), and distances, (n, kinds · 4, …)."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        scores, distances = self.detector(x)
        return torch.sigmoid(scores), distances


def targets(
    boxes: list[Tensor],
    kinds: list[Tensor],
    rows: int,
    columns: int,
    exact: list[Tensor] | None = None,
) -> tuple[Tensor, Tensor]:
    """Which cells answer for which thing: weights (n, kinds, r, c), boxes (n, kinds, 4, r, c).

    A thing is answered for by the cells in the middle of its box (half its sides, at least the cell
    that holds the centre), weighted down from the centre; the smaller of two of one kind wins. The
    weight of a thing that `exact` calls a guess is negative.
    """
    count = len(COARSE)
    weights = torch.zeros(len(boxes), count, rows, columns)
    wanted = torch.zeros(len(boxes), count, 4, rows, columns)
    y = (torch.arange(rows) + 0.5) / rows
    x = (torch.arange(columns) + 0.5) / columns
    for image, (own, labels) in enumerate(zip(boxes, kinds, strict=True)):
        areas = (own[:, 2] - own[:, 0]) * (own[:, 3] - own[:, 1])
        for index in torch.argsort(areas, descending=True).tolist():
            left, top, right, bottom = own[index].tolist()
            across = (x - (left + right) / 2).abs() / max(right - left, 2.0 / columns)
            along = (y - (top + bottom) / 2).abs() / max(bottom - top, 2.0 / rows)
            far = torch.maximum(across[None, :], along[:, None])
            inside = far < 0.26
            kind = int(labels[index])
            sign = 1.0 if exact is None or bool(exact[image][index]) else -1.0
            weights[image, kind][inside] = sign * (1.0 - 2.0 * far[inside]).clamp(min=0.3)
            wanted[image, kind][:, inside] = own[index][:, None]
    return weights, wanted


def losses(
    scores: Tensor, distances: Tensor, weights: Tensor, wanted: Tensor
) -> tuple[Tensor, Tensor]:
    """Quality focal loss of the scores and generalized IoU loss of the boxes, each a mean over positives.

    A negative weight marks a cell of a thing whose edges are a guess: it counts for the score alone.
    """
    n, kinds, rows, columns = scores.shape
    boxes = to_boxes(distances.view(n, kinds, 4, rows, columns))
    positive = weights != 0
    own = boxes.permute(0, 1, 3, 4, 2)[positive]
    true = wanted.permute(0, 1, 3, 4, 2)[positive]
    iou, giou = overlaps(own, true)
    weight = weights[positive].abs()
    exact = weights[positive].clamp(min=0.0)
    total = weight.sum().clamp(min=1.0)
    quality = torch.zeros_like(scores)
    # Cells off the centre owe a lower score, so that the best cell of a thing is its centre.
    quality[positive] = iou.detach().clamp(0, 1) * weight.clamp(min=0.3)
    probability = scores.sigmoid()
    focal = functional.binary_cross_entropy_with_logits(scores, quality, reduction="none")
    focal = focal * (probability - quality).abs().pow(2.0)
    return focal.sum() / total, ((1.0 - giou) * exact).sum() / exact.sum().clamp(min=1.0)


def to_boxes(distances: Tensor) -> Tensor:
    """Distances (n, kinds, 4, r, c) → corners, as shares."""
    rows, columns = distances.shape[-2:]
    x = (torch.arange(columns, dtype=distances.dtype) + 0.5) / columns
    y = ((torch.arange(rows, dtype=distances.dtype) + 0.5) / rows)[:, None]
    left, top, right, bottom = distances.unbind(2)
    return torch.stack((x - left, y - top, x + right, y + bottom), dim=2)


def overlaps(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """IoU and generalized IoU of boxes, row by row, (k, 4) each."""
    width = (torch.minimum(a[:, 2], b[:, 2]) - torch.maximum(a[:, 0], b[:, 0])).clamp(min=0)
    height = (torch.minimum(a[:, 3], b[:, 3]) - torch.maximum(a[:, 1], b[:, 1])).clamp(min=0)
    shared = width * height
    area_a = (a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1])
    area_b = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
    union = (area_a + area_b - shared).clamp(min=1e-9)
    hull_width = torch.maximum(a[:, 2], b[:, 2]) - torch.minimum(a[:, 0], b[:, 0])
    hull_height = torch.maximum(a[:, 3], b[:, 3]) - torch.minimum(a[:, 1], b[:, 1])
    hull = (hull_width * hull_height).clamp(min=1e-9)
    iou = shared / union
    return iou, iou - (hull - union) / hull
