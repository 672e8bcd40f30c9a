"""`souk train detector`: the boxes' network, from composites and real streets, with a seed.

The shipped file took two runs: the first from ImageNet's weights, the second going on from it.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.cli import CommandError
from service.commands.train_composites import load_studio
from service.commands.training_options import concept_tree

FIRST = "700:144,250:224"
SECOND = "350:176,120:224"


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Labelled pictures.")
@click.option("--splits", type=click.Path(path_type=Path), default=Path("tests/cases/splits.csv"))
@click.option("--renders", type=click.Path(path_type=Path), help="What `souk train renders` wrote.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write to.")
@click.option(
    "--start", type=click.Path(path_type=Path), help="detector.pt of an earlier run to go on from."
)
@click.option(
    "--stages", help=f"Steps:side, comma-separated (default {FIRST}; with --start {SECOND})."
)
@click.option("--seed", default=11, show_default=True)
@click.option("--threads", default=1, show_default=True)
@click.option("--frozen", is_flag=True, help="Train the head alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def detector(
    data: Path, splits: Path, renders: Path | None, out: Path, start: Path | None,
    stages: str | None, seed: int, threads: int, *, frozen: bool, as_json: bool,
) -> None:  # fmt: skip
    """Train and export the detector; ten minutes of one core, and as many with --start."""
    try:
        # The extra `train` may be missing: then one sentence, not a stack trace.
        from vision.training.detector_plans import Plan, first_plan, second_plan  # noqa: PLC0415
        from vision.training.detector_training import run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise CommandError(
            f"{error.name} is missing. In souk's folder: pip install '.[train]'."
        ) from error
    for path in (start, renders):
        if path is not None and not path.exists():
            raise CommandError(f"{path} is missing. Give the file or folder of an earlier run.")
    make = first_plan if start is None else second_plan
    try:
        plan: Plan = make(
            stages or (FIRST if start is None else SECOND),
            seed=seed, threads=threads, frozen=None if frozen else 5,
        )  # fmt: skip
    except ValueError as error:
        raise CommandError(str(error)) from error
    studio = load_studio(data, splits, renders)
    path = run(studio, data, splits, out, plan, tree=concept_tree(), start=start)
    made = {"detector": str(path), "bytes": path.stat().st_size, "seed": seed, "steps": plan.steps}
    click.echo(json.dumps(made) if as_json else f"{path} written ({made['bytes']} bytes).")
