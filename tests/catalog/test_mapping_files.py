from __future__ import annotations

import os
from pathlib import Path

import pytest

from catalog.importing import find_table
from catalog.locale_files import load_concepts
from catalog.mapping import ColumnRule
from catalog.mapping_files import detect_mapping, own_mappings, read_mapping
from catalog.products import COLOURS
from catalog.tables import columns_of, read_rows
from documents.findings import DocumentError

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SOUK_DATA", ROOT.parent / "shared" / "data"))

GOOD = """\
product_id: sku
titles: {en: name}
concept: {column: kind, values: {Sari: saree}}
"""
MISTAKES = [
    (GOOD + "colours: colour\n",
     "4:1: M001: the key 'colours' is not known in a mapping file. Did you mean 'colour'?"),
    (GOOD + "colour: {column: c, values: {Ink: bleu}}\n",
     "4:35: M001: 'bleu' is not known. Did you mean 'blue'?"),
    ("titles: {en: name}\nconcept: {labels: x}\n",
     "1:1: M001: the key 'product_id' is missing. Write `product_id: COLUMN`."),
    (GOOD.replace("titles: {en: name}", "titles: name"),
     "2:9: M001: titles by language are missing. Write `titles: {en: COLUMN}`."),
    (GOOD + "offers: made up\n", "4:9: M001: offers is 'made up'. Write `offers: generated` or a list."),
    (GOOD + "offers:\n  - {price: p}\n",
     "5:5: M001: the marketplace is missing. Write `marketplace: in` (its id)."),
    (GOOD + "offers:\n  - {marketplace: in}\n",
     "5:5: M001: the key 'price' is missing. Write `price: COLUMN`."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "finding"), MISTAKES)
def test_a_mistake_is_reported_at_its_place_with_what_to_write(
    tmp_path: Path, text: str, finding: str
) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    with pytest.raises(DocumentError) as caught:
        read_mapping(path)
    assert str(caught.value) == f"{path}:{finding}"


CELLS = [
    (ColumnRule(column="a"), {"a": "  x "}, "x"),
    (ColumnRule(column="a"), {"a": " "}, None),
    (ColumnRule(column="a", values={"Navy Blue": "navy"}), {"a": "navy-blue"}, "navy"),
    (ColumnRule(column="a", values={"x": "red"}), {"a": "Grey"}, "grey"),
    (ColumnRule(column="a", values={"x": "red"}), {"a": "Octarine"}, None),
    (ColumnRule(column="a", words=True), {"a": "Dark grey, black, wood"}, "grey"),
    (ColumnRule(column="a", words=True), {"a": "Greyhound"}, None),
    (
        ColumnRule(column="a", words=True, values={"off white": "white"}),
        {"a": "Off-white"},
        "white",
    ),
    (ColumnRule(column="a", words=True, values={"dark blue": "navy"}), {"a": "dark blue"}, "navy"),
]


@pytest.mark.parametrize(("rule", "row", "value"), CELLS)
def test_a_cell_becomes_a_colour_or_nothing(
    rule: ColumnRule, row: dict[str, str], value: str | None
) -> None:
    known = () if rule == ColumnRule(column="a") else COLOURS
    assert rule.value(row, known) == value


def test_templates_prefixes_and_first_words() -> None:
    row = {"name": "EKTORP", "type": "", "size": "2 seats"}
    assert ColumnRule(template="{name} {type} {size}").text(row) == "EKTORP 2 seats"
    assert ColumnRule(column="name", prefix="ikea-").text(row) == "ikea-EKTORP"
    assert ColumnRule(column="size", first_word=True).text(row) == "2"
    assert ColumnRule(column="type", prefix="x").text(row) == ""


def test_the_projects_mappings_name_label_maps_that_exist() -> None:
    concepts = load_concepts(ROOT / "locales" / "concepts.yaml")
    names = {mapping.name: mapping.concept.labels for mapping in own_mappings()}
    assert set(names) == {"catalog", "home", "ethnic_extra", "street"}
    assert set(names.values()) <= set(concepts.labels)


def test_a_table_of_other_columns_fits_no_mapping() -> None:
    assert detect_mapping(["id", "file", "label", "title"], "street", own_mappings()) is None


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("folder", "rows"), [("catalog", 5300), ("home", 1362), ("ethnic_extra", 259), ("street", 1230)]
)
def test_the_data_sets_are_found_by_their_columns_and_every_label_is_mapped(
    folder: str, rows: int
) -> None:
    if not (DATA / folder).is_dir():
        pytest.skip(f"{DATA / folder} is not there; set SOUK_DATA to the folder of real data")
    concepts = load_concepts(ROOT / "locales" / "concepts.yaml")
    table = find_table(DATA / folder)
    mapping = detect_mapping(columns_of(table), "elsewhere", own_mappings())
    assert mapping is not None
    assert mapping.name == folder
    labels = concepts.labels[folder]
    found = [labels.concepts(row.row or {}) for row in read_rows(table)]
    assert len(found) == rows
    assert all(found)
