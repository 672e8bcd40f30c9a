"""Cloth, leather and metal: a base colour, a repeating print, and how the surface takes light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Tile = NDArray[np.uint8]

PALETTE: dict[str, Colour] = {
    "black": (34, 33, 37), "white": (244, 243, 239), "grey": (139, 140, 144),
    "beige": (220, 202, 172), "brown": (111, 72, 47), "red": (197, 32, 42),
    "maroon": (112, 22, 40), "pink": (238, 140, 172), "magenta": (202, 30, 118),
    "purple": (104, 48, 134), "lavender": (188, 168, 218), "blue": (48, 102, 188),
    "navy": (28, 38, 84), "teal": (16, 122, 124), "green": (40, 132, 72),
    "olive": (112, 112, 52), "yellow": (246, 208, 56), "mustard": (206, 152, 36),
    "gold": (208, 166, 72), "orange": (240, 124, 38), "rust": (178, 78, 38),
    "peach": (250, 190, 158), "silver": (192, 194, 200), "copper": (184, 110, 72),
    "multi": (200, 90, 90),
}  # fmt: skip
"""One middle value for each colour word of the catalogue."""

GOLD: Colour = (208, 166, 72)
STEEL: Colour = (196, 198, 204)
PRINTS = (
    "plain", "heather", "stripes", "pinstripes", "checks", "tartan", "gingham", "dots", "floral",
    "big_floral", "paisley", "buti", "bandhani", "ikat", "leheriya", "brocade", "chikan",
    "geometric", "denim", "knit", "cable", "tie_dye", "animal", "ditsy", "bands",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fabric:
    """What a part is made of. `tile` repeats; `gloss` adds light on ridges, 0 to 1."""

    colour: Colour
    tile: Tile
    print: str = "plain"
    gloss: float = 0.0

    def turned(self) -> Fabric:
        """The same with its print across."""
        return Fabric(
            self.colour, np.ascontiguousarray(np.rot90(self.tile)), self.print, self.gloss
        )


def shade(colour: Colour, by: float) -> Colour:
    """Darker below 1, lighter above."""
    if by <= 1:
        return tuple(round(c * by) for c in colour)  # type: ignore[return-value]
    return tuple(round(c + (255 - c) * (by - 1)) for c in colour)  # type: ignore[return-value]


def jitter(rng: Random, colour: Colour, by: int = 14) -> Colour:
    """A neighbour of the colour, still called by the same word."""
    light = rng.uniform(-by, by)
    return tuple(  # type: ignore[return-value]
        round(min(252, max(8, c + light + rng.uniform(-by / 2, by / 2)))) for c in colour
    )


def plain(colour: Colour, gloss: float = 0.0, name: str = "plain") -> Fabric:
    """An even surface."""
    tile = np.empty((64, 64, 3), np.uint8)
    tile[:] = colour
    return Fabric(colour, tile, name, gloss)


def metal(colour: Colour) -> Fabric:
    return plain(colour, 0.9, "metal")


def woven(rng: Random, colour: Colour, grain: float = 5.0, gloss: float = 0.0) -> Fabric:
    """A plain weave with a visible thread."""
    return Fabric(colour, _grain(_filled(colour, 96), rng, grain), "plain", gloss)


def printed(
    rng: Random, colour: Colour, kind: str, accent: Colour | None = None, gloss: float = 0.0
) -> Fabric:
    """Cloth in `colour` with one of `PRINTS`. KeyError when the print is unknown."""
    accent = accent or contrasting(rng, colour)
    tile = _TILES[kind](rng, colour, accent)
    return Fabric(colour, _grain(tile, rng, 3.0), kind, gloss)


def contrasting(rng: Random, colour: Colour) -> Colour:
    """A colour that is seen on `colour`."""
    light = sum(colour) / 3
    while True:
        other = jitter(rng, rng.choice(list(PALETTE.values())))
        if (
            abs(sum(other) / 3 - light) > 55
            or max(abs(a - b) for a, b in zip(colour, other, strict=True)) > 110
        ):
            return other


def nearest_word(colour: Colour) -> str:
    """The colour word closest to a colour."""
    return min(
        (word for word in PALETTE if word != "multi"),
        key=lambda w: sum((a - b) ** 2 for a, b in zip(PALETTE[w], colour, strict=True)),
    )


def _filled(colour: Colour, size: int) -> Tile:
    tile = np.empty((size, size, 3), np.uint8)
    tile[:] = colour
    return tile


def _grain(tile: Tile, rng: Random, strength: float) -> Tile:
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, strength, tile.shape[:2])
    return np.clip(tile + noise[:, :, None], 0, 255).astype(np.uint8)


def _canvas(colour: Colour, size: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (size, size), colour)
    return image, ImageDraw.Draw(image)


def _heather(rng: Random, colour: Colour, accent: Colour) -> Tile:
    del accent
    return _grain(_filled(colour, 128), rng, 13)


def _stripes(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((16, 24, 32, 48))
    tile = _filled(colour, size)
    wide = rng.uniform(0.2, 0.55)
    tile[:, : int(size * wide)] = accent
    if rng.random() < 0.4:
        third = jitter(rng, contrasting(rng, colour))
        tile[:, int(size * (wide + 0.12)) : int(size * (wide + 0.22))] = third
    return tile if rng.random() < 0.6 else np.ascontiguousarray(np.rot90(tile))


def _pinstripes(rng: Random, colour: Colour, accent: Colour) -> Tile:
    tile = _filled(colour, rng.choice((12, 16, 22)))
    tile[:, :2] = ((tile[:, :2].astype(int) * 2 + np.array(accent) * 3) // 5).astype(np.uint8)
    return tile


def _crossed(colour: Colour, bands: list[tuple[float, float, Colour]], size: int) -> Tile:
    warp = _filled(colour, size).astype(np.float32)
    for start, stop, dye in bands:
        warp[:, int(start * size) : int(stop * size)] = dye
    mixed = (warp + warp.transpose(1, 0, 2)) / 2
    return mixed.astype(np.uint8)


def _checks(rng: Random, colour: Colour, accent: Colour) -> Tile:
    bands = [(0.0, rng.uniform(0.15, 0.4), accent)]
    if rng.random() < 0.6:
        third = contrasting(rng, colour)
        bands.append((0.55, rng.uniform(0.6, 0.75), third))
    return _crossed(colour, bands, rng.choice((24, 32, 40, 52)))


def _tartan(rng: Random, colour: Colour, accent: Colour) -> Tile:
    dark, third = shade(colour, 0.45), contrasting(rng, colour)
    bands = [(0.0, 0.3, dark), (0.12, 0.17, accent), (0.5, 0.55, third), (0.6, 0.65, dark)]
    return _crossed(colour, bands, rng.choice((44, 60, 76)))


def _gingham(rng: Random, colour: Colour, accent: Colour) -> Tile:
    del accent
    size = rng.choice((12, 16, 22, 30))
    return _crossed((246, 245, 242), [(0.0, 0.5, colour)], size)


def _dots(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((18, 24, 32, 44))
    image, pen = _canvas(colour, size)
    r = size * rng.uniform(0.09, 0.2)
    for x, y in ((0, 0), (size, 0), (0, size), (size, size), (size / 2, size / 2)):
        pen.ellipse((x - r, y - r, x + r, y + r), fill=accent)
    return np.asarray(image)


def _flower(
    pen: ImageDraw.ImageDraw,
    x: float,
    y: float,
    r: float,
    petal: Colour,
    heart: Colour,
    turn: float,
) -> None:
    for k in range(5):
        angle = turn + k * 2 * np.pi / 5
        px, py = x + r * 0.62 * np.cos(angle), y + r * 0.62 * np.sin(angle)
        pen.ellipse((px - r * 0.46, py - r * 0.46, px + r * 0.46, py + r * 0.46), fill=petal)
    pen.ellipse((x - r * 0.28, y - r * 0.28, x + r * 0.28, y + r * 0.28), fill=heart)


def _leaf(pen: ImageDraw.ImageDraw, x: float, y: float, r: float, turn: float, dye: Colour) -> None:
    dx, dy = np.cos(turn) * r, np.sin(turn) * r
    pen.polygon(
        [(x, y), (x + dx / 2 - dy * 0.3, y + dy / 2 + dx * 0.3), (x + dx, y + dy),
         (x + dx / 2 + dy * 0.3, y + dy / 2 - dx * 0.3)], fill=dye)  # fmt: skip


def _strewn(rng: Random, colour: Colour, accent: Colour, size: int, count: int, r: float) -> Tile:
    image, pen = _canvas(colour, size)
    leaf, second = contrasting(rng, colour), contrasting(rng, colour)
    heart = PALETTE["yellow"] if rng.random() < 0.6 else shade(accent, 0.5)
    cells = max(1, round(count**0.5))
    for k in range(count):
        x = (k % cells + rng.uniform(0.25, 0.75)) * size / cells
        y = (k // cells + rng.uniform(0.25, 0.75)) * size / cells
        turn, radius = rng.uniform(0, 6.3), r * rng.uniform(0.7, 1.2)
        petal = accent if rng.random() < 0.65 else second
        for ox in (-size, 0, size):
            for oy in (-size, 0, size):
                if not (-2 * r < x + ox < size + 2 * r and -2 * r < y + oy < size + 2 * r):
                    continue
                _leaf(pen, x + ox, y + oy, radius * 1.8, turn + 0.6, leaf)
                _leaf(pen, x + ox, y + oy, radius * 1.6, turn + 3.4, leaf)
                _flower(pen, x + ox, y + oy, radius, petal, heart, turn)
    return np.asarray(image)


def _floral(rng: Random, colour: Colour, accent: Colour) -> Tile:
    return _strewn(rng, colour, accent, 128, 9, rng.uniform(9, 13))


def _big_floral(rng: Random, colour: Colour, accent: Colour) -> Tile:
    return _strewn(rng, colour, accent, 180, 4, rng.uniform(24, 34))


def _ditsy(rng: Random, colour: Colour, accent: Colour) -> Tile:
    return _strewn(rng, colour, accent, 96, 16, rng.uniform(3.5, 5))


def _paisley_motif(pen: ImageDraw.ImageDraw, x: float, y: float, r: float, dye: Colour) -> None:
    pen.ellipse((x - r * 0.6, y - r * 0.2, x + r * 0.6, y + r), fill=dye)
    pen.polygon([(x - r * 0.6, y + r * 0.3), (x - r * 0.2, y - r * 0.7), (x + r * 0.5, y - r),
                 (x + r * 0.15, y - r * 0.5), (x + r * 0.58, y + r * 0.25)], fill=dye)  # fmt: skip


def _paisley(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((40, 52, 68))
    image, pen = _canvas(colour, size)
    inner = contrasting(rng, accent)
    for x, y in ((size * 0.27, size * 0.27), (size * 0.77, size * 0.77)):
        _paisley_motif(pen, x, y, size * 0.21, accent)
        _paisley_motif(pen, x, y + size * 0.03, size * 0.12, inner)
    for x, y in ((size * 0.77, size * 0.25), (size * 0.25, size * 0.78)):
        pen.ellipse((x - 2, y - 2, x + 2, y + 2), fill=inner)
    return np.asarray(image)


def _buti(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((28, 36, 48))
    image, pen = _canvas(colour, size)
    leaf = contrasting(rng, colour) if rng.random() < 0.5 else accent
    for x, y in ((size * 0.25, size * 0.3), (size * 0.75, size * 0.8)):
        r = size * 0.13
        pen.line((x, y, x, y + r * 1.9), fill=leaf, width=2)
        _leaf(pen, x, y + r * 1.6, r * 1.3, -0.6, leaf)
        _leaf(pen, x, y + r * 1.6, r * 1.3, 3.7, leaf)
        _flower(pen, x, y - r * 0.2, r, accent, colour, -1.57)
    return np.asarray(image)


def _bandhani(rng: Random, colour: Colour, accent: Colour) -> Tile:
    del accent
    size = rng.choice((48, 64))
    image, pen = _canvas(colour, size)
    dye = rng.choice(((250, 246, 232), PALETTE["yellow"]))
    for k in range(16):
        angle = k * 2 * np.pi / 16
        for radius in (0.14, 0.28, 0.42):
            if radius < 0.2 and k % 2:
                continue
            x, y = (
                size / 2 + np.cos(angle) * size * radius,
                size / 2 + np.sin(angle) * size * radius,
            )
            pen.ellipse((x - 1.6, y - 1.6, x + 1.6, y + 1.6), fill=dye)
    pen.ellipse((size / 2 - 2, size / 2 - 2, size / 2 + 2, size / 2 + 2), fill=dye)
    for x, y in ((0, 0), (size, 0), (0, size), (size, size)):
        pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=dye)
    return np.asarray(image)


def _ikat(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((48, 64, 80))
    y, x = np.mgrid[0:size, 0:size]
    wobble = np.random.default_rng(rng.getrandbits(32)).integers(-3, 4, size)[None, :]
    diamond = np.abs(x - size / 2) + np.abs((y + wobble) % size - size / 2)
    tile = _filled(colour, size)
    tile[diamond < size * 0.42] = accent
    tile[diamond < size * 0.28] = contrasting(rng, accent)
    tile[diamond < size * 0.12] = colour
    return tile


def _leheriya(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((32, 48))
    y, x = np.mgrid[0:size, 0:size]
    wave = np.abs(x - size // 2) if rng.random() < 0.5 else x
    phase = (wave + y) % (size // 2)
    tile = _filled(colour, size)
    tile[phase < size // 7] = accent
    tile[(phase > size // 4) & (phase < size // 3)] = (248, 244, 236)
    return tile


def _brocade(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((28, 36, 44))
    image, pen = _canvas(colour, size)
    thread = accent if sum(accent) > 380 else GOLD
    for x, y in ((size / 4, size / 4), (size * 3 / 4, size * 3 / 4)):
        r = size * 0.13
        pen.polygon([(x, y - r * 1.6), (x + r, y), (x, y + r * 1.6), (x - r, y)], fill=thread)
        pen.polygon(
            [(x, y - r * 0.7), (x + r / 2, y), (x, y + r * 0.7), (x - r / 2, y)], fill=colour
        )
    for x, y in ((size * 3 / 4, size / 4), (size / 4, size * 3 / 4)):
        pen.ellipse((x - 2, y - 2, x + 2, y + 2), fill=thread)
    return np.asarray(image)


def _chikan(rng: Random, colour: Colour, accent: Colour) -> Tile:
    del accent
    thread = (252, 251, 247) if sum(colour) < 690 else shade(colour, 0.84)
    return _buti(Random(rng.getrandbits(30)), colour, thread)  # white thread on its own ground


def _geometric(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((24, 32, 44))
    image, pen = _canvas(colour, size)
    if rng.random() < 0.5:
        pen.line((0, size / 2, size / 2, 0, size, size / 2), fill=accent, width=max(2, size // 9))
        pen.line((0, size, size / 2, size / 2, size, size), fill=accent, width=max(2, size // 9))
    else:
        pen.polygon([(0, size), (size / 2, size / 3), (size, size)], fill=accent)
    return np.asarray(image)


def _denim(rng: Random, colour: Colour, accent: Colour) -> Tile:
    del accent
    y, x = np.mgrid[0:96, 0:96]
    twill = (((x + y) % 6) < 2) * 16
    return _grain(np.clip(_filled(colour, 96) + twill[:, :, None], 0, 255).astype(np.uint8), rng, 9)


def _knit(rng: Random, colour: Colour, accent: Colour) -> Tile:
    size = rng.choice((8, 12))
    y, x = np.mgrid[0:96, 0:96]
    loops = np.sin(2 * np.pi * (y + np.abs(x % size - size / 2)) / 6) * 9
    ribs = np.cos(2 * np.pi * x / size) * 10
    tile: Tile = np.asarray(
        np.clip(_filled(colour, 96) + (loops + ribs)[:, :, None], 0, 255), np.uint8
    )
    if rng.random() < 0.3:
        tile[10:22] = ((tile[10:22].astype(int) + np.array(accent) * 2) // 3).astype(np.uint8)
    return tile


def _cable(rng: Random, colour: Colour, accent: Colour) -> Tile:
    del accent, rng
    y, x = np.mgrid[0:80, 0:80]
    twist = np.sin(2 * np.pi * y / 40) * 7
    cable = np.exp(-(((x % 40) - 14 - twist) ** 2) / 18) + np.exp(
        -(((x % 40) - 14 + twist) ** 2) / 18
    )
    rib = np.cos(2 * np.pi * x / 5) * 6
    lifted = _filled(colour, 80) + (cable * 34 - 12 + rib)[:, :, None]
    return np.asarray(np.clip(lifted, 0, 255), np.uint8)


def _tie_dye(rng: Random, colour: Colour, accent: Colour) -> Tile:
    y, x = np.mgrid[0:256, 0:256]
    radius = np.hypot(x - 128, y - 128) + rng.uniform(2, 6) * np.sin(
        np.arctan2(y - 128, x - 128) * 9
    )
    mix = (0.5 + 0.5 * np.cos(radius / rng.uniform(5, 11)))[:, :, None]
    return np.asarray(np.array(colour) * (1 - mix) + np.array(accent) * mix, np.uint8)


def _animal(rng: Random, colour: Colour, accent: Colour) -> Tile:
    del accent
    image, pen = _canvas(jitter(rng, (206, 170, 118)), 72)
    for k in range(20):
        x, y = (k % 5 + rng.uniform(0.2, 0.8)) * 14, (k // 5 + rng.uniform(0.2, 0.8)) * 18
        r = rng.uniform(3, 5.5)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(50, 36, 26))
        pen.ellipse((x - r * 0.5, y - r * 0.5, x + r * 0.6, y + r * 0.4), fill=shade(colour, 0.8))
    return np.asarray(image)


def _bands(rng: Random, colour: Colour, accent: Colour) -> Tile:
    """Woven stripes of many widths across the cloth, as lungis and gamchas have them."""
    tile = _filled(colour, 256)
    dyes = [accent, contrasting(rng, colour), shade(colour, 0.5), (240, 236, 226)]
    y = 0
    while y < 250:
        wide = rng.choice((2, 3, 5, 9, 16, 30))
        tile[y : y + wide] = rng.choice(dyes)
        y += wide + rng.choice((3, 6, 12, 26))
    return tile


def _plain(rng: Random, colour: Colour, accent: Colour) -> Tile:
    del rng, accent
    return _filled(colour, 96)


_TILES: dict[str, Callable[[Random, Colour, Colour], Tile]] = {
    "plain": _plain, "heather": _heather, "stripes": _stripes, "pinstripes": _pinstripes,
    "checks": _checks, "tartan": _tartan, "gingham": _gingham, "dots": _dots, "floral": _floral,
    "big_floral": _big_floral, "paisley": _paisley, "buti": _buti, "bandhani": _bandhani,
    "ikat": _ikat, "leheriya": _leheriya, "brocade": _brocade, "chikan": _chikan,
    "geometric": _geometric, "denim": _denim, "knit": _knit, "cable": _cable,
    "bands": _bands,
    "tie_dye": _tie_dye, "animal": _animal, "ditsy": _ditsy,
}  # fmt: skip
