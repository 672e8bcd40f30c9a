"""All evidence that two products are one, joined into a score; above a threshold they are duplicates.

The weights were fitted by logistic regression on planted copies against look-alikes of the same pose
(`benchmarks/duplicates.py`); they are stated here, because the fit has few numbers and no other home.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.alignment import Evidence
from catalog.products import COLOURS, Product

LOOK, BITS = 0.5, 16
"""99 in 100 of the planted copies that are recognised have such a look, or such a hash."""
CONFLICT_LOOK, CONFLICT_BITS = 0.9, 10
"""98 in 100 of the copies alike enough to be folded in spite of a conflict have."""
CONFLICT_TINT = 0.02
"""99 in 100 of them differ less in the tint of their mean colours; of recoloured look-alikes 13 do."""
_COLOURS = frozenset(COLOURS)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When products count as duplicates."""

    score: float = 1.2
    """Log-odds from which the pictures of two products are one photograph."""
    conflict: float = 3.0
    """How much more is asked where their colours, titles or concepts say that they differ."""
    member: float = 3.0
    """How much less is asked of a pair of which each belongs to a group already (the chain guard)."""
    similarity: float = 0.6
    """Cosine of their vectors below which they are never duplicates."""
    neighbours: int = 5
    """How many nearest pictures, by vector and by coarse look, are compared."""


def picture_score(evidence: Evidence) -> float:
    """Log-odds that two pictures are copies of one photograph."""
    return (
        0.6
        + 5.6 * evidence.detail
        - 72.0 * evidence.difference
        - 4.2 * evidence.peak
        - 24.0 * evidence.chroma
        - 12.0 * evidence.texture
        - 1.2 * evidence.difference / (evidence.texture + 0.01)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is written about a product, as far as two products may contradict each other in it."""

    concept: str
    colour: str | None
    brand: str | None
    """Case-folded."""
    named: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    """By language of a title: the colours in it, and the codes (any word with a digit)."""

    @classmethod
    def of(cls, product: Product) -> Statement:
        words = {language: _words(title) for language, title in product.titles.items()}
        return cls(
            concept=product.concept,
            colour=product.colour or None,
            brand=product.brand.casefold() if product.brand else None,
            named={
                language: (found & _COLOURS, frozenset(filter(_is_code, found)))
                for language, found in words.items()
            },
        )


def conflicting(first: Statement, second: Statement) -> bool:
    """Whether what is written about two products says that they differ.

    Another colour, brand or concept, or titles in one language that name different colours or codes:
    "AS205-C1" and "AS205-C3" are two models however alike they look.
    """
    if first.colour and second.colour and first.colour != second.colour:
        return True
    if first.brand and second.brand and first.brand != second.brand:
        return True
    if first.concept != second.concept:
        return True
    return any(
        a - b and b - a
        for language in first.named.keys() & second.named.keys()
        for a, b in zip(first.named[language], second.named[language], strict=True)
    )


def worth_comparing(
    similarity: Floats, look: Floats, bits: NDArray[np.uint8], thresholds: Thresholds
) -> NDArray[np.bool_]:
    """Which pairs are worth laying over each other, by what costs nothing.

    The cosines of their vectors (1 where one of them has none), those of their coarse looks, and the
    bits in which their hashes differ, mirrored or not.
    """
    alike = (look >= LOOK) | (bits <= BITS)
    return np.asarray((similarity >= thresholds.similarity) & alike)


def worth_in_spite(look: Floats, bits: NDArray[np.uint8], tint: Floats) -> NDArray[np.bool_]:
    """Likewise where what is written contradicts: only a near copy could still reach the score."""
    alike = (look >= CONFLICT_LOOK) | (bits <= CONFLICT_BITS)
    return np.asarray(alike & (tint <= CONFLICT_TINT))


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w-]+", title.casefold()))


def _is_code(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
