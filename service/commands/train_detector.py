"""`souk train detector`: the boxes' network, from composites and real streets, with a seed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.cli import CommandError
from service.commands.train_composites import load_studio


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Labelled pictures.")
@click.option("--splits", type=click.Path(path_type=Path), default=Path("tests/cases/splits.csv"))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for detector.onnx."
)
@click.option("--seed", default=11, show_default=True)
@click.option("--steps", default=2000, show_default=True, help="Batches of 16 pictures.")
@click.option("--threads", default=1, show_default=True)
@click.option(
    "--trunk", type=click.Path(path_type=Path), help="A trunk's .pt instead of ImageNet's."
)
@click.option("--frozen", is_flag=True, help="Train the head alone.")
@click.option("--json", "as_json", is_flag=True)
def detector(
    data: Path, splits: Path, out: Path, seed: int, steps: int, threads: int, trunk: Path | None,
    *, frozen: bool, as_json: bool,
) -> None:  # fmt: skip
    """Train and export the detector; about 35 minutes on two idle cores."""
    try:
        # The extra `train` may be missing: then one sentence, not a stack trace.
        from vision.training.detector_training import Plan, run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is missing. Install the extra: souk[train].") from error
    plan = Plan(steps=steps, seed=seed, threads=threads, frozen=None if frozen else 5)
    studio = load_studio(data, splits)
    path = run(studio, data, splits, out, plan, trunk=trunk)
    made = {"detector": str(path), "bytes": path.stat().st_size, "seed": seed, "steps": steps}
    click.echo(json.dumps(made) if as_json else f"{path} written ({made['bytes']} bytes).")
