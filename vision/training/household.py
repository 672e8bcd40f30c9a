"""Lamps, mirrors, pictures, clocks and flower pots, put together from solids."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from vision.training.solids import Rows, box, disc, placed, revolved, rod, sheet
from vision.training.surfaces import (
    GLASS,
    SHADES,
    Generator,
    Material,
    Part,
    board,
    clock_face,
    cloth,
    flat,
    glazed,
    metal,
    painting,
    reflection,
)

LEAVES = ((64, 120, 58), (96, 150, 70), (40, 92, 60), (140, 170, 90))


def mirror(rng: Generator) -> list[Part]:
    """Round, oblong or full length; framed or bare; on a wall or a small stand."""
    glass = Material(skin=reflection(rng), metres=1.0)
    if rng.random() < 0.4:
        stretch = rng.uniform(0.7, 1.3) if rng.random() < 0.3 else 1.0
        rim = rng.uniform(0.005, 0.06)
        face = placed(disc(0.3, 0.0), tilt=90)
        edge = placed(
            revolved([(0.3, -0.01), (0.3 + rim, -0.01), (0.3 + rim, 0.015), (0.3, 0.02), (0.3, 0)]),
            tilt=90,
        )
        for rows in (face, edge):
            rows[:, 1] *= stretch
        return [(face, glass), (edge, board(rng) if rng.random() < 0.6 else metal(rng))]
    wide, tall, rim = rng.uniform(0.3, 0.8), rng.uniform(0.4, 1.7), rng.uniform(0.005, 0.09)
    face = box((0, 0, 0), (wide, tall, 0.01))
    face[:, 6:] /= tall
    frame = _frame(wide, tall, rim, 0.03)
    return [(face, glass), (frame, board(rng) if rng.random() < 0.7 else metal(rng))]


def _frame(wide: float, tall: float, rim: float, deep: float) -> Rows:
    return np.concatenate(
        [box((s * (wide + rim) / 2, 0, 0), (rim, tall + 2 * rim, deep)) for s in (-1, 1)]
        + [box((0, s * (tall + rim) / 2, 0), (wide, rim, deep)) for s in (-1, 1)]
    )


def picture_frame(rng: Generator) -> list[Part]:
    """A picture in its frame, often with a mount; or a bare canvas; sometimes two or three together."""
    wide, tall = rng.uniform(0.13, 0.7), rng.uniform(0.18, 0.9)
    rim, mount = rng.uniform(0.008, 0.05), rng.uniform(0, 0.09) if rng.random() < 0.6 else 0.0
    made = board(rng) if rng.random() < 0.8 else metal(rng)
    parts: list[Part] = []
    for column in range(1 if rng.random() < 0.8 else int(rng.integers(2, 4))):
        x = column * (wide + 2 * rim + 0.06)
        art = box((x, 0, 0.002), (max(0.05, wide - 2 * mount), max(0.05, tall - 2 * mount), 0.01))
        art[:, 6:] /= (max(0.05, wide - 2 * mount), max(0.05, tall - 2 * mount))
        shown = (
            painting(rng, (160, max(60, int(160 * tall / wide)))) if rng.random() < 0.75 else None
        )
        parts.append(
            (art, Material(skin=shown) if shown else flat(rng, ((214, 216, 218), (240, 240, 238))))
        )
        if mount:
            parts.append((box((x, 0, 0), (wide, tall, 0.008)), flat(rng, ((252, 252, 250),), 3)))
        if rng.random() < 0.88:
            parts.append((placed(_frame(wide, tall, rim, 0.025), (x, 0, 0)), made))
    return parts


def clock(rng: Generator) -> list[Part]:
    """On a wall or a small one on a table."""
    face = Material(skin=clock_face(rng))
    radius, rim = rng.uniform(0.1, 0.25), rng.uniform(0.005, 0.03)
    made = metal(rng) if rng.random() < 0.5 else board(rng)
    if rng.random() < 0.75:
        plate = placed(disc(radius, 0.0), tilt=90)
        edge = placed(
            revolved(
                [
                    (radius, -0.03),
                    (radius + rim, -0.02),
                    (radius + rim, 0.01),
                    (radius, 0.015),
                    (radius, 0),
                ]
            ),
            tilt=90,
        )
        parts: list[Part] = [(plate, face), (edge, made)]
        if rng.random() < 0.2:
            bells = [
                placed(
                    revolved([(radius * 0.3, 0), (radius * 0.2, 0.04), (0.001, 0.06)]),
                    (s * radius * 0.5, radius * 0.95, 0),
                )
                for s in (-1, 1)
            ]
            parts.append((np.concatenate(bells), made))
        return parts
    block = box((0, 0, -0.03), (2.3 * radius, 2.3 * radius, 0.05))
    return [(block, made), (placed(disc(radius, 0.0), tilt=90), face)]


def _shade(rng: Generator, radius: float, tall: float) -> tuple[Rows, Material]:
    """A drum, a cone, a dome or a globe whose lowest point is at 0."""
    kind = rng.random()
    if kind < 0.35:
        outline = [(radius, 0.0), (radius * rng.uniform(0.75, 1), tall)]
    elif kind < 0.6:
        outline = [(radius, 0.0), (radius * rng.uniform(0.25, 0.5), tall)]
    elif kind < 0.8:
        angle = np.linspace(0, np.pi / 2, 12)
        outline = [(radius * np.cos(a) + 0.01, tall * np.sin(a)) for a in angle]
    else:
        angle = np.linspace(-np.pi / 2, np.pi / 2, 20)
        outline = [(radius * np.cos(a), radius + radius * np.sin(a)) for a in angle]
    made = flat(rng, SHADES, 10) if rng.random() < 0.75 else metal(rng)
    if rng.random() < 0.1:
        made = Material(skin=cloth(rng).skin, metres=0.4)
    return revolved(outline), made


def _foot(rng: Generator, tall: float, radius: float) -> list[Part]:
    """What carries a lamp: a pole on a plate, a vase-like body or a tripod."""
    kind, made = rng.random(), metal(rng) if rng.random() < 0.6 else board(rng)
    if kind < 0.5 or (tall > 0.9 and kind < 0.75):
        plate = revolved([(radius, 0), (radius, 0.015), (0.01, 0.02), (0.009, tall)])
        return [(plate, made)]
    if kind < 0.75:
        height = np.linspace(0, 1, 12)
        wave = radius * (
            0.55 + 0.45 * np.sin(height * np.pi * rng.uniform(0.7, 1.4) + rng.uniform(0, 0.6))
        )
        return [(revolved(list(zip(np.abs(wave), height * tall, strict=True))), glazed(rng))]
    legs = [
        rod((radius * 1.4 * np.sin(a), 0, radius * 1.4 * np.cos(a)), (0, tall, 0), 0.008)
        for a in (0.3, 2.4, 4.5)
    ]
    return [(np.concatenate(legs), made)]


def table_lamp(rng: Generator) -> list[Part]:
    """A shade on a foot."""
    tall, radius = rng.uniform(0.18, 0.4), rng.uniform(0.1, 0.2)
    rows, made = _shade(rng, radius, radius * rng.uniform(0.8, 1.5))
    return [
        *_foot(rng, tall, radius * rng.uniform(0.4, 0.75)),
        (placed(rows, (0, tall * 0.92, 0)), made),
    ]


def floor_lamp(rng: Generator) -> list[Part]:
    """A shade on a pole as high as a person, upright or in an arc."""
    tall, radius = rng.uniform(1.2, 1.8), rng.uniform(0.1, 0.26)
    rows, made = _shade(rng, radius, radius * rng.uniform(0.7, 1.4))
    if rng.random() < 0.25:
        angle = np.linspace(0, np.pi * 0.6, 14)
        bow = [(0.45 * (1 - np.cos(a)), tall * 0.7 + 0.45 * np.sin(a), 0.0) for a in angle]
        pole = [rod(a, b, 0.012) for a, b in pairwise(bow)]
        pole.append(rod((0, 0, 0), (0, tall * 0.7, 0), 0.012))
        plate = revolved([(0.15, 0), (0.15, 0.02), (0.001, 0.02)])
        x, y, _ = bow[-1]
        hung = placed(rows, (x, y - radius * 1.2, 0))
        return [(np.concatenate([*pole, plate]), metal(rng)), (hung, made)]
    return [*_foot(rng, tall, rng.uniform(0.11, 0.17)), (placed(rows, (0, tall * 0.96, 0)), made)]


def desk_lamp(rng: Generator) -> list[Part]:
    """Two arms with a joint and a small head."""
    low, high = rng.uniform(0.2, 0.35), rng.uniform(0.18, 0.32)
    lean, bend = rng.uniform(-0.5, 0), rng.uniform(0.4, 1.3)
    joint = (low * np.sin(lean), low * np.cos(lean), 0.0)
    end = (joint[0] + high * np.sin(bend), joint[1] + high * np.cos(bend), 0.0)
    made = metal(rng) if rng.random() < 0.6 else flat(rng, SHADES, 20)
    foot = revolved([(0.08, 0), (0.08, 0.015), (0.01, 0.025)])
    head = placed(
        revolved([(0.065, 0), (0.05, 0.05), (0.02, 0.11)]),
        (end[0], end[1] - 0.09, 0),
        tilt=rng.uniform(-25, 25),
    )
    arms = [rod((0, 0.01, 0), joint, 0.008), rod(joint, end, 0.008)]
    turn = rng.uniform(0, 360)
    return [(placed(np.concatenate([foot, *arms, head]), turn=turn), made)]


def pendant_lamp(rng: Generator) -> list[Part]:
    """A shade on a cord; sometimes several."""
    radius, cord = rng.uniform(0.1, 0.3), rng.uniform(0.25, 0.9)
    rows, made = _shade(rng, radius, radius * rng.uniform(0.5, 1.2))
    top = float(rows[:, 1].max())
    parts: list[Part] = []
    for x in (0.0,) if rng.random() < 0.85 else (-radius * 2.3, 0.0, radius * 2.3):
        parts.append((placed(rows, (x, 0, 0)), made))
        parts.append(
            (
                rod((x, top, 0), (x, top + cord, 0), 0.004, 6),
                flat(rng, ((40, 40, 40), (240, 240, 240))),
            )
        )
    rose = placed(revolved([(0.05, 0), (0.05, 0.02), (0.001, 0.03)]), (0, top + cord, 0))
    return [*parts, (rose, metal(rng))]


def wall_lamp(rng: Generator) -> list[Part]:
    """A plate, an arm and a shade in front of it."""
    reach, radius = rng.uniform(0.08, 0.3), rng.uniform(0.06, 0.14)
    rows, made = _shade(rng, radius, radius * rng.uniform(0.8, 1.6))
    plate = placed(revolved([(0.06, 0), (0.06, 0.02), (0.001, 0.025)]), tilt=90)
    arm = rod((0, 0, 0.01), (0, rng.uniform(-0.05, 0.1), reach), 0.008)
    return [(np.concatenate([plate, arm]), metal(rng)), (placed(rows, (0, 0, reach)), made)]


def other_lamp(rng: Generator) -> list[Part]:
    """Close under a ceiling, a row of spots, a lantern, or bulbs in a chain."""
    kind, made = rng.random(), metal(rng)
    if kind < 0.35:
        radius, tall = rng.uniform(0.12, 0.25), rng.uniform(0.05, 0.14)
        angle = np.linspace(0, np.pi / 2, 10)
        dome = revolved([(radius * np.cos(a), -tall * np.sin(a)) for a in angle])
        return [
            (dome, flat(rng, SHADES, 6)),
            (revolved([(radius * 1.04, 0), (radius * 1.04, 0.02), (0, 0.02)]), made),
        ]
    if kind < 0.6:
        spots = int(rng.integers(2, 5))
        heads = [
            placed(
                revolved([(0.035, 0), (0.03, 0.08), (0, 0.09)]),
                (i * 0.16, -0.1, 0),
                tilt=rng.uniform(-50, 10),
            )
            for i in range(spots)
        ]
        rail = box(((spots - 1) * 0.08, 0, 0), (spots * 0.16, 0.02, 0.04))
        return [(np.concatenate([rail, *heads]), made)]
    if kind < 0.8:
        wide, tall = rng.uniform(0.12, 0.2), rng.uniform(0.2, 0.35)
        posts = [rod((x * wide / 2, 0, z * wide / 2), (x * wide / 2, tall, z * wide / 2), 0.006)
                 for x in (-1, 1) for z in (-1, 1)]  # fmt: skip
        ends = [box((0, y, 0), (wide * 1.1, 0.015, wide * 1.1)) for y in (0, tall)]
        candle = revolved([(0.03, 0), (0.03, tall * 0.4), (0, tall * 0.4)])
        return [(np.concatenate([*posts, *ends]), made), (candle, flat(rng, ((250, 246, 232),)))]
    along = np.linspace(0, 1, int(rng.integers(6, 14)))
    chain = [(1.2 * s, 0.12 * np.sin(5 * s + rng.uniform(0, 0.4)), 0.0) for s in along]
    cord = [rod(a, b, 0.004, 6) for a, b in pairwise(chain)]
    angle = np.linspace(-np.pi / 2, np.pi / 2, 8)
    bulb = revolved([(0.025 * np.cos(a), 0.025 * np.sin(a) - 0.03) for a in angle], 16)
    return [
        (np.concatenate(cord), made),
        (np.concatenate([placed(bulb, c) for c in chain]), flat(rng, SHADES)),
    ]


def plant_pot(rng: Generator) -> list[Part]:
    """A pot or a vase, round or square, empty or with leaves."""
    radius, tall = rng.uniform(0.06, 0.2), rng.uniform(0.1, 0.4)
    made, kind = glazed(rng), rng.random()
    if kind < 0.2:
        sides = [box((s * radius, tall / 2, 0), (0.012, tall, 2 * radius)) for s in (-1, 1)]
        sides += [box((0, tall / 2, s * radius), (2 * radius, tall, 0.012)) for s in (-1, 1)]
        sides.append(box((0, tall * 0.8, 0), (2 * radius, 0.01, 2 * radius)))
        parts: list[Part] = [(np.concatenate(sides), made)]
    elif kind < 0.6:
        lip = radius * rng.uniform(0.9, 1.06)
        pot = revolved(
            [
                (radius * rng.uniform(0.6, 0.95), 0),
                (radius, tall * 0.85),
                (lip, tall),
                (lip * 0.92, tall),
                (radius * 0.85, tall * 0.8),
                (0.001, tall * 0.8),
            ]
        )
        parts = [(pot, made)]
    else:
        height = np.linspace(0, 1, 14)
        wave = radius * (
            0.6 + 0.4 * np.sin(height * np.pi * rng.uniform(0.8, 2) + rng.uniform(0, 1))
        )
        made = GLASS if rng.random() < 0.25 else made
        parts = [(revolved(list(zip(np.abs(wave), height * tall * 1.5, strict=True))), made)]
        tall *= 1.5
    if rng.random() < 0.35:
        parts += _plant(rng, tall * 0.85, radius)
    return parts


def _plant(rng: Generator, at: float, radius: float) -> list[Part]:
    """Bent leaves from the middle."""
    leaves, reach = [], rng.uniform(1.2, 3) * radius
    wide = rng.uniform(0.08, 0.3) * reach
    along = np.linspace(0, 1, 8)
    for _ in range(int(rng.integers(7, 26))):
        spread, rise = rng.uniform(0.3, 1), rng.uniform(0.6, 1.6)
        x, y = reach * spread * along, at + reach * (rise * along - 0.7 * along**2)
        half = wide * np.sin(np.pi * np.clip(along + 0.06, 0, 1)) / 2
        points = np.stack([np.stack([x, y, -half], axis=1), np.stack([x, y + 0.01, half], axis=1)])
        blade = sheet(points, np.zeros((2, 8, 2)))
        leaves.append(placed(blade, turn=float(rng.uniform(0, 360))))
    return [(np.concatenate(leaves), flat(rng, LEAVES, 14))]


HOUSEHOLD: dict[str, Callable[[Generator], list[Part]]] = {
    "mirror": mirror, "picture_frame": picture_frame, "clock": clock,
    "table_lamp": table_lamp, "floor_lamp": floor_lamp, "desk_lamp": desk_lamp,
    "pendant_lamp": pendant_lamp, "wall_lamp": wall_lamp, "lamp": other_lamp, "plant_pot": plant_pot,
}  # fmt: skip
