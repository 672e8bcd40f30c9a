"""All evidence that two products are one, joined into a score; above a threshold they are duplicates.

The weights were fitted by logistic regression on planted copies against look-alikes of the same pose
(`benchmarks/duplicates.py`); they are stated here, because the fit has few numbers and no other home.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.alignment import Evidence
from catalog.products import COLOURS, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When products count as duplicates."""

    score: float = 1.2
    """Log-odds from which the pictures of two products are one photograph."""
    conflict: float = 3.0
    """How much more is asked where their colours, titles or concepts say that they differ."""
    member: float = 3.0
    """How much less is asked of a pair of which each belongs to a group already (the chain guard)."""
    similarity: float = 0.25
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


def conflicting(first: Product, second: Product) -> bool:
    """Whether what is written about two products says that they differ.

    Another colour, brand or concept, or titles in one language that name different colours or codes
    (any word with a digit): "AS205-C1" and "AS205-C3" are two models however alike they look.
    """
    if first.colour and second.colour and first.colour != second.colour:
        return True
    if first.brand and second.brand and first.brand.casefold() != second.brand.casefold():
        return True
    if first.concept != second.concept:
        return True
    return any(
        _differ(_words(first.titles[language]), _words(second.titles[language]))
        for language in first.titles.keys() & second.titles.keys()
    )


def _differ(first: set[str], second: set[str]) -> bool:
    only_first, only_second = first - second, second - first
    return any(
        any(map(kind, only_first)) and any(map(kind, only_second))
        for kind in (_is_colour, _is_code)
    )


def _words(title: str) -> set[str]:
    return set(re.findall(r"[\w-]+", title.casefold()))


def _is_colour(word: str) -> bool:
    return word in COLOURS


def _is_code(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
