from __future__ import annotations

from pathlib import Path

import pytest

from catalog.importing import Importer, plan_import
from catalog.locale_files import load_marketplaces
from catalog.mapping_files import read_mapping
from catalog.pictures import PictureStore
from catalog.store import CatalogStore

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "tests" / "cases" / "example_shop"


@pytest.fixture
def imported(store: CatalogStore, tmp_path: Path) -> CatalogStore:
    loaded = load_marketplaces(ROOT / "locales")
    currencies = {name: market.currency for name, market in loaded.marketplaces.items()}
    importer = Importer(store, PictureStore(tmp_path / "pictures"), loaded.concepts, currencies)
    summary = importer.run(plan_import(SHOP, read_mapping(SHOP / "mapping.yaml")))
    assert (summary.accepted, summary.refused, dict(summary.unmapped)) == (20, 0, {})
    return store


def test_the_example_goes_in_whole(imported: CatalogStore) -> None:
    products = list(imported.products())
    assert len(products) == 20
    assert all(
        p.image and p.colour and p.gender and set(p.titles) == {"en", "hi"} for p in products
    )
    assert not any(p.generated for p in products)


def test_each_marketplace_has_the_offers_that_its_columns_state(imported: CatalogStore) -> None:
    markets = [o.marketplace for p in imported.products() for o in imported.offers(p.product_id)]
    assert (markets.count("in"), markets.count("us")) == (20, 14)
    (offer,) = imported.offers("EX-003")
    assert (str(offer.price.major), offer.sizes, offer.rating_count) == (
        "1199.00",
        ("M", "L", "XL"),
        340,
    )
    assert 0 < offer.popularity < 1
