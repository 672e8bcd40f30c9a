"""Furnishings put together from solids have their shop's proportions; the seed decides all else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("trimesh", reason="the extra `train` is not installed")

from catalog.locale_files import load_concepts
from vision.training.corpus import MAKER, predicted_classes, rendered_items
from vision.training.furnishings import MADE, furnishing
from vision.training.solids import bent, box, placed, rod, soft

ROOT = Path(__file__).resolve().parents[3]


def extent(concept: str, seed: int) -> tuple[float, float, float]:
    """Width, height and depth in metres."""
    parts = MADE[concept](np.random.default_rng(seed))
    spots = np.concatenate([rows[:, :3] for rows, _ in parts])
    width, height, depth = (float(v) for v in spots.max(axis=0) - spots.min(axis=0))
    return width, height, depth


@pytest.mark.parametrize("concept", MADE)
@pytest.mark.parametrize("seed", range(6))
def test_a_furnishing_is_whole_centred_and_of_unit_diagonal(concept: str, seed: int) -> None:
    pieces = furnishing(concept, seed)
    rows = np.concatenate([piece.triangles for piece in pieces])
    low, high = rows[:, :3].min(axis=0), rows[:, :3].max(axis=0)
    assert np.isfinite(rows).all()
    assert len(rows) % 3 == 0
    assert np.linalg.norm(high - low) == pytest.approx(1, abs=1e-4)
    assert (low + high) / 2 == pytest.approx(np.zeros(3), abs=1e-4)
    lengths = np.linalg.norm(rows[:, 3:6], axis=1)
    assert (np.abs(lengths - 1) < 1e-3).mean() > 0.98


def test_the_seed_decides_everything() -> None:
    one, again, other = (furnishing("cushion", seed) for seed in (3, 3, 4))
    assert np.array_equal(one[0].triangles, again[0].triangles)
    assert one[0].triangles.shape != other[0].triangles.shape or not np.allclose(
        one[0].triangles, other[0].triangles
    )


def test_tables_stand_as_high_as_shops_say() -> None:
    for seed in range(20):
        assert extent("coffee_table", seed)[1] < 0.5
        assert 0.7 < extent("dining_table", seed)[1] < 0.8
        assert extent("wardrobe", seed)[1] > 1.7
        width, height, depth = extent("side_table", seed)
        assert max(width, depth) < 0.75
        assert height < 0.67


def test_every_furnishing_is_a_concept_that_the_head_tells_apart() -> None:
    tree = load_concepts(ROOT / "locales" / "concepts.yaml")
    assert set(MADE) <= set(predicted_classes(tree))


def test_an_unknown_furnishing_is_named() -> None:
    with pytest.raises(KeyError, match="spaceship"):
        furnishing("spaceship", 1)


def test_a_solid_tilted_to_the_front_stands_before_what_lay_above() -> None:
    lid = box((0, 1, 0), (1, 0.1, 1))
    assert placed(lid, tilt=90)[:, 2].mean() == pytest.approx(1)
    assert placed(lid, turn=90)[:, 1].mean() == pytest.approx(1)


def test_a_rod_keeps_its_radius() -> None:
    bar = rod((0, 0, 0), (0, 2, 0), 0.1)
    assert np.hypot(bar[:, 0], bar[:, 2]) == pytest.approx(0.1)
    assert (bar[:, 1].min(), bar[:, 1].max()) == (0, 2)


def test_a_soft_box_fills_its_size_and_its_faces_look_outwards() -> None:
    rows = soft((1, 2, 3), (0.6, 0.2, 0.4), power=6)
    assert rows[:, :3].max(axis=0) == pytest.approx((1.3, 2.1, 3.2))
    assert rows[:, :3].min(axis=0) == pytest.approx((0.7, 1.9, 2.8))
    outwards = ((rows[:, :3] - (1, 2, 3)) * rows[:, 3:6]).sum(axis=1)
    assert (outwards > 0).all()
    corner = np.abs(rows[:, :3] - (1, 2, 3)) / (0.3, 0.1, 0.2)
    assert corner.min(axis=1).max() == pytest.approx(3 ** (-1 / 6), abs=1e-3)


def test_a_bent_bar_follows_its_spots() -> None:
    bar = bent([(0, 0, 0), (0, 1, 0), (0, 1, 1)], 0.05)
    assert bar[:, 1].max() == pytest.approx(1.05, abs=1e-3)
    assert bar[:, 2].max() == pytest.approx(1)


def test_a_sofa_is_wider_than_an_armchair_and_seats_are_at_knee_height() -> None:
    for seed in range(12):
        assert extent("sofa", seed)[0] > 1.05
        assert extent("armchair", seed)[0] < 1.5
        assert 0.7 < extent("office_chair", seed)[1] < 1.6


def test_a_folded_cloth_is_flat_and_a_hung_one_long() -> None:
    sizes = np.array([np.sort(extent("mundu", seed)) for seed in range(40)])
    assert (sizes[:, 0] < 0.12).mean() > 0.5
    assert sizes[:, 2].max() > 0.8


def test_what_souk_puts_together_is_a_data_set_of_its_own(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        picture = Image.new("RGB", (64, 64), "white")
        picture.paste((120, 60, 30), (16, 16, 48, 48))
        picture.save(tmp_path / name)
    table = tmp_path / "renders.csv"
    table.write_text(f"file,concept,creator\na.png,sofa,{MAKER}\nb.png,sofa,Somebody\n")
    tree = load_concepts(ROOT / "locales" / "concepts.yaml")
    items = rendered_items(tmp_path, table, tree, predicted_classes(tree))
    assert [item.key for item in items] == ["made:sofa", "render:sofa"]
