"""Furniture that no package holds models of, put together from solids by the rules of its kind.

`furnishing("chest_of_drawers", seed)` gives another one for each seed: proportions, boards, fronts,
handles and legs are drawn. Sizes are those of shops, in metres.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vision.training.crockery import CROCKERY
from vision.training.folded_wear import FOLDED_WEAR
from vision.training.furniture_meshes import Piece
from vision.training.household import HOUSEHOLD
from vision.training.seats import SEATS, four_legs
from vision.training.solids import Rows, Spot, box, disc, placed, revolved, rod
from vision.training.surfaces import (
    LACQUERS,
    Generator,
    Material,
    Part,
    board,
    cloth,
    flat,
    metal,
    reflection,
    shifted,
    wicker,
    wood,
)
from vision.training.textiles import TEXTILES, bedding

Build = Callable[[Generator], list[Part]]
THICK = 0.022
"""Of a board."""


def furnishing(concept: str, seed: int) -> tuple[Piece, ...]:
    """A thing of the concept, centred and scaled to a diagonal of 1.

    Raises:
        KeyError: The concept is none of `MADE`.
    """
    rng = np.random.default_rng((seed, *concept.encode()))
    parts = MADE[concept](rng)
    spots = np.concatenate([rows[:, :3] for rows, _ in parts])
    low, high = spots.min(axis=0), spots.max(axis=0)
    size = float(np.linalg.norm(high - low))
    return tuple(_piece(rows, material, (low + high) / 2, size) for rows, material in parts)


def _piece(rows: Rows, material: Material, middle: Rows, size: float) -> Piece:
    found = rows.copy()
    found[:, :3] = (rows[:, :3] - middle) / size
    found[:, 6:] /= material.metres
    return Piece(found, material.colour, material.skin)


def _carcass(width: float, height: float, depth: float, at: float, *, back: bool = True) -> Rows:
    """Two sides, top, bottom and, when asked, a back; open to the front, its bottom at height `at`."""
    middle = at + height / 2
    parts = [box((s * (width - THICK) / 2, middle, 0), (THICK, height, depth)) for s in (-1, 1)] + [
        box((0, at + y, 0), (width, THICK, depth)) for y in (THICK / 2, height - THICK / 2)
    ]
    if back:
        parts.append(box((0, middle, -depth / 2 + 0.005), (width, height, 0.01)))
    return np.concatenate(parts)


def _handle(rng: Generator, kind: int, spot: Spot, width: float) -> Rows:
    """A knob, a bar or a small cup in front of a spot."""
    x, y, z = spot
    if kind == 0:
        return placed(
            revolved([(0.004, 0), (0.008, 0.015), (0.016, 0.022), (0.001, 0.03)], 16), spot, tilt=90
        )
    if kind == 1:
        half = min(width * 0.25, 0.1)
        return rod((x - half, y, z + 0.025), (x + half, y, z + 0.025), 0.006)
    return box((x, y, z + 0.012), (min(0.11, width * 0.3), 0.024 + 0.01 * rng.random(), 0.024))


def _fronts(
    rng: Generator, width: float, height: float, depth: float, at: float, rows: int, columns: int
) -> list[Part]:
    """Drawer fronts or doors in a grid with gaps, and their handles."""
    front, grips, gap = [], [], rng.uniform(0.003, 0.012)
    kind = int(rng.integers(4))
    w, h = width / columns, height / rows
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) * w - width / 2, at + (row + 0.5) * h
            front.append(box((x, y, depth / 2 + 0.009), (w - 2 * gap, h - 2 * gap, 0.018)))
            if kind < 3:
                grips += [
                    _handle(rng, kind, (x + offset * w, y, depth / 2 + 0.018), w)
                    for offset in ((-0.25, 0.25) if w > 0.7 else (0.0,))
                ]
    found = [(np.concatenate(front), board(rng))]
    return [*found, (np.concatenate(grips), metal(rng))] if grips else found


def chest_of_drawers(rng: Generator) -> list[Part]:
    """Rows of drawers, low and wide or narrow and high."""
    columns = int(rng.integers(1, 3))
    rows = int(rng.integers(2, 7))
    width, height = columns * rng.uniform(0.4, 0.85), rows * rng.uniform(0.16, 0.26)
    depth, foot = rng.uniform(0.35, 0.5), rng.uniform(0.0, 0.18)
    body = board(rng)
    parts: list[Part] = [(_carcass(width, height, depth, foot), body)]
    fronts = _fronts(rng, width - 2 * THICK, height - 2 * THICK, depth, foot + THICK, rows, columns)
    if rng.random() < 0.6:
        fronts[0] = (fronts[0][0], body)
    if foot > 0.04:
        parts.append(
            (four_legs(rng, width, depth, foot), body if rng.random() < 0.5 else metal(rng))
        )
    return parts + fronts


def bedside_table(rng: Generator) -> list[Part]:
    """Small: a drawer or two, or a shelf below."""
    width, height, depth = rng.uniform(0.32, 0.5), rng.uniform(0.18, 0.5), rng.uniform(0.3, 0.42)
    foot = rng.uniform(0.05, 0.35)
    body = board(rng)
    rows = int(rng.integers(1, 3))
    share = 1.0 if rng.random() < 0.5 else rng.uniform(0.4, 0.6)
    fronts = _fronts(
        rng, width - 2 * THICK, height * share, depth, foot + height * (1 - share), rows, 1
    )
    return [
        (_carcass(width, height, depth, foot), body),
        (four_legs(rng, width, depth, foot), body),
        *fronts,
    ]


def cabinet(rng: Generator) -> list[Part]:
    """Doors, sometimes of glass or with drawers above."""
    columns = int(rng.integers(1, 5))
    width, height = columns * rng.uniform(0.35, 0.55), rng.uniform(0.5, 1.5)
    depth, foot = rng.uniform(0.3, 0.5), rng.uniform(0.0, 0.2)
    body = board(rng)
    parts: list[Part] = [(_carcass(width, height, depth, foot), body)]
    if foot > 0.04:
        parts.append((four_legs(rng, width, depth, foot), body))
    if rng.random() < 0.3:
        glass = Material((0.78, 0.86, 0.88, 0.35))
        inside = [
            box((0, foot + height * s / 4, 0), (width, 0.015, depth * 0.9)) for s in (1, 2, 3)
        ]
        pane = box((0, foot + height / 2, depth / 2 + 0.008), (width - 0.06, height - 0.08, 0.006))
        return [*parts, (np.concatenate(inside), body), (pane, glass)]
    return parts + _fronts(rng, width - 0.02, height - 0.02, depth, foot + 0.01, 1, columns)


def wardrobe(rng: Generator) -> list[Part]:
    """Higher than a person; hinged, sliding or mirrored doors."""
    columns = int(rng.integers(1, 5))
    width, height = columns * rng.uniform(0.45, 0.75), rng.uniform(1.75, 2.4)
    depth, body = rng.uniform(0.4, 0.66), board(rng)
    drawers = rng.uniform(0.2, 0.5) if rng.random() < 0.3 else 0.0
    parts = [(_carcass(width, height, depth, 0.0), body)]
    doors = _fronts(rng, width - 0.02, height - drawers - 0.04, depth, drawers + 0.02, 1, columns)
    if rng.random() < 0.25:
        doors[0] = (doors[0][0], Material(skin=reflection(rng), metres=2.0))
    elif rng.random() < 0.6:
        doors[0] = (doors[0][0], body)
    if drawers:
        parts += _fronts(rng, width - 0.02, drawers, depth, 0.02, int(rng.integers(1, 3)), columns)
    return parts + doors


def shelf(rng: Generator) -> list[Part]:
    """A bookcase, a grid, a ladder of boards, or one board for a wall; with or without things in it."""
    kind, body = rng.random(), board(rng)
    if kind < 0.2:
        width, depth = rng.uniform(0.4, 1.9), rng.uniform(0.15, 0.3)
        brackets = [
            box((s * width * 0.35, -0.06, -0.02), (0.02, 0.12, depth * 0.8)) for s in (-1, 1)
        ]
        plank = (box((0, 0, 0), (width, rng.uniform(0.018, 0.05), depth)), body)
        return [plank, (np.concatenate(brackets), metal(rng))] if rng.random() < 0.6 else [plank]
    columns, rows = int(rng.integers(1, 5)), int(rng.integers(2, 7))
    width, height = (
        columns * rng.uniform(0.33, 0.8 if columns == 1 else 0.45),
        rows * rng.uniform(0.28, 0.4),
    )
    depth, closed = rng.uniform(0.24, 0.42), kind < 0.75
    boards = [
        box((0, height * r / rows, 0), (width - THICK, THICK, depth * 0.98)) for r in range(1, rows)
    ]
    uprights = [box((width * c / columns - width / 2, height / 2, 0), (THICK, height, depth * 0.98))
                for c in range(1, columns)]  # fmt: skip
    if closed:
        frame = _carcass(width, height, depth, 0.0, back=rng.random() < 0.6)
        parts: list[Part] = [(np.concatenate([frame, *boards, *uprights]), body)]
    else:
        ends = [box((0, y, 0), (width, THICK, depth)) for y in (0.08, height)]
        parts = [
            (np.concatenate([*ends, *boards]), body),
            (four_legs(rng, width, depth, height), metal(rng)),
        ]
    if rng.random() < 0.3:
        parts += _books(rng, width, height, depth, rows)
    return parts


def _books(rng: Generator, width: float, height: float, depth: float, rows: int) -> list[Part]:
    parts: list[Part] = []
    for row in range(rows):
        x = -width / 2 + rng.uniform(0.03, 0.2)
        while x < width / 2 - 0.1 and rng.random() < 0.85:
            thick, tall = rng.uniform(0.015, 0.05), height / rows * rng.uniform(0.5, 0.8)
            spot = (x, height * row / rows + THICK + tall / 2, 0.0)
            parts.append(
                (
                    box(spot, (thick, tall, depth * 0.6)),
                    flat(rng, ((60, 70, 110), (180, 60, 50), (230, 220, 200)), 40),
                )
            )
            x += thick + 0.002
    return parts


def storage_box(rng: Generator) -> list[Part]:
    """A box with or without a lid, a basket, or a stack of them."""
    material = (
        wicker,
        cloth,
        board,
        lambda r: flat(r, ((250, 250, 250), (60, 60, 64), (200, 60, 60)), 30),
    )
    made = material[int(rng.integers(len(material)))](rng)
    width, depth, height = rng.uniform(0.2, 0.6), rng.uniform(0.18, 0.45), rng.uniform(0.1, 0.36)
    if rng.random() < 0.25:
        radius = width / 2
        wall = revolved(
            [(radius * 0.85, 0), (radius, height), (radius * 0.95, height), (radius * 0.8, 0.01)]
        )
        wall[:, 6:] *= (2 * np.pi * radius, height)
        return [(wall, made), (disc(radius * 0.84, 0.01), made)]
    parts: list[Part] = []
    for level in range(1 if rng.random() < 0.75 else 2):
        at = level * height * 1.12
        parts.append((placed(_open_box(width, height, depth), (0, at, 0)), made))
        if rng.random() < 0.5:
            parts.append(
                (box((0, at + height, 0), (width * 1.03, height * 0.14, depth * 1.03)), made)
            )
        if rng.random() < 0.5:
            grip = box((0, at + height * 0.6, depth / 2 + 0.004), (width * 0.3, height * 0.2, 0.01))
            parts.append((grip, metal(rng)))
    return parts


def _open_box(width: float, height: float, depth: float) -> Rows:
    wall = 0.012
    return np.concatenate(
        [box((s * width / 2, height / 2, 0), (wall, height, depth)) for s in (-1, 1)]
        + [box((0, height / 2, s * depth / 2), (width, height, wall)) for s in (-1, 1)]
        + [box((0, wall, 0), (width, wall, depth))]
    )


def _table(
    rng: Generator, width: float, depth: float, height: float, *, round_top: float
) -> list[Part]:
    """A top on legs, a pedestal, trestles or a box frame; now and then a board below."""
    top, under = board(rng), board(rng)
    if rng.random() < 0.12:
        top = Material((0.75, 0.85, 0.86, 0.45))
    thick = rng.uniform(0.015, 0.05)
    if rng.random() < round_top:
        width = depth = min(width, depth)
        edge = revolved([(width / 2, 0), (width / 2, thick)])
        plate = np.concatenate([placed(edge, (0, height - thick, 0)), disc(width / 2, height)])
        inner = width * 0.72
    else:
        plate, inner = (
            box((0, height - thick / 2, 0), (width, thick, depth)),
            width * rng.uniform(0.8, 1),
        )
    kind = rng.random()
    if kind < 0.2 and width < 1.3:
        foot = revolved([(width * 0.3, 0), (width * 0.28, 0.02), (0.03, 0.04), (0.03, height)])
        return [(plate, top), (foot, metal(rng))]
    legs = (
        four_legs(rng, inner, depth * inner / width, height - thick),
        under if kind < 0.6 else metal(rng),
    )
    parts = [(plate, top), legs]
    if rng.random() < 0.3:
        parts.append(
            (box((0, height * 0.3, 0), (inner * 0.9, 0.018, depth * 0.8 * inner / width)), under)
        )
    return parts


def dining_table(rng: Generator) -> list[Part]:
    return _table(
        rng, rng.uniform(0.9, 2.2), rng.uniform(0.75, 1.0), rng.uniform(0.71, 0.77), round_top=0.25
    )


def coffee_table(rng: Generator) -> list[Part]:
    """Low, about as wide as a sofa's seat."""
    return _table(
        rng, rng.uniform(0.7, 1.3), rng.uniform(0.45, 0.8), rng.uniform(0.3, 0.48), round_top=0.3
    )


