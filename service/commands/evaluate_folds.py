"""`souk evaluate folds`: Indian wear in the wild, each photo by a network that never saw its source."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli import CommandError
from service.commands.evaluation_options import SPLITS, print_result
from service.commands.training_extra import training_extra
from service.evaluation.confusions import pictures_by_id, write_confusions
from service.evaluation.vision import Judged, judge_alone, wild_ethnic_document
from service.settings import load_settings
from service.wiring import build_services
from vision.training.samples import Sample
from vision.training.splits import load_splits


@click.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with ethnic_extra/.",
)
@click.option(
    "--work",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where `souk train embedder` left its runs.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the confusions with their pictures into this file.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def folds(data: Path, work: Path, html: Path | None, as_json: bool) -> None:
    """Top-1 and top-3 over five folds of source repositories, by class and by fold (extra `train`).

    Measured with the smaller network alone, on whole pictures: the shipped pair saw every source
    but those of the test rows.
    """
    with training_extra():
        from vision.training.build import SIDE, Materials  # noqa: PLC0415
        from vision.training.folds import fold_predictions  # noqa: PLC0415
    market = build_services(load_settings()).market("in")
    materials = Materials(data=data, tree=market.concepts, splits=load_splits(SPLITS))
    judged: list[Judged] = []
    fold_hits: dict[int, list[bool]] = {}
    try:
        for fold, seen in fold_predictions(materials, work, SIDE):
            one = judge_alone(seen.concepts, seen.sample, market.concepts, market.tree)
            judged.append(one)
            fold_hits.setdefault(fold, []).append(one.hit)
    except FileNotFoundError as error:
        raise CommandError(
            f"{error.filename} is missing; train it: souk train embedder --run lite0-fold0 … "
            "(five runs), after lite0-long."
        ) from error
    ci: dict[str, list[float]] = {}
    document = wild_ethnic_document(judged, ci) | {
        "folds": {
            f: {"n": len(h), "top1": round(sum(h) / len(h), 4)} for f, h in fold_hits.items()
        },
        "ci": ci,
    }
    if html is not None:
        write_confusions(html, judged, pictures_by_id(data, materials.samples(_any)))
    print_result(document, as_json=as_json)


def _any(sample: Sample) -> bool:
    return sample.dataset == "ethnic_extra"
