"""What stands on tables and stoves: plates, bowls, mugs, glasses, carafes, jars, pots, pans, trays."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from vision.training.solids import Rows, box, placed, revolved, rod
from vision.training.surfaces import (
    GLASS,
    Generator,
    Material,
    Part,
    board,
    flat,
    glazed,
    metal,
    shifted,
    wood,
)


def tableware(rng: Generator) -> list[Part]:
    """One thing of the table or the kitchen, or a few of a kind."""
    kinds = (plates, bowl, mug, glass, carafe, jar, pot, pan, tray, cutlery)
    return kinds[int(rng.integers(len(kinds)))](rng)


def plates(rng: Generator) -> list[Part]:
    """One, or a pile; flat or deep."""
    radius, rise = rng.uniform(0.09, 0.16), rng.uniform(0.012, 0.04)
    outline = [
        (0, 0.004),
        (0.6, 0.004),
        (0.75, 0.6 * rise),
        (1, rise),
        (0.99, rise - 0.004),
        (0.6, 0),
    ]
    plate, made = revolved([(r * radius, y) for r, y in outline]), glazed(rng)
    return [(placed(plate, (0, i * 0.012, 0)), made) for i in range(int(rng.integers(1, 5)))]


def bowl(rng: Generator) -> list[Part]:
    """Half a globe, or flatter; of clay, glass, wood or steel."""
    radius, deep = rng.uniform(0.06, 0.15), rng.uniform(0.05, 0.12)
    angle = np.linspace(0.15, np.pi / 2, 12)
    outer = [(radius * np.sin(a), deep * (1 - np.cos(a))) for a in angle]
    inner = [(0.93 * r, y + 0.006) for r, y in reversed(outer)]
    return [(revolved([*outer, *inner]), _made(rng))]


def mug(rng: Generator) -> list[Part]:
    """With a handle at one side; a cup may have its saucer."""
    radius, tall = rng.uniform(0.035, 0.05), rng.uniform(0.05, 0.11)
    made = glazed(rng)
    parts: list[Part] = [
        (np.concatenate([_hollow(radius * 0.9, radius, tall), *_ear(radius, tall)]), made)
    ]
    if tall < 0.07:
        saucer = revolved([(0, 0), (radius, 0.002), (radius * 1.7, 0.014)])
        parts.append((placed(saucer, (0, -0.004, 0)), made))
    turn = rng.uniform(0, 360)
    return shifted(parts, turn=turn)


def glass(rng: Generator) -> list[Part]:
    """On a stem or a tumbler; one or a row of them."""
    radius, tall = rng.uniform(0.03, 0.045), rng.uniform(0.08, 0.2)
    stem = [
        (0.03, 0),
        (0.006, 0.006),
        (0.006, tall * 0.5),
        (radius, tall * 0.65),
        (radius * 0.8, tall),
    ]
    rows = revolved(stem) if rng.random() < 0.5 else _hollow(radius * 0.8, radius, tall)
    count = 1 if rng.random() < 0.7 else int(rng.integers(2, 5))
    return [(placed(rows, (i * radius * 2.4, 0, 0)), GLASS) for i in range(count)]


def carafe(rng: Generator) -> list[Part]:
    """A bottle, jug or teapot: a body with a neck, sometimes an ear and a spout."""
    radius, tall, neck = rng.uniform(0.04, 0.08), rng.uniform(0.16, 0.3), rng.uniform(0.3, 0.7)
    body = [(0, 0), (radius * 0.9, 0), (radius, tall * 0.3), (radius * neck, tall * 0.7),
            (radius * neck * 0.9, tall * 0.95), (radius * neck * 1.1, tall)]  # fmt: skip
    rows = [revolved(body)]
    if rng.random() < 0.5:
        rows += _ear(radius, tall * 0.8)
    if rng.random() < 0.3:
        rows.append(rod((-radius, tall * 0.4, 0), (-radius * 1.9, tall * 0.75, 0), 0.01))
    made = GLASS if rng.random() < 0.5 else _made(rng)
    return [(placed(np.concatenate(rows), turn=rng.uniform(0, 360)), made)]


def jar(rng: Generator) -> list[Part]:
    """A body with a lid of its own."""
    radius, tall = rng.uniform(0.04, 0.08), rng.uniform(0.08, 0.2)
    lid = revolved([(0, 0.03), (radius, 0.03), (radius * 1.02, 0), (0, 0)])
    made = GLASS if rng.random() < 0.5 else glazed(rng)
    return [
        (_hollow(radius, radius, tall), made),
        (placed(lid, (0, tall, 0)), wood(rng) if rng.random() < 0.5 else metal(rng)),
    ]


def pot(rng: Generator) -> list[Part]:
    """For the stove: two ears and a lid with a knob, or open."""
    radius, tall = rng.uniform(0.08, 0.16), rng.uniform(0.07, 0.2)
    made = (
        metal(rng) if rng.random() < 0.6 else flat(rng, ((190, 40, 40), (40, 60, 90), (60, 60, 62)))
    )
    ears = []
    for s in (-1, 1):
        reach = s * (radius + 0.045)
        ears += [
            rod((s * radius * 0.95, tall * 0.7, z), (reach, tall * 0.72, z), 0.007)
            for z in (-0.03, 0.03)
        ]
        ears.append(rod((reach, tall * 0.72, -0.035), (reach, tall * 0.72, 0.035), 0.008))
    rows = [_hollow(radius, radius, tall), *ears]
    if rng.random() < 0.6:
        rows.append(placed(revolved([(radius, 0), (radius * 0.4, 0.025), (0, 0.03)]), (0, tall, 0)))
        rows.append(placed(revolved([(0.012, 0), (0.02, 0.03), (0, 0.035)]), (0, tall + 0.025, 0)))
    return [(np.concatenate(rows), made)]


def pan(rng: Generator) -> list[Part]:
    """With one long handle."""
    radius, tall = rng.uniform(0.1, 0.16), rng.uniform(0.03, 0.08)
    made = flat(rng, ((40, 40, 42), (70, 72, 74), (180, 182, 184)))
    grip = rod((radius, tall * 0.8, 0), (radius + rng.uniform(0.14, 0.22), tall * 1.3, 0), 0.011)
    handle = made if rng.random() < 0.6 else wood(rng)
    turn = rng.uniform(0, 360)
    return [(_hollow(radius * 0.8, radius, tall), made), (placed(grip, turn=turn), handle)]


def tray(rng: Generator) -> list[Part]:
    """A tray with its rim, or a board to cut on."""
    wide, deep = rng.uniform(0.25, 0.5), rng.uniform(0.18, 0.35)
    if rng.random() < 0.5:
        return [(box((0, 0.01, 0), (wide, 0.02, deep)), wood(rng))]
    made = board(rng) if rng.random() < 0.5 else glazed(rng)
    rims = [box((s * wide / 2, 0.025, 0), (0.01, 0.05, deep)) for s in (-1, 1)]
    rims += [box((0, 0.025, s * deep / 2), (wide, 0.05, 0.01)) for s in (-1, 1)]
    return [(np.concatenate([box((0, 0.005, 0), (wide, 0.01, deep)), *rims]), made)]


def cutlery(rng: Generator) -> list[Part]:
    """Forks, knives and spoons side by side, standing up to the camera."""
    made, parts = metal(rng) if rng.random() < 0.7 else wood(rng), []
    for place in range(int(rng.integers(2, 6))):
        x, kind = place * 0.04, place % 3
        parts.append(rod((x, -0.1, 0), (x, 0.03, 0), 0.005))
        if kind == 0:
            parts += [rod((x + d, 0.03, 0), (x + d, 0.1, 0), 0.002, 6) for d in (-0.009, 0, 0.009)]
        elif kind == 1:
            parts.append(box((x, 0.07, 0), (0.018, 0.1, 0.002)))
        else:
            head = placed(revolved([(0, -0.004), (0.016, 0), (0.015, 0.003)]), tilt=90)
            head[:, 1] *= 1.5
            parts.append(placed(head, (x, 0.055, 0)))
    return [(np.concatenate(parts), made)]


def _hollow(low: float, high: float, tall: float) -> Rows:
    """A vessel's wall with its inside, its radius from `low` at the foot to `high` at the rim."""
    outer = [(0, 0), (low, 0), (high, tall)]
    return revolved([*outer, (high * 0.94, tall), (low * 0.92, 0.008), (0, 0.008)])


def _ear(radius: float, tall: float) -> list[Rows]:
    angle = np.linspace(-1.2, 1.2, 10)
    loop = [
        (radius * 0.97 + 0.028 * np.cos(a), tall / 2 + tall * 0.3 * np.sin(a), 0.0) for a in angle
    ]
    return [rod(a, b, 0.005, 8) for a, b in pairwise(loop)]


def _made(rng: Generator) -> Material:
    kind = rng.random()
    if kind < 0.6:
        return glazed(rng)
    return GLASS if kind < 0.75 else wood(rng) if kind < 0.9 else metal(rng)


CROCKERY: dict[str, Callable[[Generator], list[Part]]] = {"tableware": tableware}
