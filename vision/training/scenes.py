"""A composed picture with its boxes, and the canvas that it is built on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from catalog.search import Box
from vision.training.sprites import Sprite

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneObject:
    """A thing that can be seen: its coarse kind, and the box of its visible part."""

    kind: str
    box: Box
    exact: bool = True
    """False: the box is another network's guess; it teaches the kind, not the edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A composed picture; `made` names the recipe."""

    pixels: Pixels
    objects: tuple[SceneObject, ...]
    made: str


LEAST_SHOWN = 0.06
"""Share of a thing inside the frame below which nobody could name it."""


@dataclass(slots=True)
class Canvas:
    """A picture being built: what is pasted later hides what was pasted before."""

    pixels: NDArray[np.uint8]
    masks: list[tuple[str, Mask, int]]
    """Kind, what is still visible, and how many pixels of it were when it was pasted."""

    @classmethod
    def on(cls, background: Pixels) -> Canvas:
        return cls(pixels=background.copy(), masks=[])

    def paste(self, sprite: Sprite, left: int, top: int, *, shadow: float = 0.0) -> None:
        """Put the sprite down with its upper left corner there; it may stand out of the frame."""
        height, width = self.pixels.shape[:2]
        rows = slice(max(0, top), min(height, top + sprite.alpha.shape[0]))
        columns = slice(max(0, left), min(width, left + sprite.alpha.shape[1]))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        own = np.s_[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        alpha = sprite.alpha[own]
        if shadow:
            self._darken(sprite.alpha, left, top, shadow)
        cover = alpha[..., None].astype(np.float32) / 255.0
        under = self.pixels[rows, columns]
        self.pixels[rows, columns] = under + (sprite.rgb[own] - under.astype(np.float32)) * cover
        for _, mask, _ in self.masks:
            mask[rows, columns] &= alpha < 128
        parts = sprite.parts[own]
        for index, kind in enumerate(sprite.kinds, start=1):
            mask = np.zeros((height, width), dtype=bool)
            mask[rows, columns] = parts == index
            shown = int(mask.sum())
            if shown > LEAST_SHOWN * int((sprite.parts == index).sum()):
                self.masks.append((kind, mask, shown))

    def cover(self, colour: Pixels, shape: Mask) -> None:
        """Lay an occluder over everything: `colour` where `shape`."""
        self.pixels[shape] = colour[shape]
        for _, mask, _ in self.masks:
            mask[shape] = False

    def objects(
        self, *, least_visible: float = 0.3, least_side: float = 0.02
    ) -> Iterator[SceneObject]:
        """The boxes of what can still be seen."""
        for kind, mask, whole in self.masks:
            visible = int(mask.sum())
            if visible < least_visible * whole or not visible:
                continue
            box = bounds(mask)
            if min(box.right - box.left, box.bottom - box.top) >= least_side:
                yield SceneObject(kind=kind, box=box)

    def _darken(self, alpha: Pixels, left: int, top: int, strength: float) -> None:
        shade = Image.new("L", (self.pixels.shape[1], self.pixels.shape[0]))
        shift = max(2, alpha.shape[1] // 30)
        shade.paste(Image.fromarray(alpha), (left + shift, top + shift))
        soft = np.asarray(shade.filter(ImageFilter.BoxBlur(shift * 1.5)), dtype=np.float32)
        self.pixels[:] = self.pixels * (1.0 - strength * soft[..., None] / 255.0)


def bounds(mask: Mask) -> Box:
    """The box around the mask's pixels, as shares. ValueError when it is empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        raise ValueError("an empty mask has no box")
    height, width = mask.shape
    return Box(
        float(columns[0] / width), float(rows[0] / height),
        float((columns[-1] + 1) / width), float((rows[-1] + 1) / height),
    )  # fmt: skip
