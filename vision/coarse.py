"""The coarse kinds of thing that the detector tells apart, and the concepts they stand for."""

from __future__ import annotations

from collections.abc import Iterable

COARSE: tuple[str, ...] = (
    "topwear", "outerwear", "bottomwear", "one_piece", "shoes", "bag", "headwear", "neckwear",
    "jewellery", "accessories", "furniture", "lighting", "textiles", "decoration",
)  # fmt: skip
"""Ids of inner concepts, in the order of the detector's outputs."""

_STANDS_FOR = {
    "ethnic_bottom": "bottomwear", "wrap": "bottomwear", "petticoat": "bottomwear",
    "legwear": "bottomwear", "lounge_pants": "bottomwear", "lounge_shorts": "bottomwear",
    "briefs": "bottomwear", "lederhosen": "bottomwear", "apron": "bottomwear",
    "kurta": "topwear", "saree_blouse": "topwear", "vest": "topwear", "bra": "topwear",
    "dirndl_blouse": "topwear",
    "sherwani": "outerwear", "nehru_jacket": "outerwear",
    "dupatta": "neckwear", "angavastram": "neckwear", "gamcha": "neckwear", "manton": "neckwear",
    "ethnic_wear": "one_piece", "nightwear": "one_piece", "regional_wear": "one_piece",
    "swimwear": "one_piece", "tracksuit": "one_piece", "clothing_set": "one_piece",
    "suit": "one_piece", "innerwear": "topwear", "home": "decoration",
}  # fmt: skip
"""Concepts that look like another coarse kind than the one above them; the nearest ancestor decides."""


def coarse_of(ancestry: Iterable[str]) -> str | None:
    """The coarse kind of a concept, given it and its ancestors upwards; None for none (clothing)."""
    for concept in ancestry:
        if concept in _STANDS_FOR:
            return _STANDS_FOR[concept]
        if concept in COARSE:
            return concept
    return None
