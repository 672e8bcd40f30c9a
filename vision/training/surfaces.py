"""What furnishings are made of: wood, cloth, wicker, glazed clay, rugs, pictures, clock faces; all drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from catalog.demo.drawing_fabrics import PALETTE, PRINTS, jitter, printed, woven
from vision.training.backgrounds import texture
from vision.training.solids import Rows, Spot, placed

Generator = np.random.Generator
Colour = tuple[float, float, float]

WOODS = (
    (222, 196, 158),
    (196, 156, 108),
    (236, 218, 186),
    (120, 78, 48),
    (66, 46, 36),
    (168, 110, 66),
)
LACQUERS = (
    (246, 246, 244), (246, 246, 244), (238, 236, 230), (40, 40, 42), (128, 130, 132), (186, 34, 38),
    (64, 96, 120), (92, 122, 92), (222, 200, 170), (206, 190, 60),
)  # fmt: skip
METALS = (
    (196, 198, 200),
    (150, 152, 155),
    (44, 44, 46),
    (236, 236, 236),
    (196, 160, 84),
    (120, 88, 60),
)
SHADES = (
    (250, 248, 240),
    (240, 232, 214),
    (60, 58, 58),
    (200, 60, 50),
    (120, 150, 160),
    (210, 190, 150),
)
CALM = (
    (250, 249, 246), (244, 240, 232), (232, 224, 208), (214, 200, 178), (188, 170, 144), (226, 227, 228),
    (190, 193, 196), (148, 152, 156), (96, 99, 104), (58, 60, 64), (40, 52, 78), (92, 116, 146),
    (158, 178, 196), (150, 164, 146), (96, 108, 88), (190, 142, 118), (220, 188, 178), (122, 96, 78),
)  # fmt: skip
"""What most cloth of a European home is dyed in."""
CALM_SHARE = 0.6
HIDES = (
    (246, 240, 230),
    (226, 208, 180),
    (150, 108, 72),
    (92, 62, 42),
    (40, 36, 34),
    (200, 198, 196),
)
HOME_PRINTS = tuple(p for p in PRINTS if p not in ("denim", "chikan"))


@dataclass(frozen=True, slots=True)
class Material:
    """A colour with its opacity, each 0 to 1, or a picture that repeats every `metres`."""

    colour: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    skin: Image.Image | None = None
    metres: float = 1.0


GLASS = Material((0.82, 0.9, 0.92, 0.4))
Part = tuple[Rows, Material]
"""A solid and what it is made of."""


def shifted(
    parts: Sequence[Part], move: Spot = (0, 0, 0), *, turn: float = 0, tilt: float = 0
) -> list[Part]:
    """Every part `placed` alike."""
    return [(placed(rows, move, turn=turn, tilt=tilt), material) for rows, material in parts]


def flat(
    rng: Generator, tones: tuple[Colour, ...], by: float = 8.0, alpha: float = 1.0
) -> Material:
    """One of the tones, a little off."""
    tone = np.asarray(tones[int(rng.integers(len(tones)))]) + rng.normal(0, by)
    red, green, blue = (float(v) for v in np.clip(tone, 0, 255) / 255)
    return Material((red, green, blue, alpha))


def metal(rng: Generator) -> Material:
    return flat(rng, METALS)


def frame(rng: Generator, wooden: float = 0.6) -> Material:
    """What holds a seat: wood, this often, or metal."""
    return wood(rng) if rng.random() < wooden else metal(rng)


def board(rng: Generator) -> Material:
    """What cabinets and tables are made of: wood with its grain, or a lacquer."""
    return wood(rng) if rng.random() < 0.6 else flat(rng, LACQUERS)


def wood(rng: Generator) -> Material:
    """Grain along the texture's first axis."""
    base = np.asarray(WOODS[int(rng.integers(len(WOODS)))]) + rng.normal(0, 10, 3)
    long = _stretched(rng, (6, 40)) * rng.uniform(10, 34) + _stretched(rng, (3, 160)) * rng.uniform(
        4, 16
    )
    return Material(skin=image_of(base + long[..., None]), metres=float(rng.uniform(0.5, 1.1)))


