from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.categories import Category, CategoryTree
from catalog.store import CatalogStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogStore]:
    opened = CatalogStore(tmp_path / "catalog.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def tree() -> CategoryTree:
    leaves = (
        Category(id="women", parent=None, names={"en": "Women"}),
        Category(
            id="women.kurtis",
            parent="women",
            names={"en": "Kurtis"},
            concepts=("kurti", "tshirt"),
            gender="women",
        ),
        Category(id="men", parent=None, names={"en": "Men"}),
        Category(
            id="men.tops", parent="men", names={"en": "Tops"}, concepts=("tshirt",), gender="men"
        ),
    )
    return CategoryTree(marketplace="in", categories={c.id: c for c in leaves})
