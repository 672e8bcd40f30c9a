"""Models are loaded whole and checked, or refused with the file and the fix."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from catalog.search import WHOLE, Box
from vision.models import EMBEDDER, HEADS, ModelError, VisionModels, joined_vector, load_models
from vision.photos import Photo

SHIPPED = Path(__file__).resolve().parents[2] / "models"


@pytest.fixture(scope="module")
def models() -> VisionModels:
    if not (SHIPPED / "manifest.json").exists():
        pytest.skip("models/ holds no weights; `git checkout -- models` restores them")
    return load_models(SHIPPED)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    if not (SHIPPED / "manifest.json").exists():
        pytest.skip("models/ holds no weights; `git checkout -- models` restores them")
    for path in SHIPPED.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    return tmp_path


def photo(seed: int = 0, width: int = 120, height: int = 160) -> Photo:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Photo(pixels=pixels, width=width, height=height)


def test_a_missing_folder_names_the_manifest_and_the_fix(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest\.json is missing.*SOUK_MODELS"):
        load_models(tmp_path)


def test_a_missing_file_is_named(copied: Path) -> None:
    (copied / EMBEDDER).unlink()
    with pytest.raises(ModelError, match=rf"{EMBEDDER} is missing"):
        load_models(copied)


def test_a_file_of_another_version_is_refused(copied: Path) -> None:
    (copied / HEADS).write_bytes((copied / HEADS).read_bytes() + b"x")
    with pytest.raises(ModelError, match=rf"{HEADS} has sha256"):
        load_models(copied)


def test_a_damaged_file_with_a_right_checksum_is_refused(copied: Path) -> None:
    (copied / EMBEDDER).write_bytes(b"not a network")
    manifest = json.loads((copied / "manifest.json").read_text())
    manifest["files"][EMBEDDER] = hashlib.sha256(b"not a network").hexdigest()
    (copied / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="cannot be opened"):
        load_models(copied)


def test_a_manifest_that_is_no_manifest_is_refused(copied: Path) -> None:
    (copied / "manifest.json").write_text("[]")
    with pytest.raises(ModelError, match="not a manifest"):
        load_models(copied)


def test_a_look_has_a_unit_vector_and_the_stated_shapes(models: VisionModels) -> None:
    look = models.look(photo(), WHOLE)
    assert look.vector.shape == (128,)
    assert np.linalg.norm(look.vector) == pytest.approx(1.0, abs=1e-5)
    assert look.features.shape == (models.head.weight.shape[0],)
    assert look.appearance.shape == (32,)


def test_a_batch_sees_what_single_looks_see(models: VisionModels) -> None:
    photos = [photo(seed) for seed in range(3)]
    for one, many in zip(photos, models.looks(photos), strict=True):
        assert np.abs(models.look(one, WHOLE).vector - many.vector).max() < 1e-3


def test_the_box_decides_what_is_seen(models: VisionModels) -> None:
    pixels = np.zeros((100, 200, 3), dtype=np.uint8)
    pixels[:, 100:] = (200, 30, 40)
    shown = Photo(pixels=pixels, width=200, height=100)
    assert next(iter(models.look(shown, Box(0.5, 0, 1, 1)).colours)) == "red"
    assert next(iter(models.look(shown, Box(0, 0, 0.5, 1)).colours)) == "black"


def test_the_whole_picture_is_always_the_last_candidate(models: VisionModels) -> None:
    assert models.detect(photo()).objects[-1].box == WHOLE


def test_the_joined_vector_balances_what_is_learned_and_colour() -> None:
    learned = np.zeros(104, dtype=np.float32)
    learned[0] = 1
    grey, red = np.zeros(32, dtype=np.float32), np.zeros(32, dtype=np.float32)
    grey[0] = red[10] = 1
    same = joined_vector(learned, grey, 0.3) @ joined_vector(learned, grey, 0.3)
    recoloured = joined_vector(learned, grey, 0.3) @ joined_vector(learned, red, 0.3)
    assert (float(same), float(recoloured)) == pytest.approx((1.0, 0.7), abs=1e-5)
