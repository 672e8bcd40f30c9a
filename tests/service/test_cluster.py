"""A Ray of two workers on this machine does what this process does alone, to the last bit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalog.duplicates import find_duplicates
from catalog.pictures import PictureStore
from catalog.products import Product
from catalog.store import CatalogStore
from service.cluster import Cluster, ClusterError, cluster
from service.commands.catalog import catalog
from service.embedding import BATCH, EmbeddingSummary, embed_with, seeing
from service.settings import ROOT
from tests.catalog.test_duplicates import COPIES, encoded, garment
from vision.models import load_models

MODELS = ROOT / "models"
CONCEPTS = ("kurti", "shirt", "saree", "handbag")
LISTED = 5 * BATCH

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ray() -> Iterator[Cluster]:
    pytest.importorskip("ray", reason="needs the extra `cluster`")
    with pytest.MonkeyPatch.context() as patch:
        # Ray's workers let everything else go first, other tests too
        patch.setenv("RAY_worker_niceness", "0")
        with cluster(None, 2) as found:
            yield found


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> PictureStore:
    return PictureStore(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def images(pictures: PictureStore) -> Sequence[str]:
    """Drawn things, a mirrored copy behind each of the first ten, and one that is no picture."""
    drawn = [garment(CONCEPTS[n % 4], n, "blue") for n in range(LISTED - 11)]
    names = [pictures.put(encoded(image)) for image in drawn]
    names += [pictures.put(COPIES["mirror"](image)) for image in drawn[:10]]
    broken = pictures.put(encoded(garment("shirt", 999, "red")))
    pictures.path(broken).write_bytes(b"no picture")
    return [*names, broken]


def listed(path: Path, images: Sequence[str]) -> CatalogStore:
    store = CatalogStore(path)
    store.upsert(
        Product(product_id=f"p{n:03d}", concept="kurti", titles={}, image=image)
        for n, image in enumerate(images)
    )
    return store


@pytest.fixture
def store(tmp_path: Path, images: Sequence[str]) -> CatalogStore:
    return listed(tmp_path / "catalog.sqlite", images)


@pytest.fixture(scope="module")
def alone(
    tmp_path_factory: pytest.TempPathFactory, images: Sequence[str], pictures: PictureStore
) -> CatalogStore:
    """The same, embedded and grouped by this process."""
    store = listed(tmp_path_factory.mktemp("alone") / "catalog.sqlite", images)
    models = load_models(MODELS, threads=1)
    with seeing(models, pictures) as see_all:
        summary = embed_with(see_all, store, models.version)
    assert (summary.embedded, summary.unusable) == (LISTED - 1, 1)
    find_duplicates(store, pictures)
    return store


def embed(
    ray: Cluster,
    store: CatalogStore,
    pictures: PictureStore,
    on_products: Callable[[int], None] = lambda _: None,
) -> EmbeddingSummary:
    """By workers that are gone afterwards: the next ones need their cores."""
    with ray.eyes(MODELS, pictures.folder, version()) as see_all:
        return embed_with(see_all, store, version(), on_products)


def version() -> str:
    return str(json.loads((MODELS / "manifest.json").read_text())["version"])


def written(store: CatalogStore) -> dict[str, list[tuple[object, ...]]]:
    tables = {
        "vectors": "SELECT product_id, image, vector, appearance FROM vectors ORDER BY product_id",
        "unusable": "SELECT product_id, image, reason FROM unusable_pictures",
        "groups": "SELECT product_id, group_id FROM products ORDER BY product_id",
    }
    connection = store.database.connection()
    return {name: [tuple(row) for row in connection.execute(sql)] for name, sql in tables.items()}


def test_ray_embeds_and_groups_as_one_process_does_to_the_last_bit(
    ray: Cluster, store: CatalogStore, alone: CatalogStore, pictures: PictureStore
) -> None:
    ticks: list[int] = []
    summary = embed(ray, store, pictures, ticks.append)
    assert (summary.embedded, summary.unusable, ticks) == (LISTED - 1, 1, [BATCH] * 5)
    found = find_duplicates(store, pictures, crew=ray.crew)
    assert found.groups >= 10
    assert written(store) == written(alone)


def test_a_stopped_run_goes_on_behind_its_last_batch(
    ray: Cluster, store: CatalogStore, alone: CatalogStore, pictures: PictureStore
) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(ray, store, pictures, stop)
    assert store.count_lacking(version()) == LISTED - BATCH
    assert embed(ray, store, pictures).embedded == LISTED - BATCH - 1
    assert written(store)["vectors"] == written(alone)["vectors"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_work_of_a_killed_worker_is_done_again(
    ray: Cluster, store: CatalogStore, alone: CatalogStore, pictures: PictureStore
) -> None:
    killed: list[int] = []

    def kill_once(_: int) -> None:
        if not killed:
            killed.extend(workers("ray::_Eyes"))
            for process in killed:
                os.kill(process, signal.SIGKILL)

    summary = embed(ray, store, pictures, kill_once)
    assert len(killed) == 2
    assert summary.embedded == LISTED - 1
    assert written(store)["vectors"] == written(alone)["vectors"]


def workers(name: str) -> list[int]:
    """Processes of that name below the Ray that this process started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if (
                command.startswith(name.encode())
                and parent(parent(int(folder.name))) == os.getpid()
            ):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])


def test_a_failure_of_the_work_is_one_sentence(ray: Cluster) -> None:
    with pytest.raises(ClusterError, match=r"^A worker failed: .*'x'"):
        list(ray.crew(int, ["1", "x"]))


def test_other_networks_on_a_worker_are_refused(ray: Cluster, pictures: PictureStore) -> None:
    refused = pytest.raises(ClusterError, match=r"on a worker, 2020\.1\.1 where the work was given")
    with ray.eyes(MODELS, pictures.folder, "2020.1.1") as others, refused:
        list(others([["a.jpg"]]))


def test_without_ray_the_commands_name_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUK_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "ray", None)
    for command in ("embed", "duplicates"):
        answer = CliRunner().invoke(catalog, [command, "--engine", "ray"])
        assert answer.exit_code == 1
        assert "pip install" in answer.output
        assert "ray==2.60.0" in answer.output


def test_the_commands_work_on_a_cluster_that_runs(ray: Cluster, tmp_path: Path) -> None:
    address = ray.ray.get_runtime_context().gcs_address
    environment = {**os.environ, "SOUK_HOME": str(tmp_path), "RAY_ADDRESS": address}

    def said(*arguments: str) -> dict[str, object]:
        asked = [str(Path(sys.executable).with_name("souk")), "catalog", *arguments, "--json"]
        done = subprocess.run(
            asked, capture_output=True, text=True, timeout=120, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    said("import", str(ROOT / "tests" / "cases" / "example_shop"))
    assert said("embed", "--engine", "ray", "--workers", "2")["embedded"] == 20
    assert said("embed", "--engine", "ray", "--workers", "2")["embedded"] == 0
    assert said("duplicates", "--engine", "ray")["pictures"] == 20
