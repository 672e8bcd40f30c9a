"""Random views of a labelled picture: the garment stays, the studio, its light and resolution go.

Half of the views paste the cut-out thing on another background or one flat colour; every view may
be turned, cropped, dimmed, occluded, blurred and reduced to a thumbnail and back, so that neither
background nor resolution tells the class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.search import WHOLE
from vision.framing import SQUEEZE, edge_colour, framed
from vision.training.backgrounds import Backgrounds
from vision.training.light import lit, photographed
from vision.training.masks import CutOut
from vision.training.scenes import Scene
from vision.training.screenshots import screenshot

Pixels = NDArray[np.uint8]
POOL_SIDE = 224
MOST_COVERED = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A picture and, where its background is plain, the thing cut out of it (RGBA)."""

    pixels: Pixels
    cut: Pixels | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How often a view is changed in which way, 0 to 1; all zero: the plain picture."""

    composite: float = 0.6
    flat: float = 0.3
    """Of the composites, on one flat colour."""
    turn: float = 0.5
    trim: float = 0.4
    thumbnail: float = 0.5
    light: float = 0.6
    camera: float = 0.7
    occlude: float = 0.2
    screenshot: float = 0.06
    """Of a view inside a phone's app."""
    cover: float = 0.0
    """Hidden from one side, up to `MOST_COVERED` of it."""


PLAIN = Recipe(
    composite=0, flat=0, turn=0, trim=0, thumbnail=0, light=0, camera=0, occlude=0, screenshot=0
)


def make_source(pixels: Pixels, cut: CutOut | None) -> Source:
    """A picture with what was cut out of it, where anything was."""
    if cut is None:
        return Source(pixels=pixels)
    return Source(pixels=pixels, cut=np.dstack([cut.rgb, cut.alpha]))


def background_pool(backgrounds: Backgrounds, seed: int, count: int = 300) -> list[Pixels]:
    """Backgrounds made once, of which views take random parts."""
    rng = np.random.default_rng((seed, 1))
    return [backgrounds.draw(rng, (POOL_SIDE, POOL_SIDE)) for _ in range(count)]


def make_view(
    source: Source, pool: list[Pixels], recipe: Recipe, side: int, rng: np.random.Generator
) -> Pixels:
    """One random view, shape (side, side, 3)."""
    if source.cut is not None and rng.random() < recipe.composite:
        picture = _pasted(source.cut, _ground(pool, recipe, side, rng), recipe, side, rng)
    else:
        picture = _cropped(source.pixels, recipe, side, rng)
    if rng.random() < recipe.screenshot:
        picture = _on_a_phone(picture, rng)
    if rng.random() < recipe.occlude:
        picture = _occluded(picture, pool, rng)
    if recipe.cover and rng.random() < recipe.cover:
        picture = _covered(picture, pool, rng)
    if rng.random() < recipe.thumbnail:
        picture = _thumbnail(picture, rng)
    if rng.random() < recipe.light:
        picture = lit(picture, rng)
    if rng.random() < recipe.camera:
        picture = photographed(picture, rng)
    return picture


