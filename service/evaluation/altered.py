"""A photo as a worse camera would have taken it: for choosing where few photos are set aside for it.

Each way is a pure function of the picture: no randomness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO

from PIL import Image, ImageEnhance

from service.evaluation.labelled import LabelledPhoto

Picture = Image.Image

GREY = (120, 110, 100)


def altered(photo: LabelledPhoto) -> Iterator[LabelledPhoto]:
    """The photo in every way of `WAYS`, as JPEG."""
    with Image.open(BytesIO(photo.photo)) as opened:
        picture = opened.convert("RGB")
    for way in WAYS.values():
        written = BytesIO()
        way(picture).save(written, "JPEG", quality=88)
        yield replace(photo, photo=written.getvalue())


def _near(picture: Picture) -> Picture:
    return _part(picture, 0.7, across=0.5, down=0.5)


def _cut_off(picture: Picture) -> Picture:
    return _part(picture, 0.6, across=0.2, down=0.8)


def _part(picture: Picture, share: float, *, across: float, down: float) -> Picture:
    """A part of such a side; `across` and `down` say where, 0 at the left and top."""
    width, height = int(picture.width * share), int(picture.height * share)
    left = int((picture.width - width) * across)
    top = int((picture.height - height) * down)
    return picture.crop((left, top, left + width, top + height))


def _far(picture: Picture) -> Picture:
    room = Image.new("RGB", (int(picture.width * 1.6), int(picture.height * 1.6)), GREY)
    room.paste(picture, (int(picture.width * 0.3), int(picture.height * 0.3)))
    return room


def _coarse(picture: Picture) -> Picture:
    small = (max(8, picture.width * 22 // 100), max(8, picture.height * 22 // 100))
    return picture.resize(small).resize(picture.size, Image.Resampling.BILINEAR)


def _dark(picture: Picture) -> Picture:
    return ImageEnhance.Contrast(ImageEnhance.Brightness(picture).enhance(0.45)).enhance(0.7)


def _turned(picture: Picture) -> Picture:
    return picture.rotate(25, expand=True, fillcolor=GREY)


def _dyed(picture: Picture) -> Picture:
    hue, *others = picture.convert("HSV").split()
    return Image.merge("HSV", (hue.point(_HUES), *others)).convert("RGB")


_HUES = [(value + 90) % 256 for value in range(256)]

WAYS: Mapping[str, Callable[[Picture], Picture]] = {
    "near": _near, "cut off": _cut_off, "far": _far, "coarse": _coarse, "dark": _dark,
    "turned": _turned, "dyed": _dyed,
}  # fmt: skip
