"""Places drawn in code to put people and things into: a street, a room, a park, a wedding, a fair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Size = tuple[int, int]
Colour = tuple[int, int, int]
_WALLS: tuple[Colour, ...] = (
    (222, 170, 120),
    (196, 120, 104),
    (148, 176, 186),
    (226, 208, 168),
    (172, 186, 150),
)


def _fall(size: Size, top: Colour, low: Colour) -> Image.Image:
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, low), Image.new("RGB", size, top), mask)


def _grain(image: Image.Image, rng: Random, strength: float = 5.0) -> Image.Image:
    noise = np.random.default_rng(rng.getrandbits(32)).normal(
        0, strength, (image.height, image.width, 1)
    )
    return Image.fromarray(np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8))


def street(size: Size, rng: Random) -> Image.Image:
    """House fronts with doors and shutters above a pavement."""
    width, height = size
    image = _fall(size, (176, 204, 228), (226, 226, 218))
    pen = ImageDraw.Draw(image)
    ground = int(height * rng.uniform(0.74, 0.82))
    x = -rng.randint(0, 60)
    while x < width:
        wide, top = rng.randint(width // 4, width // 2), rng.randint(0, height // 6)
        wall = rng.choice(_WALLS)
        pen.rectangle((x, top, x + wide, ground), fill=wall)
        pen.rectangle((x, top, x + wide, top + 14), fill=tuple(int(c * 0.8) for c in wall))
        for wx in range(x + 24, x + wide - 56, 92):
            for wy in range(top + 50, ground - 170, 150):
                frame = rng.choice(((96, 66, 48), (60, 92, 100), (236, 232, 222)))
                pen.rectangle((wx, wy, wx + 52, wy + 86), fill=frame)
                pen.rectangle((wx + 6, wy + 6, wx + 46, wy + 80), fill=(78, 88, 98))
                pen.line((wx + 26, wy + 6, wx + 26, wy + 80), fill=frame, width=4)
        door = x + wide // 2
        pen.rectangle((door - 36, ground - 150, door + 36, ground), fill=(104, 62, 44))
        x += wide
    pen.rectangle((0, ground, width, height), fill=(158, 150, 142))
    for k in range(9):
        y = ground + int((height - ground) * (k / 8) ** 1.6)
        pen.line((0, y, width, y), fill=(132, 126, 120), width=2)
    for k in range(-8, 9):
        pen.line(
            (width / 2 + k * 46, ground, width / 2 + k * 130, height), fill=(136, 130, 124), width=2
        )
    return _grain(image.filter(ImageFilter.GaussianBlur(2.6)), rng)


def room(size: Size, rng: Random) -> Image.Image:
    """A wall, a skirting board, planks, light from a window."""
    width, height = size
    tint = rng.choice(((226, 222, 212), (206, 214, 210), (230, 214, 200), (214, 212, 222)))
    image = Image.new("RGB", size, tint)
    pen = ImageDraw.Draw(image)
    floor = int(height * 0.66)
    pen.rectangle((0, floor, width, height), fill=(170, 126, 84))
    for k in range(8):
        y = floor + int((height - floor) * (k / 7) ** 1.5)
        pen.line((0, y, width, y), fill=(140, 100, 66), width=3)
    pen.rectangle((0, floor - 16, width, floor), fill=(244, 242, 236))
    wx = rng.choice((width // 14, width - width // 14 - width // 4))
    wide, tall = width // 4, int(height * 0.34)
    pen.rectangle((wx, 40, wx + wide, 40 + tall), fill=(248, 248, 244))
    pen.rectangle((wx + 10, 50, wx + wide - 10, 30 + tall), fill=(196, 220, 236))
    pen.line((wx + wide / 2, 50, wx + wide / 2, 30 + tall), fill=(248, 248, 244), width=8)
    image = image.filter(ImageFilter.GaussianBlur(1.4))
    glow = Image.new("L", size)
    ImageDraw.Draw(glow).polygon(
        [(wx, floor + 20), (wx + wide, floor + 20), (wx + wide + 160, height), (wx + 60, height)],
        fill=60,
    )
    image.paste((255, 240, 210), (0, 0), glow.filter(ImageFilter.GaussianBlur(18)))
    return _grain(image, rng, 4)


def park(size: Size, rng: Random) -> Image.Image:
    """Out-of-focus leaves over grass and a path."""
    width, height = size
    image = _fall(size, (150, 186, 150), (106, 150, 74))
    pen = ImageDraw.Draw(image)
    for _ in range(150):
        x, y, r = rng.uniform(0, width), rng.uniform(-20, height * 0.66), rng.uniform(18, 60)
        green = rng.randint(-26, 40)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(78 + green, 122 + green, 60 + green // 2))
    ground = int(height * 0.7)
    pen.rectangle((0, ground, width, height), fill=(118, 154, 78))
    pen.polygon(
        [
            (width * 0.42, ground),
            (width * 0.56, ground),
            (width * 0.95, height),
            (width * 0.05, height),
        ],
        fill=(196, 182, 156),
    )
    return _grain(image.filter(ImageFilter.GaussianBlur(7)), rng, 5)


def wedding(size: Size, rng: Random) -> Image.Image:
    """Curtains behind strings of marigolds and small lamps."""
    width, height = size
    image = _fall(size, (120, 26, 40), (92, 22, 36))
    pen = ImageDraw.Draw(image)
    for k in range(0, width, 34):
        pen.rectangle((k, 0, k + 12, height), fill=(138, 36, 50))
    image = image.filter(ImageFilter.GaussianBlur(8))
    pen = ImageDraw.Draw(image)
    for column in range(10):
        x = width * (column + 0.5) / 10
        for y in range(0, int(height * rng.uniform(0.3, 0.6)), 17):
            dye = rng.choice(((242, 150, 30), (250, 186, 40), (228, 110, 26)))
            pen.ellipse((x - 10, y - 9, x + 10, y + 9), fill=dye)
    for _ in range(40):
        lamp, up = rng.uniform(0, width), rng.uniform(0, height * 0.8)
        pen.ellipse((lamp - 4, up - 4, lamp + 4, up + 4), fill=(255, 236, 180))
    pen.rectangle((0, int(height * 0.86), width, height), fill=(150, 96, 60))
    return _grain(image.filter(ImageFilter.GaussianBlur(2.2)), rng)


def fair(size: Size, rng: Random) -> Image.Image:
    """A wooden stall under pennants."""
    width, height = size
    image = _fall(size, (168, 202, 232), (222, 230, 236))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, int(height * 0.36), width, int(height * 0.8)), fill=(140, 96, 58))
    for x in range(0, width, 42):
        pen.line((x, int(height * 0.36), x, int(height * 0.8)), fill=(112, 74, 44), width=4)
    pen.rectangle((0, int(height * 0.8), width, height), fill=(176, 166, 148))
    for row in (0.08, 0.2):
        for k in range(-1, 12):
            left, y = width * k / 11, height * row + 26 * np.sin(k)
            pen.polygon(
                [(left, y), (left + 44, y), (left + 22, y + 50)],
                fill=rng.choice(((40, 92, 170), (246, 246, 244), (206, 40, 48), (240, 190, 50))),
            )
    return _grain(image.filter(ImageFilter.GaussianBlur(3)), rng)


def planks(size: Size, rng: Random) -> Image.Image:
    """A wooden floor from above."""
    width, height = size
    image = Image.new("RGB", size, (176, 136, 96))
    pen = ImageDraw.Draw(image)
    for k, y in enumerate(range(0, height, height // 7)):
        tone = rng.randint(-16, 16)
        pen.rectangle((0, y, width, y + height // 7), fill=(176 + tone, 136 + tone, 96 + tone))
        pen.line((0, y, width, y), fill=(110, 80, 54), width=3)
        x = (k * 211 + rng.randint(0, 120)) % width
        pen.line((x, y, x, y + height // 7), fill=(110, 80, 54), width=3)
        for _ in range(9):
            gy = y + rng.uniform(6, height / 7 - 6)
            pen.line(
                (rng.uniform(0, width), gy, rng.uniform(0, width), gy + rng.uniform(-4, 4)),
                fill=(164 + tone, 122 + tone, 84 + tone),
            )
    return _grain(image.filter(ImageFilter.GaussianBlur(0.8)), rng, 6)


PLACES: Mapping[str, Callable[[Size, Random], Image.Image]] = {
    "street": street,
    "room": room,
    "park": park,
    "wedding": wedding,
    "fair": fair,
    "planks": planks,
}
