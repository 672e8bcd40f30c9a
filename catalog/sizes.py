"""Which sizes a kind of thing comes in, by size system: stated assumptions for generated offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.concepts import ConceptTree
from catalog.products import FREE_SIZE

FREE = (FREE_SIZE,)

LETTERS = ("XS", "S", "M", "L", "XL", "XXL")
AGES = ("2-3Y", "4-5Y", "6-7Y", "8-9Y", "10-11Y", "12-13Y")

_RUNS: Mapping[tuple[str, str], Mapping[str, Sequence[object]]] = {
    ("shoes", "women"): {"UK": range(3, 9), "US": range(5, 11), "EU": range(36, 42)},
    ("shoes", "men"): {"UK": range(6, 12), "US": range(7, 13), "EU": range(40, 46)},
    ("shoes", "children"): {"UK": range(8, 14), "US": range(9, 15), "EU": range(26, 34)},
    ("ring", "any"): {"UK": "JLNPR", "US": range(5, 10), "IN": range(8, 17, 2), "EU": range(48, 61, 3)},
    ("bra", "any"): {
        "UK": ("32B", "34B", "34C", "36B", "36C"), "IN": ("32B", "34B", "34C", "36B", "36C"),
        "US": ("32B", "34B", "34C", "36B", "36C"), "EU": ("70B", "75B", "75C", "80B", "80C"),
    },
    ("belt", "any"): {"UK": range(28, 43, 2), "IN": range(28, 43, 2), "US": range(28, 43, 2),
                      "EU": range(75, 111, 5)},
    ("bangle", "any"): {"IN": ("2.4", "2.6", "2.8", "2.10")},
    ("socks", "any"): {"UK": ("3-5", "6-8", "9-11"), "US": ("5-7", "8-10", "11-13"),
                       "EU": ("35-38", "39-42", "43-46")},
}  # fmt: skip
_UNMARKED = {"bra", "bangle"}
"""Kinds whose sizes are written without the system's name."""


def size_run(
    concept: str, gender: str | None, systems: tuple[str, ...], tree: ConceptTree
) -> tuple[str, ...]:
    """The whole run, smallest first, in the first of the marketplace's systems that has one.

    Free-size concepts give FREE; bangles keep Indian sizes and other kinds fall back on EU sizes.
    """
    if tree.concepts[concept].free_size:
        return FREE
    if gender in {"girls", "boys"} and tree.is_a(concept, "clothing"):
        return AGES
    for kind in tree.ancestors(concept):
        run = _RUNS.get((kind, _wearer(gender))) or _RUNS.get((kind, "any"))
        if run is not None:
            system = next((s for s in (*systems, "EU", "IN") if s in run), "IN")
            mark = "" if kind in _UNMARKED else f"{system} "
            return tuple(f"{mark}{size}" for size in run[system])
    return LETTERS if tree.is_a(concept, "fashion") else FREE


def _wearer(gender: str | None) -> str:
    if gender in {"girls", "boys"}:
        return "children"
    return gender if gender in {"women", "men"} else "women"
