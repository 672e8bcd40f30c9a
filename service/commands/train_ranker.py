"""`souk train ranker`: photos ask a gallery, attributes grade what was found, LambdaMART learns the order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import click
from tqdm import tqdm

from ranking.model_files import write_model
from ranking.training import TrainingSettings
from service.cli import CommandError
from service.gallery import Gallery, open_gallery
from service.ranker_data import Asking, Judge, Splits, asking_photos, by_part, looked_at
from service.ranker_training import JudgedParts, Ranker, train_ranker
from service.settings import load_settings
from service.shelves import Shelf
from vision.training.backgrounds import load_backgrounds
from vision.training.splits import load_splits


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True,
    help="Labelled pictures that ask; also the gallery, without --gallery.",
)  # fmt: skip
@click.option("--gallery", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--workspace", type=click.Path(path_type=Path, file_okay=False),
    help="Keep the gallery here, and go on with it the next time.",
)  # fmt: skip
@click.option("--splits", type=click.Path(path_type=Path), default=Path("tests/cases/splits.csv"))
@click.option("--out", type=click.Path(path_type=Path), help="Default: the models' folder.")
@click.option("--always", default="in,us", show_default=True, help="Where every photo asks.")
@click.option(
    "--policy-cost", default=0.01, show_default=True, type=click.FloatRange(0, 1),
    help="Share of nDCG@10 that the stated policy may cost.",
)  # fmt: skip
@click.option("--trees", default=100, show_default=True, type=click.IntRange(1, 500))
@click.option("--seed", default=20261124, show_default=True)
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1))
@click.option("--ablate", is_flag=True, help="Learn once more without each group of features.")
@click.option("--json", "as_json", is_flag=True)
def ranker(
    data: Path, gallery: Path | None, workspace: Path | None, splits: Path, out: Path | None, always: str,
    policy_cost: float, trees: int, seed: int, threads: int, *, ablate: bool, as_json: bool,
) -> None:  # fmt: skip
    """Train the re-ranker on photos and ship it with its card."""
    settings = load_settings()
    if not splits.is_file():
        raise CommandError(f"{splits}: no such table of splits. Give --splits FILE.")
    training = TrainingSettings(trees=trees, policy_cost=policy_cost, seed=seed, threads=threads)
    rows = load_splits(splits)
    with open_gallery(gallery or data, settings, workspace) as opened:
        parts = judged_parts(opened, data, rows, tuple(always.split(",")), seed)
        facts = {
            "data": {"queries": data.name, "gallery": opened.name, "products": opened.products},
            "vision": opened.services.models.get().version,
            "seed": seed,
        }
    if not parts.train or not parts.valid:
        raise CommandError(
            f"{data} has no photo of a training or validation split. Check --splits."
        )
    found = train_ranker(parts, training, ablate=ablate)
    folder = out or settings.models / "ranker"
    version = write_model(
        folder,
        found.trees.text,
        {**facts, **found.facts, **LIMITS},
        policy_weight=found.trees.policy_weight,
        acceptance_weight=found.trees.acceptance_weight,
    )
    if as_json:
        click.echo(json.dumps({"version": version, **facts, **found.facts}, ensure_ascii=False))
    else:
        click.echo(told(folder, version, found))


LIMITS = {
    "labels": "Grades from catalogue attributes (ranking/grades.py); the stated policy is added.",
    "limits": (
        "Offers of the training gallery are generated: nothing here is evidence of what shoppers buy. "
        "Colour, gender and occasion of catalogue rows are the shop's labels, with its noise."
    ),
}


def judged_parts(
    gallery: Gallery, data: Path, splits: Splits, always: tuple[str, ...], seed: int
) -> JudgedParts:
    """Every photo through the networks, then through the marketplaces."""
    locales = gallery.services.locales()
    unknown = [name for name in always if name not in locales.marketplaces]
    if unknown:
        raise CommandError(
            f"there is no marketplace {unknown[0]!r}. The known are {', '.join(locales.marketplaces)}."
        )
    judge = Judge(
        shelves={
            name: Shelf.of(gallery.store, found.marketplace, found.tree)
            for name, found in locales.marketplaces.items()
        },
        networks=gallery.services.models.get(), splits=splits, always=always, seed=seed,
    )  # fmt: skip
    asking = by_part(_asking(gallery, data, splits, seed))
    return JudgedParts(
        train=tuple(judge.judged(_bar(asking["train"], "train"), slots=True)),
        valid=tuple(judge.judged(_bar(asking["valid"], "valid"), slots=False)),
        test=tuple(judge.judged(_bar(asking["test"], "test"), slots=False)),
    )


def _asking(gallery: Gallery, data: Path, splits: Splits, seed: int) -> tuple[Asking, ...]:
    photos = asking_photos(data, gallery.services.locales().concepts, splits)
    with tqdm(unit=" photos", disable=None) as bar:
        return tuple(
            looked_at(
                photos,
                gallery.services.models.get(),
                load_backgrounds(data, splits),
                seed=seed,
                on_photo=lambda: _tick(bar),
            )
        )


def _tick(bar: tqdm[NoReturn]) -> None:
    bar.update()


def _bar(asking: tuple[Asking, ...], part: str) -> tqdm[Asking]:
    return tqdm(asking, unit=" photos", desc=part, disable=None)


def told(folder: Path, version: str, found: Ranker) -> str:
    """What was trained, for a person's eye."""
    lines = [f"{folder}: version {version}, {found.trees.trees} trees."]
    lines += [
        f"  {point.trees:4} trees  nDCG@10 {point.ndcg10:.4f}  {point.ms:.2f} ms for 200 rows"
        for point in found.trees.curve
    ]
    lines.append(json.dumps(found.facts["test"], indent=2))
    return "\n".join(lines)