def cloth(rng: Generator, metres: float = 0.12) -> Material:
    """Printed or plain; the print repeats about every `metres`."""
    random = Random(int(rng.integers(2**31)))
    colour = _dye(random)
    if random.random() < 0.4:
        fabric = woven(random, colour, random.uniform(3, 10))
    else:
        fabric = printed(random, colour, random.choice(HOME_PRINTS))
    size = metres * float(rng.uniform(0.6, 3.0)) * fabric.tile.shape[1] / 96
    return Material(skin=Image.fromarray(fabric.tile), metres=size)


def upholstery(rng: Generator) -> Material:
    """A coarse weave, seldom leather or a print."""
    kind = rng.random()
    if kind < 0.15:
        return cloth(rng, 0.2)
    random = Random(int(rng.integers(2**31)))
    if kind < 0.35:
        return flat(rng, (*HIDES, (150, 60, 40)), 10)
    fabric = woven(random, _dye(random, 0.75), random.uniform(4, 16))
    return Material(skin=Image.fromarray(fabric.tile), metres=float(rng.uniform(0.1, 0.3)))


def _dye(random: Random, calm: float = CALM_SHARE) -> tuple[int, int, int]:
    tones = CALM if random.random() < calm else tuple(PALETTE.values())
    return jitter(random, random.choice(tones), 20)


