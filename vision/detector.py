"""Finding the things in a photo: one forward pass, decoded and thinned out in numpy.

Invariants: the whole picture is always the last object; boxes lie inside the picture; when the
network fails the whole picture alone is returned and `degraded` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.search import WHOLE, Box, DetectedObject
from vision.coarse import COARSE
from vision.networks import Floats, open_session
from vision.photos import Photo

Forward = Callable[[Floats], tuple[Floats, Floats]]
"""(1, 3, height, width) → scores (1, kinds, rows, columns), distances (1, kinds · 4, rows, columns)."""

Corners = NDArray[np.floating]
"""Shape (k, 4): left, top, right, bottom as shares; or (k,) values of theirs."""

INPUT_PIXELS = 224 * 224
"""About how many pixels the network sees, whatever the photo's shape."""
STRIDE_OF_SIDES = 32
DETECTOR = "detector.onnx"
"""The network's file in a folder of models."""
FAILED = "detector:failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The objects, most confident first, the whole picture last; and what could not be done."""

    objects: tuple[DetectedObject, ...]
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorSettings:
    """How raw scores become objects."""

    min_score: float = 0.2
    max_overlap: float = 0.45
    """IoU from which the less confident of two boxes is dropped."""
    agreement: float = 0.7
    """IoU from which a dropped box of the same kind still moves the kept one, by its score."""
    max_objects: int = 12
    candidates: int = 300
    whole_confidence: float = 0.05
    """The whole picture's confidence: below every found object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """A forward pass and how to read it."""

    forward: Forward
    settings: DetectorSettings = DetectorSettings()

    def detect(self, photo: Photo) -> Detection:
        """Every object; never raises for what a network or a picture does."""
        try:
            scores, distances = self.forward(network_input(photo.pixels))
            found = decoded(scores[0], distances[0], self.settings)
        except Exception:  # noqa: BLE001  (a search without boxes beats no search; the answer says so)
            return Detection(objects=(_whole(0, self.settings),), degraded=(FAILED,))
        return Detection(objects=(*found, _whole(len(found), self.settings)))


def open_detector(path: Path, threads: int) -> Detector:
    """The detector over a file that `souk train detector` wrote. Open it after the fork."""
    session = open_session(path, threads)

    def forward(planes: Floats) -> tuple[Floats, Floats]:
        scores, distances = session.run(["scores", "distances"], {"photo": planes})
        return np.asarray(scores), np.asarray(distances)

    return Detector(forward=forward)


def _whole(index: int, settings: DetectorSettings) -> DetectedObject:
    return DetectedObject(id=index, box=WHOLE, confidence=settings.whole_confidence)


def input_size(width: int, height: int, pixels: int = INPUT_PIXELS) -> tuple[int, int]:
    """Width and height of the network's input: multiples of 32 near the photo's shape."""
    aspect = min(max(width / height, 0.3), 3.3)
    sides = range(STRIDE_OF_SIDES * 2, STRIDE_OF_SIDES * 16, STRIDE_OF_SIDES)
    fitting = [
        (abs(np.log(wide / high / aspect)) - wide * high / pixels, wide, high)
        for wide in sides
        for high in sides
        if 0.75 * pixels <= wide * high <= pixels
    ]
    _, wide, high = min(fitting)
    return wide, high


def network_input(pixels: NDArray[np.uint8]) -> Floats:
    """The photo scaled (not padded) to the input's size, (1, 3, height, width), (x - 127) / 128."""
    size = input_size(pixels.shape[1], pixels.shape[0])
    image = Image.fromarray(pixels)
    if image.size != size:
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    values = np.asarray(image, dtype=np.float32).transpose(2, 0, 1)
    return np.ascontiguousarray((values - 127.0) / 128.0)[None]


def decoded(
    scores: Floats, distances: Floats, settings: DetectorSettings
) -> tuple[DetectedObject, ...]:
    """Objects from one picture's scores (kinds, rows, columns) and distances, most confident first."""
    kinds, rows, columns = scores.shape
    flat = scores.reshape(-1)
    order = np.argpartition(-flat, min(settings.candidates, flat.size - 1))[: settings.candidates]
    order = order[flat[order] >= settings.min_score]
    order = order[np.argsort(-flat[order], kind="stable")]
    kind, cell = np.divmod(order, rows * columns)
    row, column = np.divmod(cell, columns)
    sides = distances.reshape(kinds, 4, rows, columns)[kind, :, row, column]
    x, y = (column + 0.5) / columns, (row + 0.5) / rows
    corners = np.stack((x - sides[:, 0], y - sides[:, 1], x + sides[:, 2], y + sides[:, 3]), axis=1)
    corners = corners.clip(0.0, 1.0)
    kept = thinned(corners, settings.max_overlap)[: settings.max_objects]
    return tuple(
        DetectedObject(
            id=index,
            box=agreed(corners, flat[order] * (kind == kind[i]), i, settings.agreement),
            confidence=float(flat[order[i]]),
            concept=COARSE[int(kind[i])],
        )
        for index, i in enumerate(kept)
    )


def agreed(corners: Corners, weights: Corners, best: int, agreement: float) -> Box:
    """The mean of the boxes that overlap the best one enough, by weight and overlap."""
    share = overlap_with(corners, corners[best])
    pull = weights * share * (share >= agreement)
    left, top, right, bottom = (float(v) for v in pull @ corners / pull.sum())
    return Box(left, top, right, bottom)


def overlap_with(corners: Corners, box: Corners) -> Corners:
    """IoU of each row of `corners` with the box."""
    sides = np.minimum(corners[:, 2:], box[2:]) - np.maximum(corners[:, :2], box[:2])
    shared = sides.clip(min=0).prod(axis=1)
    areas = (corners[:, 2:] - corners[:, :2]).prod(axis=1)
    return np.asarray(shared / np.maximum(areas + (box[2:] - box[:2]).prod() - shared, 1e-9))


def thinned(corners: Corners, max_overlap: float) -> list[int]:
    """Indices of the boxes that no better one overlaps; `corners` (k, 4) come best first."""
    left: NDArray[np.int_] = np.flatnonzero((corners[:, 2:] - corners[:, :2]).prod(axis=1) > 1e-4)
    kept: list[int] = []
    while len(left):
        best, left = int(left[0]), left[1:]
        kept.append(best)
        left = left[overlap_with(corners[left], corners[best]) <= max_overlap]
    return kept
