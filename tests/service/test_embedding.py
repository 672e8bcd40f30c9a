from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog.pictures import PictureStore
from catalog.products import Product
from catalog.search import WHOLE, Look
from catalog.store import CatalogStore
from service.embedding import embed_catalogue
from vision.photos import Photo


class FakeModels:
    """Embeds a photo as its mean colour; stops after `limit` calls, as a killed run would."""

    version = "fake-1"

    def __init__(self, limit: int = 1000) -> None:
        self.seen = 0
        self._limit = limit

    def looks(self, photos: Sequence[Photo]) -> list[Look]:
        if self._limit == 0:
            raise KeyboardInterrupt
        self._limit -= 1
        self.seen += len(photos)
        return [self._look(photo) for photo in photos]

    @staticmethod
    def _look(photo: Photo) -> Look:
        vector = np.zeros(128, np.float32)
        vector[:3] = photo.pixels.reshape(-1, 3).mean(axis=0)
        return Look(
            box=WHOLE, vector=vector / np.linalg.norm(vector), features=vector,
            appearance=np.zeros(32, np.float32), colours={},
        )  # fmt: skip


@pytest.fixture
def pictures(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "pictures")


@pytest.fixture
def store(tmp_path: Path, pictures: PictureStore) -> CatalogStore:
    store = CatalogStore(tmp_path / "catalog.sqlite")
    store.upsert(
        Product(product_id=f"p{n:03d}", concept="kurti", titles={}, image=pictures.put(jpeg(n)))
        for n in range(1, 101)
    )
    return store


def jpeg(red: int) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (20, 20), (red, 200, 100)).save(stream, "JPEG")
    return stream.getvalue()


def test_every_picture_gets_a_vector_and_a_second_run_has_nothing_to_do(
    store: CatalogStore, pictures: PictureStore
) -> None:
    ticks: list[int] = []
    summary = embed_catalogue(store, FakeModels(), pictures, ticks.append)
    assert (summary.embedded, summary.unusable, sum(ticks)) == (100, 0, 100)
    assert store.count_lacking("fake-1") == 0
    again = FakeModels()
    assert embed_catalogue(store, again, pictures).embedded == 0
    assert again.seen == 0


def test_a_stopped_run_goes_on_behind_its_last_batch(
    store: CatalogStore, pictures: PictureStore
) -> None:
    with pytest.raises(KeyboardInterrupt):
        embed_catalogue(store, FakeModels(limit=2), pictures)
    assert store.count_lacking("fake-1") == 36
    rest = FakeModels()
    assert embed_catalogue(store, rest, pictures).embedded == 36
    assert rest.seen == 36


def test_kill_9_in_the_middle_loses_no_finished_batch(
    store: CatalogStore, pictures: PictureStore, tmp_path: Path
) -> None:
    script = f"""
        import time
        from pathlib import Path
        from catalog.pictures import PictureStore
        from catalog.store import CatalogStore
        from service.embedding import embed_catalogue
        from tests.service.test_embedding import FakeModels
        def told(products):
            print(products, flush=True)
            time.sleep(0.2)
        home = Path({str(tmp_path)!r})
        embed_catalogue(CatalogStore(home / "catalog.sqlite"), FakeModels(),
                        PictureStore(home / "pictures"), told)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2],
    ) as process:  # fmt: skip
        assert process.stdout is not None
        finished = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        finished += sum(map(int, process.stdout.read().split()))
    lacking = store.count_lacking("fake-1")
    assert 0 < lacking <= 100 - finished
    rest = FakeModels()
    assert embed_catalogue(store, rest, pictures).embedded == lacking
    assert rest.seen == lacking
    assert store.count_lacking("fake-1") == 0


def test_unreadable_pictures_are_remembered_and_hold_up_nothing(
    store: CatalogStore, pictures: PictureStore
) -> None:
    broken, gone = store.product("p001"), store.product("p002")
    assert broken is not None
    assert gone is not None
    pictures.path(broken.image or "").write_bytes(b"no picture")
    pictures.path(gone.image or "").unlink()
    summary = embed_catalogue(store, FakeModels(), pictures)
    assert (summary.embedded, summary.unusable) == (98, 2)
    assert store.count_lacking("fake-1") == 0
