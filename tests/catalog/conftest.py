from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from catalog.categories import Category, CategoryTree
from catalog.concepts import Concept, ConceptTree, LabelMap, LabelRow
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


@pytest.fixture
def concepts() -> ConceptTree:
    named = (
        Concept(id="clothing"),
        Concept(id="kurti", parent="clothing", tradition="indian"),
        Concept(id="saree", parent="clothing", tradition="indian", free_size=True),
        Concept(id="tshirt", parent="clothing"),
        Concept(id="sneakers", parent="clothing"),
    )
    shop = LabelMap(
        dataset="shop",
        column="kind",
        rows=(
            LabelRow(label="Kurtis", concepts=("kurti",), where={}),
            LabelRow(label="T-Shirts", concepts=("tshirt",), where={}),
        ),
    )
    return ConceptTree(concepts={c.id: c for c in named}, labels={"shop": shop})


@pytest.fixture
def jpeg() -> Callable[..., bytes]:
    """Makes a small JPEG of one colour."""

    def make(
        colour: tuple[int, int, int] = (200, 30, 60), size: tuple[int, int] = (32, 48)
    ) -> bytes:
        stream = BytesIO()
        Image.new("RGB", size, colour).save(stream, "JPEG")
        return stream.getvalue()

    return make
