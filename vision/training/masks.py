"""The thing apart from its studio: alpha mattes of catalogue pictures on plain backgrounds.

Input pictures are RGB uint8, shape (height, width, 3). No learning: the background is what a flood
from the border reaches through pixels like the border's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Values = TypeVar("Values", bound=np.generic)

HARD_TOLERANCE = 12.0
"""Distance from the background's colour that the flood passes, of 255 in the largest channel."""
SOFT_TOLERANCE = 42.0
"""Distance at which a pixel beside the flood counts as wholly the thing."""
BUSY_SHARE = 0.22
"""Share of border pixels unlike the background above which a picture is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOut:
    """A thing without its background: colours freed of it, and coverage 0 to 255."""

    rgb: Pixels
    alpha: Pixels


def cut_out(pixels: Pixels) -> CutOut | None:
    """The thing, cropped to its bounds; None where the background is busy or nothing stands out."""
    background = border_colour(pixels)
    distance = np.abs(pixels.astype(np.float32) - background).max(axis=2)
    edge = _border(distance)
    # The thing may touch one side (trousers at the top, a bust at the bottom), never all around.
    if float((edge > HARD_TOLERANCE * 2).mean()) > BUSY_SHARE or background.min() < 225:
        return None
    flood = flooded(distance <= HARD_TOLERANCE)
    flood |= _holes(distance, flood)
    alpha = _soft_alpha(distance, flood)
    rows, columns = np.flatnonzero((alpha > 128).any(1)), np.flatnonzero((alpha > 128).any(0))
    share = float((alpha > 128).mean())
    if not len(rows) or share < 0.004 or share > 0.97:
        return None
    rgb = _freed(pixels, alpha, background)
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return CutOut(rgb=rgb[window].copy(), alpha=alpha[window].copy())


def border_colour(pixels: Pixels) -> NDArray[np.float32]:
    """The median colour of the picture's outermost pixels, shape (3,)."""
    colour = np.median(_border(pixels).reshape(-1, 3), axis=0)
    return np.asarray(colour, dtype=np.float32)


def flooded(passable: Mask) -> Mask:
    """What a flood from the border reaches through `passable` pixels, four neighbours each.

    Whole runs of a row, then of a column, are filled at once, so that a few sweeps suffice.
    """
    reached = np.zeros_like(passable)
    reached[0], reached[-1] = passable[0], passable[-1]
    reached[:, 0], reached[:, -1] = passable[:, 0], passable[:, -1]
    before = -1
    while (count := int(reached.sum())) != before:
        before = count
        reached = _fill_runs(reached, passable)
        reached = _fill_runs(reached.T, passable.T).T
    return reached


def skin(pixels: Pixels) -> Mask:
    """Pixels of skin colour, light to dark (after Kovac et al. 2003 with a chroma band; rough)."""
    red, green, blue = (pixels[..., i].astype(np.float32) for i in range(3))
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    cb, cr = 128 + 0.564 * (blue - luma), 128 + 0.713 * (red - luma)
    chroma = (cb > 85) & (cb < 127) & (cr > 137) & (cr < 173)
    warm = (red > green) & (green >= blue * 0.85) & (red > 60) & (luma < 235)
    return np.asarray(chroma & warm)


def worn(cut: CutOut) -> bool:
    """Whether a person seems to wear it: skin in the upper middle, or at both ends."""
    covered = cut.alpha > 128
    found = skin(cut.rgb) & covered
    height, width = found.shape
    head = np.s_[: max(1, height // 4), width // 5 : max(1, width - width // 5)]
    share_head = found[head].sum() / max(1, covered[head].sum())
    share = found.sum() / max(1, covered.sum())
    return bool(share > 0.03 and share_head > 0.15 and share < 0.6)


def _fill_runs(reached: Mask, passable: Mask) -> Mask:
    """Spread `reached` along each row to the whole run of passable pixels that it stands in."""
    shape = passable.shape
    walls = np.ones((shape[0], shape[1] + 1), dtype=bool)
    walls[:, 1:] = ~passable
    runs = np.cumsum(walls.ravel()).reshape(walls.shape)[:, 1:]
    hit = np.zeros(int(runs[-1, -1]) + 1 if runs.size else 1, dtype=bool)
    hit[runs[reached]] = True
    return np.asarray(hit[runs] & passable)


def _holes(distance: NDArray[np.float32], flood: Mask) -> Mask:
    """Enclosed pixels of exactly the background's colour: between an arm and a waist, in a handle.

    White cloth has shading; a studio's white has none, so only flat patches count.
    """
    flat = (distance <= 2.0) & ~flood
    calm = _shrunk(flat, 2)
    return np.asarray(_grown(calm, 3) & (distance <= HARD_TOLERANCE) & ~flood)


def _soft_alpha(distance: NDArray[np.float32], flood: Mask) -> Pixels:
    near = _grown(flood, 2) & ~flood
    ramp = np.clip((distance - HARD_TOLERANCE) / (SOFT_TOLERANCE - HARD_TOLERANCE), 0.0, 1.0)
    alpha = np.where(flood, 0.0, np.where(near, ramp, 1.0))
    return np.asarray(alpha * 255.0, dtype=np.uint8)


def _freed(pixels: Pixels, alpha: Pixels, background: NDArray[np.float32]) -> Pixels:
    """Colours without the background's part in them: (seen - (1 - a) background) / a."""
    cover = np.maximum(alpha[..., None].astype(np.float32) / 255.0, 0.15)
    own = (pixels.astype(np.float32) - (1.0 - cover) * background) / cover
    return np.asarray(np.clip(own, 0, 255), dtype=np.uint8)


def _grown(mask: Mask, steps: int) -> Mask:
    grown = mask.copy()
    for _ in range(steps):
        wider = grown.copy()
        wider[1:] |= grown[:-1]
        wider[:-1] |= grown[1:]
        wider[:, 1:] |= grown[:, :-1]
        wider[:, :-1] |= grown[:, 1:]
        grown = wider
    return grown


def _shrunk(mask: Mask, steps: int) -> Mask:
    return ~_grown(~mask, steps)


def _border(picture: NDArray[Values]) -> NDArray[Values]:
    """The outermost pixels, two deep, as one long row."""
    rest = picture.shape[2:]
    parts = (picture[:2], picture[-2:], picture[:, :2], picture[:, -2:])
    return np.concatenate([part.reshape(-1, *rest) for part in parts])
