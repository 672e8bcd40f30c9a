"""Fine-tuning: what stays frozen, and that a stopped run goes on as if nothing had happened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from torch.optim import Optimizer  # noqa: E402

from vision.training import finetune  # noqa: E402
from vision.training.corpus import Item  # noqa: E402
from vision.training.efficientnet_lite import LITE0  # noqa: E402
from vision.training.finetune import Plan, Stage, VisionNetwork, fine_tune  # noqa: E402
from vision.training.views import Source  # noqa: E402

CLASSES = 3


def flat_items() -> list[Item]:
    """One flat picture a class."""
    return [
        Item(
            source=Source(pixels=np.full((40, 30, 3), shade, dtype=np.uint8)),
            allowed=np.eye(CLASSES, dtype=bool)[index],
            colour=-1,
            gender=index % 2,
            key=f"catalog:{index}",
            group="brand",
        )
        for index, shade in enumerate((20, 120, 220))
    ]


def tuned(folder: Path, steps: int = 4, *, frozen: int = 0) -> VisionNetwork:
    plan = Plan(stages=(Stage(32, steps),), batch=4, frozen=frozen, seed=3, threads=1)
    return fine_tune(LITE0, flat_items(), [], plan, folder)


def test_frozen_blocks_keep_their_weights_and_their_statistics(tmp_path: Path) -> None:
    before = VisionNetwork(LITE0, CLASSES).state_dict()
    after = tuned(tmp_path, frozen=2).state_dict()

    kept = [
        k for k in before if k.startswith(("trunk.stem.", "trunk.blocks.0.", "trunk.blocks.1."))
    ]
    assert kept
    assert all(torch.equal(before[k], after[k]) for k in kept)
    assert not torch.equal(
        before["trunk.blocks.5.project.conv.weight"], after["trunk.blocks.5.project.conv.weight"]
    )


class StoppedError(Exception):
    """The machine went away."""


def test_a_stopped_run_goes_on_from_its_checkpoint_with_the_steps_that_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetune, "CHECKPOINT_STEPS", 2)
    schedule, seen = finetune._schedule, []

    def stopping(optimiser: Optimizer, step: int, total: int) -> None:
        if step == 3:
            raise StoppedError
        schedule(optimiser, step, total)

    def counting(optimiser: Optimizer, step: int, total: int) -> None:
        seen.append(step)
        schedule(optimiser, step, total)

    monkeypatch.setattr(finetune, "_schedule", stopping)
    with pytest.raises(StoppedError):
        tuned(tmp_path)
    monkeypatch.setattr(finetune, "_schedule", counting)
    tuned(tmp_path)

    assert seen == [2, 3]
    assert (tmp_path / "averaged.pt").exists()
    assert not (tmp_path / finetune.CHECKPOINT).exists()


def test_numbers_stay_exact_after_training(tmp_path: Path) -> None:
    tuned(tmp_path, steps=1)

    assert np.float64(2.0**-1074) * 1.0 > 0.0
