"""Labelled pictures of a data folder as queries: what each shows, by `concepts.yaml`."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog.concepts import ConceptTree
from catalog.mapping import ImportMapping
from catalog.mapping_files import own_mappings
from catalog.pictures import open_pictures
from catalog.row_reading import RowReader
from catalog.tables import read_rows

MAPPING_OF = {"street_ethnic": "ethnic_extra"}
"""Data sets that are read by another's mapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPhoto:
    """One picture. Any of `concepts` is right; an inner one is met by whatever stands below it."""

    dataset: str
    id: str
    label: str
    concepts: tuple[str, ...]
    colour: str | None
    gender: str | None
    photo: bytes
    occasion: str | None = None


def labelled_photos(
    folder: Path,
    tree: ConceptTree,
    datasets: Collection[str],
    only: Collection[tuple[str, str]] | None = None,
) -> Iterator[LabelledPhoto]:
    """The pictures of the data sets that the folder has, in file order.

    Labels that no row names and pictures that are missing are passed over. `only` restricts to
    (data set, id), such as the test rows of the splits.
    """
    mappings = {mapping.name: mapping for mapping in own_mappings()}
    for dataset in datasets:
        mapping = mappings[MAPPING_OF.get(dataset, dataset)]
        table = _table(folder / dataset, mapping)
        if table is not None:
            yield from _photos(dataset, table, mapping, tree, only)


def split_rows(path: Path, by: str, part: str = "test") -> frozenset[tuple[str, str]]:
    """(data set, id) of the rows of a part of `splits.csv`, by `brand` or `product`.

    A row that either split sets aside for testing is in no other part.
    """
    with path.open(newline="", encoding="utf-8") as file:
        return frozenset(
            (row["dataset"], row["id"])
            for row in csv.DictReader(file)
            if row[f"{by}_split"] == part
            and (part == "test" or "test" not in (row["brand_split"], row["product_split"]))
        )


def _table(folder: Path, mapping: ImportMapping) -> Path | None:
    return next((folder / t for t in mapping.tables if (folder / t).is_file()), None)


def _photos(
    dataset: str,
    table: Path,
    mapping: ImportMapping,
    tree: ConceptTree,
    only: Collection[tuple[str, str]] | None,
) -> Iterator[LabelledPhoto]:
    archives = [table.parent / name for name in mapping.pictures if (table.parent / name).exists()]
    if not archives:
        return
    reader = RowReader(mapping, tree, currencies={})
    source = open_pictures(archives[0])
    try:
        for found in read_rows(table):
            if found.row is None:
                continue
            row = found.row
            concepts = tree.labels[dataset].concepts(row)
            product_id = reader.product_id(row)
            if not concepts or (only is not None and (dataset, product_id) not in only):
                continue
            name = reader.image_name(row)
            photo = source.read(name) if name else None
            if photo is not None:
                yield _photo(dataset, product_id, row, concepts, photo, reader, tree)
    finally:
        source.close()


def _photo(
    dataset: str,
    product_id: str,
    row: Mapping[str, str],
    concepts: tuple[str, ...],
    photo: bytes,
    reader: RowReader,
    tree: ConceptTree,
) -> LabelledPhoto:
    product = reader.product(row, None)
    return LabelledPhoto(
        dataset=dataset,
        id=product_id,
        label=row.get(tree.labels[dataset].column, ""),
        concepts=concepts,
        colour=product.colour,
        gender=product.gender,
        photo=photo,
        occasion=product.occasion,
    )
