"""The display list of a drawing and its painter: parts of cloth with folds and light, lines, beads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from catalog.demo.drawing_body import Body
from catalog.demo.drawing_fabrics import Colour, Fabric, printed
from catalog.demo.drawing_shapes import Pairs, Points, shifted

SUPERSAMPLING = 2
_COARSE = 4
"""Light and folds are soft: they are computed at a quarter of the working size."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of material. Creases are lines where cloth folds: dark beside light."""

    outline: Points
    fabric: Fabric
    creases: Sequence[Points] = ()
    depth: float = 0.5
    """How strong the creases are."""
    relief: float = 0.4
    """How round the piece looks, 0 for flat."""
    waves: float = 0.08
    """Unevenness of the light over the cloth."""
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A seam, strap or stalk; `width` in centimetres."""

    path: Points
    colour: Colour
    width: float


@dataclass(frozen=True, slots=True)
class Beads:
    """Round things: buttons, stones, pearls, embroidery knots."""

    places: Points
    radius: float
    colour: Colour
    shine: bool = True


@dataclass(slots=True)
class Sketch:
    """What a drawing function works on: it adds items from the back to the front."""

    rng: Random
    gender: str
    worn: bool
    ink: Colour
    """The main colour."""
    body: Body
    items: list[tuple[bool, Part | Line | Beads]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    main: bool = True
    form: bool = False
    """On a tailor's dummy: like flat, but with a neck in it."""
    frame: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom to show instead of the main items' bounds."""

    @property
    def hollow(self) -> bool:
        """Nobody and nothing is inside the clothes."""
        return not self.worn and not self.form

    @contextmanager
    def companion(self) -> Iterator[None]:
        """Items added here are not what the picture is of."""
        before, self.main = self.main, False
        yield
        self.main = before

    def fill(
        self, outline: Points, fabric: Fabric, *, creases: Sequence[Points] = (), depth: float = 0.5,
        relief: float = 0.4, waves: float = 0.08, opacity: float = 1.0,
    ) -> None:  # fmt: skip
        part = Part(outline, fabric, creases, depth, relief, waves, opacity)
        self.items.append((self.main, part))

    def line(self, path: Points | Pairs, colour: Colour, width: float = 0.4) -> None:
        self.items.append((self.main, Line(np.asarray(path, dtype=np.float64), colour, width)))

    def beads(
        self, places: Points | Pairs, radius: float, colour: Colour, *, shine: bool = True
    ) -> None:
        spots = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        self.items.append((self.main, Beads(spots, radius, colour, shine)))

    def move_last(self, since: int, move: Callable[[Points], Points]) -> None:
        """Moves every item from number `since` on."""
        for k, (main, item) in enumerate(self.items[since:], since):
            if isinstance(item, Part):
                creases = tuple(move(crease) for crease in item.creases)
                moved: Part | Line | Beads = replace(
                    item, outline=move(item.outline), creases=creases
                )
            elif isinstance(item, Line):
                moved = replace(item, path=move(item.path))
            else:
                moved = replace(item, places=move(item.places))
            self.items[k] = (main, moved)

    def note(self, **attributes: str) -> None:
        self.attributes.update(attributes)

    def cloth(self, *prints: str, gloss: float = 0.0, accent: Colour | None = None) -> Fabric:
        """Cloth in the main colour with one of the prints, repeated names being likelier."""
        kind = self.rng.choice(prints or ("plain",))
        self.note(print=kind.replace("big_", ""))
        return printed(self.rng, self.ink, kind, accent, gloss)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def bounds(self) -> tuple[float, float, float, float]:
        """Of the main parts, or the frame when one is set."""
        if self.frame is not None:
            return self.frame
        spans = [
            item.outline
            if isinstance(item, Part)
            else item.path
            if isinstance(item, Line)
            else item.places
            for main, item in self.items
            if main
        ]
        low = np.min([span.min(axis=0) for span in spans], axis=0)
        high = np.max([span.max(axis=0) for span in spans], axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


@dataclass(frozen=True, slots=True)
class View:
    """From body space to the picture: pixel = (point - middle) @ matrix + shift."""

    matrix: NDArray[np.float64]
    middle: NDArray[np.float64]
    shift: NDArray[np.float64]
    scale: float

    def place(self, outline: Points) -> Points:
        return (outline - self.middle) @ self.matrix + self.shift


def fitted_view(
    sketch: Sketch, side: int, *, margin: float, turn: float, flip: bool, squash: float = 1.0
) -> View:
    """The main items centred and as large as `margin` (a share of the side) allows.

    `turn` is in degrees; `squash` shortens the picture's height, as a low camera does.
    """
    left, top, right, bottom = sketch.bounds()
    angle = np.radians(turn)
    cos, sin = np.cos(angle), np.sin(angle)
    width, height = right - left, bottom - top
    across = abs(width * cos) + abs(height * sin)
    down = (abs(width * sin) + abs(height * cos)) * squash
    scale = side * (1 - 2 * margin) / max(across, down, 1e-6)
    matrix = np.array([[cos, sin], [-sin, cos]]) * scale * np.array([-1.0 if flip else 1.0, squash])
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    return View(matrix, middle, np.array([side / 2, side / 2]), float(scale))


def paint(sketch: Sketch, view: View, side: int) -> Image.Image:
    """All items of a sketch on transparent ground, `side` pixels square (still supersampled)."""
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    noise = np.random.default_rng(sketch.rng.getrandbits(32))
    light = _light(noise, side // _COARSE)
    for _, item in sketch.items:
        if isinstance(item, Part):
            _paint_part(image, item, view, light)
        elif isinstance(item, Line):
            path = [tuple(p) for p in view.place(item.path)]
            width = max(1, round(item.width * view.scale))
            ImageDraw.Draw(image).line(path, fill=(*item.colour, 255), width=width, joint="curve")
        else:
            _paint_beads(image, item, view)
    return image


def _light(noise: np.random.Generator, side: int) -> NDArray[np.float32]:
    """Soft unevenness over the whole picture, about -1 to 1."""
    coarse = Image.fromarray(noise.normal(0, 0.55, (9, 9)).astype(np.float32))
    return np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))


