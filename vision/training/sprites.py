"""Things to paste: a cut-out with a map of its parts, so that every part's box survives any warp."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.concepts import ConceptTree
from vision.coarse import COARSE, coarse_of
from vision.training.backgrounds import read_labels, read_rgb
from vision.training.masks import CutOut, cut_out, skin, worn
from vision.training.splits import Split

Pixels = NDArray[np.uint8]
Splits = Mapping[tuple[str, str], Split]

CCP_COARSE: Mapping[int, str] = {
    **dict.fromkeys((5, 6, 8, 11, 22, 23, 26, 38, 48, 49, 51, 54, 55), "topwear"),
    **dict.fromkeys((4, 10, 13, 24), "outerwear"),
    **dict.fromkeys((25, 27, 30, 31, 40, 42, 45, 53), "bottomwear"),
    **dict.fromkeys((14, 35, 46, 50), "one_piece"),
    **dict.fromkeys((7, 12, 16, 21, 28, 32, 36, 39, 43, 58), "shoes"),
    **dict.fromkeys((2, 33), "bag"),
    20: "headwear",
    37: "neckwear",
    **dict.fromkeys((9, 15, 29, 34), "jewellery"),
    **dict.fromkeys((1, 3, 17, 18, 44, 47, 52, 56, 57), "accessories"),
}
"""Label number of `ccp_labels.txt` → coarse kind; 0 (nothing), 19 (hair) and 41 (skin) are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprite:
    """`parts` names each pixel's part: 0 none, i for `kinds[i - 1]`; all three share height and width."""

    rgb: Pixels
    alpha: Pixels
    parts: Pixels
    kinds: tuple[str, ...]
    concept: str | None = None

    @property
    def worn(self) -> bool:
        """A person with several garments."""
        return self.concept is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprites:
    """What composites are made of: single things by coarse kind, and dressed people."""

    things: Mapping[str, tuple[Sprite, ...]]
    people: tuple[Sprite, ...]

    def draw(self, rng: np.random.Generator, kinds: tuple[str, ...] = COARSE) -> Sprite:
        """One thing of the wanted kinds: the kind first, so that rare kinds come as often."""
        present = [kind for kind in kinds if self.things.get(kind)]
        weights = np.array([np.sqrt(len(self.things[kind])) for kind in present])
        kind = present[int(rng.choice(len(present), p=weights / weights.sum()))]
        members = self.things[kind]
        return members[int(rng.integers(len(members)))]


def load_sprites(
    data: Path, splits: Splits, tree: ConceptTree, renders: Path | None = None
) -> Sprites:
    """Every trained picture of the folder that can be cut out, and rendered things.

    Parts of the folder may be missing. `renders` is a folder that `souk train renders` wrote.
    """
    things: dict[str, list[Sprite]] = {kind: [] for kind in COARSE}
    for sprite in _things(data, splits, tree):
        things[sprite.kinds[0]].append(sprite)
    if renders is not None:
        for sprite in rendered_things(renders, tree):
            things[sprite.kinds[0]].append(sprite)
    return Sprites(
        things={kind: tuple(found) for kind, found in things.items() if found},
        people=tuple(load_people(data, splits)),
    )


def load_people(data: Path, splits: Splits) -> Iterator[Sprite]:
    """Dressed people of the trained street pictures, cut out by their masks."""
    street = data / "street"
    if not (street / "ccp_masks.zip").exists():
        return
    with (
        zipfile.ZipFile(street / "images.zip") as images,
        zipfile.ZipFile(street / "ccp_masks.zip") as masks,
    ):
        for row in trained_rows(street / "photos.csv", "street", splits):
            if row["mask"]:
                pixels, labels = read_rgb(images, row["file"]), read_labels(masks, row["mask"])
                yield person(pixels, labels)


