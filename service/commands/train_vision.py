"""`souk train heads` and `souk train embedder`: the category heads, and the networks themselves."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from catalog.locale_files import load_marketplaces
from catalog.search import Candidate, Filters
from service.cli import CommandError
from service.commands.training_extra import training_extra
from service.commands.training_options import DATA, MADE, RENDERS, SPLITS_OPTION, concept_tree
from service.settings import load_settings
from service.stages import RankingConfiguration
from service.wiring import build_services
from vision.heads import HeadSettings
from vision.manifest import DEFAULT_HEAD, read_manifest, write_manifest
from vision.models import EMBEDDER, HEADS, TRUNK, load_models
from vision.training.head_fitting import (
    FittedHead,
    FittingSet,
    fit_head,
    fit_vote,
    fitting_set,
    set_aside,
)
from vision.training.samples import Sample, read_samples
from vision.training.splits import Split, load_splits

VOTING = "in"
"""Whose products vote while the heads are fitted: the marketplace that stocks every concept."""


@click.command()
@DATA
@SPLITS_OPTION
@click.option("--marketplace", "wanted", multiple=True, help="Only this one; may be repeated.")
@click.option(
    "--voters",
    default=None,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A workspace with an index (SOUK_HOME) whose products vote; the vote's weight is fitted too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def heads(
    data: Path, splits: Path, wanted: tuple[str, ...], voters: Path | None, *, as_json: bool
) -> None:
    """Fit each marketplace's head from its YAML: temperature and threshold, in under a minute.

    A new marketplace needs its folder in locales/ and this command; no code and no new pictures.
    """
    began = time.monotonic()
    settings = load_settings()
    models = load_models(settings.models, settings.threads)
    locales = load_marketplaces(settings.locales)
    unknown = sorted(set(wanted) - set(locales.trees))
    if unknown:
        known = ", ".join(sorted(locales.trees))
        raise CommandError(
            f"There is no marketplace {unknown[0]!r} in locales/. Known are {known}."
        )
    found = read_samples(data, locales.concepts, load_splits(splits)).samples
    chosen = [sample for sample in found if set_aside(sample)]
    if not chosen:
        raise CommandError(
            f"{data} holds none of the pictures that {splits.name} sets aside (`val`)."
        )
    fitting = fitting_set(data, chosen, models)
    if voters is not None:
        fitting = replace(fitting, neighbours=_neighbours(voters, fitting, chosen))
    common = fit_vote(models.head, fitting, locales.concepts, models.settings(DEFAULT_HEAD))
    fitted: dict[str, FittedHead] = {}
    for name, tree in locales.trees.items():
        if not wanted or name in wanted:
            start = replace(
                models.settings(name),
                vote_weight=common.vote_weight,
                vote_sharpness=common.vote_sharpness,
                vote_far=common.vote_far,
                vote_near=common.vote_near,
            )
            fitted[name] = fit_head(models.head, fitting, locales.concepts, tree, start)
    own = {name: head.settings for name, head in fitted.items()}
    _keep(settings.models, own if wanted else {DEFAULT_HEAD: common, **own})
    _report(fitted, time.monotonic() - began, as_json=as_json)


@click.command()
@DATA
@SPLITS_OPTION
@click.option(
    "--work", required=True, type=click.Path(path_type=Path), help="Checkpoints and logs go here."
)
@RENDERS
@MADE
@click.option(
    "--without", multiple=True, help="A data set to leave out; `drawn`, `renders`, `made` too."
)
@click.option(
    "--onward",
    is_flag=True,
    help="Begin the runs that --run names with SOUK_MODELS instead of with the runs before.",
)
@click.option(
    "--run", "only", multiple=True, help="Only this run, no version is written; may be repeated."
)
def embedder(
    data: Path,
    splits: Path,
    work: Path,
    renders: Path | None,
    made: Path | None,
    without: tuple[str, ...],
    onward: bool,
    only: tuple[str, ...],
) -> None:
    """Fine-tune both networks by the recipe and its seeds, and write a version into SOUK_MODELS.

    About three hours on two cores; a stopped one goes on where it was, and runs that are done are
    kept. `souk train heads` then fits the marketplaces' heads.
    """
    with training_extra():
        from vision.training.build import (  # noqa: PLC0415
            RUNS,
            Materials,
            needed_runs,
            train,
            write_models,
        )
    settings = load_settings()
    materials = Materials(
        data=data,
        tree=concept_tree(),
        splits=_splits(splits),
        renders=renders,
        made=made,
        without=without,
    )
    if onward and not only:
        raise CommandError("--onward begins single runs elsewhere. Name them with --run.")
    start = settings.models if onward else None
    for name in only or needed_runs():
        if name not in RUNS:
            raise CommandError(f"There is no run {name!r}. Known are {', '.join(RUNS)}.")
        click.echo(f"{name}: log in {work / name / 'log.jsonl'}", err=True)
        train(RUNS[name], materials, work, onward=start)
    if only:
        return
    version = write_models(materials, work, settings.models)
    click.echo(f"{settings.models}: version {version}")


@click.command()
@DATA
@SPLITS_OPTION
@click.option(
    "--renders",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A folder of `souk train renders`; may be repeated.",
)
@click.option(
    "--below",
    "wanted",
    multiple=True,
    default=("home",),
    help="What is taught: this concept and all below it; may be repeated.",
)
@click.option("--without", multiple=True, help="A data set to leave out; `drawn` too.")
@click.option("--version", required=True, help="The new version's name, such as 2026.11.4.")
def concepts(
    data: Path,
    splits: Path,
    renders: tuple[Path, ...],
    wanted: tuple[str, ...],
    without: tuple[str, ...],
    version: str,
) -> None:
    """Teach some of the head's concepts anew; the networks and the other concepts stay as they are.

    Minutes on two cores. SOUK_MODELS gets the new version; `souk train heads` then fits the marketplaces'
    heads.
    """
    with training_extra():
        from vision.training.assemble import Assembly  # noqa: PLC0415
        from vision.training.build import SIDE, Materials, all_but_chosen_by  # noqa: PLC0415
        from vision.training.concept_fitting import RowFit, refit_concepts  # noqa: PLC0415
        from vision.training.packaging import write_version  # noqa: PLC0415
    settings = load_settings()
    tree = concept_tree()
    before = read_manifest(settings.models)
    for name in wanted:
        if name not in tree.concepts:
            raise CommandError(f"There is no concept {name!r} in concepts.yaml.")
    materials = Materials(data=data, tree=tree, splits=_splits(splits), without=without)
    click.echo("pictures are read and cut out (about five minutes)", err=True)
    items = materials.items(all_but_chosen_by, renders=False, cut_photos=True)
    for folder in renders:
        items += materials.rendered(folder)
    click.echo(f"{len(items)} pictures are looked at, then the rows are fitted", err=True)
    moved = frozenset(below for name in wanted for below in tree.below(name))
    refit_concepts(settings.models, items, materials.pool(), moved, Assembly(side=SIDE), RowFit())
    extra = tuple(name for name in before.files if name not in (TRUNK, EMBEDDER, HEADS))
    write_version(
        settings.models, version=version, side=before.side, colour_weight=before.colour_weight,
        mirrored=before.mirrored, heads=before.heads, extra_files=extra,
    )  # fmt: skip
    click.echo(f"{settings.models}: version {version}, {len(items)} pictures looked at")


@click.command()
@DATA
@SPLITS_OPTION
@RENDERS
@click.option("--plain", is_flag=True, help="Heads see the pictures as they are: no composites.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="A folder to use as SOUK_MODELS."
)
def frozen(data: Path, splits: Path, renders: Path | None, plain: bool, out: Path) -> None:
    """Write the baseline: pretrained networks, linear heads, principal axes. Minutes, no fine-tuning."""
    with training_extra():
        from vision.training.assemble import Assembly  # noqa: PLC0415
        from vision.training.build import COLOUR_WEIGHT, SIDE, Materials  # noqa: PLC0415
        from vision.training.frozen import write_frozen  # noqa: PLC0415
    materials = Materials(
        data=data,
        tree=concept_tree(),
        splits=_splits(splits),
        renders=renders,
    )
    plan = Assembly(side=SIDE)
    made = write_frozen(materials, out, plan, colour_weight=COLOUR_WEIGHT, composites=not plain)
    click.echo(f"{out}: version {made.version}")


def _keep(folder: Path, fitted: Mapping[str, HeadSettings]) -> None:
    manifest = read_manifest(folder)
    heads = {DEFAULT_HEAD: manifest.heads[DEFAULT_HEAD], **manifest.heads, **fitted}
    write_manifest(folder, replace(manifest, heads=heads))


def _neighbours(
    home: Path, fitting: FittingSet, samples: Sequence[Sample]
) -> tuple[tuple[Candidate, ...], ...]:
    """The nearest products of every look, its own product left out."""
    services = build_services(replace(load_settings(), home=home, elasticsearch_url=None))
    index = services.index.get()
    wanted = RankingConfiguration().neighbours
    found = []
    for look, i in zip(fitting.looks, fitting.rows, strict=True):
        filters = Filters(marketplace=VOTING, exclude_products=(samples[i].id,))
        found.append(index.nearest(look.vector, filters, wanted).candidates)
    return tuple(found)


def _report(fitted: Mapping[str, FittedHead], seconds: float, *, as_json: bool) -> None:
    if as_json:
        document = {
            "seconds": round(seconds, 1),
            "heads": {
                name: {
                    "n": head.n,
                    "temperature": head.settings.temperature,
                    "threshold": head.settings.threshold,
                    "leaf_top1": head.leaf_top1,
                    "ece": head.ece,
                    "coverage": head.coverage,
                }
                for name, head in fitted.items()
            },
        }
        click.echo(json.dumps(document))
        return
    for name, head in fitted.items():
        click.echo(
            f"{name}: temperature {head.settings.temperature}, threshold {head.settings.threshold}; "
            f"on {head.n} pictures set aside: leaf top-1 {head.leaf_top1}, ECE {head.ece}, "
            f"coverage {head.coverage}"
        )
    click.echo(f"{seconds:.1f} s")


def _splits(path: Path) -> Mapping[tuple[str, str], Split]:
    try:
        return load_splits(path)
    except (KeyError, ValueError) as error:
        raise CommandError(f"{path} is no table of splits ({error}).") from error