def _paint_beads(image: Image.Image, item: Beads, view: View) -> None:
    pen = ImageDraw.Draw(image)
    r = max(0.8, item.radius * view.scale)
    dark = tuple(int(c * 0.62) for c in item.colour)
    pale = tuple(min(255, int(c * 0.5 + 140)) for c in item.colour)
    for x, y in view.place(item.places).tolist():
        pen.ellipse(
            (x - r, y - r, x + r, y + r), fill=(*dark, 255) if item.shine else (*item.colour, 255)
        )
        if item.shine:
            q = r * 0.8
            pen.ellipse((x - q, y - q, x + q * 0.8, y + q * 0.8), fill=(*item.colour, 255))
            if r > 2.5:
                h = r * 0.28
                pen.ellipse((x - 2 * h, y - 2 * h, x - h * 0.4, y - h * 0.4), fill=(*pale, 255))


def _paint_part(image: Image.Image, part: Part, view: View, light: NDArray[np.float32]) -> None:
    outline = view.place(part.outline)
    low = np.maximum(np.floor(outline.min(axis=0)).astype(int) // _COARSE * _COARSE, 0)
    high = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + 1, image.width)
    size = -(-(high - low) // _COARSE) * _COARSE
    if (high - low < 1).any():
        return
    width, height = int(size[0]), int(size[1])
    mask = Image.new("L", (width, height))
    ImageDraw.Draw(mask).polygon([tuple(p) for p in outline - low], fill=round(255 * part.opacity))
    coarse = (max(1, width // _COARSE), max(1, height // _COARSE))
    bright, gleam = _shading(part, view, low, mask, coarse, light)
    lit = Image.fromarray(np.clip(bright * 128, 0, 255).astype(np.uint8)).resize((width, height), 2)
    surface = _surface(part.fabric, low, width, height) * np.asarray(lit, np.uint16)[:, :, None]
    surface >>= 7
    if gleam is not None:
        shine = Image.fromarray(np.clip(gleam, 0, 255).astype(np.uint8)).resize((width, height), 2)
        surface += np.asarray(shine, np.uint16)[:, :, None]
    np.minimum(surface, 255, out=surface)
    picture = Image.fromarray(surface.astype(np.uint8))
    at = (int(low[0]), int(low[1]))
    if part.opacity >= 1:
        image.paste(picture, at, mask)
    else:
        picture.putalpha(mask)
        image.alpha_composite(picture.crop((0, 0, image.width - at[0], image.height - at[1])), at)


def _surface(fabric: Fabric, low: NDArray[np.int_], width: int, height: int) -> NDArray[np.uint16]:
    """The print over a rectangle, laid out from the picture's corner so that pieces match."""
    th, tw = fabric.tile.shape[:2]
    rows = (np.arange(height) + int(low[1])) % th
    columns = (np.arange(width) + int(low[0])) % tw
    return np.asarray(fabric.tile[rows][:, columns], np.uint16)


def _shading(
    part: Part, view: View, low: NDArray[np.int_], mask: Image.Image, coarse: tuple[int, int],
    light: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:  # fmt: skip
    """Brightness (1: the fabric's own colour) and, for glossy fabrics, light to add (0 to 255)."""
    width, height = coarse
    x0, y0 = int(low[0]) // _COARSE, int(low[1]) // _COARSE
    window = light[y0 : y0 + height, x0 : x0 + width]
    window = np.pad(window, ((0, height - window.shape[0]), (0, width - window.shape[1])), "edge")
    small = mask.resize(coarse, Image.Resampling.BOX)
    radius = max(1.0, min(coarse) * 0.09)
    soft = np.asarray(small.filter(ImageFilter.BoxBlur(radius)), np.float32) / (255 * part.opacity)
    edge = np.clip((soft - 0.5) * 2, 0, 1)
    slope = np.linspace(0.05, -0.05, width, dtype=np.float32)[None, :]
    bright = 1.04 - part.relief * (1 - edge) ** 2 * 0.8 + part.waves * window + slope
    folds = _folds(part, view, low, coarse)
    if folds is not None:
        bright = bright + folds * part.depth
    if part.fabric.gloss <= 0:
        return bright, None
    ridge = folds if folds is not None else window * 0.3
    gleam = part.fabric.gloss * (
        np.clip(ridge, 0, 1) * 110 + edge**6 * 34 + np.clip(window, 0, 1) * 30
    )
    return bright, gleam


def _folds(
    part: Part, view: View, low: NDArray[np.int_], coarse: tuple[int, int]
) -> NDArray[np.float32] | None:
    """Creases as a soft relief, about -1 to 1."""
    if not len(part.creases):
        return None
    relief = Image.new("L", coarse, 128)
    pen = ImageDraw.Draw(relief)
    wide = max(1.0, view.scale * 1.5 / _COARSE)
    for crease in part.creases:
        path = (view.place(crease) - low) / _COARSE
        lit = [tuple(p) for p in shifted(path, wide, 0)]
        pen.line(lit, fill=186, width=max(1, round(wide)))
        pen.line([tuple(p) for p in path], fill=52, width=max(1, round(wide)))
    soft = relief.filter(ImageFilter.GaussianBlur(max(0.7, wide * 0.55)))
    return np.asarray((np.asarray(soft, np.float32) - 128) / 128, np.float32)
