"""Pictures of nothing that anyone sells: pages of text, icons, charts, noise, surfaces, empty streets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Pixels = NDArray[np.uint8]

_LETTERS = "etaoin shrdlu cmfwyp vbgkjq xz"


def empty_picture(pool: Sequence[Pixels], side: int, rng: np.random.Generator) -> Pixels:
    """One picture without anything to classify, shape (side, side, 3)."""
    kind = rng.random()
    if kind < 0.4 and pool:
        return _part(pool[int(rng.integers(len(pool)))], side, rng)
    if kind < 0.6:
        return text_page(side, rng)
    if kind < 0.75:
        return icon(side, rng)
    if kind < 0.85:
        return chart(side, rng)
    return noise(side, rng)


def text_page(side: int, rng: np.random.Generator) -> Pixels:
    """Lines of letters, dark on light or light on dark."""
    dark = rng.random() < 0.25
    paper, ink = (_near(30, rng), _near(220, rng)) if dark else (_near(245, rng), _near(40, rng))
    image = Image.new("RGB", (side * 2, side * 2), paper)
    draw = ImageDraw.Draw(image)
    size = int(rng.integers(8, 30))
    font = ImageFont.load_default(size)
    margin = int(rng.integers(4, 40))
    y = margin
    while y < 2 * side - margin:
        count = int(rng.integers(10, 4 * side // size + 11))
        line = "".join(_LETTERS[int(i)] for i in rng.integers(0, len(_LETTERS), count))
        draw.text((margin, y), line, fill=ink, font=font)
        y += int(size * (1.3 if rng.random() < 0.85 else 2.6))
    return np.asarray(image.resize((side, side), Image.Resampling.BILINEAR))


def icon(side: int, rng: np.random.Generator) -> Pixels:
    """A few flat shapes on one colour."""
    image = Image.new("RGB", (side, side), _any(rng))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(1, 6))):
        x0, x1 = sorted(int(v) for v in rng.integers(0, side, 2))
        y0, y1 = sorted(int(v) for v in rng.integers(0, side, 2))
        shape = rng.random()
        if shape < 0.35:
            draw.ellipse((x0, y0, x1 + 2, y1 + 2), fill=_any(rng))
        elif shape < 0.65:
            draw.rounded_rectangle((x0, y0, x1 + 8, y1 + 8), 3, fill=_any(rng))
        else:
            corners = [
                (int(a), int(b)) for a, b in rng.integers(0, side, (int(rng.integers(3, 7)), 2))
            ]
            draw.polygon(corners, fill=_any(rng))
    return np.asarray(image)


def chart(side: int, rng: np.random.Generator) -> Pixels:
    """Bars or a line between axes."""
    image = Image.new("RGB", (side, side), _near(248, rng))
    draw = ImageDraw.Draw(image)
    count = int(rng.integers(4, 14))
    heights = rng.uniform(0.1, 0.85, count) * side
    step = side * 0.85 / count
    colour = _any(rng)
    tops = [(side * 0.1 + i * step, side * 0.92 - h) for i, h in enumerate(heights)]
    if rng.random() < 0.5:
        for x, y in tops:
            draw.rectangle((x, y, x + step * 0.7, side * 0.92), fill=colour)
    else:
        draw.line(tops, fill=colour, width=2)
    draw.line((side * 0.08, 4, side * 0.08, side * 0.92, side - 4, side * 0.92), fill=(60, 60, 60))
    return np.asarray(image)


def noise(side: int, rng: np.random.Generator) -> Pixels:
    """Random pixels, fine or coarse, in colour or grey."""
    cells = int(rng.integers(4, side + 1))
    grain = rng.integers(0, 256, (cells, cells, 3 if rng.random() < 0.6 else 1), dtype=np.uint8)
    image = Image.fromarray(np.broadcast_to(grain, (cells, cells, 3)).copy())
    resized = image.resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(resized.filter(ImageFilter.BoxBlur(float(rng.uniform(0, 2)))))


def _part(picture: Pixels, side: int, rng: np.random.Generator) -> Pixels:
    whole = picture.shape[0]
    size = int(rng.integers(whole // 3, whole + 1))
    x, y = (int(v) for v in rng.integers(0, whole - size + 1, 2))
    window = Image.fromarray(picture[y : y + size, x : x + size])
    return np.asarray(window.resize((side, side), Image.Resampling.BILINEAR))


def _any(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(v) for v in rng.integers(0, 256, 3))
    return red, green, blue


def _near(level: int, rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(np.clip(level + v, 0, 255)) for v in rng.normal(0, 8, 3))
    return red, green, blue
