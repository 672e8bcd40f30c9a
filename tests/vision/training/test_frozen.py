"""The untrained baseline is a version of the models like any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from catalog.locale_files import load_concepts
from catalog.search import WHOLE
from tests.vision.training.drawn_data import write_drawn_data
from vision.models import load_models
from vision.photos import Photo
from vision.training.assemble import Assembly
from vision.training.build import Materials
from vision.training.frozen import write_frozen
from vision.training.splits import load_splits

ROOT = Path(__file__).resolve().parents[3]


def test_the_baseline_opens_and_looks(tmp_path: Path) -> None:
    data = tmp_path / "data"
    splits = write_drawn_data(data)
    materials = Materials(
        data=data,
        tree=load_concepts(ROOT / "locales" / "concepts.yaml"),
        splits=load_splits(splits),
        without=("drawn",),
    )
    plan = Assembly(side=32, fitted_on=64, threads=1)

    write_frozen(materials, tmp_path / "models", plan, colour_weight=0.25, composites=False)

    models = load_models(tmp_path / "models", threads=1)
    assert models.version == "frozen-plain"
    pixels = np.full((60, 40, 3), 200, dtype=np.uint8)
    look = models.look(Photo(pixels=pixels, width=40, height=60), WHOLE)
    assert np.linalg.norm(look.vector) == pytest.approx(1.0, abs=1e-3)
