"""Decodes one HEIC photo and ends: `heif_child.py WIDTH HEIGHT LONGEST_SIDE < photo > pixels`.

A program of its own, because the libraries under it can be made to crash (docs/decisions/0039): it may take
so much memory and processor time and no more, and takes nobody along. It writes one line (width, height,
mode) and the rows of the picture, shrunk to the longest side. Exit code 3: the picture has another size.
"""

from __future__ import annotations

import resource
import sys

THREADS = 2
MEMORY_BYTES = 1 << 30
PROCESSOR_S = 15


def main(width: int, height: int, longest_side: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pi_heif  # noqa: PLC0415  under the limits
    from PIL import Image  # noqa: PLC0415

    pi_heif.options.DECODE_THREADS = THREADS
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    image: Image.Image = pi_heif.open_heif(sys.stdin.buffer.read()).to_pillow()
    if image.size != (width, height):
        sys.stderr.write(f"{image.width} × {image.height}\n")
        return 3
    if image.mode not in ("RGB", "L"):
        image = image.convert("RGBA")
    longest = max(image.size)
    if longest > longest_side:
        small = [max(1, round(side * longest_side / longest)) for side in image.size]
        image = image.resize((small[0], small[1]), Image.Resampling.BILINEAR, reducing_gap=2.0)
    sys.stdout.buffer.write(f"{image.width} {image.height} {image.mode}\n".encode())
    sys.stdout.buffer.write(image.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
