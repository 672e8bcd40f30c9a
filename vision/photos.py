"""Uploads become pictures: limits first, then the smallest decoding that serves the networks, then light.

Invariants: whatever the bytes, the outcome is a `Photo` or a `PhotoError`; a file whose header
suffices to refuse it is refused before any pixel is decoded; memory is bounded by `PhotoLimits`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.search import Box
from vision.exposure import exposed
from vision.heif_decoding import decode_heif
from vision.photo_findings import Found, PhotoError, PhotoHeader
from vision.photo_headers import read_header

__all__ = ["Photo", "PhotoError", "PhotoLimits", "decode_photo"]

Pixels = NDArray[np.uint8]
"""Shape (height, width, 3), RGB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLimits:
    """What is accepted, and how big the decoded picture may be."""

    max_bytes: int = 20 * 2**20
    max_pixels: int = 64_000_000
    """Of a JPEG that is decoded at a fraction of its size."""
    max_full_pixels: int = 25_000_000
    """Of a picture that must be decoded whole: all but a baseline JPEG."""
    max_frames: int = 1
    max_scans: int = 32
    """Of a progressive JPEG; cameras and optimisers write about ten, attackers thousands."""
    longest_side: int = 1536
    """A larger picture is made as small as this."""
    enough_side: int = 256
    """A JPEG is decoded at the smallest fraction that leaves its shorter side this long: the networks
    see less, and decoding costs by the pixel."""
    sharp_side: int = 512
    """The same for what is cut out of a photo and small in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A decoded picture, upright; `width` and `height` are those of the upright original."""

    pixels: Pixels
    width: int
    height: int
    sharper: Callable[[], Pixels] | None = None
    """Decodes again with all pixels up to the limit; None when `pixels` has them already."""

    def pixels_for(self, box: Box, side: int) -> Pixels:
        """Pixels to cut the box from: sharper ones where the box would have less than `side`."""
        height, width = self.pixels.shape[:2]
        shorter = min((box.right - box.left) * width, (box.bottom - box.top) * height)
        if self.sharper is None or shorter >= side:
            return self.pixels
        return self.sharper()


DEFAULT_LIMITS = PhotoLimits()
OPAQUE_MODES = {"RGB", "L", "CMYK", "YCbCr"}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""How a stored picture becomes upright, by EXIF orientation."""


def decode_photo(data: bytes, limits: PhotoLimits = DEFAULT_LIMITS) -> Photo:
    """Decode a picture at about `longest_side`. Raises PhotoError, and nothing else.

    HEIC needs the extra `heif`; without it such a photo is refused as one that is not read here.
    """
    if len(data) > limits.max_bytes:
        raise PhotoError(
            Found.TOO_LARGE,
            f"The file has {_megabytes(len(data))}; at most {_megabytes(limits.max_bytes)} are "
            "taken. Send a smaller picture.",
        )
    header = read_header(data)
    _check(header, limits)
    try:
        pixels, whole = _decode(header, limits, limits.enough_side)
    except PhotoError:
        raise
    except OSError as error:
        if "truncated" in str(error):
            raise PhotoError(
                Found.TRUNCATED,
                f"The {header.format} is cut off inside its picture. Send the file again, whole.",
            ) from error
        raise _damaged(header, error) from error
    except Exception as error:
        # Pillow's readers raise many types on damaged files; none of them may reach a caller.
        raise _damaged(header, error) from error
    turned = header.orientation >= 5
    width, height = (header.height, header.width) if turned else (header.width, header.height)
    return Photo(
        pixels=pixels,
        width=width,
        height=height,
        sharper=None if whole else lambda: _sharper(header, limits, pixels),
    )


def _sharper(header: PhotoHeader, limits: PhotoLimits, coarse: Pixels) -> Pixels:
    """All pixels; the coarse ones when the same file, which was decoded once, fails now."""
    try:
        return _decode(header, limits, limits.sharp_side)[0]
    except (OSError, MemoryError):
        return coarse


def _check(header: PhotoHeader, limits: PhotoLimits) -> None:
    pixels = header.pixels
    if header.width * header.height == 0:
        raise PhotoError(Found.NOT_AN_IMAGE, f"The {header.format} has no pixels. Save it again.")
    whole = header.format != "JPEG" or header.scans > 1
    allowed = min(limits.max_pixels, Image.MAX_IMAGE_PIXELS or limits.max_pixels)
    if whole:
        allowed = min(allowed, limits.max_full_pixels)
    if pixels > allowed:
        raise PhotoError(
            Found.TOO_MANY_PIXELS,
            f"The {header.format} has {header.width} × {header.height} pixels{_of_more(header)}; at most "
            f"{allowed / 1e6:.0f} million are taken. Send a smaller picture.",
        )
    if header.frames > limits.max_frames:
        raise PhotoError(
            Found.TOO_MANY_FRAMES,
            f"The {header.format} is an animation of {header.frames} frames. Send a still picture.",
        )
    if header.scans > limits.max_scans:
        raise PhotoError(
            Found.UNSUPPORTED,
            f"The JPEG has {header.scans} scans; at most {limits.max_scans} are taken. Save it again.",
        )


def _of_more(header: PhotoHeader) -> str:
    cut = header.pixels > header.width * header.height
    return f" of {header.pixels / 1e6:,.0f} million" if cut else ""


def _decode(header: PhotoHeader, limits: PhotoLimits, side: int) -> tuple[Pixels, bool]:
    """Upright pixels, and whether `_sharper` would find no more of them."""
    if header.format == "HEIC":
        shrunk = _opaque(_eight_bit(decode_heif(header, limits.longest_side)))
        return exposed(np.asarray(shrunk, dtype=np.uint8)), True
    scale = 1
    with Image.open(BytesIO(header.essential), formats=[header.format]) as image:
        if image.size != (header.width, header.height):
            raise PhotoError(
                Found.NOT_AN_IMAGE,
                f"The {header.format} states two sizes: {header.width} × {header.height} and "
                f"{image.width} × {image.height}. Save it again.",
            )
        shorter = min(image.size)
        if header.format == "JPEG":
            scale = _draft_scale(shorter, side)
            image.draft("RGB", (image.width // scale, image.height // scale))
        image.load()
        upright = _opaque(_shrink(_eight_bit(image), limits.longest_side))
    if header.orientation in TURNS:
        upright = upright.transpose(TURNS[header.orientation])
    pixels = exposed(np.asarray(upright, dtype=np.uint8))
    return pixels, scale <= _draft_scale(shorter, limits.sharp_side)


def _draft_scale(shorter: int, wanted: int) -> int:
    """The largest fraction of 8, 4 or 2 that libjpeg decodes at and that leaves `wanted`, else 1."""
    return next((scale for scale in (8, 4, 2) if shorter >= scale * wanted), 1)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits keeps its high byte; a palette becomes colours with their alpha."""
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.uint32)
        return Image.fromarray((values >> 8).clip(0, 255).astype(np.uint8))
    if image.mode in OPAQUE_MODES and "transparency" not in image.info:
        return image
    return image.convert("RGBA")


def _shrink(image: Image.Image, longest_side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= longest_side:
        return image
    size = tuple(max(1, round(side * longest_side / longest)) for side in image.size)
    return image.resize((size[0], size[1]), Image.Resampling.BILINEAR, reducing_gap=2.0)


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")


def _damaged(header: PhotoHeader, error: Exception) -> PhotoError:
    detail = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
    return PhotoError(
        Found.NOT_AN_IMAGE, f"The {header.format} is damaged ({detail}). Save it again."
    )


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
