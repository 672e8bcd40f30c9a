"""What shoppers upload: phone screenshots with status bar, app chrome, captions, stickers, collages.

Invariants: every box of the shown picture is carried to where it stands on the screen; what a
sticker hides stays in its box, as a shopper would still name it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from catalog.search import Box
from vision.training.scenes import Scene, SceneObject

Colour: TypeAlias = tuple[int, int, int]

WORDS = (
    "new", "look", "today", "love", "sale", "link in bio", "shop", "festive", "outfit", "ootd", "50% off",
    "follow", "reply", "send message", "12.4k likes", "view all", "add to bag", "wedding", "diwali",
    "street style", "size M", "wishlist", "2h", "sponsored", "more", "comments", "Sarees", "Kleider",
)  # fmt: skip
SCREENS = ((9, 19.5), (9, 16), (9, 20), (3, 4))


def screenshot(scene: Scene, rng: np.random.Generator, longest: int = 352) -> Scene:
    """The scene inside an app on a phone's screen of `longest` pixels."""
    wide, high = SCREENS[int(rng.integers(len(SCREENS)))]
    width, height = round(longest * wide / high), longest
    dark = bool(rng.random() < 0.4)
    screen = _backdrop(scene, (width, height), rng, dark=dark)
    top, bottom = _bars(height, rng)
    window = _window(scene, (width, height), (top, bottom), rng)
    left, upper, wide_px, high_px = window
    shown = Image.fromarray(scene.pixels).resize((wide_px, high_px), Image.Resampling.BILINEAR)
    screen.paste(shown, (left, upper))
    draw = ImageDraw.Draw(screen)
    _status_bar(draw, width, max(8, height // 26), rng, dark=dark)
    _chrome(draw, (width, height), (top, bottom), rng, dark=dark)
    _overlays(draw, window, rng)
    moved = tuple(
        replace(thing, box=_placed(thing.box, window, (width, height))) for thing in scene.objects
    )
    visible = tuple(thing for thing in moved if thing.box.area > 0.002)
    return Scene(pixels=np.asarray(screen), objects=visible, made=f"screenshot of {scene.made}")


def collage(first: Scene, second: Scene, rng: np.random.Generator) -> Scene:
    """Two pictures side by side or stacked, each cropped to a common side."""
    stacked = bool(rng.random() < 0.5)
    gap = int(rng.integers(0, 8))
    length = first.pixels.shape[1] if stacked else first.pixels.shape[0]
    pieces = [_scaled(scene, length, stacked=stacked) for scene in (first, second)]
    sizes = [piece.pixels.shape[:2] for piece in pieces]
    height = sizes[0][0] + sizes[1][0] + gap if stacked else length
    width = length if stacked else sizes[0][1] + sizes[1][1] + gap
    pixels = np.full((height, width, 3), 255 if rng.random() < 0.7 else 0, dtype=np.uint8)
    objects: list[SceneObject] = []
    left = top = 0
    for piece, (high, wide) in zip(pieces, sizes, strict=True):
        pixels[top : top + high, left : left + wide] = piece.pixels
        objects += [
            replace(thing, box=_placed(thing.box, (left, top, wide, high), (width, height)))
            for thing in piece.objects
        ]
        left, top = (0, top + high + gap) if stacked else (left + wide + gap, 0)
    return Scene(pixels=pixels, objects=tuple(objects), made="collage")


def _scaled(scene: Scene, length: int, *, stacked: bool) -> Scene:
    height, width = scene.pixels.shape[:2]
    scale = length / (width if stacked else height)
    size = (length, round(height * scale)) if stacked else (round(width * scale), length)
    image = Image.fromarray(scene.pixels).resize(size, Image.Resampling.BILINEAR)
    return replace(scene, pixels=np.asarray(image))


def _backdrop(
    scene: Scene, size: tuple[int, int], rng: np.random.Generator, *, dark: bool
) -> Image.Image:
    """Black, white, a tint, or the picture itself blurred, as stories show it."""
    if rng.random() < 0.3:
        blurred = Image.fromarray(scene.pixels).resize(size, Image.Resampling.BILINEAR)
        return blurred.filter(ImageFilter.BoxBlur(size[0] / 8))
    shade = int(rng.integers(0, 30)) if dark else int(rng.integers(235, 256))
    return Image.new("RGB", size, (shade, shade, shade))


def _bars(height: int, rng: np.random.Generator) -> tuple[int, int]:
    """Where the app's content begins and ends."""
    top = int(height * rng.uniform(0.04, 0.15))
    bottom = int(height * (1 - rng.uniform(0.0, 0.28)))
    return top, bottom


def _window(
    scene: Scene, size: tuple[int, int], bars: tuple[int, int], rng: np.random.Generator
) -> tuple[int, int, int, int]:
    """Left, top, width, height of the shown picture: fitted between the bars, margins at random."""
    width, height = size
    room = bars[1] - bars[0]
    margin = 0 if rng.random() < 0.7 else int(width * rng.uniform(0.02, 0.1))
    scale = min((width - 2 * margin) / scene.pixels.shape[1], room / scene.pixels.shape[0])
    if rng.random() < 0.15:  # a whole-screen story: as wide as the screen, whatever it covers
        scale = max(scale, width / scene.pixels.shape[1])
    wide, high = int(scene.pixels.shape[1] * scale), int(scene.pixels.shape[0] * scale)
    spare = max(0, room - high)
    upper = bars[0] + (spare // 2 if rng.random() < 0.5 else int(spare * rng.uniform(0, 0.4)))
    return (width - wide) // 2, min(upper, max(0, height - high)), max(wide, 8), max(high, 8)


def _status_bar(
    draw: ImageDraw.ImageDraw, width: int, height: int, rng: np.random.Generator, *, dark: bool
) -> None:
    ink = (245, 245, 245) if dark else (20, 20, 20)
    font = ImageFont.load_default(height * 0.75)
    clock = f"{int(rng.integers(1, 24))}:{int(rng.integers(0, 60)):02d}"
    draw.text((width * 0.08, height * 0.15), clock, fill=ink, font=font)
    right, middle = width * 0.93, height * 0.55
    draw.rectangle((right - height, middle - 2, right, middle + 3), outline=ink)
    draw.rectangle((right - height, middle - 2, right - height * 0.4, middle + 3), fill=ink)
    for bar in range(4):
        x = right - 2.6 * height + bar * 3
        draw.rectangle((x, middle + 3 - bar * 1.5, x + 1, middle + 3), fill=ink)


def _chrome(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], bars: tuple[int, int],
    rng: np.random.Generator, *, dark: bool,
) -> None:  # fmt: skip
    """The app's header, text lines under the picture, and a row of icons at the bottom."""
    width, height = size
    ink = (230, 230, 230) if dark else (40, 40, 40)
    line = max(8, height // 34)
    if bars[0] > height * 0.08:
        y = bars[0] - 1.6 * line
        draw.ellipse((width * 0.04, y, width * 0.04 + 1.3 * line, y + 1.3 * line), fill=_any(rng))
        draw.text((width * 0.14, y), _words(rng, 2), fill=ink, font=ImageFont.load_default(line))
    y = bars[1] + line * 0.4
    while y < height - 2.5 * line:
        draw.text(
            (width * 0.04, y), _words(rng, 4), fill=ink, font=ImageFont.load_default(line * 0.8)
        )
        y += 1.2 * line
    if bars[1] < height * 0.93:
        for icon in range(5):
            x, y = width * (0.1 + 0.2 * icon), height - 1.5 * line
            shape = draw.ellipse if icon % 2 else draw.rectangle
            shape((x - line / 2, y - line / 2, x + line / 2, y + line / 2), outline=ink, width=1)


def _overlays(
    draw: ImageDraw.ImageDraw, window: tuple[int, int, int, int], rng: np.random.Generator
) -> None:
    """Captions in boxes and round stickers on the picture itself."""
    left, top, width, height = window
    for _ in range(int(rng.integers(0, 3))):
        size = height * rng.uniform(0.03, 0.07)
        x, y = left + width * rng.uniform(0.02, 0.6), top + height * rng.uniform(0.02, 0.9)
        text, font = _words(rng, 2), ImageFont.load_default(size)
        if rng.random() < 0.6:
            draw.rounded_rectangle(
                _around(draw.textbbox((x, y), text, font=font)), 3, fill=_any(rng)
            )
        white = rng.random() < 0.6
        draw.text((x, y), text, fill=(255, 255, 255) if white else _any(rng), font=font)
    for _ in range(int(rng.integers(0, 3))):
        radius = width * rng.uniform(0.03, 0.08)
        x, y = left + width * rng.uniform(0.05, 0.95), top + height * rng.uniform(0.05, 0.95)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_any(rng))
        draw.ellipse((x - radius / 2, y - radius / 3, x - radius / 4, y), fill=(20, 20, 20))
        draw.ellipse((x + radius / 4, y - radius / 3, x + radius / 2, y), fill=(20, 20, 20))


def _around(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return box[0] - 3, box[1] - 2, box[2] + 3, box[3] + 2


def _any(rng: np.random.Generator) -> Colour:
    red, green, blue = (int(v) for v in rng.integers(0, 256, 3))
    return red, green, blue


def _words(rng: np.random.Generator, count: int) -> str:
    return " ".join(WORDS[int(i)] for i in rng.integers(0, len(WORDS), count))


def _placed(box: Box, window: tuple[int, int, int, int], size: tuple[int, int]) -> Box:
    """A box of the shown picture as shares of the whole, clipped to it."""
    left, top, width, height = window
    return Box(
        _clipped((left + box.left * width) / size[0]), _clipped((top + box.top * height) / size[1]),
        _clipped((left + box.right * width) / size[0]), _clipped((top + box.bottom * height) / size[1]),
    )  # fmt: skip


def _clipped(share: float) -> float:
    return min(1.0, max(0.0, share))
