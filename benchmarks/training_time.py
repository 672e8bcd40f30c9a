"""How long the recipe of the shipped weights takes on this machine, from a few steps of each of its runs.

    python -m benchmarks.training_time --data DIR --steps 12

Every run that the shipped networks need is taken through `--steps` steps at each of its picture sizes,
with its own recipe, blocks kept and batch; what is printed is the steps' time times the recipe's steps.
Loading pictures and cutting them out (minutes in all), renders and the export are not in it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.locale_files import load_concepts
from service.commands.evaluation_options import SPLITS
from service.settings import load_settings
from vision.training.build import RUNS, Materials, Run, all_but_chosen_by, needed_runs
from vision.training.corpus import Item
from vision.training.finetune import Stage, fine_tune
from vision.training.splits import load_splits

PICTURES = 400
"""Read for it; how many there are does not change a step."""
WARM_STEPS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    materials = Materials(
        data=arguments.data,
        tree=load_concepts(load_settings().locales / "concepts.yaml"),
        splits=load_splits(SPLITS),
    )
    samples = materials.samples(all_but_chosen_by)
    some = {sample.id for sample in samples[:: max(1, len(samples) // PICTURES)]}
    items = materials.items(lambda s: s.id in some, renders=False, cut_photos=False)
    pool = materials.pool()
    total = 0.0
    for name in needed_runs():
        run = RUNS[name]
        for stage in run.plan.stages:
            steps = stage.steps if run.plan.until is None else min(stage.steps, run.plan.until)
            seconds = _step_seconds(run, stage, items, pool, arguments.steps, arguments.threads)
            total += steps * seconds
            row = {
                "run": name,
                "side": stage.side,
                "steps": steps,
                "seconds_a_step": round(seconds, 3),
            }
            print(json.dumps(row), flush=True)
    print(json.dumps({"hours": round(total / 3600, 2)}))


def _step_seconds(
    run: Run,
    stage: Stage,
    items: list[Item],
    pool: list[NDArray[np.uint8]],
    steps: int,
    threads: int,
) -> float:
    """Of one step, the first ones left out."""
    seconds = []
    for count in (WARM_STEPS, WARM_STEPS + steps):
        plan = replace(run.plan, stages=(Stage(stage.side, count),), until=None, threads=threads)
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            fine_tune(run.variant, items, pool, plan, Path(folder))
            seconds.append(time.perf_counter() - began)
    return (seconds[1] - seconds[0]) / steps


if __name__ == "__main__":
    main()
