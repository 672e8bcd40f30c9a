"""`draw`: one product as a picture on transparent ground, the same for the same seed on any machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal
from zlib import crc32

from PIL import Image

from catalog.demo import (
    drawing_bags,
    drawing_cloths,
    drawing_headwear,
    drawing_jackets,
    drawing_jewels,
    drawing_kurtas,
    drawing_lower,
    drawing_open_shoes,
    drawing_ornaments,
    drawing_sets,
    drawing_shirts,
    drawing_shoes,
    drawing_things,
    drawing_wraps,
)
from catalog.demo.drawing_body import make_body
from catalog.demo.drawing_canvas import SUPERSAMPLING, Sketch, fitted_view, paint
from catalog.demo.drawing_fabrics import PALETTE, jitter
from catalog.demo.drawing_palette import ANY, COLOURS_OF, GENDERS_OF, WORN_SHARE

Framing = Literal["garment", "portrait", "person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawn product. `image` is RGBA, square; `attributes` say what varies (sleeve, print, worn)."""

    image: Image.Image
    concept: str
    colour: str
    """A word of `catalog.products.COLOURS`."""
    gender: str
    attributes: Mapping[str, str]


_DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    **drawing_bags.DRAWINGS,
    **drawing_cloths.DRAWINGS,
    **drawing_headwear.DRAWINGS,
    **drawing_jackets.DRAWINGS,
    **drawing_jewels.DRAWINGS,
    **drawing_kurtas.DRAWINGS,
    **drawing_lower.DRAWINGS,
    **drawing_open_shoes.DRAWINGS,
    **drawing_ornaments.DRAWINGS,
    **drawing_sets.DRAWINGS,
    **drawing_shirts.DRAWINGS,
    **drawing_shoes.DRAWINGS,
    **drawing_things.DRAWINGS,
    **drawing_wraps.DRAWINGS,
}
DRAWABLE: tuple[str, ...] = tuple(sorted(_DRAWINGS))
"""The concepts that `draw` knows."""
_NEVER_WORN = frozenset(
    (*drawing_shoes.DRAWINGS, *drawing_open_shoes.DRAWINGS, *drawing_bags.DRAWINGS)
) | {"belt", "leather_belt", "fan", "ring"}


def draw(
    concept: str,
    seed: int,
    size: int = 256,
    *,
    colour: str | None = None,
    worn: bool | None = None,
    gender: str | None = None,
    framing: Framing | None = None,
) -> Drawing:
    """A product of `concept`, another one for each seed.

    Args:
        concept: One of `DRAWABLE`.
        seed: Decides everything that is left open.
        size: Side of the square picture in pixels.
        colour: One of `catalog.products.COLOURS`; None: a likely one for the concept.
        worn: On a figure or alone; None: as the seed decides. Ignored for shoes and bags.
        gender: "women" or "men"; None: a likely one for the concept.
        framing: How much of a figure is shown; None: as the seed decides.

    Raises:
        KeyError: The concept or the colour is not drawn.
    """
    rng = Random(seed * 1_000_003 + crc32(concept.encode()))
    who = rng.choice(GENDERS_OF.get(concept, ("women",)))
    by_chance = rng.random() < WORN_SHARE.get(concept, 0.45)
    word = rng.choice(COLOURS_OF.get(concept, ANY))
    who, word = gender or who, colour or word
    on_body = (by_chance if worn is None else worn) and concept not in _NEVER_WORN
    sketch = Sketch(
        rng, who, on_body, jitter(rng, PALETTE[word]), make_body(rng, who, worn=on_body)
    )
    _DRAWINGS[concept](sketch)
    _frame(sketch, framing)
    side = size * SUPERSAMPLING
    turn, squash = _camera(sketch)
    margin, flip = rng.uniform(0.02, 0.1), rng.random() < 0.5
    view = fitted_view(sketch, side, margin=margin, turn=turn, flip=flip, squash=squash)
    image = paint(sketch, view, side).reduce(SUPERSAMPLING)
    sketch.note(worn="yes" if on_body else "no")
    return Drawing(
        image=image, concept=concept, colour=word, gender=who, attributes=dict(sketch.attributes)
    )


def _camera(sketch: Sketch) -> tuple[float, float]:
    """Turn in degrees, and how much a low camera shortens what lies on a floor."""
    rng = sketch.rng
    if sketch.worn:
        return rng.gauss(0, 2.5), 1.0
    if sketch.attributes.get("shown") == "pair from above":
        return rng.choice(
            (rng.gauss(0, 14), rng.gauss(0, 40), 180 + rng.gauss(0, 25))
        ), rng.uniform(0.62, 1.0)
    if sketch.attributes.get("shown") in ("folded", "spread"):
        return rng.gauss(0, 12), rng.uniform(0.75, 1.0)
    return rng.gauss(0, 5), rng.uniform(0.94, 1.0)


def _frame(sketch: Sketch, framing: Framing | None) -> None:
    """Photos of worn clothes show the garment alone, the garment with the face, or the whole person."""
    if not sketch.worn or (sketch.frame is not None and framing is None):
        return
    if framing is None:
        framing = sketch.rng.choices(("portrait", "person", "garment"), (35, 20, 45))[0]
    left, top, right, bottom = sketch.bounds()
    if framing == "portrait":
        sketch.frame = (min(left, -14), min(top, -4), max(right, 14), bottom)
    elif framing == "person":
        sketch.frame = (min(left, -20), -5, max(right, 20), 181)
