"""What decides how a detector comes out: steps, sizes, rates, shares of pictures, and the seed."""

from __future__ import annotations

from dataclasses import dataclass

from vision.detector import INPUT_PIXELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Steps at one input size."""

    steps: int
    pixels: int = INPUT_PIXELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What decides the outcome, with the seed."""

    stages: tuple[Stage, ...] = (Stage(steps=700, pixels=144 * 144), Stage(steps=250))
    batch: int = 16
    rate: float = 2e-3
    trunk_rate: float = 3e-4
    decay: float = 0.02
    average: float = 0.995
    streets: float = 0.4
    """Share of real street pictures."""
    garments: float = 0.15
    """Share of photos of single garments whose boxes a first detector guessed, where there are any."""
    screenshots: float = 0.12
    frozen: int | None = 5
    """Blocks of the trunk that are not trained; None: all of it."""
    seed: int = 11
    threads: int = 1
    """More than one waits for itself on a busy machine."""

    @property
    def steps(self) -> int:
        return sum(stage.steps for stage in self.stages)

    def pixels(self, step: int) -> int:
        """The input size at a step."""
        for stage in self.stages:
            if step < stage.steps:
                return stage.pixels
            step -= stage.steps
        return self.stages[-1].pixels


def first_plan(stages: str, *, seed: int, threads: int = 1, frozen: int | None = 5) -> Plan:
    """From ImageNet's weights. Raises ValueError when `stages` cannot be read."""
    return Plan(stages=read_stages(stages), seed=seed, threads=threads, frozen=frozen)


def second_plan(stages: str, *, seed: int, threads: int = 1, frozen: int | None = 5) -> Plan:
    """Going on from an earlier run, at lower rates. Raises ValueError likewise."""
    return Plan(
        stages=read_stages(stages), seed=seed, threads=threads, frozen=frozen,
        rate=1e-3, trunk_rate=2e-4,
    )  # fmt: skip


def read_stages(text: str) -> tuple[Stage, ...]:
    """`700:144,250:224` → 700 steps at 144² pixels, then 250 at 224². ValueError names the part."""
    stages = []
    for part in text.split(","):
        steps, _, side = part.partition(":")
        if not (steps.strip().isdigit() and side.strip().isdigit() and int(side) >= 64):
            raise ValueError(f"{part!r} is no stage. Write steps:side, such as 700:144.")
        stages.append(Stage(steps=int(steps), pixels=int(side) ** 2))
    return tuple(stages)
