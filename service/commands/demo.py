"""`souk demo`: the drawn catalogue imported, offered, embedded, indexed and served, in one command."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import click

from catalog.demo.catalogue import DemoProduct, demo_products
from catalog.demo.photos import demo_photos
from catalog.locale_files import load_marketplaces
from catalog.pictures import PictureStore
from catalog.products import Product
from catalog.store import CatalogStore
from service.commands.catalog_workspace import progress
from service.gallery import complete
from service.settings import Settings, load_settings

SEED = 1
BATCH = 100


@click.command()
@click.option("--products", default=1000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--serve/--no-serve", default=True, help="Serve when everything is built.")
def demo(products: int, host: str, port: int, serve: bool) -> None:
    """Draw a catalogue, index it and serve it; run again, it goes on where it stopped."""
    settings = load_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    store = CatalogStore(settings.catalog_path)
    try:
        build(store, settings, products)
    finally:
        store.close()
    click.echo(f"{products} products are indexed in {settings.home}.")
    if serve:
        click.echo(f"Look at http://{host}:{port}/ (stop with Ctrl-C).")
        # A process of its own: the workers' metrics need their folder before the first import.
        souk = shutil.which("souk", path=str(Path(sys.executable).parent)) or sys.argv[0]
        os.execv(souk, [souk, "serve", "--host", host, "--port", str(port)])  # noqa: S606  ourselves


def build(store: CatalogStore, settings: Settings, products: int) -> None:
    """Every step is idempotent and resumes."""
    pictures = PictureStore(settings.pictures)
    with progress("drawings", products) as tick:
        drawn = _missing(store, products)
        while batch := list(islice(drawn, BATCH)):
            store.upsert([_kept(one, pictures) for one in batch])
            tick(len(batch))
    complete(store, settings, load_marketplaces(settings.locales), seed=SEED)
    write_samples(settings.samples)


def write_samples(folder: Path) -> None:
    """Photos to try on the page, and their names by language."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for photo in demo_photos():
        (folder / f"{photo.name}.jpg").write_bytes(photo.picture)
        listed.append({"file": f"{photo.name}.jpg", "names": dict(photo.titles)})
    (folder / "samples.json").write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")


def _missing(store: CatalogStore, products: int) -> Iterator[DemoProduct]:
    """The demo catalogue without what the store holds already; drawing is the slow part."""
    if store.count() >= products:
        return iter(())
    return demo_products(products, SEED)


def _kept(one: DemoProduct, pictures: PictureStore) -> Product:
    return replace(one.product, image=pictures.put(one.picture), generated=True)