def _on_a_phone(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """The view inside an app; often cut down to about the shown picture, as a detector does."""
    side = picture.shape[0]
    upright = np.asarray(Image.fromarray(picture).resize((side * 3 // 4, side)))
    screen = screenshot(
        Scene(pixels=upright, objects=(), made="view"), rng, longest=2 * side
    ).pixels
    if rng.random() < 0.5:
        screen = screen[screen.shape[0] // 6 : -screen.shape[0] // 6]
    return framed(screen, WHOLE, side)


def _ground(pool: list[Pixels], recipe: Recipe, side: int, rng: np.random.Generator) -> Pixels:
    if rng.random() < recipe.flat or not pool:
        colour = rng.integers(0, 256, 3) if rng.random() < 0.6 else rng.integers(225, 256, 3)
        return np.broadcast_to(colour.astype(np.uint8), (side, side, 3))
    part = pool[int(rng.integers(len(pool)))]
    size = int(rng.integers(POOL_SIDE // 3, POOL_SIDE + 1))
    x, y = (int(v) for v in rng.integers(0, POOL_SIDE - size + 1, 2))
    window = part[y : y + size, x : x + size]
    if rng.random() < 0.5:
        window = window[:, ::-1]
    return np.asarray(Image.fromarray(window).resize((side, side), Image.Resampling.BILINEAR))


def _pasted(
    cut: Pixels, ground: Pixels, recipe: Recipe, side: int, rng: np.random.Generator
) -> Pixels:
    if rng.random() < recipe.trim:
        cut = _trimmed(cut, rng)
    height, width = cut.shape[:2]
    frame = 1 / SQUEEZE if rng.random() < 0.5 else float(rng.uniform(1 / SQUEEZE, SQUEEZE))
    # The frame's width and height in the cut's pixels, the thing filling `share` of the tighter one.
    share = float(rng.uniform(0.55, 1.05))
    tall = max(height, width / frame) / share
    wide = tall * frame
    matrix = _affine(rng, recipe, side, (wide, tall), (width / 2, height / 2), slack=1 - share)
    image = Image.fromarray(cut).transform(
        (side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )
    pasted = np.asarray(image)
    if rng.random() < 0.5:
        pasted = pasted[:, ::-1]
    alpha = pasted[..., 3:].astype(np.float32) / 255.0
    mixed = ground + (pasted[..., :3] - ground.astype(np.float32)) * alpha
    return np.asarray(mixed, dtype=np.uint8)


def _cropped(pixels: Pixels, recipe: Recipe, side: int, rng: np.random.Generator) -> Pixels:
    if recipe.trim == 0:
        flip = rng.random() < 0.5
        square = framed(pixels, WHOLE, side)
        return square[:, ::-1] if flip else square
    height, width = pixels.shape[:2]
    aspect = float(np.clip(width / height, 1 / SQUEEZE, SQUEEZE) * np.exp(rng.normal(0, 0.08)))
    zoom = float(rng.uniform(0.72, 1.08))
    tall = max(height, width / aspect) * zoom
    matrix = _affine(
        rng, recipe, side, (tall * aspect, tall), (width / 2, height / 2), slack=abs(1 - zoom)
    )
    image = Image.fromarray(pixels).transform(
        (side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR,
        fillcolor=tuple(int(v) for v in edge_colour(pixels)),
    )  # fmt: skip
    square = np.asarray(image)
    return square[:, ::-1] if rng.random() < 0.5 else square


def _affine(
    rng: np.random.Generator,
    recipe: Recipe,
    side: int,
    frame: tuple[float, float],
    centre: tuple[float, float],
    *,
    slack: float,
) -> tuple[float, float, float, float, float, float]:
    """Output pixel → input pixel: scale, turn about the centre, shift within the slack."""
    turn = np.radians(rng.uniform(-25, 25) if rng.random() < recipe.turn else rng.uniform(-3, 3))
    cosine, sine = float(np.cos(turn)), float(np.sin(turn))
    wide, tall = frame[0] / side, frame[1] / side
    dx, dy = rng.uniform(-0.5, 0.5, 2) * slack * np.asarray(frame)
    half = side / 2
    # An input pixel is the centre, shifted, plus the turned and scaled distance from the middle.
    a, b = cosine * wide, -sine * tall
    d, e = sine * wide, cosine * tall
    c = centre[0] + dx - a * half - b * half
    f = centre[1] + dy - d * half - e * half
    return a, b, float(c), d, e, float(f)


def _trimmed(cut: Pixels, rng: np.random.Generator) -> Pixels:
    """Less of the head, the legs and the sides, as another photographer would frame it."""
    height, width = cut.shape[:2]
    top, bottom = int(height * rng.uniform(0, 0.16)), int(height * rng.uniform(0, 0.16))
    left, right = int(width * rng.uniform(0, 0.08)), int(width * rng.uniform(0, 0.08))
    return cut[top : height - bottom, left : width - right]


def _occluded(picture: Pixels, pool: list[Pixels], rng: np.random.Generator) -> Pixels:
    side = picture.shape[0]
    tall, wide = (int(side * v) for v in rng.uniform(0.12, 0.5, 2))
    y, x = int(rng.integers(0, side - tall)), int(rng.integers(0, side - wide))
    covered = picture.copy()
    if pool and rng.random() < 0.6:
        part = pool[int(rng.integers(len(pool)))]
        covered[y : y + tall, x : x + wide] = part[:tall, :wide]
    else:
        covered[y : y + tall, x : x + wide] = rng.integers(0, 256, 3)
    return covered


def _covered(picture: Pixels, pool: list[Pixels], rng: np.random.Generator) -> Pixels:
    """Hidden from one side, at any angle, by another picture or one flat colour."""
    side = picture.shape[0]
    y, x = np.mgrid[:side, :side]
    angle = rng.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    hidden = along <= np.quantile(along, rng.uniform(0.1, MOST_COVERED))
    before = rng.integers(0, 256, 3) if not pool else _ground(pool, Recipe(), side, rng)
    return np.where(hidden[..., None], before, picture).astype(np.uint8)


def _thumbnail(picture: Pixels, rng: np.random.Generator) -> Pixels:
    side = picture.shape[0]
    small = int(rng.integers(52, max(53, side)))
    image = Image.fromarray(picture).resize((small, small), Image.Resampling.BOX)
    return np.asarray(image.resize((side, side), Image.Resampling.BILINEAR))
