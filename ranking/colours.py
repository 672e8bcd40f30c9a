"""How two colour words go together, for accessory slots: match, complement, neutral."""

from __future__ import annotations

from collections.abc import Mapping

NEUTRAL = frozenset({"black", "white", "grey", "beige", "brown", "silver", "gold", "copper"})
"""Colours that go with every other."""

HUES: Mapping[str, float] = {
    "red": 0.0, "maroon": 350.0, "rust": 15.0, "orange": 30.0, "peach": 28.0, "mustard": 48.0,
    "yellow": 58.0, "olive": 70.0, "green": 125.0, "teal": 180.0, "blue": 220.0, "navy": 230.0,
    "lavender": 265.0, "purple": 280.0, "magenta": 310.0, "pink": 335.0,
}  # fmt: skip
"""Degrees on the colour wheel of the words that have a hue; `multi` and the neutrals have none."""


def colour_fit(relation: str, colour: str, seen: Mapping[str, float]) -> float:
    """How well a product of this colour stands to what was seen, 0 to 1.

    `seen` is the share of the photo's object by colour word. `match`: the nearness of hues, weighed
    by those shares; `complement`: the nearness to the opposite hue; a neutral is a fair complement
    (0.6); `neutral`: 1 for a neutral, 0.3 for the rest. `any` and unknown relations: 0.5.
    """
    if relation == "neutral":
        return 1.0 if colour in NEUTRAL else 0.3
    if relation not in {"match", "complement"}:
        return 0.5
    total = sum(seen.values())
    if total <= 0:
        return 0.5
    pair = _match if relation == "match" else _complement
    return sum(share * pair(colour, other) for other, share in seen.items()) / total


def _match(colour: str, other: str) -> float:
    if colour == other:
        return 1.0
    distance = _hue_distance(colour, other)
    if distance is not None:
        return max(0.0, 1.0 - distance / 60.0)
    return 0.3 if colour in NEUTRAL or other in NEUTRAL else 0.2


def _complement(colour: str, other: str) -> float:
    if colour in NEUTRAL or other in NEUTRAL:
        return 0.6 if colour != other else 0.3
    distance = _hue_distance(colour, other)
    return 0.4 if distance is None else distance / 180.0


def _hue_distance(colour: str, other: str) -> float | None:
    if colour not in HUES or other not in HUES:
        return None
    turn = abs(HUES[colour] - HUES[other]) % 360.0
    return min(turn, 360.0 - turn)
