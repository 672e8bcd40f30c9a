"""A folder of labelled pictures as a searchable gallery: imported, offered, embedded, indexed.

It has a workspace of its own, embedded, with seeded offers; the reader's catalogue is untouched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from catalog.duplicates import find_duplicates
from catalog.importing import Importer, plan_import
from catalog.locale_files import Loaded, load_marketplaces
from catalog.mapping_files import own_mappings
from catalog.pictures import PictureStore
from catalog.store import CatalogStore
from retrieval.versions import read_pointer, read_version
from service.clock import utc_now
from service.commands.catalog_workspace import make_offers, progress
from service.embedding import embed_catalogue
from service.indexing import build_version, plan_build
from service.services import Services
from service.settings import Settings
from service.wiring import build_services
from vision.models import load_models

DATASETS = ("catalog", "ethnic_extra", "home")
"""What a gallery takes in; street photos are queries, never products."""
OFFER_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """The services over one gallery, and what each marketplace lists."""

    name: str
    services: Services
    store: CatalogStore
    products: int

    def listed(self, marketplace: str) -> Mapping[str, str]:
        """Product → concept."""
        market = self.services.market(marketplace)
        return {
            listing.product.product_id: listing.product.concept
            for listing in self.store.listings(marketplace, market.tree)
        }

    def document(self) -> dict[str, object]:
        return {"name": self.name, "products": self.products}


@contextmanager
def open_gallery(
    folder: Path, settings: Settings, workspace: Path | None = None
) -> Iterator[Gallery]:
    """Build the gallery, or go on where an earlier run stopped when a `workspace` is given."""
    with TemporaryDirectory(prefix="souk-gallery-") as temporary:
        home = workspace or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        own = replace(settings, home=home, elasticsearch_url=None, database_url=None)
        store = CatalogStore(own.catalog_path)
        try:
            fill(folder, own, store)
            yield Gallery(
                name=folder.name, services=build_services(own), store=store, products=store.count()
            )
        finally:
            store.close()


def fill(folder: Path, settings: Settings, store: CatalogStore) -> None:
    """Import, offer, embed and index whatever of the data sets the folder has."""
    locales = load_marketplaces(settings.locales)
    pictures = PictureStore(settings.pictures)
    currencies = {name: market.currency for name, market in locales.marketplaces.items()}
    importer = Importer(store, pictures, locales.concepts, currencies)
    mappings = {mapping.name: mapping for mapping in own_mappings()}
    for dataset in DATASETS:
        if (folder / dataset).is_dir():
            importer.run(plan_import(folder / dataset, mappings[dataset]))
    complete(store, settings, locales, seed=OFFER_SEED)


def complete(store: CatalogStore, settings: Settings, locales: Loaded, *, seed: int) -> None:
    """Offers, vectors, duplicate groups and an index for what was put into the store."""
    pictures = PictureStore(settings.pictures)
    make_offers(store, locales, seed=seed)
    models = load_models(settings.models, threads=settings.threads)
    with progress("pictures", store.count()) as tick:
        embed_catalogue(store, models, pictures, tick)
    with progress("fingerprints", store.count()) as tick:
        find_duplicates(store, pictures, locales.duplicates, tick, processes=settings.threads)
    build_index(store, settings, locales, utc_now())


def build_index(store: CatalogStore, settings: Settings, locales: Loaded, now: datetime) -> None:
    """A new embedded version of everything in the store, unless the current one is of this state."""
    trees = locales.trees
    plan = plan_build(settings, store, trees, engine="embedded", now=now)
    pointer = read_pointer(settings.index_folder)
    if pointer is not None:
        current = read_version(settings.index_folder / pointer.current)
        same = (current.model, current.taxonomy, current.counter)
        if same == (plan.model, plan.taxonomy, plan.counter):
            return
    build_version(plan, settings, store, trees)
