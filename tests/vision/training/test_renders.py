import csv
import zipfile
from pathlib import Path

import numpy as np
import pytest

from vision.training.furniture_models import ModelsMissingError, concept_of, read_models

PROPERTIES = r"""
license=Public domain  (c) somebody
id#1=Shop#sofa
name#1=Sofa
category#1=Living room
model#1=/shop/sofa/sofa.obj
width#1=200
height#1=80
depth#1=90
creator#1=Maker
id#2=Shop#bus
name#2=Bus
category#2=Vehicles
model#2=/shop/bus/bus.obj
"""
CUBE = """mtllib sofa.mtl
v -1 -1 -1
v 1 -1 -1
v 1 1 -1
v -1 1 -1
v -1 -1 1
v 1 -1 1
v 1 1 1
v -1 1 1
usemtl red
f 1 2 3 4
f 5 6 7 8
f 1 2 6 5
f 2 3 7 6
f 3 4 8 7
f 4 1 5 8
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "Shop.sh3f", "w") as files:
        files.writestr("PluginFurnitureCatalog.properties", PROPERTIES)
        german = "name#1=Sof\\u00e4\n"
        files.writestr("PluginFurnitureCatalog_de.properties", german)
        files.writestr("shop/sofa/sofa.obj", CUBE)
        files.writestr("shop/sofa/sofa.mtl", "newmtl red\nKd 0.8 0.1 0.1\n")
    return tmp_path


def test_models_carry_their_names_creator_and_licence(archive: Path) -> None:
    (sofa,) = read_models(archive)
    assert sofa.concept == "sofa"
    assert dict(sofa.names) == {"en": "Sofa", "de": "Sofä"}
    assert (sofa.creator, sofa.licence) == ("Maker", "Public domain")
    assert sofa.extent == (200.0, 80.0, 90.0)


def test_a_folder_without_archives_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(ModelsMissingError, match="sweethome3d-furniture"):
        read_models(tmp_path)


@pytest.mark.parametrize(
    ("name", "room", "height", "concept"),
    [
        ("Table", "Living room", 45, "coffee_table"),
        ("Table", "Living room", 75, "dining_table"),
        ("Table", "Office", 75, "desk"),
        ("Lamp", "Lights", 160, "floor_lamp"),
        ("Lamp", "Lights", 40, "table_lamp"),
        ("Corner sofa", "Living room", 80, "sofa"),
        ("Upper corner cabinet", "Kitchen", 70, "cabinet"),
        ("Bus", "Vehicles", 300, None),
    ],
)
def test_names_rooms_and_heights_decide_the_concept(
    name: str, room: str, height: float, concept: str | None
) -> None:
    assert concept_of(name, room, height) == concept


@pytest.mark.train
def test_a_red_cube_is_rendered_red_and_the_same_for_the_same_seed(
    archive: Path, tmp_path: Path
) -> None:
    pytest.importorskip("moderngl", reason="moderngl is missing (extra `train`)")
    pytest.importorskip("trimesh", reason="trimesh is missing (extra `train`)")
    from vision.training.rendering import RendererMissingError
    from vision.training.renders import write_renders

    models = read_models(archive)
    try:
        written = write_renders(models, tmp_path / "a", views=2, seed=3, side=64)
    except RendererMissingError as error:
        pytest.skip(str(error))
    write_renders(models, tmp_path / "b", views=2, seed=3, side=64)
    table = (tmp_path / "a" / "renders.csv").read_text("utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    assert written == len(rows) == 2
    assert [row["concept"] for row in rows] == ["sofa", "sofa"]
    for row in rows:
        first, again = ((tmp_path / k / row["file"]).read_bytes() for k in "ab")
        assert first == again
    from PIL import Image

    with Image.open(tmp_path / "a" / rows[0]["file"]) as picture:
        red, green, _ = np.asarray(picture, float)[28:36, 28:36].mean(axis=(0, 1))
    assert red > 2 * green
