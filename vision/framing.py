"""From a box of a photo to the square that the networks read, the same in training and serving.

Shapes up to 4:3 are squeezed into the square; longer ones are padded with the colour of their edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.search import Box

Pixels = NDArray[np.uint8]
SQUEEZE = 4 / 3
"""The longest shape that is squeezed without padding."""


def framed(pixels: Pixels, box: Box, side: int) -> Pixels:
    """What stands in the box, as (side, side, 3); a box without area gives the whole picture."""
    height, width = pixels.shape[:2]
    left, top = int(box.left * width), int(box.top * height)
    right, bottom = round(box.right * width), round(box.bottom * height)
    left, top = max(0, min(left, width - 1)), max(0, min(top, height - 1))
    right, bottom = min(width, max(right, left + 1)), min(height, max(bottom, top + 1))
    if box.area <= 0:
        left, top, right, bottom = 0, 0, width, height
    part = pixels[top:bottom, left:right]
    inner_width, inner_height = inner_size(right - left, bottom - top, side)
    image = Image.fromarray(part).resize(
        (inner_width, inner_height), Image.Resampling.BILINEAR, reducing_gap=2.0
    )
    if (inner_width, inner_height) == (side, side):
        return np.asarray(image)
    square = np.empty((side, side, 3), dtype=np.uint8)
    square[:] = edge_colour(part)
    x, y = (side - inner_width) // 2, (side - inner_height) // 2
    square[y : y + inner_height, x : x + inner_width] = np.asarray(image)
    return square


def inner_size(width: int, height: int, side: int) -> tuple[int, int]:
    """Width and height that a part takes inside the square."""
    aspect = width / height
    if aspect > SQUEEZE:
        return side, max(1, round(side * SQUEEZE / aspect))
    if aspect < 1 / SQUEEZE:
        return max(1, round(side * SQUEEZE * aspect)), side
    return side, side


def edge_colour(pixels: Pixels) -> NDArray[np.uint8]:
    """The median colour of the outermost pixels, shape (3,)."""
    edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return np.asarray(np.median(edges, axis=0), dtype=np.uint8)


def normalised(squares: Pixels) -> NDArray[np.float32]:
    """(n, side, side, 3) bytes → (n, 3, side, side) as (x - 127) / 128."""
    planes = squares.transpose(0, 3, 1, 2).astype(np.float32)
    return np.ascontiguousarray((planes - 127.0) / 128.0)
