"""The judged queries that the re-ranker learns from, stops by, and is measured on.

Who asks is decided by the committed splits: photos that the category heads never saw. The brands of
the measured queries, and their products, are no part of what is trained on.

    train   brands of the heads' training, products that they did not see; street photos set aside
    valid   a fifth of those photos
    test    brands, senders and sources set aside for testing

The brands set aside for validation ask nothing: the networks learned from them in the end, so that
their heads are surer there than any shopper's photo makes them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from catalog.concepts import ConceptTree
from catalog.marketplaces import RankingDefaults
from catalog.search import Look
from ranking.judged import JudgedQuery
from service.judging import Networks, judged_photo, judged_slot, seen
from service.query_photos import QueryPhoto, crop, query_photos, snapshot
from service.shelves import Mask, Shelf
from vision.photos import Photo
from vision.training.backgrounds import Backgrounds
from vision.training.splits import Split

Splits = Mapping[tuple[str, str], Split]
VARIANTS = {"train": 2, "valid": 1, "test": 1}
"""Snapshots made of one picture."""
SLOT_SHARE = 0.15
SETTLING = 5
MOST_OF_HOME = 120
"""Test photos of furniture; the rest would outweigh the garments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A photo as the networks saw it, and the split it belongs to."""

    photo: QueryPhoto
    variant: int
    part: str
    look: Look


def part_of(split: Split | None) -> str | None:
    """`train`, `test`, or None for what the heads were trained on."""
    if split is None:
        return None
    if split.brand == "test":
        return "test"
    return "train" if split.product in {"val", "test"} else None


def asking_photos(
    data: Path,
    concepts: ConceptTree,
    splits: Splits,
    *,
    datasets: Iterable[str] = ("catalog", "street", "ethnic_extra", "home"),
) -> Iterator[tuple[QueryPhoto, str]]:
    """The pictures that ask, with their part."""
    wanted = {key: part for key, split in splits.items() if (part := part_of(split)) is not None}
    furniture = 0
    for photo in query_photos(data, concepts, tuple(datasets), wanted.keys()):
        furniture += photo.dataset == "home"
        if photo.dataset == "home" and furniture > MOST_OF_HOME:
            continue
        part = wanted[photo.dataset, photo.item_id]
        yield photo, "valid" if part == "train" and settles(photo) else part


def settles(photo: QueryPhoto) -> bool:
    """Whether a photo stops and weighs the training instead of teaching it: every fifth, by its name."""
    return zlib.crc32(f"{photo.dataset}:{photo.item_id}".encode()) % SETTLING == 0


def looked_at(
    photos: Iterable[tuple[QueryPhoto, str]],
    networks: Networks,
    backgrounds: Backgrounds,
    *,
    seed: int,
    on_photo: Callable[[], None] = lambda: None,
) -> Iterator[Asking]:
    """Each photo, or the snapshots made of a catalogue picture, through the networks."""
    for number, (photo, part) in enumerate(photos):
        made = VARIANTS[part] if photo.dataset == "catalog" else 1
        for variant in range(made):
            rng = np.random.default_rng((seed, number, variant))
            shown = asked_as(photo, backgrounds, rng) if photo.dataset == "catalog" else photo.photo
            yield Asking(photo=photo, variant=variant, part=part, look=seen(shown, networks))
        on_photo()


def asked_as(photo: QueryPhoto, backgrounds: Backgrounds, rng: np.random.Generator) -> Photo:
    """Half are put in a strange place, three in ten are a crop, the rest stay as they are."""
    draw = rng.random()
    if draw < 0.5:
        placed = snapshot(photo.photo, backgrounds.draw(rng, (224, 224)), rng)
        if placed is not None:
            return placed
    return crop(photo.photo, rng) if draw < 0.8 else photo.photo


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Asks every photo in some marketplaces and grades what was found."""

    shelves: Mapping[str, Shelf]
    networks: Networks
    splits: Splits
    always: tuple[str, ...]
    """Marketplaces in which every photo asks; the others take turns."""
    seed: int

    def judged(self, asking: Iterable[Asking], *, slots: bool) -> Iterator[JudgedQuery]:
        """Each photo where all ask and in one more marketplace in turn; `slots` adds made-up slots."""
        masks = {
            (name, part): self._allowed(shelf, part)
            for name, shelf in self.shelves.items()
            for part in ("train", "test")
        }
        for number, one in enumerate(asking):
            for name in self._asked_in(number):
                side = "test" if one.part == "test" else "train"
                yield from self._one(
                    one, self.shelves[name], masks[name, side], number, slots=slots
                )

    def _one(
        self, one: Asking, shelf: Shelf, side: Mask, number: int, *, slots: bool
    ) -> Iterator[JudgedQuery]:
        market = shelf.marketplace
        rng = np.random.default_rng((self.seed, number, *market.id.encode()))
        allowed = side & ~shelf.alike(one.photo.item_id)
        truth = one.photo.truth
        policy = varied(market.ranking, rng) if one.part == "train" else None
        judged = judged_photo(
            f"{market.id}:{one.photo.query_id}:{one.variant}",
            one.look, truth, shelf, self.networks, allowed, policy,
        )  # fmt: skip
        yield judged
        if slots and rng.random() < SLOT_SHARE:
            slot = judged_slot(judged, truth, shelf, allowed, rng)
            if slot is not None:
                yield slot

    def _asked_in(self, number: int) -> tuple[str, ...]:
        rest = [name for name in self.shelves if name not in self.always]
        return (*self.always, rest[number % len(rest)]) if rest else self.always

    def _allowed(self, shelf: Shelf, side: str) -> Mask:
        """Products of measured brands on the one side, all others on the other."""
        measured = {item for (_, item), split in self.splits.items() if split.brand == "test"}
        test = shelf.products(measured)
        return test if side == "test" else ~test


def varied(stated: RankingDefaults, rng: np.random.Generator) -> RankingDefaults:
    """The policy with each weight times 0.5 to 2: the model must answer to weights, not know them."""

    def weight(value: float) -> float:
        return float(value * 2 ** rng.uniform(-1, 1))

    return replace(
        stated,
        policy_rating=weight(stated.policy_rating),
        policy_price=weight(stated.policy_price),
        policy_prime=weight(stated.policy_prime),
        policy_availability=weight(stated.policy_availability),
    )


def by_part(asking: Iterable[Asking]) -> Mapping[str, tuple[Asking, ...]]:
    """The photos of each part."""
    found: dict[str, list[Asking]] = {"train": [], "valid": [], "test": []}
    for one in asking:
        found[one.part].append(one)
    return {part: tuple(members) for part, members in found.items()}
