"""`souk evaluate viewpoints`: rendered furniture from every side, as `souk train renders` writes it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import click

from catalog.search import WHOLE
from service.cli import CommandError
from service.commands.evaluation_options import print_result, with_progress
from service.evaluation.viewpoints import RenderSeen, viewpoints_document
from service.settings import load_settings
from service.stages import Market
from service.wiring import build_services
from vision.models import VisionModels
from vision.photos import decode_photo


@click.command()
@click.option(
    "--renders",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of `souk train renders`, with another seed than the trained one.",
)
@click.option("--marketplace", default="de", show_default=True, help="Whose head and tree answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def viewpoints(renders: Path, marketplace: str, as_json: bool) -> None:
    """Top-1 of rendered furniture by viewpoint. The networks know the models, not these pictures."""
    services = build_services(load_settings())
    market = services.market(marketplace)
    models = services.models.get()
    table = renders / "renders.csv"
    if not table.is_file():
        raise CommandError(f"{renders} has no renders.csv. Make it: souk train renders --out DIR.")
    seen = list(_seen(table, models, market))
    if not seen:
        raise CommandError(f"{table} names no picture of a known concept.")
    print_result({"model": models.version, **viewpoints_document(seen)}, as_json=as_json)


def _seen(table: Path, models: VisionModels, market: Market) -> Iterator[RenderSeen]:
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in with_progress(rows, " renders"):
        if row["concept"] not in market.concepts.concepts:
            continue
        photo = decode_photo((table.parent / row["file"]).read_bytes())
        prediction = models.classify(models.look(photo, WHOLE), (), market.tree)
        hit = market.concepts.meets(prediction.concept, (row["concept"],))
        yield RenderSeen(
            view=int(row["view"]),
            concept=row["concept"],
            hit=hit and not prediction.abstained,
        )
