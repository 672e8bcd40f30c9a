"""Contact sheets: many scenes on one page, boxes drawn, for a person to look at."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from vision.coarse import COARSE
from vision.training.scenes import Scene

TILE = 200
INKS = (
    (255, 60, 60), (255, 160, 0), (60, 120, 255), (200, 60, 255), (0, 200, 90), (0, 200, 220),
    (255, 90, 180), (150, 200, 0), (255, 220, 0), (160, 110, 60), (90, 90, 255), (255, 130, 100),
    (0, 150, 120), (130, 130, 130),
)  # fmt: skip
"""One colour for each coarse kind."""


def contact_sheet(scenes: Iterable[Scene], columns: int = 8) -> Image.Image:
    """The scenes in reading order, each with its boxes, their kinds and its recipe."""
    tiles = [_tile(scene) for scene in scenes]
    rows = max(1, -(-len(tiles) // columns))
    sheet = Image.new("RGB", (columns * TILE, rows * TILE), (90, 90, 90))
    for index, tile in enumerate(tiles):
        sheet.paste(tile, (index % columns * TILE, index // columns * TILE))
    return sheet


def _tile(scene: Scene) -> Image.Image:
    image = Image.fromarray(scene.pixels)
    image.thumbnail((TILE - 6, TILE - 6))
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(10)
    for thing in scene.objects:
        ink = INKS[COARSE.index(thing.kind)]
        left, top = thing.box.left * image.width, thing.box.top * image.height
        right, bottom = thing.box.right * image.width, thing.box.bottom * image.height
        draw.rectangle(
            (left, top, max(left, right - 1), max(top, bottom - 1)), outline=ink, width=2
        )
        draw.text((left + 3, top + 1), thing.kind, fill=ink, font=font)
    draw.text((3, image.height - 12), scene.made, fill=(255, 255, 255), font=font)
    return image