def side_table(rng: Generator) -> list[Part]:
    """As high as the arm of a sofa and little wider than a tray."""
    wide = rng.uniform(0.3, 0.6)
    return _table(rng, wide, wide * rng.uniform(0.8, 1), rng.uniform(0.42, 0.66), round_top=0.5)


def desk(rng: Generator) -> list[Part]:
    """Drawers under one side, or legs and a shelf above."""
    width, depth, height = rng.uniform(0.9, 1.6), rng.uniform(0.5, 0.75), rng.uniform(0.71, 0.76)
    top, parts = board(rng), []
    parts.append((box((0, height - 0.015, 0), (width, 0.03, depth)), top))
    sides = (1,) if rng.random() < 0.6 else (-1, 1)
    chest, tall = rng.uniform(0.3, 0.42), rng.uniform(0.4, height - 0.04)
    for side in sides if rng.random() < 0.8 else ():
        x, at = side * (width - chest) / 2, height - 0.03 - tall
        parts.append((placed(_carcass(chest, tall, depth * 0.9, at), (x, 0, 0)), top))
        rows = int(rng.integers(1, 5))
        parts += shifted(_fronts(rng, chest - 0.01, tall, depth * 0.9, at, rows, 1), (x, 0, 0))
    parts.append(
        (four_legs(rng, width, depth, height - 0.03), metal(rng) if rng.random() < 0.5 else top)
    )
    if rng.random() < 0.2:
        parts.append((placed(_carcass(width, 0.35, 0.22, height), (0, 0, -depth / 2 + 0.11)), top))
    return parts


