"""The thing apart from a busy background: GrabCut from the frame inwards (Rother et al. 2004, OpenCV).

Input pictures are RGB uint8, shape (height, width, 3). The frame's outermost pixels are background;
the largest piece that the colours of the rest hold together is the thing, its holes filled.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.training.masks import CutOut, Mask, Pixels

LONGEST = 160
"""Pixels of the longer side while cutting: a fifth of a second a picture."""
FRAME = 0.04
"""Share of the shorter side that is background for certain."""
ROUNDS = 3
LEAST, MOST = 0.06, 0.85
"""Share of the picture that a believable thing covers."""


def cut_busy(pixels: Pixels) -> CutOut | None:
    """The thing, cropped to its bounds; None where no believable one stands out."""
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGEST / max(height, width))
    small = cv2.resize(
        pixels, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA
    )
    found = _largest(_foreground(np.asarray(small)))
    if found is None or not LEAST < float(found.mean()) < MOST:
        return None
    return cut_by(pixels, found)


def cut_by(pixels: Pixels, mask: Mask) -> CutOut | None:
    """What a mask covers, softened at its edge; the mask may be smaller than the picture."""
    height, width = pixels.shape[:2]
    grown = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    soft = np.asarray(cv2.GaussianBlur(grown, (3, 3), 0))
    alpha = np.clip((soft - 0.35) / 0.5 * 255, 0, 255).astype(np.uint8)
    rows, columns = np.flatnonzero((alpha > 128).any(1)), np.flatnonzero((alpha > 128).any(0))
    if not len(rows):
        return None
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return CutOut(rgb=pixels[window].copy(), alpha=alpha[window].copy())


def _foreground(small: Pixels) -> NDArray[np.uint8]:
    """1 where GrabCut sees the thing."""
    height, width = small.shape[:2]
    labels = np.full((height, width), cv2.GC_PR_FGD, np.uint8)
    frame = max(2, int(FRAME * min(height, width)))
    labels[:frame] = labels[-frame:] = cv2.GC_BGD
    labels[:, :frame] = labels[:, -frame:] = cv2.GC_BGD
    cv2.setRNGSeed(0)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(lab, labels, (0, 0, 0, 0), *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    seen = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    opened = cv2.morphologyEx(seen, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return np.asarray(
        cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), np.uint8
    )


def _largest(seen: NDArray[np.uint8]) -> Mask | None:
    """The largest piece with its holes filled; None when there is no piece."""
    count, pieces, measures, _ = cv2.connectedComponentsWithStats(seen)
    if count < 2:
        return None
    kept = np.asarray(pieces == 1 + measures[1:, cv2.CC_STAT_AREA].argmax())
    _, outside = cv2.connectedComponents((~kept).astype(np.uint8))
    rim = np.concatenate([outside[0], outside[-1], outside[:, 0], outside[:, -1]])
    return np.asarray(kept | ~np.isin(outside, np.unique(rim[rim > 0])))
