"""`souk catalog`: import, change, embed, group, count and export the workspace's products."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click
from tqdm import tqdm

from catalog.bulk import BulkWriter
from catalog.catalog_statistics import count_catalogue
from catalog.duplicates import find_duplicates, forget_groups
from catalog.export import export_jsonl, export_parquet
from catalog.importing import (
    Importer,
    ImportPlan,
    ImportSummary,
    RefusedRow,
    find_table,
    plan_import,
)
from catalog.locale_files import load_marketplaces
from catalog.mapping import ImportMapping
from catalog.mapping_files import detect_mapping, own_mappings, read_mapping
from catalog.offer_fitting import fit_offers
from catalog.offer_model import QUANTILES, model_text
from catalog.pictures import FolderPictures, PictureStore
from catalog.representatives import choose_representatives
from catalog.tables import columns_of, count_rows
from service.cli import CommandError
from service.commands.catalog_engines import Engine, crew_of, engine_options, eyes_of
from service.commands.catalog_workspace import (
    forwarded,
    make_offers,
    print_json,
    progress,
    workspace,
)
from service.settings import load_settings

SHOWN_REFUSALS = 20
JSON_REFUSALS = 1000

as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object on standard output."
)
seed_option = click.option(
    "--seed", default=0, show_default=True, help="Seed of the generated offers and the stocking."
)


@click.group()
def catalog() -> None:
    """Import, change, embed, group, count and export products."""


@catalog.command("import")
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False)
)
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="How its columns become products (default: found by the columns; see docs/importing.md).",
)
@seed_option
@as_json_option
def import_(
    folders: tuple[Path, ...], mapping_file: Path | None, seed: int, *, as_json: bool
) -> None:
    """Import each FOLDER: a CSV, JSONL or Parquet table, and its pictures."""
    with workspace() as (settings, store):
        locales = load_marketplaces(settings.locales)
        counter = store.change_counter()
        importer = Importer(
            store,
            PictureStore(settings.pictures),
            locales.concepts,
            {name: market.currency for name, market in locales.marketplaces.items()},
        )
        done = [_import_one(importer, folder, mapping_file) for folder in folders]
        offers = make_offers(store, locales, seed=seed, since=counter)
        written = forwarded(settings, store)
        if as_json:
            documents = [_import_document(importer, plan, summary) for plan, summary in done]
            print_json(
                {
                    "imports": documents,
                    "offers_changed": offers,
                    "products": store.count(),
                    "forwarded": written,
                }
            )
            return
        for plan, summary in done:
            _tell_import(plan, summary)
        click.echo(f"{store.count():,} products in the catalogue; {offers:,} offers generated.")


@catalog.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json_option
def upsert(file: Path, *, as_json: bool) -> None:
    """Apply FILE, JSON lines of products, changes and deletions (docs/importing.md)."""
    with workspace() as (settings, store):
        locales = load_marketplaces(settings.locales)
        writer = BulkWriter(
            store=store,
            concepts=locales.concepts,
            currencies={name: m.currency for name, m in locales.marketplaces.items()},
            pictures=PictureStore(settings.pictures),
            source=FolderPictures(file.resolve().parent),
        )
        counts: dict[str, int] = {}
        refused = []
        with file.open("rb") as stream, progress("lines", None) as tick:
            for answer in writer.apply(stream):
                counts[answer.status] = counts.get(answer.status, 0) + 1
                if answer.status == "refused":
                    refused.append(asdict(answer))
                tick(1)
        written = forwarded(settings, store)
        if as_json:
            print_json(
                {
                    "lines": counts,
                    "refused": refused[:JSON_REFUSALS],
                    "forwarded": written,
                }
            )
            return
        for row in refused[:SHOWN_REFUSALS]:
            click.echo(f"{file}:{row['line']}: {row['reason']}", err=True)
        click.echo(
            ", ".join(f"{count:,} {status}" for status, count in counts.items()) or "no lines"
        )


@catalog.command()
@click.argument("product_ids", nargs=-1, required=True)
@as_json_option
def delete(product_ids: tuple[str, ...], *, as_json: bool) -> None:
    """Remove the products with these ids, with their offers and vectors."""
    with workspace() as (settings, store):
        gone = store.delete(product_ids)
        written = forwarded(settings, store)
    if as_json:
        absent = len(set(product_ids)) - gone
        print_json({"deleted": gone, "absent": absent, "forwarded": written})
    else:
        click.echo(f"{gone:,} of {len(set(product_ids)):,} deleted.")


@catalog.command()
@engine_options
@as_json_option
def embed(engine: Engine, workers: int | None, ray_address: str | None, *, as_json: bool) -> None:
    """Give every picture a vector of the present model; goes on where it stopped."""
    # What it imports takes a second, which the other commands need not pay.
    from service.embedding import embed_with  # noqa: PLC0415
    from vision.manifest import ModelError, read_manifest  # noqa: PLC0415

    with workspace() as (settings, store):
        try:
            model = read_manifest(settings.models).version
            with (
                progress("pictures", store.count_lacking(model)) as tick,
                eyes_of(engine, settings, model, ray_address, workers) as see_all,
            ):
                summary = embed_with(see_all, store, model, tick)
        except (ModelError, OSError) as error:
            raise CommandError(str(error)) from None
        written = forwarded(settings, store)
    if as_json:
        print_json({**asdict(summary), "forwarded": written})
    else:
        click.echo(
            f"{summary.embedded:,} pictures embedded with {summary.model}, "
            f"{summary.unusable:,} could not be read."
        )


@catalog.command()
@as_json_option
def stats(*, as_json: bool) -> None:
    """Count products, offers, vectors and duplicate groups."""
    with workspace() as (_, store):
        found = count_catalogue(store)
    if as_json:
        print_json(asdict(found))
        return
    click.echo(f"{found.products:,} products, change counter {found.change_counter}")
    for source, count in found.by_source.items():
        click.echo(f"  {source or '(no source)':24} {count:>9,}")
    for name, offers in found.marketplaces.items():
        click.echo(
            f"  {name}: {offers.offers:,} offers, {offers.available:,} available, "
            f"{offers.with_vector:,} with a vector"
        )
    click.echo(
        f"model {found.model or '(none)'}: {found.lacking_vectors:,} pictures not embedded, "
        f"{found.unusable_pictures:,} unusable; {found.duplicate_groups:,} duplicate groups"
    )


@catalog.command()
@engine_options
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    help="How many compare pictures (default: SOUK_THREADS).",
)
@click.option(
    "--again", is_flag=True, help="Take all groups apart and look up every picture again."
)
@as_json_option
def duplicates(
    engine: Engine,
    workers: int | None,
    ray_address: str | None,
    processes: int | None,
    *,
    again: bool,
    as_json: bool,
) -> None:
    """Group products that a shopper would call the same; looks up new pictures only.

    Its thresholds stand under `duplicates` in the locale files' concepts.yaml.
    """
    with workspace() as (settings, store):
        locales = load_marketplaces(settings.locales)
        if again:
            forget_groups(store)
        with (
            progress("pictures", store.count()) as tick,
            crew_of(engine, ray_address, workers, processes or settings.threads) as crew,
        ):
            pictures = PictureStore(settings.pictures.resolve())
            summary = find_duplicates(store, pictures, locales.duplicates, tick, crew=crew)
        represented = choose_representatives(store, locales.marketplaces.values())
        written = forwarded(settings, store)
    if as_json:
        print_json({**asdict(summary), "representatives": represented, "forwarded": written})
        return
    click.echo(
        f"{summary.pictures:,} new pictures, {summary.compared:,} pairs compared: "
        f"{summary.groups:,} groups of {summary.grouped_products:,} products "
        f"({summary.changed:,} changed; {summary.unreadable:,} pictures unreadable)."
    )


@catalog.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json_option
def export(file: Path, *, as_json: bool) -> None:
    """Write all products and offers to FILE (.jsonl or .parquet)."""
    writers = {".jsonl": export_jsonl, ".parquet": export_parquet}
    if file.suffix not in writers:
        raise CommandError(f"{file} is neither .jsonl nor .parquet. Give it one of these endings.")
    if not file.resolve().parent.is_dir():
        raise CommandError(f"{file.resolve().parent} is no folder. Make it first.")
    with workspace() as (_, store), progress("products", store.count()) as tick:
        count = writers[file.suffix](store, file, tick)
    if as_json:
        print_json({"products": count, "file": str(file)})
    else:
        click.echo(f"{count:,} products in {file}.")


@catalog.command("fit-offers")
@click.option(
    "--data", required=True, type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.option(
    "--output",
    default=QUANTILES,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the quantiles go (default: the project's own file).",
)
def fit_offers_(data: Path, output: Path) -> None:
    """Fit the quantiles of generated offers from the price lists in DATA/text."""
    settings = load_settings()
    try:
        model = fit_offers(data, load_marketplaces(settings.locales).concepts)
    except (FileNotFoundError, KeyError) as error:
        raise CommandError(f"{error}. DATA needs text/ with the price lists.") from None
    output.write_text(model_text(model), encoding="utf-8")
    click.echo(f"{len(model.prices)} price tables in {output}.")


def _import_one(
    importer: Importer, folder: Path, mapping_file: Path | None
) -> tuple[ImportPlan, ImportSummary]:
    plan = plan_import(folder, _mapping(folder, mapping_file))
    shown = 0

    def tell(refused: RefusedRow) -> None:
        nonlocal shown
        shown += 1
        if shown <= SHOWN_REFUSALS:
            tqdm.write(str(refused), file=sys.stderr)

    with progress("rows", count_rows(plan.table)) as tick:
        importer.on_rows, importer.on_refused = tick, tell
        return plan, importer.run(plan)


def _mapping(folder: Path, mapping_file: Path | None) -> ImportMapping:
    if mapping_file is not None:
        return read_mapping(mapping_file)
    beside = folder / "mapping.yaml"
    if beside.is_file():
        return read_mapping(beside)
    table = find_table(folder)
    columns = columns_of(table)
    found = detect_mapping(columns, folder.resolve().name, own_mappings())
    if found is None:
        raise CommandError(
            f"no mapping fits {table}, whose columns are {', '.join(columns)}. "
            "Write one (docs/importing.md) and name it with --mapping, or put it beside the table "
            "as mapping.yaml."
        )
    return found


def _tell_import(plan: ImportPlan, summary: ImportSummary) -> None:
    resumed = f", resumed behind row {summary.resumed_at:,}" if summary.resumed_at else ""
    click.echo(
        f"{plan.table}: {summary.accepted:,} products accepted, {summary.refused:,} rows refused"
        f" (mapping {plan.mapping.name}{resumed})."
    )
    if summary.refused > SHOWN_REFUSALS:
        click.echo(f"  {summary.refused:,} refusals in all; --json lists them.")
    for (field, value), count in list(summary.unmapped.items())[:10]:
        click.echo(f"  {field} {value!r} is not mapped and was left out of {count:,} products.")


def _import_document(
    importer: Importer, plan: ImportPlan, summary: ImportSummary
) -> dict[str, object]:
    refusals = [asdict(row) for row in importer.refused_rows(plan)]
    return {
        "table": str(plan.table),
        "mapping": plan.mapping.name,
        "accepted": summary.accepted,
        "refused": summary.refused,
        "changed": summary.changed,
        "resumed_at": summary.resumed_at,
        "unmapped": [
            {"field": field, "value": value, "count": count}
            for (field, value), count in summary.unmapped.items()
        ],
        "refusals": refusals[:JSON_REFUSALS],
    }
