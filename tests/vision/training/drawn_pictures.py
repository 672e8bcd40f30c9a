"""Drawn stand-ins for catalogue pictures and streets, so that tests need no data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from vision.training.backgrounds import Backgrounds
from vision.training.masks import CutOut
from vision.training.sprites import Sprite, Sprites

Pixels = NDArray[np.uint8]


def shirt_picture(size: int = 120) -> Pixels:
    """A dark red T on white, its box 0.25 to 0.75 across and 0.2 to 0.8 down."""
    image = Image.new("RGB", (size, size), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((size * 0.25, size * 0.2, size * 0.75 - 1, size * 0.45), fill=(150, 20, 30))
    draw.rectangle((size * 0.37, size * 0.2, size * 0.63, size * 0.8 - 1), fill=(150, 20, 30))
    return np.asarray(image)


def block(kind: str, colour: tuple[int, int, int], height: int = 60, width: int = 40) -> Sprite:
    """A plain rectangle as a thing of one kind."""
    return Sprite(
        rgb=np.full((height, width, 3), colour, dtype=np.uint8),
        alpha=np.full((height, width), 255, dtype=np.uint8),
        parts=np.ones((height, width), dtype=np.uint8),
        kinds=(kind,),
        concept=kind,
    )


def drawn_sprites() -> Sprites:
    kinds = ("topwear", "outerwear", "bottomwear", "one_piece", "shoes", "bag")
    colours = (
        (200, 30, 30),
        (30, 30, 200),
        (30, 160, 30),
        (160, 30, 160),
        (20, 20, 20),
        (90, 60, 20),
    )
    return Sprites(
        things={k: (block(k, c),) for k, c in zip(kinds, colours, strict=True)},
        people=(dressed(),),
    )


def dressed() -> Sprite:
    """A person of three stacked parts."""
    parts = np.zeros((90, 30), dtype=np.uint8)
    parts[10:40], parts[40:80], parts[80:] = 1, 2, 3
    rgb = np.zeros((90, 30, 3), dtype=np.uint8)
    rgb[10:40], rgb[40:80], rgb[80:] = (200, 0, 0), (0, 0, 200), (0, 200, 0)
    return Sprite(
        rgb=rgb, alpha=np.full((90, 30), 255, dtype=np.uint8), parts=parts,
        kinds=("topwear", "bottomwear", "shoes"),
    )  # fmt: skip


def street(height: int = 80, width: int = 60) -> Pixels:
    return np.random.default_rng(5).integers(60, 200, (height, width, 3), dtype=np.uint8)


def drawn_backgrounds() -> Backgrounds:
    return Backgrounds(pictures=(street(),))


def opaque(rgb: Pixels) -> CutOut:
    return CutOut(rgb=rgb, alpha=np.full(rgb.shape[:2], 255, dtype=np.uint8))
