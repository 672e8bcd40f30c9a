"""Distinct photos to load a service with: drawn ones, so that anyone can repeat it, or a folder's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from catalog.demo.backgrounds import PLACES
from catalog.demo.drawing import DRAWABLE, draw
from catalog.demo.pictures import jpeg
from service.commands.bench_latency import enlarged

SIZE = (775, 1033)
"""0.8 megapixels, as a phone's upright photo."""
DRAWN = 400
"""Pixels of a drawing before it is enlarged: its time goes with the square."""
PHOTOS = ("*.jpg", "*.jpeg", "*.png", "*.webp")


def drawn_photos(count: int, seed: int = 1) -> Iterator[bytes]:
    """Each with its own garment or thing in its own place, seed and framing."""
    places = sorted(PLACES)
    for number in range(count):
        rng = Random(f"{seed}/{number}")
        photo = PLACES[places[number % len(places)]](SIZE, rng)
        side = round(SIZE[0] * rng.uniform(0.6, 0.95))
        thing = draw(DRAWABLE[number * 7 % len(DRAWABLE)], rng.randrange(10**6), DRAWN).image
        thing = thing.resize((side, side))
        left = rng.randint(0, SIZE[0] - side)
        photo.paste(thing, (left, rng.randint(0, SIZE[1] - side)), thing)
        yield jpeg(photo, 88)


def photos_of(folder: Path, count: int) -> Iterator[bytes]:
    """The first pictures of a folder by name, each made 0.8 megapixels large."""
    found = sorted(path for pattern in PHOTOS for path in folder.rglob(pattern))
    for path in found[:count]:
        yield enlarged(path.read_bytes(), 0.8)


def write_photos(photos: Iterator[bytes], into: Path) -> int:
    """Numbered files for the callers' own process; how many there are."""
    number = 0
    for number, photo in enumerate(photos, 1):
        (into / f"{number:04}.jpg").write_bytes(photo)
    return number
