"""From a drawing to a shop's JPEG, and from one JPEG to what another seller makes of it."""

from __future__ import annotations

import io
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

PRODUCT_SIDE = 256


def jpeg(image: Image.Image, quality: int = 86) -> bytes:
    data = io.BytesIO()
    image.convert("RGB").save(data, "JPEG", quality=quality)
    return data.getvalue()


def studio(cut_out: Image.Image, rng: Random, *, worn: bool) -> Image.Image:
    """A cut-out on white, on a pale wall or on a soft gradient."""
    ground = _ground(cut_out.size, rng, worn=worn)
    if rng.random() < 0.5:
        alpha = cut_out.getchannel("A").point(lambda a: a * 0.22)
        shadow = Image.new("L", cut_out.size)
        shadow.paste(alpha, (rng.randint(-4, 4), rng.randint(2, 6)))
        ground.paste((60, 56, 54), (0, 0), shadow.filter(ImageFilter.GaussianBlur(5)))
    ground.paste(cut_out, (0, 0), cut_out)
    return ground


def _ground(size: tuple[int, int], rng: Random, *, worn: bool) -> Image.Image:
    if rng.random() < (0.35 if worn else 0.65):
        return Image.new("RGB", size, (255, 255, 255))
    tone = rng.randint(214, 248)
    tint = (tone, tone - rng.randint(0, 10), tone - rng.randint(0, 16))
    if rng.random() < 0.5:
        return Image.new("RGB", size, tint)
    falling = Image.linear_gradient("L").resize(size)
    dark = tuple(int(c * rng.uniform(0.82, 0.93)) for c in tint)
    return Image.composite(Image.new("RGB", size, dark), Image.new("RGB", size, tint), falling)


def other_seller(picture: Image.Image, rng: Random) -> tuple[Image.Image, str, int]:
    """The same photo as another shop shows it: the picture, what was done, the JPEG quality."""
    kind = rng.choice(("recompressed", "cropped", "mirrored", "brightened", "small"))
    width, height = picture.size
    if kind == "cropped":
        cut = int(width * rng.uniform(0.03, 0.07))
        picture = picture.crop((cut, cut, width - cut, height - cut)).resize((width, height))
    elif kind == "mirrored":
        picture = ImageOps.mirror(picture)
    elif kind == "brightened":
        picture = ImageEnhance.Brightness(picture).enhance(rng.uniform(0.94, 1.07))
    elif kind == "small":
        side = int(width * rng.uniform(0.6, 0.8))
        picture = picture.resize((side, side), Image.Resampling.LANCZOS)
    return picture, kind, rng.randint(58, 80)


def cut_out_of_white(render: Image.Image) -> Image.Image:
    """A render on a white ground as a cut-out; its soft shadow stays as a dark veil.

    What is reached from the corners through white and pale grey counts as ground.
    """
    marker = (1, 254, 3)
    flat = render.convert("RGB")
    right, low = flat.width - 1, flat.height - 1
    for corner in ((0, 0), (right, 0), (0, low), (right, low)):
        ImageDraw.floodfill(flat, corner, marker, thresh=190)
    pixels, original = np.asarray(flat), np.asarray(render.convert("RGB"))
    ground = (pixels == marker).all(axis=2)
    solid = Image.fromarray(np.where(ground, 0, 255).astype(np.uint8))
    solid = solid.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(0.6))
    veil = (255 - original.min(axis=2).astype(np.int16)) * 0.9
    alpha = np.maximum(np.asarray(solid), np.where(ground, veil, 0)).astype(np.uint8)
    colours = np.where(ground[:, :, None], (30, 24, 20), original).astype(np.uint8)
    return Image.fromarray(np.dstack([colours, alpha]))