def rendered_things(folder: Path, tree: ConceptTree) -> Iterator[Sprite]:
    """Rendered furniture: transparent, or on a plain background."""
    with (folder / "renders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = row["concept"] in tree.concepts
            kind = coarse_of(tree.ancestors(row["concept"])) if known else None
            if kind is None:
                continue
            with Image.open(folder / row["file"]) as image:
                image.thumbnail((256, 256))
                rgba = np.asarray(image.convert("RGBA"))
            opaque = rgba[..., 3].min() == 255
            cut = (
                cut_out(rgba[..., :3]) if opaque else CutOut(rgb=rgba[..., :3], alpha=rgba[..., 3])
            )
            sprite = thing(cut, kind, row["concept"]) if cut is not None else None
            if sprite is not None:
                yield sprite


def person(pixels: Pixels, labels: Pixels) -> Sprite:
    """The person of a labelled street picture; each garment label is a part of its own."""
    present = [int(v) for v in np.unique(labels) if int(v) in CCP_COARSE]
    shoes = [v for v in present if CCP_COARSE[v] == "shoes"]
    parts = np.zeros_like(labels)
    kinds: list[str] = []
    for value in present:
        if value in shoes[1:]:
            continue
        kinds.append(CCP_COARSE[value])
        same = np.isin(labels, shoes) if value in shoes else labels == value
        parts[same] = len(kinds)
    alpha = np.asarray((labels > 0) * np.uint8(255))
    rows, columns = np.flatnonzero(alpha.any(1)), np.flatnonzero(alpha.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Sprite(rgb=pixels[window], alpha=alpha[window], parts=parts[window], kinds=tuple(kinds))


def thing(cut: CutOut, kind: str, concept: str) -> Sprite | None:
    """A single thing; of a garment on a person only the garment's stretch is its part.

    None where that stretch is a guess: short garments in pictures of a whole person.
    """
    parts = np.asarray((cut.alpha > 128) * np.uint8(1))
    if kind in _ON_PEOPLE and worn(cut):
        height, width = cut.alpha.shape
        whole_person = height > 2.2 * width
        if whole_person and kind not in ("one_piece", "outerwear"):
            return None
        top = _neck(cut)
        bottom = int(height * 0.95) if whole_person else height
        parts[:top] = 0
        parts[bottom:] = 0
    return Sprite(rgb=cut.rgb, alpha=cut.alpha, parts=parts, kinds=(kind,), concept=concept)


_ON_PEOPLE = {"topwear", "outerwear", "one_piece"}


def _neck(cut: CutOut) -> int:
    """The row where a person's head ends: below the upmost skin, bounded by plausible shares."""
    height, width = cut.alpha.shape
    middle = skin(cut.rgb)[:, width // 4 : max(1, width - width // 4)]
    covered = (cut.alpha > 128)[:, width // 4 : max(1, width - width // 4)]
    share = (middle & covered).sum(1) / np.maximum(1, covered.sum(1))
    low, high = int(height * 0.08), int(height * 0.28)
    skinny = np.flatnonzero(share[low:high] > 0.3)
    return low + int(skinny[-1]) if len(skinny) else int(height * 0.13)


def _things(data: Path, splits: Splits, tree: ConceptTree) -> Iterator[Sprite]:
    sources = (
        ("catalog", "products.csv"), ("ethnic_extra", "photos.csv"), ("home", "items.csv"),
        ("street", "photos.csv"),
    )  # fmt: skip
    for dataset, table in sources:
        path = data / dataset / table
        if not path.exists():
            continue
        labels = tree.labels[dataset]
        with zipfile.ZipFile(path.parent / "images.zip") as images:
            for row in trained_rows(path, dataset, splits):
                concepts = labels.concepts(row)
                kind = coarse_of(tree.ancestors(concepts[0])) if concepts else None
                if kind is None or row.get("mask"):
                    continue
                cut = cut_out(read_rgb(images, row["file"]))
                sprite = thing(cut, kind, concepts[0]) if cut is not None else None
                if sprite is not None:
                    yield sprite


def trained_rows(
    path: Path, dataset: str, splits: Splits, wanted: str = "train"
) -> Iterator[dict[str, str]]:
    """The rows of one split; it must hold for product and brand alike."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            split = splits.get((dataset, row["id"]))
            if split is not None and split.product == split.brand == wanted:
                yield row
