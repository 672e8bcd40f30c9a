"""Labelled pictures of a data folder: which concepts each shows, and where it stands in the splits.

A record's label becomes a set of concepts through `concepts.yaml`; a label that no row names is
counted as unmapped. Titles are read for the brand only.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.concepts import ConceptTree
from catalog.products import COLOURS
from vision.training.archives import open_zip
from vision.training.splits import Split, brand_of

TABLES: Mapping[str, str] = {
    "catalog": "products.csv",
    "street": "photos.csv",
    "ethnic_extra": "photos.csv",
    "street_ethnic": "photos.csv",
    "home": "items.csv",
}
"""Each data set's table; its pictures stand beside it in `images.zip` or `images/`."""

_COLOUR_WORDS = {
    "navy blue": "navy", "cream": "beige", "steel": "silver", "off white": "white", "khaki": "beige",
    "tan": "brown", "charcoal": "grey", "grey melange": "grey", "turquoise blue": "teal",
    "bronze": "copper", "coffee brown": "brown", "sea green": "green", "nude": "beige",
    "metallic": "silver", "skin": "beige", "mauve": "lavender", "burgundy": "maroon",
    "fluorescent green": "green",
}  # fmt: skip
"""The shop's colour names that are not colour words of ours."""


UNSPLIT = Split(product="", brand="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One labelled picture. `concepts`: any of them is right. `group`: its brand, sender or source."""

    dataset: str
    id: str
    file: str
    label: str
    concepts: tuple[str, ...]
    group: str
    colour: str | None = None
    gender: str | None = None
    kind: str = ""
    """`worn` or `product` where the data say so."""
    mask: str = ""
    """The file of its garments' masks, where there is one."""
    split: Split = UNSPLIT

    @property
    def trainable(self) -> bool:
        """Trained on or used for choosing; never a measured product, brand, sender or source."""
        return self.split.brand in ("train", "val") and self.split.product in ("train", "val")


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What a data folder holds, and the labels that were left out with their counts."""

    samples: tuple[Sample, ...]
    unmapped: Mapping[str, int]


def read_samples(
    data: Path,
    tree: ConceptTree,
    splits: Mapping[tuple[str, str], Split] | None = None,
    datasets: Sequence[str] = tuple(TABLES),
) -> Samples:
    """Every labelled record of the data sets that the folder has."""
    found: list[Sample] = []
    unmapped: Counter[str] = Counter()
    for dataset in datasets:
        for row in read_table(data / dataset / TABLES[dataset]):
            labels = tree.labels[dataset]
            concepts = tuple(c for c in labels.concepts(row) if c in tree.concepts)
            if not concepts:
                unmapped[row.get(labels.column, "")] += 1
                continue
            split = (splits or {}).get((dataset, row.get("id", "")), UNSPLIT)
            found.append(_sample(dataset, row, row[labels.column], concepts, split))
    return Samples(samples=tuple(found), unmapped=dict(unmapped))


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV; none when there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_bytes(data: Path, samples: Sequence[Sample]) -> Iterator[tuple[int, bytes]]:
    """Index and file content of each sample whose picture exists, data set by data set."""
    for dataset in dict.fromkeys(sample.dataset for sample in samples):
        archive = data / dataset / "images.zip"
        chosen = [i for i, sample in enumerate(samples) if sample.dataset == dataset]
        if archive.exists():
            with open_zip(archive) as pictures:
                names = set(pictures.namelist())
                for i in chosen:
                    if samples[i].file in names:
                        yield i, pictures.read(samples[i].file)
        else:
            for i in chosen:
                path = data / dataset / "images" / samples[i].file
                if path.exists():
                    yield i, path.read_bytes()


def read_pictures(
    data: Path, samples: Sequence[Sample], longest: int = 256
) -> dict[int, NDArray[np.uint8]]:
    """Decoded RGB pictures by index, at most `longest` pixels on the longer side."""
    decoded = {}
    for index, content in read_bytes(data, samples):
        with Image.open(BytesIO(content)) as image:
            picture = image.convert("RGB")
        picture.thumbnail((longest, longest), Image.Resampling.BILINEAR)
        decoded[index] = np.asarray(picture)
    return decoded


def colour_word(text: str) -> str | None:
    """A shop's colour name as one of `COLOURS`; None when it is none."""
    word = text.strip().casefold()
    word = _COLOUR_WORDS.get(word, word)
    return word if word in COLOURS else None


def _sample(
    dataset: str, row: Mapping[str, str], label: str, concepts: tuple[str, ...], split: Split
) -> Sample:
    groups = {"catalog": lambda: brand_of(row), "street": lambda: row.get("sender") or row["id"]}
    group = groups.get(dataset, lambda: row.get("source_repo") or row.get("id", ""))()
    gender = row.get("gender", "").casefold() or None
    return Sample(
        dataset=dataset,
        id=row.get("id") or row["file"],
        file=row["file"],
        label=label,
        concepts=concepts,
        group=group,
        colour=colour_word(row.get("colour", "")) if dataset == "catalog" else None,
        gender=gender if dataset == "catalog" else None,
        kind=row.get("kind", ""),
        mask=row.get("mask", ""),
        split=split,
    )
