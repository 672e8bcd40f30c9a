"""HEIC photos, by libheif and libde265 of the extra `heif`, each in a process that it cannot harm."""

from __future__ import annotations

import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

from vision.photo_findings import FIX, Found, PhotoError, PhotoHeader

CHILD = Path(__file__).with_name("heif_child.py")
LONGEST_S = 40.0
"""Of one photo; the child's own limit counts processor time."""
_OTHER_SIZE = 3
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)
"""A photo of 24 megapixels takes its child 190 MB."""


def reads_heic() -> bool:
    """Whether the extra is installed."""
    return find_spec("pi_heif") is not None


def decode_heif(header: PhotoHeader, longest_side: int) -> Image.Image:
    """The main picture with 8 bits a sample, turned and cut as the file says, and shrunk.

    PhotoError `unsupported` without the extra; ValueError where the child cannot decode it.
    """
    if not reads_heic():
        raise PhotoError(
            Found.UNSUPPORTED,
            "The file is an HEIC photo, which this service does not read (its extra `heif` is not "
            f"installed; in souk's folder: pip install '.[heif]'). {FIX}",
        )
    told = [header.width, header.height, longest_side]
    with _ONE_AT_A_TIME:
        try:
            done = subprocess.run(  # noqa: S603  our own program, numbers alone as arguments
                [sys.executable, "-I", str(CHILD), *map(str, told)],
                input=header.essential,
                capture_output=True,
                timeout=LONGEST_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ValueError("it takes too long to decode") from None
    if done.returncode:
        raise ValueError(_why(header, done))
    line, _, rows = done.stdout.partition(b"\n")
    width, height, mode = line.decode().split(" ")
    return Image.frombytes(mode, (int(width), int(height)), rows)


def _why(header: PhotoHeader, done: subprocess.CompletedProcess[bytes]) -> str:
    said = (done.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
    if done.returncode == _OTHER_SIZE:
        return f"it states two sizes: {header.width} × {header.height} and {said}"
    if done.returncode < 0:
        return "its decoder crashed"
    return said.split(": ", 1)[-1]
