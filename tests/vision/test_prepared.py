"""A prepared copy gives the same numbers from mapped pages; without one the shipped file serves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catalog.search import WHOLE
from tests.vision.test_models import SHIPPED, photo
from vision.models import VisionModels, load_models
from vision.prepared import NETWORK, WEIGHTS


@pytest.fixture(scope="module")
def shipped() -> VisionModels:
    if not (SHIPPED / "manifest.json").exists():
        pytest.skip("models/ holds no weights; `git checkout -- models` restores them")
    return load_models(SHIPPED)


def alike(one: VisionModels, other: VisionModels) -> bool:
    found = [models.look(photo(3), WHOLE) for models in (one, other)]
    boxes = [models.detect(photo(3)).objects for models in (one, other)]
    return bool(np.allclose(found[0].vector, found[1].vector, atol=1e-5)) and boxes[0] == boxes[1]


def test_a_copy_gives_the_same_numbers_from_mapped_weights(
    shipped: VisionModels, tmp_path: Path
) -> None:
    first = load_models(SHIPPED, prepared=tmp_path)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.bin")}
    again = load_models(SHIPPED, prepared=tmp_path)
    assert alike(shipped, first)
    assert alike(shipped, again)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.bin")} == kept
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    assert len(kept) == 3
    assert all(str(path) in maps for path in kept)


def test_a_damaged_copy_is_made_again_and_harms_no_answer(
    shipped: VisionModels, tmp_path: Path
) -> None:
    load_models(SHIPPED, prepared=tmp_path)
    cut, odd, _ = sorted(tmp_path.iterdir())
    (cut / WEIGHTS).write_bytes((cut / WEIGHTS).read_bytes()[:5000])
    (odd / NETWORK).write_bytes(b"no network")
    assert alike(shipped, load_models(SHIPPED, prepared=tmp_path))
    assert alike(shipped, load_models(SHIPPED, prepared=tmp_path))
    assert len(list(tmp_path.glob("*/*.bin"))) == 3


def test_a_copy_of_another_version_goes(shipped: VisionModels, tmp_path: Path) -> None:
    stale = tmp_path / "trunk-0123456789ab"
    stale.mkdir()
    assert alike(shipped, load_models(SHIPPED, prepared=tmp_path))
    assert not stale.exists()
    assert not list(tmp_path.glob(".*"))


def test_where_no_copy_can_be_written_the_shipped_file_serves(
    shipped: VisionModels, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert alike(shipped, load_models(SHIPPED, prepared=tmp_path / "file" / "below"))
