"""From a drawing to a shop's JPEG, and from one JPEG to what another seller makes of it."""

from __future__ import annotations

import io
from random import Random

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
    """A render on a white ground as a cut-out: what is reached from the corners becomes clear."""
    flat = render.convert("RGB")
    for corner in (
        (0, 0),
        (flat.width - 1, 0),
        (0, flat.height - 1),
        (flat.width - 1, flat.height - 1),
    ):
        ImageDraw.floodfill(flat, corner, (1, 254, 3), thresh=26)
    bands = flat.split()
    clear = Image.new("L", flat.size, 255)
    match = [
        band.point(lambda v, want=want: 255 if v == want else 0)
        for band, want in zip(bands, (1, 254, 3), strict=True)
    ]
    ground = Image.composite(
        match[0],
        Image.new("L", flat.size),
        Image.composite(match[1], Image.new("L", flat.size), match[2]),
    )
    clear.paste(0, (0, 0), ground)
    result = render.convert("RGBA")
    result.putalpha(clear.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(0.6)))
    return result