def towelling(rng: Generator) -> Material:
    """One colour with loops, sometimes banded."""
    random = Random(int(rng.integers(2**31)))
    base = np.asarray(_dye(random), dtype=np.float64)
    field = np.broadcast_to(base, (256, 256, 3)) + rng.normal(0, rng.uniform(5, 16), (256, 256, 1))
    kind = rng.random()
    if kind < 0.5:
        at, wide = int(rng.integers(180, 225)), int(rng.integers(6, 26))
        field[at : at + wide] = field[at : at + wide] * 0.8 + rng.uniform(10, 50)
    elif kind < 0.7:
        other = np.asarray(_dye(random), dtype=np.float64)
        stripes = np.sin(np.arange(256) * 2 * np.pi / rng.integers(16, 90)) > rng.uniform(-0.5, 0.7)
        field = np.where(
            stripes[:, None, None] if rng.random() < 0.6 else stripes[None, :, None], field, other
        )
    elif kind < 0.8:
        y, x = np.mgrid[:256, :256]
        field = field - 26 * ((x // 10 + y // 10) % 2)[..., None]
    return Material(skin=image_of(field), metres=0.7)


def wicker(rng: Generator) -> Material:
    """Strands over and under."""
    tone = np.asarray(WOODS[int(rng.integers(len(WOODS)))], dtype=np.float64)
    y, x = np.mgrid[:128, :128] / 128 * int(rng.integers(4, 9))
    over = (np.floor(x) + np.floor(y)) % 2
    bulge = np.where(over > 0, np.sin(np.pi * (y % 1)), np.sin(np.pi * (x % 1)))
    return Material(skin=image_of(tone * (0.45 + 0.55 * bulge[..., None])), metres=0.14)


def glazed(rng: Generator) -> Material:
    """Clay or porcelain: one tone, or something painted around."""
    if rng.random() < 0.65:
        return flat(rng, (*LACQUERS, (196, 108, 70), (170, 182, 190)))
    return Material(skin=cloth(rng).skin, metres=float(rng.uniform(0.2, 0.5)))


def rug(rng: Generator, aspect: float) -> Image.Image:
    """A whole rug seen from above, `aspect` times as long as wide."""
    wide, tall = 220, int(220 * aspect)
    random = Random(int(rng.integers(2**31)))
    tones = [np.asarray(_dye(random), dtype=np.float64) for _ in range(4)]
    kind = rng.random()
    if kind < 0.12:
        return image_of(_pile(rng, tones[0], tall, wide))
    if kind < 0.2:
        return image_of(_plaited(rng, tall, wide))
    if kind < 0.3:
        field = tones[0] + (rng.normal(0, 1, (tall, wide, 1)) * rng.uniform(6, 26))
    elif kind < 0.45:
        field = _across(rng, tones, tall, wide)
    elif kind < 0.6:
        field = np.asarray(texture(rng, (wide, tall)), dtype=np.float64)
    else:
        field = _mirrored(rng, tones, tall, wide)
    if rng.random() < 0.6:
        for ring in range(int(rng.integers(1, 4))):
            inset, edge = 6 + ring * int(rng.integers(8, 14)), int(rng.integers(2, 8))
            field = _framed(field, inset, edge, tones[(ring + 1) % 4])
    field = field + rng.normal(0, rng.uniform(2, 12), (tall, wide, 1))
    return image_of(field)


def painting(rng: Generator, size: tuple[int, int]) -> Image.Image:
    """Something to hang: a landscape of bands, shapes, a cloudy photo, or words."""
    kind = rng.random()
    if kind < 0.3:
        return Image.fromarray(texture(rng, size)).filter(
            ImageFilter.GaussianBlur(float(rng.uniform(0, 4)))
        )
    image = Image.new("RGB", size, _tone(rng))
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(2, 9))):
        x, y = (float(rng.uniform(-0.2, 1)) * s for s in size)
        w, h = (float(rng.uniform(0.1, 0.8)) * s for s in size)
        if kind < 0.5:
            pen.rectangle((0, y, size[0], y + h), fill=_tone(rng))
        elif kind < 0.8:
            pen.ellipse((x, y, x + w, y + h), fill=_tone(rng))
        else:
            pen.text((abs(x) * 0.5, abs(y)), "Home sweet home"[: int(rng.integers(3, 15))], fill=_tone(rng),
                     font=ImageFont.load_default(size[0] // 6))  # fmt: skip
    return image


def clock_face(rng: Generator) -> Image.Image:
    """Numbers or strokes around two hands."""
    paper, ink = (
        ((250, 250, 248), (20, 20, 22)) if rng.random() < 0.7 else ((28, 28, 30), (240, 240, 240))
    )
    if rng.random() < 0.3:
        paper = _tone(rng)
    image = Image.new("RGB", (256, 256), paper)
    pen = ImageDraw.Draw(image)
    numbered, font = rng.random() < 0.6, ImageFont.load_default(int(rng.integers(18, 34)))
    for hour in range(1, 13):
        angle = np.radians(hour * 30)
        x, y = 128 + 98 * np.sin(angle), 128 - 98 * np.cos(angle)
        if numbered:
            pen.text((x, y), str(hour), fill=ink, font=font, anchor="mm")
        else:
            pen.line(
                (x, y, 128 + 116 * np.sin(angle), 128 - 116 * np.cos(angle)), fill=ink, width=5
            )
    for long, thick in ((58, 8), (88, 5)):
        angle = rng.uniform(0, 2 * np.pi)
        pen.line(
            (128, 128, 128 + long * np.sin(angle), 128 - long * np.cos(angle)),
            fill=ink,
            width=thick,
        )
    return image


def reflection(rng: Generator) -> Image.Image:
    """What a mirror shows in a studio: a soft slanting gradient, seldom a room."""
    y, x = np.mgrid[:128, :128] / 128
    slope = x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)
    tone = np.asarray((206, 214, 220)) + rng.normal(0, 10)
    field = (
        tone
        + 40 * slope[..., None]
        + 18 * (np.sin(9 * slope + rng.uniform(0, 6)) > 0.93)[..., None]
    )
    if rng.random() < 0.2:
        field = field * 0.5 + np.asarray(texture(rng, (128, 128))) * 0.5
    return image_of(field).filter(ImageFilter.GaussianBlur(1.5))


def hide(rng: Generator) -> Material:
    """Fur in one tone, or in patches of two."""
    first, second = (
        np.asarray(HIDES[int(i)], dtype=np.float64) for i in rng.integers(len(HIDES), size=2)
    )
    field = _pile(rng, first, 256, 256)
    if rng.random() < 0.5:
        patches = (_stretched(rng, (5, 5)) > rng.uniform(-0.2, 0.3))[..., None]
        field = np.where(patches, _pile(rng, second, 256, 256), field)
    return Material(skin=image_of(field))


def _pile(rng: Generator, tone: NDArray[np.float64], tall: int, wide: int) -> NDArray[np.float64]:
    """Long threads that lie every way: clumps of light and shade."""
    clumps = rng.normal(0, 1, (tall // 4 + 1, wide // 4 + 1)).astype(np.float32)
    soft = Image.fromarray(clumps).resize((wide, tall), Image.Resampling.BICUBIC)
    fine = rng.normal(0, rng.uniform(4, 14), (tall, wide))
    return tone + (np.asarray(soft, dtype=np.float64) * rng.uniform(8, 26) + fine)[..., None]


def _plaited(rng: Generator, tall: int, wide: int) -> NDArray[np.float64]:
    """Jute or sisal: rows of plaits in a natural tone."""
    tone = np.asarray(WOODS[int(rng.integers(3))], dtype=np.float64) + rng.normal(0, 8, 3)
    y, x = np.mgrid[:tall, :wide]
    step = int(rng.integers(5, 14))
    slant = ((x + np.where((y // step) % 2 > 0, y, -y)) % step) / step
    return np.asarray(tone * (0.72 + 0.34 * slant[..., None]) + rng.normal(0, 8, (tall, wide, 1)))


def _across(
    rng: Generator, tones: list[NDArray[np.float64]], tall: int, wide: int
) -> NDArray[np.float64]:
    cuts = np.sort(rng.integers(0, tall, int(rng.integers(3, 24))))
    band = np.searchsorted(cuts, np.arange(tall)) % len(tones)
    return np.broadcast_to(np.stack(tones)[band][:, None], (tall, wide, 3)).astype(np.float64)


def _mirrored(
    rng: Generator, tones: list[NDArray[np.float64]], tall: int, wide: int
) -> NDArray[np.float64]:
    """A quarter of shapes, mirrored twice: medallions, lattices, borders."""
    quarter = Image.new("RGB", (wide // 2, tall // 2), _ints(tones[0]))
    pen = ImageDraw.Draw(quarter)
    for _ in range(int(rng.integers(4, 30))):
        x, y = rng.uniform(0, wide / 2), rng.uniform(0, tall / 2)
        r = rng.uniform(4, 46)
        corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
        fill = _ints(tones[int(rng.integers(1, 4))])
        if rng.random() < 0.6:
            pen.polygon(corners, fill=fill)
        else:
            pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)
    part = np.asarray(quarter, dtype=np.float64)
    half = np.concatenate([part, part[:, ::-1]], axis=1)
    whole = np.concatenate([half, half[::-1]], axis=0)
    return np.asarray(
        Image.fromarray(whole.astype(np.uint8)).resize((wide, tall)), dtype=np.float64
    )


def _framed(
    field: NDArray[np.float64], inset: int, edge: int, tone: NDArray[np.float64]
) -> NDArray[np.float64]:
    found = field.copy()
    inner = found[inset + edge : -inset - edge, inset + edge : -inset - edge].copy()
    found[inset:-inset, inset:-inset] = tone
    found[inset + edge : -inset - edge, inset + edge : -inset - edge] = inner
    return found


def _stretched(rng: Generator, cells: tuple[int, int]) -> NDArray[np.float64]:
    """Smooth noise of (256, 256) from `cells` (across, down), about -1 to 1."""
    grid = rng.normal(0, 0.5, (cells[1], cells[0])).astype(np.float32)
    return np.asarray(
        Image.fromarray(grid).resize((256, 256), Image.Resampling.BICUBIC), dtype=np.float64
    )


def _tone(rng: Generator) -> tuple[int, int, int]:
    return _ints(
        np.asarray(list(PALETTE.values())[int(rng.integers(len(PALETTE)))]) + rng.normal(0, 14, 3)
    )


def _ints(tone: NDArray[np.float64]) -> tuple[int, int, int]:
    red, green, blue = (int(v) for v in np.clip(tone, 0, 255))
    return red, green, blue


def image_of(field: NDArray[np.float64]) -> Image.Image:
    """Colours of 0 to 255, shape (height, width, 3), cut off at both ends."""
    return Image.fromarray(np.clip(field, 0, 255).astype(np.uint8))
