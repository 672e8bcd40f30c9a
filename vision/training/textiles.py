"""Cushions, rugs, throws, towels, bedding and curtains, put together from solids and drawn cloth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vision.training.solids import (
    Rows,
    box,
    disc,
    pillow,
    placed,
    revolved,
    rod,
    sheet,
    unit_grid,
)
from vision.training.surfaces import (
    SHADES,
    Generator,
    Material,
    Part,
    cloth,
    flat,
    hide,
    metal,
    rug,
    shifted,
    towelling,
)


def cushion(rng: Generator) -> list[Part]:
    """Square or oblong; plain, printed, piped or tasselled; one or two."""
    wide = rng.uniform(0.38, 0.55)
    tall = wide if rng.random() < 0.7 else wide * rng.uniform(0.55, 0.75)
    cover, parts = cloth(rng, rng.uniform(0.08, 0.3)), []
    parts.append(
        (placed(pillow(wide, tall, rng.uniform(0.1, 0.2)), tilt=-rng.uniform(0, 14)), cover)
    )
    if rng.random() < 0.25:
        band = placed(box((0, 0, 0.02), (wide * rng.uniform(0.2, 0.5), tall * 0.9, 0.12)), tilt=-5)
        parts.append((band, cloth(rng)))
    if rng.random() < 0.2:
        corners = [(sx * wide / 2, sy * tall / 2, 0.0) for sx in (-1, 1) for sy in (-1, 1)]
        parts.append(
            (
                np.concatenate(
                    [rod((x, y, z), (x * 1.08, y * 1.16, z), 0.012) for x, y, z in corners]
                ),
                flat(rng, SHADES, 30),
            )
        )
    if rng.random() < 0.2:
        behind = placed(pillow(wide, tall, 0.14), (wide * 0.35, tall * 0.1, -0.14), turn=8)
        parts.append((behind, cloth(rng)))
    return parts


def rug_on_the_floor(rng: Generator) -> list[Part]:
    """Oblong, round, a runner, a mat or a hide, with fringes now and then."""
    kind = rng.random()
    if kind < 0.12:
        return _hide(rng)
    aspect = rng.uniform(1.2, 1.9) if rng.random() < 0.8 else rng.uniform(2.4, 4)
    skin = Material(skin=rug(rng, aspect))
    if kind < 0.28:
        skin = Material(skin=rug(rng, 1.0))
        return [(disc(0.8, 0.01), skin), (revolved([(0.8, 0), (0.8, 0.01)]), flat(rng, SHADES))]
    wide, long = 1.0, aspect
    v, u = unit_grid(24, 16)
    wave = rng.uniform(0, 0.006) * np.sin(9 * v + rng.uniform(0, 6)) * np.sin(7 * u)
    points = np.stack([(u - 0.5) * wide, 0.012 + wave, (v - 0.5) * long], axis=2)
    if rng.random() < 0.3:
        points[..., 0] += rng.uniform(0, 0.008) * rng.normal(0, 1, points.shape[:2])
    parts: list[Part] = [
        (sheet(points, np.stack([u, 1 - v], axis=2)), skin),
        (box((0, 0.004, 0), (wide * 0.995, 0.008, long * 0.995)), flat(rng, SHADES)),
    ]
    if rng.random() < 0.3:
        threads = [
            rod(
                (x, 0.008, s * long / 2),
                (x + rng.normal(0, 0.004), 0.004, s * (long / 2 + 0.06)),
                0.004,
                5,
            )
            for x in np.linspace(-0.49, 0.49, 60)
            for s in (-1, 1)
        ]
        parts.append((np.concatenate(threads), flat(rng, SHADES)))
    return parts


def _hide(rng: Generator) -> list[Part]:
    """A sheepskin, or a cowhide with its four corners of legs."""
    legs = rng.uniform(0.0, 0.25) if rng.random() < 0.5 else 0.0
    angle, out = np.meshgrid(np.linspace(0, 2 * np.pi, 73), np.linspace(0, 1, 12))
    edge = 1 + legs * np.cos(4 * angle + np.pi) + 0.03 * np.sin(11 * angle + rng.uniform(0, 6))
    x = 0.5 * edge * out * np.sin(angle)
    z = 0.5 * rng.uniform(1.2, 1.8) * edge * out * np.cos(angle)
    y = 0.015 * (1 - out**4) + 0.004 * rng.normal(0, 1, x.shape) * (out > 0)
    return [(sheet(np.stack([x, y, z], axis=2), np.stack([x, z], axis=2)), hide(rng))]


def folded_pile(
    rng: Generator, cover: Material, wide: float, deep: float, layers: int, thick: float
) -> list[Part]:
    """A pile of one cloth: rounded folds to the front."""
    parts: list[Part] = []
    angle = np.linspace(-np.pi / 2, np.pi / 2, 9)
    for layer in range(layers):
        y = (layer + 0.5) * thick
        front = np.stack(
            [np.sin(angle) * thick / 2 + y, np.cos(angle) * thick / 2 + deep / 2], axis=1
        )
        outline = np.concatenate(
            [[[y - thick / 2, -deep / 2]], front, [[y + thick / 2, -deep / 2]]]
        )
        x = np.linspace(-0.5, 0.5, 6) * wide * (1 - 0.02 * rng.random())
        points = np.stack([
            np.broadcast_to(x, (len(outline), len(x))),
            np.broadcast_to(outline[:, :1], (len(outline), len(x))),
            np.broadcast_to(outline[:, 1:], (len(outline), len(x))),
        ], axis=2)  # fmt: skip
        run = np.cumsum(np.r_[0, np.linalg.norm(np.diff(outline, axis=0), axis=1)])
        spots = np.stack(np.meshgrid(x, run), axis=2)
        parts.append((sheet(points, spots), cover))
        parts.append(
            (
                np.concatenate(
                    [box((s * wide / 2, y, 0), (0.004, thick * 0.8, deep * 0.96)) for s in (-1, 1)]
                ),
                cover,
            )
        )
    return parts


def hanging(rng: Generator, wide: float, tall: float, folds: int, deep: float) -> Rows:
    """Cloth hanging from its upper edge in folds."""
    v, u = unit_grid(14, 10 * folds + 1)
    phase = rng.uniform(0, 2 * np.pi)
    z = deep * np.sin(2 * np.pi * folds * u + phase + 0.5 * np.sin(2 * v)) * (0.55 + 0.45 * v)
    points = np.stack([(u - 0.5) * wide, -v * tall, z], axis=2)
    return sheet(points, np.stack([u * wide * 1.3, -v * tall], axis=2))


def throw(rng: Generator) -> list[Part]:
    """Folded, hanging over something, or spread out with its fringe."""
    cover, kind = cloth(rng, rng.uniform(0.06, 0.3)), rng.random()
    if kind < 0.45:
        return folded_pile(
            rng,
            cover,
            rng.uniform(0.35, 0.6),
            rng.uniform(0.25, 0.4),
            int(rng.integers(2, 6)),
            rng.uniform(0.02, 0.05),
        )
    if kind < 0.75:
        wide, tall = rng.uniform(0.5, 0.9), rng.uniform(0.7, 1.2)
        parts: list[Part] = [(hanging(rng, wide, tall, int(rng.integers(1, 4)), 0.05), cover)]
        return [*parts, (fringe(rng, wide, -tall), cover)] if rng.random() < 0.6 else parts
    wide, long = rng.uniform(0.9, 1.3), rng.uniform(1.2, 1.7)
    v, u = unit_grid(20, 20)
    bumps = 0.02 * np.sin(7 * u + rng.uniform(0, 6)) * np.sin(6 * v + rng.uniform(0, 6))
    points = np.stack([(u - 0.5) * wide, 0.03 + bumps, (v - 0.5) * long], axis=2)
    spread = sheet(points, np.stack([u * wide, -v * long], axis=2))
    return [(placed(spread, tilt=rng.uniform(30, 90)), cover)]


def fringe(rng: Generator, wide: float, at: float) -> Rows:
    threads = np.linspace(-0.49, 0.49, 34) * wide
    return np.concatenate(
        [rod((x, at, 0), (x + rng.normal(0, 0.006), at - 0.07, 0.01), 0.004, 5) for x in threads]
    )


def towel(rng: Generator) -> list[Part]:
    """A folded pile, rolls, one folded flat, or one on a rail or hook."""
    kind = rng.random()
    if kind < 0.3:
        parts: list[Part] = []
        covers = [towelling(rng) for _ in range(int(rng.integers(1, 4)))]
        wide, deep, thick = rng.uniform(0.3, 0.4), rng.uniform(0.2, 0.3), rng.uniform(0.025, 0.04)
        for level, cover in enumerate(covers):
            pile = folded_pile(rng, cover, wide, deep, 2, thick)
            parts += shifted(pile, (0, level * 2 * thick, 0))
        return parts
    if kind < 0.4:
        return _rolls(rng)
    if kind < 0.6:
        wide, deep = rng.uniform(0.3, 0.5), rng.uniform(0.35, 0.7)
        pile = folded_pile(rng, towelling(rng), wide, deep, int(rng.integers(1, 4)), 0.015)
        return [(placed(rows, tilt=rng.uniform(60, 90)), made) for rows, made in pile]
    wide, tall = rng.uniform(0.35, 0.7), rng.uniform(0.6, 1.2)
    cover, folds = towelling(rng), int(rng.integers(1, 3))
    hung = [(hanging(rng, wide, tall, folds, rng.uniform(0.005, 0.03)), cover)]
    if rng.random() < 0.4:
        behind = placed(
            hanging(rng, wide, tall * rng.uniform(1.02, 1.2), folds, 0.01), (0, 0, -0.03)
        )
        hung.append((behind, cover))
    rail = rod((-wide * 0.6, 0.01, -0.02), (wide * 0.6, 0.01, -0.02), 0.01)
    return [*hung, (rail, metal(rng))] if rng.random() < 0.5 else hung


def _rolls(rng: Generator) -> list[Part]:
    """Rolled towels in a pile, their ends to the front."""
    radius, long, parts = rng.uniform(0.05, 0.08), rng.uniform(0.25, 0.4), []
    for spot in ((-1.0, 0.0), (1.0, 0.0), (0.0, 1.73))[: int(rng.integers(1, 4))]:
        turns = np.linspace(0, 2 * np.pi * rng.uniform(3, 5), 90)
        out = radius * (0.15 + 0.85 * turns / turns[-1])
        x, y = spot[0] * radius + out * np.cos(turns), spot[1] * radius + out * np.sin(turns)
        points = np.stack(
            [np.stack([x, y, np.full_like(x, s * long / 2)], axis=1) for s in (1, -1)], axis=1
        )
        run = np.stack([turns * radius / 2, np.zeros_like(turns)], axis=1)
        spots = np.stack([run, run + np.array((0, long))], axis=1)
        parts.append((placed(sheet(points, spots), turn=rng.uniform(-6, 6)), towelling(rng)))
    return shifted(parts, turn=rng.uniform(-50, 50))


def bedding(rng: Generator, folded: float = 0.35) -> list[Part]:
    """Quilt and pillows made up as on a bed, without the bed; or, this often, folded as in a shop."""
    white = flat(rng, ((250, 250, 249), (242, 240, 236)), 4)
    cover = cloth(rng, rng.uniform(0.1, 0.5)) if rng.random() < 0.75 else white
    pillows = cover if rng.random() < 0.6 else cloth(rng) if rng.random() < 0.5 else white
    if rng.random() < folded / 4:
        wide, tall = rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.65)
        return [(placed(pillow(wide, tall, 0.17), tilt=-rng.uniform(0, 80)), pillows)]
    if rng.random() < folded:
        pile = folded_pile(
            rng,
            cover,
            rng.uniform(0.4, 0.6),
            rng.uniform(0.3, 0.4),
            int(rng.integers(2, 4)),
            rng.uniform(0.04, 0.08),
        )
        rest = placed(pillow(0.55, 0.4, 0.14), (0, 0.3, -0.05), tilt=-rng.uniform(50, 90))
        return [*pile, (rest, pillows)] if rng.random() < 0.5 else pile
    wide, long = rng.uniform(0.9, 1.9), rng.uniform(1.5, 2.0)
    count = 2 if wide > 1.3 else 1
    v, u = unit_grid(26, 26)
    puff = 0.06 * ((1 - (2 * u - 1) ** 8) * (1 - (2 * v - 1) ** 8)) ** 0.5
    puff += 0.02 * np.sin(8 * u + rng.uniform(0, 6)) * np.sin(7 * v + rng.uniform(0, 6))
    points = np.stack([(u - 0.5) * wide * 1.08, puff + 0.02, (v - 0.5) * long + 0.2], axis=2)
    quilt = sheet(points, np.stack([u * wide, -v * long], axis=2))
    turned = box((0, 0.09, -long / 2 + 0.32), (wide * 1.06, 0.03, rng.uniform(0.15, 0.3)))
    mattress = box((0, -0.08, 0.05), (wide, 0.18, long + 0.25))
    heads = [
        placed(
            pillow(wide / count * 0.8, 0.5, 0.18),
            ((i + 0.5) * wide / count - wide / 2, 0.14, -long / 2 + 0.02),
            tilt=-rng.uniform(40, 85),
        )
        for i in range(count)
    ]
    parts: list[Part] = [(quilt, cover), (np.concatenate(heads), pillows)]
    if rng.random() < 0.5:
        parts.append((turned, cloth(rng)))
    if rng.random() < 0.6:
        parts.append((mattress, flat(rng, ((248, 248, 246),))))
    return parts


def curtain(rng: Generator) -> list[Part]:
    """One or a pair in folds, on a rod or from a rail; sheer, plain or printed; or a blind."""
    tall, cover = rng.uniform(1.6, 2.6), cloth(rng, rng.uniform(0.1, 0.5))
    if rng.random() < 0.3:
        cover = flat(rng, ((250, 250, 248), (236, 228, 210), (220, 226, 232)), 6, alpha=0.8)
    wide = rng.uniform(0.5, 1.1)
    panels = (-1, 1) if rng.random() < 0.6 else (0,)
    gap = wide * rng.uniform(0.5, 0.75)
    parts: list[Part] = [
        (
            placed(
                hanging(rng, wide, tall, int(rng.integers(3, 9)), rng.uniform(0.02, 0.06)),
                (s * gap, 0, 0),
            ),
            cover,
        )
        for s in panels
    ]
    if rng.random() < 0.5:
        reach = (gap + wide) if len(panels) > 1 else wide
        parts.append((rod((-reach * 0.6, 0.02, 0), (reach * 0.6, 0.02, 0), 0.014), metal(rng)))
    return parts


TEXTILES: dict[str, Callable[[Generator], list[Part]]] = {
    "cushion": cushion, "rug": rug_on_the_floor, "throw": throw, "towel": towel, "bedding": bedding,
    "curtain": curtain,
}  # fmt: skip
