"""HEIC photos by libheif and libde265, of the extra `heif`: their only home."""

from __future__ import annotations

from importlib.util import find_spec

from PIL import Image

from vision.photo_findings import FIX, Found, PhotoError

THREADS = 2
"""Of one photo's tiles."""


def reads_heic() -> bool:
    """Whether the extra is installed."""
    return find_spec("pi_heif") is not None


def decode_heif(data: bytes) -> Image.Image:
    """The main picture with 8 bits a sample, turned and cut as the file says.

    PhotoError `unsupported` without the extra; the library's own exceptions on a damaged file.
    """
    if not reads_heic():
        raise PhotoError(
            Found.UNSUPPORTED,
            f"The file is an HEIC photo, which this service does not read (its extra `heif` is not "
            f"installed: pip install 'souk[heif]'). {FIX}",
        )
    import pi_heif  # noqa: PLC0415  an extra, and seldom asked for

    pi_heif.options.DECODE_THREADS = THREADS
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    image: Image.Image = pi_heif.open_heif(data).to_pillow()
    return image
