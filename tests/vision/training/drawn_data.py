"""A data folder in the format of the shared pictures, small and drawn."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.vision.training.drawn_pictures import shirt_picture, street

CATALOG = ("id", "file", "title", "gender", "article_type")
STREET = ("id", "file", "label", "mask")
LABELS = {0: "null", 7: "boots", 19: "hair", 41: "skin", 51: "t-shirt", 25: "jeans"}


def write_drawn_data(folder: Path) -> Path:
    """Six shirts on white, one on a busy background, four labelled streets; returns the splits table."""
    shirts = {f"s{i}.jpg": shirt_picture(100 + i) for i in range(6)} | {"busy.jpg": street(90, 70)}
    _write(
        folder / "catalog", "products.csv", CATALOG,
        [(name[:-4], name, "Brand Shirt", "Men", "Tshirts") for name in shirts], shirts,
    )  # fmt: skip
    streets, masks = {}, {}
    for i in range(4):
        pixels, labels = dressed_street(i)
        streets[f"ccp_{i}.jpg"], masks[f"ccp_{i}.png"] = pixels, labels
    rows = [(f"ccp_{i}", f"ccp_{i}.jpg", "t-shirt", f"ccp_{i}.png") for i in range(4)]
    _write(folder / "street", "photos.csv", STREET, rows, streets)
    names = {i: LABELS.get(i, f"label{i}") for i in range(59)}
    lines = "".join(f"{number}\t{name}\n" for number, name in names.items())
    (folder / "street" / "ccp_labels.txt").write_text(lines, encoding="utf-8")
    with zipfile.ZipFile(folder / "street" / "ccp_masks.zip", "w") as archive:
        for name, labels in masks.items():
            image = Image.fromarray(labels).convert("P")
            archive.writestr(name, _encoded(image, "PNG"))
    return _write_splits(folder / "splits.csv")


def dressed_street(seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A person of flat colours in a noisy street, and the label map."""
    pixels = np.random.default_rng(seed).integers(60, 200, (120, 80, 3), dtype=np.uint8)
    labels = np.zeros((120, 80), dtype=np.uint8)
    for rows, value, colour in (
        ((10, 25), 41, (220, 170, 140)), ((25, 60), 51, (180, 20, 20)),
        ((60, 105), 25, (30, 40, 120)), ((105, 112), 7, (20, 20, 20)),
    ):  # fmt: skip
        labels[rows[0] : rows[1], 30:52] = value
        pixels[rows[0] : rows[1], 30:52] = colour
    return pixels, labels


def _write(
    folder: Path, table: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]],
    pictures: dict[str, NDArray[np.uint8]],
) -> None:  # fmt: skip
    folder.mkdir(parents=True)
    with (folder / table).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    with zipfile.ZipFile(folder / "images.zip", "w") as archive:
        for name, pixels in pictures.items():
            archive.writestr(name, _encoded(Image.fromarray(pixels), "JPEG"))


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind, quality=95)
    return out.getvalue()


def _write_splits(path: Path) -> Path:
    rows = [("catalog", f"s{i}", "train" if i < 5 else "test") for i in range(6)]
    rows += [("catalog", "busy", "train")]
    rows += [("street", f"ccp_{i}", "train" if i < 3 else "test") for i in range(4)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("dataset", "id", "product_split", "brand_split", "fold"))
        writer.writerows((dataset, key, split, split, "") for dataset, key, split in rows)
    return path
