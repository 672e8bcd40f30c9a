"""Seats, put together from solids: stools, benches, chairs, armchairs, sofas, chairs for a desk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vision.training.solids import (
    Rows,
    Spot,
    bent,
    box,
    disc,
    pillow,
    placed,
    revolved,
    rod,
    sheet,
    soft,
)
from vision.training.surfaces import (
    Generator,
    Part,
    board,
    cloth,
    flat,
    frame,
    metal,
    upholstery,
    wicker,
    wood,
)


def four_legs(rng: Generator, width: float, depth: float, height: float) -> Rows:
    """Four of them, square or round, upright or splayed."""
    thick, splay = rng.uniform(0.02, 0.06), rng.uniform(0, 0.05) if rng.random() < 0.4 else 0.0
    turned = rng.random() < 0.5
    parts = []
    for sx in (-1, 1):
        for sz in (-1, 1):
            x, z = sx * (width / 2 - thick), sz * (depth / 2 - thick)
            if turned or splay:
                parts.append(rod((x + sx * splay, 0, z + sz * splay), (x, height, z), thick / 2))
            else:
                parts.append(box((x, height / 2, z), (thick, height, thick)))
    return np.concatenate(parts)


def stool(rng: Generator) -> list[Part]:
    """A round or square seat on legs, a step stool, or an upholstered pouf."""
    wide, height = rng.uniform(0.28, 0.45), rng.uniform(0.4, 0.78)
    kind = rng.random()
    if kind < 0.2:
        radius, tall = rng.uniform(0.2, 0.3), rng.uniform(0.32, 0.46)
        side = revolved(
            [
                (radius * 0.9, 0),
                (radius, 0.04),
                (radius, tall - 0.06),
                (radius * 0.9, tall),
                (0.001, tall + 0.01),
            ]
        )
        side[:, 6:] *= (2 * np.pi * radius, tall)
        return [(side, cloth(rng))]
    if kind < 0.35:
        across, deep, tall = rng.uniform(0.4, 0.85), rng.uniform(0.4, 0.65), rng.uniform(0.32, 0.45)
        foot, cover = rng.uniform(0.02, 0.16), upholstery(rng)
        block = [soft((0, (foot + tall) / 2, 0), (across, tall - foot, deep), 9)]
        if rng.random() < 0.5:
            block.append(soft((0, tall, 0), (across, 0.12, deep), 5))
        return [(np.concatenate(block), cover), (four_legs(rng, across, deep, foot), board(rng))]
    if kind < 0.45:
        made, parts = board(rng), []
        for step in (0, 1):
            y, z = 0.22 * (step + 1), 0.1 - 0.2 * step
            parts.append(box((0, y, z), (0.4, 0.025, 0.22)))
        parts += [box((s * 0.18, 0.2, -0.06), (0.025, 0.4, 0.3)) for s in (-1, 1)]
        return [(np.concatenate(parts), made)]
    seat = cloth(rng) if rng.random() < 0.3 else board(rng)
    thick = rng.uniform(0.02, 0.07)
    if rng.random() < 0.55:
        rim = placed(revolved([(wide / 2, 0), (wide / 2, thick)]), (0, height - thick, 0))
        top = np.concatenate([rim, disc(wide / 2, height)])
    else:
        top = box((0, height - thick / 2, 0), (wide, thick, wide * rng.uniform(0.7, 1)))
    legs = four_legs(rng, wide * 0.75, wide * 0.75, height - thick)
    rail = rod(
        (-wide * 0.34, height * 0.35, wide * 0.34), (wide * 0.34, height * 0.35, wide * 0.34), 0.01
    )
    return [
        (top, seat),
        (np.concatenate([legs, rail]), board(rng) if rng.random() < 0.6 else metal(rng)),
    ]


def bench(rng: Generator) -> list[Part]:
    """A long seat: one board, slats or a cushion, with a back now and then."""
    width, depth, height = rng.uniform(0.8, 1.6), rng.uniform(0.3, 0.45), rng.uniform(0.4, 0.48)
    made = wood(rng) if rng.random() < 0.7 else board(rng)
    if rng.random() < 0.4:
        slats = int(rng.integers(3, 6))
        wide = depth / slats
        seat = np.concatenate([
            box((0, height - 0.012, (s + 0.5) * wide - depth / 2), (width, 0.024, wide * 0.75))
            for s in range(slats)
        ])  # fmt: skip
    else:
        seat = box((0, height - 0.02, 0), (width, 0.04, depth))
    parts: list[Part] = [
        (seat, made),
        (four_legs(rng, width * 0.94, depth * 0.9, height - 0.03), made),
    ]
    if rng.random() < 0.35:
        parts.append((box((0, height + 0.03, 0), (width * 0.98, 0.06, depth * 0.98)), cloth(rng)))
    if rng.random() < 0.25:
        parts.append((box((0, height + 0.3, -depth / 2), (width, 0.1, 0.02)), made))
        parts.append((np.concatenate([
            rod((s * width * 0.45, height, -depth / 2), (s * width * 0.45, height + 0.35, -depth / 2), 0.015)
            for s in (-1, 1)
        ]), made))  # fmt: skip
    return parts


def dining_chair(rng: Generator) -> list[Part]:
    """Four legs, a seat, and a back of a board, rungs or cloth."""
    wide, deep, height = rng.uniform(0.4, 0.5), rng.uniform(0.4, 0.48), rng.uniform(0.43, 0.48)
    tall, made = rng.uniform(0.32, 0.6), board(rng)
    seat = cloth(rng) if rng.random() < 0.4 else made
    back: list[Rows] = [
        rod(
            (s * wide * 0.45, height, -deep * 0.45),
            (s * wide * 0.44, height + tall, -deep * 0.55),
            0.014,
        )
        for s in (-1, 1)
    ]
    if rng.random() < 0.5:
        back.append(
            placed(
                box((0, 0, 0), (wide * 0.9, tall * 0.5, 0.02)),
                (0, height + tall * 0.7, -deep * 0.53),
                tilt=-8,
            )
        )
    else:
        back += [
            box((0, height + tall * s, -deep * 0.53), (wide * 0.9, 0.04, 0.018))
            for s in (0.4, 0.7, 0.95)
        ]
    return [
        (box((0, height, 0), (wide, rng.uniform(0.02, 0.06), deep)), seat),
        (np.concatenate([four_legs(rng, wide, deep, height), *back]), made),
    ]


def sofa(rng: Generator) -> list[Part]:
    """Two to four seats; with a chaise or a corner now and then."""
    return _upholstered(rng, int(rng.integers(2, 5)))


def armchair(rng: Generator) -> list[Part]:
    """Upholstered as a sofa is, with wings, in a frame of wood, as a shell, or woven."""
    kind = rng.random()
    if kind < 0.4:
        return _upholstered(rng, 1)
    if kind < 0.6:
        return _winged(rng)
    if kind < 0.85:
        return _framed(rng)
    return _shell(rng)


def _upholstered(rng: Generator, seats: int) -> list[Part]:
    each, deep = rng.uniform(0.55, 0.8), rng.uniform(0.78, 1.0)
    sit, back = rng.uniform(0.38, 0.47), rng.uniform(0.68, 0.95)
    arm, rise = rng.uniform(0.06, 0.3), rng.uniform(0.5, 0.7)
    foot, thick, wide = rng.uniform(0.03, 0.16), rng.uniform(0.1, 0.2), each * seats
    cover, power = upholstery(rng), float(rng.uniform(4, 12))
    whole = rng.random() < 0.25
    body = [
        box((0, (foot + sit - thick) / 2, 0), (wide, sit - thick - foot, deep)),
        soft((0, (foot + back) / 2, -deep / 2 + 0.08), (wide + arm, back - foot, 0.16), 10),
    ]
    body += [
        soft((s * (wide + arm) / 2, (foot + rise) / 2, 0), (arm, rise - foot, deep), power + 4)
        for s in (-1, 1)
        if rng.random() < 0.96
    ]
    count, width = (1, wide) if whole else (seats, each)
    for seat in range(count):
        x = (seat + 0.5) * width - wide / 2
        body.append(
            soft((x, sit - thick / 2 + 0.01, 0.06), (width - 0.012, thick, deep - 0.1), power)
        )
        if rng.random() < 0.9:
            tall = back - sit + rng.uniform(-0.06, 0.08)
            cushion = soft((0, 0, 0), (width - 0.02, tall, rng.uniform(0.14, 0.24)), power)
            body.append(
                placed(cushion, (x, sit + tall / 2, -deep / 2 + 0.24), tilt=-rng.uniform(4, 16))
            )
    if seats > 1 and rng.random() < 0.3:
        side, long = (-1 if rng.random() < 0.5 else 1), rng.uniform(0.5, 0.9)
        at = (side * (wide - each) / 2, sit / 2 + 0.01, deep / 2 + long / 2)
        body.append(soft(at, (each, sit - foot, long), 10))
    parts: list[Part] = [(np.concatenate(body), cover)]
    if rng.random() < 0.85:
        parts.append(
            (
                four_legs(rng, wide + arm, deep, foot),
                frame(rng),
            )
        )
    for _ in range(int(rng.integers(0, 4)) if rng.random() < 0.35 else 0):
        size = rng.uniform(0.38, 0.5)
        spot = (rng.uniform(-0.42, 0.42) * wide, sit + size / 2, 0.02)
        loose = placed(pillow(size, size, 0.14), spot, tilt=-20, turn=rng.uniform(-25, 25))
        parts.append((loose, cloth(rng)))
    return parts


def _winged(rng: Generator) -> list[Part]:
    """A high back whose sides come forward."""
    wide, deep, sit = rng.uniform(0.55, 0.7), rng.uniform(0.6, 0.75), rng.uniform(0.4, 0.46)
    back, foot, cover = rng.uniform(0.95, 1.15), rng.uniform(0.1, 0.2), upholstery(rng)
    tall = back - foot
    body = [
        soft((0, (foot + sit) / 2, 0), (wide, sit - foot, deep), 8),
        soft((0, sit, 0.04), (wide - 0.08, 0.14, deep - 0.08), 5),
        placed(soft((0, tall / 2, 0), (wide, tall, 0.16), 7), (0, foot, -deep / 2), tilt=-6),
    ]
    for s in (-1, 1):
        body.append(soft((s * wide / 2, sit + 0.08, 0.02), (0.1, 0.34, deep), 6))
        body.append(soft((s * wide / 2, back - 0.24, -deep / 2 + 0.14), (0.09, 0.42, 0.3), 5))
    made = frame(rng, 0.7)
    return [(np.concatenate(body), cover), (four_legs(rng, wide, deep, foot), made)]


def _framed(rng: Generator) -> list[Part]:
    """Two cushions in a frame of bent wood, bars or wicker."""
    wide, deep, sit = rng.uniform(0.54, 0.68), rng.uniform(0.6, 0.75), rng.uniform(0.34, 0.42)
    tall, lean, cover = rng.uniform(0.45, 0.72), rng.uniform(12, 28), upholstery(rng)
    made = frame(rng, 0.75)
    seat = placed(
        soft((0, 0, 0), (wide - 0.06, 0.11, deep), 6), (0, sit, 0), tilt=-rng.uniform(2, 12)
    )
    back = placed(
        soft((0, tall / 2, 0), (wide - 0.06, tall, 0.1), 6), (0, sit, -deep / 2 + 0.04), tilt=-lean
    )
    bars: list[Rows] = []
    springy, radius = rng.random() < 0.4, rng.uniform(0.014, 0.026)
    for s in (-1, 1):
        x, arm = s * wide / 2, sit + rng.uniform(0.16, 0.24)
        if springy:
            line: list[Spot] = [
                (x, 0.02, -deep * 0.5), (x, 0.02, deep * 0.4), (x, 0.08, deep * 0.56),
                (x, arm - 0.06, deep * 0.6), (x, arm, deep * 0.5), (x, arm + 0.02, -deep * 0.3),
            ]  # fmt: skip
            bars.append(bent(line, radius))
        else:
            bars += [rod((x, 0, z * deep), (x, arm, z * deep * 0.9), radius) for z in (-0.5, 0.45)]
            bars.append(box((x, arm, 0), (2.4 * radius, 0.022, deep * 1.05)))
            bars.append(rod((x, sit - 0.08, -deep / 2), (x, sit - 0.08, deep / 2), radius))
        top = (x * 0.9, sit + tall * 0.95, -deep / 2 - tall * np.sin(np.radians(lean)))
        bars.append(rod((x * 0.9, sit, -deep / 2), top, radius))
    bars.append(
        rod((-wide / 2, sit - 0.08, deep * 0.44), (wide / 2, sit - 0.08, deep * 0.44), radius)
    )
    return [(np.concatenate([seat, back]), cover), (np.concatenate(bars), made)]


def _shell(rng: Generator) -> list[Part]:
    """A round back that goes into the arms: woven, moulded or covered; on legs or a turning foot."""
    kind, radius, sit = rng.random(), rng.uniform(0.32, 0.42), rng.uniform(0.36, 0.44)
    made = wicker(rng) if kind < 0.4 else upholstery(rng) if kind < 0.8 else board(rng)
    angle = np.linspace(np.radians(60), np.radians(300), 30)
    rise = np.linspace(0, 1, 8)
    high = sit + (rng.uniform(0.2, 0.5) * (0.5 - 0.5 * np.cos(angle)) + 0.12)[None] * rise[:, None]
    out = radius * (1 + 0.12 * rise[:, None])
    points = np.stack([out * np.sin(angle)[None], high, out * np.cos(angle)[None]], axis=2)
    spots = np.stack(np.broadcast_arrays(angle[None] * radius, rise[:, None] * 0.4), axis=2)
    seat = np.concatenate(
        [
            sheet(points, spots),
            disc(radius, sit),
            placed(revolved([(radius, -0.08), (radius, 0)]), (0, sit, 0)),
        ]
    )
    pad = soft((0, sit + 0.04, 0.02), (radius * 1.5, 0.1, radius * 1.5), 4)
    parts: list[Part] = [(seat, made), (pad, upholstery(rng))]
    if rng.random() < 0.35:
        foot = revolved([(0.3, 0), (0.29, 0.015), (0.03, 0.03), (0.03, sit)])
        return [*parts, (foot, metal(rng))]
    return [
        *parts,
        (
            four_legs(rng, radius * 1.5, radius * 1.5, sit),
            frame(rng),
        ),
    ]


def office_chair(rng: Generator) -> list[Part]:
    """Five arms on castors, a column, a seat and a back; arms and a rest for the head now and then."""
    wide, sit, tall = rng.uniform(0.44, 0.54), rng.uniform(0.44, 0.54), rng.uniform(0.3, 0.75)
    dark = flat(rng, ((30, 30, 32), (44, 46, 50), (60, 62, 66)), 6)
    bare = dark if rng.random() < 0.6 else metal(rng)
    cover = dark if rng.random() < 0.45 else upholstery(rng)
    start, spokes, wheels = rng.uniform(0, 2 * np.pi), [], []
    for angle in start + np.arange(5) * 2 * np.pi / 5:
        x, z = 0.31 * np.sin(angle), 0.31 * np.cos(angle)
        spokes.append(rod((0, 0.12, 0), (x, 0.07, z), 0.018))
        wheels.append(soft((x, 0.03, z), (0.05, 0.06, 0.05), 3, 6))
    spokes.append(rod((0, 0.1, 0), (0, sit - 0.03, 0), 0.026))
    seat = soft((0, sit, 0.02), (wide, rng.uniform(0.05, 0.11), wide), rng.uniform(4, 8))
    lift = rng.uniform(0.02, 0.16)
    back = soft(
        (0, lift + tall / 2, 0), (wide * rng.uniform(0.8, 1), tall, rng.uniform(0.03, 0.1)), 6
    )
    cushions = [seat, placed(back, (0, sit, -wide / 2), tilt=-rng.uniform(2, 14))]
    spokes.append(
        bent(
            [(0, sit - 0.03, 0), (0, sit - 0.03, -wide / 2), (0, sit + 0.3, -wide / 2 - 0.06)], 0.02
        )
    )
    if rng.random() < 0.2:
        cushions.append(soft((0, sit + lift + tall + 0.12, -wide / 2 - 0.1), (0.28, 0.16, 0.07), 4))
    if rng.random() < 0.6:
        for s in (-1, 1):
            x = s * (wide / 2 + 0.03)
            spokes.append(
                bent([(s * 0.1, sit - 0.03, 0), (x, sit - 0.03, 0), (x, sit + 0.2, 0)], 0.014)
            )
            wheels.append(soft((x, sit + 0.21, 0.02), (0.06, 0.035, 0.26), 6, 6))
    return [
        (np.concatenate(cushions), cover),
        (np.concatenate(spokes), bare),
        (np.concatenate(wheels), dark),
    ]


SEATS: dict[str, Callable[[Generator], list[Part]]] = {
    "stool": stool, "bench": bench, "dining_chair": dining_chair, "armchair": armchair, "sofa": sofa,
    "office_chair": office_chair,
}  # fmt: skip
