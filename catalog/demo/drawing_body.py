"""Measures of a body, and how its arms hang: what clothes are cut for, worn or laid flat."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from catalog.demo.drawing_shapes import Points, points, smooth

NECK, SHOULDER, ARMPIT, BUST, WAIST, HIP, CROTCH = 30.0, 35.0, 49.0, 54.0, 69.0, 88.0, 94.0
KNEE, CALF, ANKLE, SOLE = 131.0, 148.0, 168.0, 176.0
"""Heights below the crown, centimetres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Half widths, and the two arms from shoulder over elbow to wrist."""

    shoulder: float
    chest: float
    waist: float
    hip: float
    left_arm: Points
    right_arm: Points
    stance: float
    """Half the distance between the ankles."""

    def width(self, y: float) -> float:
        """Half width of the trunk at a height."""
        heights = (ARMPIT, WAIST, HIP)
        widths = (self.chest, self.waist, self.hip)
        for k in (0, 1):
            if y <= heights[k + 1]:
                share = max(0.0, (y - heights[k]) / (heights[k + 1] - heights[k]))
                return widths[k] + (widths[k + 1] - widths[k]) * share
        return self.hip


def make_body(rng: Random, gender: str, *, worn: bool) -> Body:
    """A body of varied build; flat clothes are cut for one whose arms are stretched."""
    stout = rng.uniform(0.92, 1.14)
    shoulder, chest, waist, hip = (
        (21.5, 17.5, 15.5, 16.5) if gender in ("men", "boys") else (17.5, 14.5, 11.5, 16.5)
    )
    poses = _WORN if worn else _FLAT
    left, right = rng.choice(poses), rng.choice(poses)
    if not worn or rng.random() < 0.6:
        right = left
    tilt = rng.uniform(-2, 2)
    return Body(
        shoulder=shoulder * (0.5 + stout / 2),
        chest=chest * stout,
        waist=waist * stout,
        hip=hip * stout,
        left_arm=_arm(left, -shoulder, tilt),
        right_arm=_arm(right, shoulder, tilt),
        stance=rng.uniform(7, 12),
    )


_WORN = ((5, 64, 7, 90), (3, 65, 4, 91), (9, 62, 16, 85), (15, 61, 1, 77), (7, 63, 12, 87))
_FLAT = ((9, 62, 17, 87), (15, 59, 28, 81), (22, 55, 42, 72), (5, 64, 9, 91), (27, 47, 52, 56))
"""Elbow and wrist: out from the shoulder, and height."""


def _arm(pose: tuple[float, ...], shoulder: float, tilt: float) -> Points:
    side = 1 if shoulder > 0 else -1
    ex, ey, wx, wy = pose
    return smooth(
        points(
            (shoulder - side * 3, 38.0),
            (shoulder + side * ex, ey + tilt * side),
            (shoulder + side * wx, wy + tilt * side),
        ),
        steps=8,
    )
