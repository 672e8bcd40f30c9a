"""What is loaded for composites: trained pictures only, garments of people with their parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catalog.concepts import Concept, ConceptTree, LabelMap, LabelRow
from tests.vision.training.drawn_data import dressed_street, write_drawn_data
from vision.detection_measures import masked_photos, measure_detector
from vision.training.backgrounds import load_backgrounds
from vision.training.masks import CutOut
from vision.training.scenes import bounds
from vision.training.splits import load_splits
from vision.training.sprites import Splits, load_sprites, person, thing
from vision.training.streets import load_streets, street_of, street_scene


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data")
    write_drawn_data(path)
    return path


@pytest.fixture(scope="module")
def splits(folder: Path) -> Splits:
    return load_splits(folder / "splits.csv")


def tree() -> ConceptTree:
    chain = (
        ("fashion", None),
        ("clothing", "fashion"),
        ("topwear", "clothing"),
        ("tshirt", "topwear"),
    )
    rows = (LabelRow(label="Tshirts", concepts=("tshirt",), where={}),)
    empty = {
        name: LabelMap(dataset=name, column="label", rows=())
        for name in ("street", "ethnic_extra", "home")
    }
    return ConceptTree(
        concepts={name: Concept(id=name, parent=parent) for name, parent in chain},
        labels={"catalog": LabelMap(dataset="catalog", column="article_type", rows=rows), **empty},
    )


def test_only_trained_pictures_that_can_be_cut_out_become_things(
    folder: Path, splits: Splits
) -> None:
    sprites = load_sprites(folder, splits, tree())
    assert list(sprites.things) == ["topwear"]
    assert len(sprites.things["topwear"]) == 5
    assert len(sprites.people) == 3


def test_backgrounds_come_from_trained_streets_without_their_people(
    folder: Path, splits: Splits
) -> None:
    backgrounds = load_backgrounds(folder, splits)
    assert len(backgrounds.pictures) == 3
    for picture in backgrounds.pictures:
        red = (picture[..., 0] > 160) & (picture[..., 1] < 40) & (picture[..., 2] < 40)
        assert red.mean() < 0.01


def test_a_missing_part_of_the_folder_is_no_error(tmp_path: Path, splits: Splits) -> None:
    assert load_sprites(tmp_path, splits, tree()).things == {}
    assert load_backgrounds(tmp_path, splits).pictures == ()


def test_a_persons_garments_are_parts_and_skin_is_none() -> None:
    sprite = person(*dressed_street(0))
    assert set(sprite.kinds) == {"topwear", "bottomwear", "shoes"}
    assert sprite.alpha.shape == (102, 22)
    assert (sprite.parts[:15] == 0).all()
    assert (sprite.alpha == 255).all()


def test_several_shoe_labels_are_one_part() -> None:
    pixels, labels = dressed_street(0)
    labels[105:112, 30:41] = 39
    sprite = person(pixels, labels)
    assert sprite.kinds.count("shoes") == 1
    box = bounds(sprite.parts == sprite.kinds.index("shoes") + 1)
    assert (box.left, box.right) == (0.0, 1.0)


def test_a_short_garment_on_a_whole_person_is_left_out() -> None:
    rgb = np.full((120, 40, 3), 60, dtype=np.uint8)
    rgb[:25] = (220, 170, 140)
    cut = CutOut(rgb=rgb, alpha=np.full((120, 40), 255, np.uint8))
    assert thing(cut, "topwear", "tshirt") is None
    dress = thing(cut, "one_piece", "dress")
    assert dress is not None
    assert bounds(dress.parts == 1).top > 0.15


def test_street_scene_boxes_the_garments_of_the_whole_picture() -> None:
    street = street_of("x", *dressed_street(1))
    found = set()
    for seed in range(20):
        scene = street_scene(street, np.random.default_rng(seed), (96, 128))
        assert scene.pixels.shape == (128, 96, 3)
        for item in scene.objects:
            found.add(item.kind)
            x = int((item.box.left + item.box.right) / 2 * 96)
            y = int((item.box.top + item.box.bottom) / 2 * 128)
            colour = scene.pixels[y, x].astype(int)
            if item.kind == "topwear":
                assert colour[0] > colour[2] + 30
            if item.kind == "bottomwear":
                assert colour[2] > colour[0] + 15
    assert found == {"topwear", "bottomwear", "shoes"}


def test_streets_of_a_split(folder: Path, splits: Splits) -> None:
    assert [s.id for s in load_streets(folder, splits, "test")] == ["ccp_3"]


def test_masked_photos_are_measured_by_their_garments(folder: Path) -> None:
    photos = list(masked_photos(folder, frozenset({"ccp_0"})))
    assert [photo.id for photo in photos] == ["ccp_0"]
    assert len(photos[0].boxes) == 2
    measures = measure_detector(lambda _: (), folder)
    assert (measures.n, measures.ap50) == (4, 0.0)
