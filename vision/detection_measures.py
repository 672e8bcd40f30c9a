"""How well boxes are found: class-agnostic AP50, and the best box for the largest garment."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.search import Box, DetectedObject
from vision.photos import Photo, decode_photo

Detect = Callable[[Photo], Sequence[DetectedObject]]

NO_GARMENT = {"null", "hair", "skin"}
SHOES = {
    "boots", "clogs", "flats", "heels", "loafers", "pumps", "sandals", "shoes", "sneakers", "wedges",
}  # fmt: skip
LEAST_SHARE = 0.02
"""Share of the picture from which a garment label counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedPhoto:
    """A photo and the true boxes; `largest` is the index of the largest garment by its pixels."""

    id: str
    photo: Photo
    boxes: tuple[Box, ...]
    largest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorMeasures:
    """AP50 is the area under the precision-recall curve at IoU 0.5, all kinds as one; 0 to 1.

    `median_iou`: over photos, the IoU of the best found box with the largest garment (the whole
    picture, which is always a candidate, left out). Both are 0 for no photo.
    """

    n: int
    ap50: float
    median_iou: float


def measure_detector(
    detect: Detect, data: Path, ids: frozenset[str] | None = None
) -> DetectorMeasures:
    """Measure on the masked street photos of a data folder; `ids` restricts them (None: all)."""
    photos = masked_photos(data, ids)
    return measure_boxes((photo, detect(photo.photo)) for photo in photos)


def measure_boxes(
    found: Iterable[tuple[BoxedPhoto, Sequence[DetectedObject]]],
) -> DetectorMeasures:
    """Measure photos with what was found in each."""
    scores: list[float] = []
    hits: list[bool] = []
    best: list[float] = []
    truths = 0
    for photo, objects in found:
        real = sorted((o for o in objects if o.concept is not None), key=lambda o: -o.confidence)
        truths += len(photo.boxes)
        scores += [thing.confidence for thing in real]
        hits += _matched(real, photo.boxes)
        target = photo.boxes[photo.largest]
        best.append(max((thing.box.iou(target) for thing in real), default=0.0))
    return DetectorMeasures(
        n=len(best),
        ap50=average_precision(np.array(scores), np.array(hits, dtype=bool), truths),
        median_iou=float(np.median(best)) if best else 0.0,
    )


def average_precision(scores: NDArray[np.floating], hits: NDArray[np.bool_], truths: int) -> float:
    """Area under the interpolated precision-recall curve (every point, as in VOC 2010)."""
    if not truths or not len(scores):
        return 0.0
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(hits[order])
    precision = right / np.arange(1, len(right) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(np.concatenate([[0], right])) / truths
    return float((envelope * steps).sum())


def _matched(objects: Sequence[DetectedObject], boxes: Sequence[Box]) -> list[bool]:
    """Whether each object, best first, is the first to cover a true box by half or more."""
    free = set(range(len(boxes)))
    hits = []
    for thing in objects:
        nearest = max(free, key=lambda i: thing.box.iou(boxes[i]), default=None)
        hit = nearest is not None and thing.box.iou(boxes[nearest]) >= 0.5
        if hit and nearest is not None:
            free.discard(nearest)
        hits.append(hit)
    return hits


def masked_photos(data: Path, ids: frozenset[str] | None = None) -> Iterator[BoxedPhoto]:
    """Street photos with masks: one box for each garment label that covers enough of the picture."""
    street = data / "street"
    if not (street / "ccp_masks.zip").exists():
        return
    names = label_names(street / "ccp_labels.txt")
    with (
        zipfile.ZipFile(street / "images.zip") as images,
        zipfile.ZipFile(street / "ccp_masks.zip") as masks,
        (street / "photos.csv").open(encoding="utf-8", newline="") as table,
    ):
        for row in csv.DictReader(table):
            if not row["mask"] or (ids is not None and row["id"] not in ids):
                continue
            with Image.open(io.BytesIO(masks.read(row["mask"]))) as mask:
                labels = np.asarray(mask)
            boxes, shares = garment_boxes(labels, names)
            if boxes:
                yield BoxedPhoto(
                    id=row["id"], photo=decode_photo(images.read(row["file"])),
                    boxes=boxes, largest=int(np.argmax(shares)),
                )  # fmt: skip


def garment_boxes(
    labels: NDArray[np.integer], names: Sequence[str]
) -> tuple[tuple[Box, ...], tuple[float, ...]]:
    """Boxes of the garments of a label map, and each one's share of the picture; shoes are one."""
    groups: dict[str, list[int]] = {}
    for value in np.unique(labels).tolist():
        if names[value] not in NO_GARMENT:
            groups.setdefault("shoes" if names[value] in SHOES else names[value], []).append(value)
    boxes, shares = [], []
    height, width = labels.shape
    for values in groups.values():
        mask = np.isin(labels, values)
        share = float(mask.mean())
        if share < LEAST_SHARE:
            continue
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        boxes.append(
            Box(
                columns[0] / width,
                rows[0] / height,
                (columns[-1] + 1) / width,
                (rows[-1] + 1) / height,
            )
        )
        shares.append(share)
    return tuple(boxes), tuple(shares)


def label_names(path: Path) -> tuple[str, ...]:
    """The label of each number, from lines of a number and a name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t" if "\t" in line else None, 1) for line in lines if line.strip()]
    return tuple(name.strip() for _, name in sorted(pairs, key=lambda pair: int(pair[0])))


def boxed_photos(table: Path, data: Path) -> Iterator[BoxedPhoto]:
    """Photos boxed by hand: `table` has id, left, top, right, bottom, one garment a photo."""
    street = data / "street"
    with table.open(encoding="utf-8", newline="") as file:
        boxes = {row["id"]: _box(row) for row in csv.DictReader(file)}
    with zipfile.ZipFile(street / "images.zip") as images:
        for name, box in boxes.items():
            photo = decode_photo(images.read(f"{name}.jpg"))
            yield BoxedPhoto(id=name, photo=photo, boxes=(box,), largest=0)


def _box(row: dict[str, str]) -> Box:
    return Box(float(row["left"]), float(row["top"]), float(row["right"]), float(row["bottom"]))
