"""What the catalogue's commands share: the open workspace, its locales, offers, progress, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from tqdm import tqdm

from catalog.importing import ImportRefusedError
from catalog.locale_files import Loaded, load_marketplaces
from catalog.offer_model import load_offer_model
from catalog.offering import Shelf, offer_generated
from catalog.offers import OfferGenerator
from catalog.store import CatalogStore, StoreError
from catalog.tables import TableError
from documents.findings import DocumentError
from retrieval.index import IndexBuildError, IndexUnavailable
from service.cli import CommandError
from service.indexing import forward_changes
from service.settings import Settings, load_settings


@contextmanager
def workspace() -> Iterator[tuple[Settings, CatalogStore]]:
    """The settings and the open catalogue; what goes wrong with either is one sentence."""
    settings = load_settings()
    store = CatalogStore(settings.catalog_path)
    try:
        yield settings, store
    except (StoreError, ImportRefusedError, TableError, DocumentError, OSError) as error:
        raise CommandError(str(error)) from None
    finally:
        store.close()


def make_offers(store: CatalogStore, locales: Loaded, *, seed: int, since: int = 0) -> int:
    """Offers for the products that came without, as the marketplaces stock them."""
    shelves = [
        Shelf(marketplace=market, stocking=locales.stocking[name])
        for name, market in locales.marketplaces.items()
    ]
    generator = OfferGenerator(model=load_offer_model(), concepts=locales.concepts, seed=seed)
    with progress("offers", store.count()) as tick:
        return offer_generated(store, shelves, generator, since=since, on_products=tick)


def forwarded(settings: Settings, store: CatalogStore) -> int | None:
    """Documents that Elasticsearch took; None in embedded mode, or when it did not take them now.

    A failure is told and does not fail the command: what changed is on disk and waits.
    """
    if settings.elasticsearch_url is None:
        return None
    try:
        return forward_changes(settings, store, load_marketplaces(settings.locales).trees)
    except (IndexUnavailable, IndexBuildError) as error:
        click.echo(
            f"{error} The service or the next change of the catalogue tries again.", err=True
        )
        return None


@contextmanager
def progress(unit: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, on a terminal only."""
    with tqdm(total=total, unit=f" {unit}", disable=not sys.stderr.isatty()) as bar:

        def tick(count: int) -> None:
            bar.update(count)

        yield tick


def print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))
