"""`souk evaluate culture`: does each marketplace's answer belong to its shoppers' culture?"""

from __future__ import annotations

from pathlib import Path

import click

from catalog.pictures import PictureStore
from service.commands.evaluation_options import (
    asked_photos,
    evaluation_options,
    print_result,
    with_progress,
)
from service.evaluation.contact_sheet import ContactSheet
from service.evaluation.culture import CultureReport
from service.evaluation.seen import Asker, Groups, see
from service.evaluation.yardstick import read_culture
from service.gallery import open_gallery
from service.settings import load_settings
from service.stages import RankingConfiguration
from vision.photos import PhotoError

DATASETS = ("catalog", "ethnic_extra", "street_ethnic")


@click.command()
@evaluation_options
@click.option("--marketplaces", default=None, help="Such as in,us; default: all.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write each photo with the first answers of every marketplace into this file.",
)
def culture(
    data: Path,
    gallery: Path | None,
    workspace: Path | None,
    split: str | None,
    limit: int | None,
    as_json: bool,
    marketplaces: str | None,
    html: Path | None,
) -> None:
    """Fidelity, kept, flip, hold and reverse of the served pages, beside plain kNN."""
    settings = load_settings()
    with open_gallery(gallery or data, settings, workspace) as opened:
        services = opened.services
        locales = services.locales()
        names = marketplaces.split(",") if marketplaces else sorted(locales.marketplaces)
        groups = Groups.of(opened.store)
        askers = {m: Asker(services, services.market(m), groups, services.clock()) for m in names}
        report = CultureReport(
            culture=read_culture(settings.locales / "yardstick"),
            tree=locales.concepts,
            listed={m: opened.listed(m) for m in names},
        )
        sheet = (
            None if html is None else ContactSheet(PictureStore(opened.services.settings.pictures))
        )
        stages = services.stages(services.market(names[0]), RankingConfiguration())
        for labelled in with_progress(asked_photos(data, locales.concepts, DATASETS, split, limit)):
            try:
                seen = see(labelled, stages)
            except PhotoError as error:
                click.echo(f"{labelled.dataset}/{labelled.id}: {error}", err=True)
                continue
            for name, asker in askers.items():
                report.judge(name, seen, asker, sheet)
        if html is not None and sheet is not None:
            sheet.write(html)
        print_result({"gallery": opened.document(), **report.document()}, as_json=as_json)