def bed(rng: Generator) -> list[Part]:
    """A frame with a headboard or without, bare with its slats or made up."""
    width, long, height = rng.uniform(0.9, 1.9), 2.05, rng.uniform(0.22, 0.45)
    made, parts = board(rng), []
    rails = [box((s * width / 2, height, 0), (0.04, 0.16, long)) for s in (-1, 1)]
    rails.append(box((0, height, long / 2), (width, 0.16, 0.04)))
    parts.append((np.concatenate([*rails, four_legs(rng, width, long, height)]), made))
    if rng.random() < 0.8:
        tall = rng.uniform(0.3, 0.9)
        head = cloth(rng) if rng.random() < 0.3 else made
        parts.append((box((0, height + tall / 2, -long / 2), (width + 0.04, tall, 0.06)), head))
    if rng.random() < 0.25:
        slats = [box((0, height, z), (width, 0.02, 0.07)) for z in np.linspace(-0.95, 0.95, 16)]
        return [*parts, (np.concatenate(slats), wood(rng))]
    parts.append(
        (box((0, height + 0.1, 0), (width - 0.04, 0.2, long - 0.08)), flat(rng, LACQUERS[:3]))
    )
    return parts + _made_up(rng, width, long, height + 0.2) if rng.random() < 0.6 else parts


def _made_up(rng: Generator, width: float, long: float, at: float) -> list[Part]:
    """Quilt and pillows as wide as the bed, without what lies under them."""
    laid = bedding(rng, folded=0.0)
    across = max(float(np.ptp(rows[:, 0])) for rows, _ in laid)
    found: list[Part] = []
    for rows, made in laid:
        fitted = rows.copy()
        fitted[:, 0] *= (width + 0.06) / across
        fitted[:, 2] = np.clip(fitted[:, 2], -long / 2, long / 2 + 0.04)
        found.append((placed(fitted, (0, at, 0)), made))
    return found


MADE: dict[str, Build] = {
    "chest_of_drawers": chest_of_drawers, "bedside_table": bedside_table, "cabinet": cabinet,
    "wardrobe": wardrobe, "shelf": shelf, "storage_box": storage_box, "dining_table": dining_table,
    "coffee_table": coffee_table, "side_table": side_table, "desk": desk, "bed": bed, **SEATS, **TEXTILES,
    **HOUSEHOLD, **CROCKERY, **FOLDED_WEAR,
}  # fmt: skip
"""What can be made, each by its concept."""
