"""Segment and paste: photos of known things in places where they never were, with their boxes.

Invariants: scene i of a seed is always the same picture; a box encloses what is visible of its
thing, never what is hidden; a thing that is mostly hidden has no box.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.training.backgrounds import Backgrounds
from vision.training.light import lit, photographed
from vision.training.scenes import Canvas, Scene
from vision.training.screenshots import collage, screenshot
from vision.training.sprites import Sprite, Sprites
from vision.training.warps import Warp, random_warp, warped

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """Everything that scenes are drawn from."""

    sprites: Sprites
    backgrounds: Backgrounds

    def scene(self, seed: int, index: int, size: Size | None = None) -> Scene:
        """Scene `index` of a seed; `size` is width and height, drawn when None."""
        rng = np.random.default_rng((seed, index))
        size = size or draw_size(rng)
        share = rng.random()
        recipe = next(made for limit, made in _RECIPES if share < limit)
        canvas = Canvas.on(self.backgrounds.draw(rng, size))
        _FILLED[recipe](canvas, self.sprites, rng)
        if recipe != "empty" and rng.random() < 0.25:
            _occlude(canvas, self.backgrounds, rng)
        pixels = photographed(lit(canvas.pixels, rng), rng)
        return Scene(pixels=pixels, objects=tuple(canvas.objects()), made=recipe)

    def screenshot(self, seed: int, index: int) -> Scene:
        """One scene, or two side by side, as a phone's screenshot shows them."""
        rng = np.random.default_rng((seed, index, 1))
        shown = self.scene(seed, index)
        if rng.random() < 0.25:
            shown = collage(shown, self.scene(seed + 1, index), rng)
        return screenshot(shown, rng)

    def scenes(self, seed: int, count: int, *, screenshots: float = 0.2) -> Iterator[Scene]:
        """The first `count` scenes of a seed, one at a time; a share of them as screenshots."""
        for index in range(count):
            screen = np.random.default_rng((seed, index, 2)).random() < screenshots
            yield self.screenshot(seed, index) if screen else self.scene(seed, index)


def draw_size(rng: np.random.Generator) -> Size:
    """A frame as phones make them, longest side 288."""
    sizes = ((216, 288), (216, 288), (192, 288), (162, 288), (288, 216), (272, 272))
    return sizes[int(rng.integers(len(sizes)))]


