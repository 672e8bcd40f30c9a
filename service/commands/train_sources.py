"""`souk train sources`: what each concept is learned from."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.commands.evaluation_options import SPLITS
from service.commands.training_extra import training_extra
from service.commands.training_options import DATA, MADE, RENDERS, concept_tree
from vision.training.splits import load_splits


@click.command()
@DATA
@RENDERS
@MADE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sources(data: Path, renders: Path | None, made: Path | None, *, as_json: bool) -> None:
    """How many pictures each concept is learned from, by kind: those that no split sets aside.

    shop: product photos. photo: all other photos and garments cut out of them. drawn, render: drawn, rendered
    from models that somebody built. made: put together and rendered by souk. shared: the label is answered by
    other concepts too.
    """
    with training_extra():
        from vision.training.build import Materials, all_but_chosen_by  # noqa: PLC0415
        from vision.training.sources import KINDS, SHARED, sources_of  # noqa: PLC0415
    materials = Materials(
        data=data,
        tree=concept_tree(),
        splits=load_splits(SPLITS),
        renders=renders,
        made=made,
    )
    items = materials.items(all_but_chosen_by, renders=True, cut_photos=False, made=True)
    found = sources_of(items, materials.classes)
    if as_json:
        click.echo(json.dumps(found))
        return
    kinds = [*dict.fromkeys(KINDS.values()), SHARED]
    width = max(map(len, found))
    click.echo(" " * width + "".join(f"{kind:>8}" for kind in kinds))
    for name, counts in found.items():
        click.echo(f"{name:<{width}}" + "".join(f"{counts[kind] or '':>8}" for kind in kinds))
