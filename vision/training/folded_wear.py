"""What of Indian wear is sold folded or hung: lungis, mundus and the cloths for shoulder and head."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.demo.drawing_fabrics import GOLD, PALETTE, Colour, jitter, printed, woven
from vision.training.surfaces import Generator, Material, Part, image_of, shifted
from vision.training.textiles import folded_pile, fringe, hanging

CREAM: tuple[Colour, ...] = ((250, 248, 242), (244, 236, 216), (236, 224, 196))
CHECKED = ("checks", "tartan", "gingham", "stripes", "plain")


def lungi(rng: Generator) -> list[Part]:
    """Checked or plain cotton with a narrow border, folded as it is sold or hung up."""
    random = Random(int(rng.integers(2**31)))
    fabric = printed(random, _dyed(random), random.choice(CHECKED))
    return _sold(
        rng, _bordered(rng, fabric.tile, jitter(random, random.choice(list(PALETTE.values()))))
    )


def mundu(rng: Generator) -> list[Part]:
    """Cream or white with a border of gold or one colour."""
    return _sold(rng, _cream_with_border(rng))


def angavastram(rng: Generator) -> list[Part]:
    """The cloth for the shoulder that goes with a mundu: narrow, of the same stuff."""
    return _sold(rng, _cream_with_border(rng), narrow=0.6)


def gamcha(rng: Generator) -> list[Part]:
    """A thin checked cotton towel, red and white before all."""
    random = Random(int(rng.integers(2**31)))
    first = (186, 34, 42) if rng.random() < 0.5 else _dyed(random)
    fabric = printed(random, jitter(random, first), random.choice(("checks", "gingham")), CREAM[0])
    return _sold(
        rng, Material(skin=Image.fromarray(fabric.tile), metres=float(rng.uniform(0.04, 0.12)))
    )


def _dyed(random: Random) -> Colour:
    return jitter(random, random.choice(list(PALETTE.values())), 18)


def _cream_with_border(rng: Generator) -> Material:
    random = Random(int(rng.integers(2**31)))
    ground = woven(random, jitter(random, random.choice(CREAM), 8), 3.0)
    return _bordered(rng, ground.tile, GOLD if rng.random() < 0.55 else _dyed(random))


def _bordered(rng: Generator, tile: NDArray[np.uint8], trim: Colour) -> Material:
    """The cloth with bands of the trim along one edge of the picture that repeats."""
    side, repeat = 256, max(1, int(256 / tile.shape[0] * rng.uniform(0.7, 2.0)))
    field = np.tile(tile, (repeat, repeat, 1))
    picture = np.asarray(Image.fromarray(field).resize((side, side)), dtype=np.float64)
    at = side - 1
    for _ in range(int(rng.integers(1, 4))):
        wide = int(rng.integers(3, 34))
        picture[max(0, at - wide) : at] = np.asarray(trim) + rng.normal(0, 8, (1, side, 1))
        at -= wide + int(rng.integers(4, 16))
    return Material(
        skin=image_of(picture),
        metres=float(rng.uniform(0.24, 0.5)),
    )


def _sold(rng: Generator, cover: Material, narrow: float = 1.0, hung: float = 0.25) -> list[Part]:
    """Folded flat, lying or stood up, or hung over a bar."""
    if rng.random() < hung:
        wide, tall = rng.uniform(0.3, 0.8) * narrow, rng.uniform(0.8, 1.4)
        parts: list[Part] = [(hanging(rng, wide, tall, int(rng.integers(2, 6)), 0.03), cover)]
        return [*parts, (fringe(rng, wide, -tall), cover)] if rng.random() < 0.3 else parts
    wide, deep = rng.uniform(0.28, 0.42), rng.uniform(0.2, 0.36) * narrow
    pile = folded_pile(rng, cover, wide, deep, int(rng.integers(1, 4)), rng.uniform(0.008, 0.02))
    stood = rng.uniform(50, 90) if rng.random() < 0.6 else 0.0
    return shifted(pile, tilt=stood)


FOLDED_WEAR: dict[str, Callable[[Generator], list[Part]]] = {
    "lungi": lungi, "mundu": mundu, "angavastram": angavastram, "gamcha": gamcha,
}  # fmt: skip