def composite_crop(
    rgb: Pixels, alpha: Pixels, background: Pixels, rng: np.random.Generator, size: int
) -> Pixels:
    """A thing in a strange place, square: what a detector's crop of a snapshot looks like.

    `background` is any RGB picture of at least 32 × 32. Shape (size, size, 3).
    """
    height, width = alpha.shape
    share = rng.uniform(0.7, 1.1)
    scale = share * size / max(height, width)
    warp = random_warp(rng, turn=18.0, bend=0.02, tilt=0.18)
    sprite = warped(
        Sprite(rgb=rgb, alpha=alpha, parts=np.empty((0, 0), np.uint8), kinds=()), warp, scale
    )
    side = min(background.shape[:2])
    part = int(rng.integers(max(32, side // 3), side + 1))
    top = int(rng.integers(background.shape[0] - part + 1))
    left = int(rng.integers(background.shape[1] - part + 1))
    behind = Image.fromarray(background[top : top + part, left : left + part])
    canvas = Canvas.on(np.asarray(behind.resize((size, size), Image.Resampling.BILINEAR)))
    out_height, out_width = sprite.alpha.shape
    drift = rng.normal(0, 0.05 * size, 2)
    canvas.paste(
        sprite, int((size - out_width) / 2 + drift[0]), int((size - out_height) / 2 + drift[1])
    )
    return photographed(lit(canvas.pixels, rng), rng, encode=False)


def _occlude(canvas: Canvas, backgrounds: Backgrounds, rng: np.random.Generator) -> None:
    """A bar, a blob or a corner of something else in front."""
    height, width = canvas.pixels.shape[:2]
    y, x = np.mgrid[:height, :width]
    angle, offset = rng.uniform(0, np.pi), rng.uniform(-0.35, 0.35) * width
    if rng.random() < 0.5:
        along = (x - width / 2) * np.cos(angle) + (y - height / 2) * np.sin(angle) - offset
        shape = np.abs(along) < rng.uniform(0.02, 0.07) * width
    else:
        centre = rng.uniform(0.1, 0.9, 2) * (width, height)
        radii = rng.uniform(0.06, 0.2, 2) * (width, height)
        shape = ((x - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2 < 1
    canvas.cover(backgrounds.draw(rng, (width, height)), shape)


def _put(
    canvas: Canvas, sprite: Sprite, rng: np.random.Generator, *, share: float,
    centre: tuple[float, float], warp: Warp | None = None,
) -> None:  # fmt: skip
    """Paste with its longer relative side at `share` of the frame, centred there."""
    height, width = canvas.pixels.shape[:2]
    scale = share * min(height / sprite.alpha.shape[0], width / sprite.alpha.shape[1])
    turned = warped(sprite, warp or random_warp(rng, turn=15.0, bend=0.015, tilt=0.15), scale)
    out_height, out_width = turned.alpha.shape
    gain = rng.uniform(0.75, 1.15)
    turned = replace(turned, rgb=np.clip(turned.rgb * gain, 0, 255).astype(np.uint8))
    left, top = centre[0] * width - out_width / 2, centre[1] * height - out_height / 2
    shadow = rng.uniform(0.1, 0.5) if rng.random() < 0.5 else 0.0
    canvas.paste(turned, int(left), int(top), shadow=shadow)


def _one_big(canvas: Canvas, sprites: Sprites, rng: np.random.Generator) -> None:
    sprite = sprites.draw(rng)
    centre = (0.5 + rng.normal(0, 0.06), 0.5 + rng.normal(0, 0.06))
    free = random_warp(rng, turn=180.0 if rng.random() < 0.1 else 25.0, bend=0.02, tilt=0.2)
    _put(canvas, sprite, rng, share=rng.uniform(0.5, 1.12), centre=centre, warp=free)


def _several(canvas: Canvas, sprites: Sprites, rng: np.random.Generator) -> None:
    cells = [(x, y) for x in (0.27, 0.73) for y in (0.27, 0.73)]
    rng.shuffle(cells)
    for x, y in cells[: int(rng.integers(2, 5))]:
        centre = (x + rng.normal(0, 0.07), y + rng.normal(0, 0.07))
        _put(canvas, sprites.draw(rng), rng, share=rng.uniform(0.2, 0.62), centre=centre)


def _outfit(canvas: Canvas, sprites: Sprites, rng: np.random.Generator) -> None:
    """Cut-outs as if worn together, with what goes with them: lower first, then upper over it."""
    x = 0.5 + rng.normal(0, 0.06)
    calm = random_warp(rng, turn=5.0, bend=0.01, tilt=0.08)

    def put(kind: str, low: float, high: float, y: float, warp: Warp | None = None) -> None:
        if kind in sprites.things:
            sprite = sprites.draw(rng, (kind,))
            _put(canvas, sprite, rng, share=rng.uniform(low, high), centre=(x, y), warp=warp)

    if rng.random() < 0.8:
        put("shoes", 0.16, 0.3, 0.92)
    if rng.random() < 0.3:
        put("one_piece", 0.6, 0.85, 0.5, calm)
    else:
        put("bottomwear", 0.4, 0.55, 0.66, calm)
        put("topwear" if rng.random() < 0.75 else "outerwear", 0.38, 0.52, 0.32, calm)
    for kind, chance, share, place in _EXTRAS:
        if rng.random() < chance and kind in sprites.things:
            spot = (place[0] + rng.normal(0, 0.05), place[1] + rng.normal(0, 0.05))
            grown = share * rng.uniform(0.8, 1.3)
            _put(canvas, sprites.draw(rng, (kind,)), rng, share=grown, centre=spot)


_EXTRAS = (
    ("bag", 0.5, 0.26, (0.82, 0.6)), ("headwear", 0.25, 0.16, (0.5, 0.07)),
    ("accessories", 0.2, 0.14, (0.18, 0.5)), ("jewellery", 0.2, 0.14, (0.18, 0.3)),
)  # fmt: skip


def _people(canvas: Canvas, sprites: Sprites, rng: np.random.Generator) -> None:
    """One dressed person, near or whole; now and then a second one or a thing beside."""
    if not sprites.people:
        _outfit(canvas, sprites, rng)
        return
    number = 2 if rng.random() < 0.2 else 1
    for i in range(number):
        sprite = sprites.people[int(rng.integers(len(sprites.people)))]
        share = rng.uniform(0.6, 1.0) if rng.random() < 0.6 else rng.uniform(1.0, 1.9)
        drift = 0.08 * share + max(0.0, share - 1.0) * 0.5
        x = 0.5 if number == 1 else 0.28 + 0.44 * i
        centre = (x + rng.normal(0, 0.08), 0.5 + rng.uniform(-drift, drift))
        calm = random_warp(rng, turn=6.0, bend=0.01, tilt=0.1)
        _put(canvas, sprite, rng, share=share, centre=centre, warp=calm)


def _empty(canvas: Canvas, sprites: Sprites, rng: np.random.Generator) -> None:
    """A real negative: nothing to find."""
    del canvas, sprites, rng


_FILLED = {
    "one": _one_big, "several": _several, "outfit": _outfit, "people": _people, "empty": _empty,
}  # fmt: skip
_RECIPES = ((0.38, "one"), (0.56, "several"), (0.68, "outfit"), (0.95, "people"), (1.01, "empty"))
