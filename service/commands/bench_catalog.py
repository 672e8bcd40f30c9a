"""`souk bench catalog`: rows imported a second, and embedding beside the bare networks, by turns."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from catalog.importing import Importer, find_table, plan_import
from catalog.locale_files import Loaded, load_marketplaces
from catalog.mapping_files import detect_mapping, own_mappings
from catalog.pictures import PictureStore
from catalog.store import CatalogStore
from catalog.tables import columns_of
from service.bench_timing import load, machine
from service.cli import CommandError
from service.commands.catalog_workspace import print_json
from service.embedding import embed_catalogue
from service.settings import load_settings
from vision.models import ModelError, VisionModels, load_models
from vision.photos import decode_photo


@dataclass(frozen=True, slots=True)
class _Shop:
    """A temporary workspace."""

    store: CatalogStore
    pictures: PictureStore


@click.command()
@click.option(
    "--data", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option("--pictures", default=320, show_default=True, type=click.IntRange(32))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def catalog(data: Path, pictures: int, rounds: int, *, as_json: bool) -> None:
    """Import DATA/catalog, then embed its first --pictures and compare with the bare networks."""
    settings = load_settings()
    locales = load_marketplaces(settings.locales)
    try:
        models = load_models(settings.models, threads=settings.threads)
    except (ModelError, OSError) as error:
        raise CommandError(str(error)) from None
    with tempfile.TemporaryDirectory() as home:
        shop = _Shop(
            CatalogStore(Path(home) / "catalog.sqlite"), PictureStore(Path(home) / "pictures")
        )
        imported = import_rate(shop, data / "catalog", locales)
        embedding = [embedding_rates(shop, models, pictures) for _ in range(rounds)]
        shop.store.close()
    document = {
        "machine": machine(),
        "load": load(),
        "rounds": rounds,
        "model": models.version,
        "souk": {
            "import_rows_per_s": round(imported, 1),
            "embed_per_s": round(statistics.median(embed for embed, _ in embedding), 1),
        },
        "peers": {"bare networks": {"per_s": round(statistics.median(b for _, b in embedding), 1)}},
        "ratio_to_best_peer": round(
            statistics.median(embed / bare for embed, bare in embedding), 3
        ),
    }
    if as_json:
        print_json(document)
    else:
        click.echo(json.dumps(document, indent=1))


def import_rate(shop: _Shop, folder: Path, locales: Loaded) -> float:
    """Rows a second, pictures checked and copied."""
    table = find_table(folder)
    mapping = detect_mapping(columns_of(table), folder.name, own_mappings())
    if mapping is None:
        raise CommandError(
            f"no mapping of the project fits {table}. Point --data at labelled data."
        )
    importer = Importer(shop.store, shop.pictures, locales.concepts, {})
    started = time.perf_counter()
    summary = importer.run(plan_import(folder, mapping))
    return (summary.accepted + summary.refused) / (time.perf_counter() - started)


def embedding_rates(shop: _Shop, models: VisionModels, count: int) -> tuple[float, float]:
    """Pictures a second: from the store to vectors on disk, and decoded photos through the networks."""
    everything = [product.product_id for product in shop.store.products()]
    shop.store.delete(everything[count:])
    products = list(shop.store.products())
    photos = [decode_photo(shop.pictures.path(p.image or "").read_bytes()) for p in products]
    models.looks(photos[:32])
    started = time.perf_counter()
    models.looks(photos)
    bare = time.perf_counter() - started
    with shop.store.database.write() as write:
        write.connection.execute("DELETE FROM vectors")
    started = time.perf_counter()
    embed_catalogue(shop.store, models, shop.pictures)
    return len(photos) / (time.perf_counter() - started), len(photos) / bare
