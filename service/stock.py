"""What a workspace's catalogue can sell, counted for the check of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from catalog.store import CatalogStore
from rules.checks.check import Stock


def count_stock(catalog: Path, marketplaces: Iterable[str]) -> Mapping[str, Stock] | None:
    """By marketplace, available products by concept and gender; None where there is no catalogue.

    A marketplace that sells nothing at all is left out: its rules stand before its products do.
    Raises StoreError for a file that is no catalogue.
    """
    if not catalog.is_file():
        return None
    with closing(CatalogStore(catalog)) as store:
        counted = {marketplace: store.stocked(marketplace) for marketplace in marketplaces}
    return {marketplace: stock for marketplace, stock in counted.items() if stock}
