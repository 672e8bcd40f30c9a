"""The recipe of the shipped networks: what each run learns from, and how runs are averaged."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from vision.training.build import FOLDS, RUNS, SHIPPED, mean_network, needed_runs  # noqa: E402
from vision.training.efficientnet_lite import LITE0  # noqa: E402
from vision.training.finetune import VisionNetwork  # noqa: E402
from vision.training.samples import Sample  # noqa: E402
from vision.training.splits import Split  # noqa: E402


def photo(dataset: str, *, product: str, brand: str, fold: int | None = None) -> Sample:
    return Sample(
        dataset=dataset,
        id="1",
        file="1.jpg",
        label="x",
        concepts=("saree",),
        group="g",
        split=Split(product=product, brand=brand, fold=fold),
    )


MEASURED = [
    photo("catalog", product="", brand="test"),
    photo("catalog", product="test", brand="train"),
    photo("street", product="test", brand="test"),
    photo("home", product="test", brand="test"),
]


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("measured", MEASURED)
def test_no_run_learns_from_what_is_measured(name: str, measured: Sample) -> None:
    assert not RUNS[name].chosen(measured)


@pytest.mark.parametrize("fold", range(FOLDS))
def test_a_folds_run_learns_every_source_but_its_own(fold: int) -> None:
    chosen = RUNS[f"lite0-fold{fold}"].chosen
    seen = {
        other
        for other in range(FOLDS)
        if chosen(photo("ethnic_extra", product="train", brand="train", fold=other))
    }
    assert seen == set(range(FOLDS)) - {fold}


def test_runs_that_shipped_networks_and_folds_go_on_from_are_in_the_recipe_and_came_before() -> (
    None
):
    order = list(RUNS)
    for name, run in RUNS.items():
        assert all(order.index(before) < order.index(name) for before in run.start)
        assert all(RUNS[before].variant is run.variant for before in run.start)
    for variant, names in SHIPPED.items():
        assert {RUNS[name].variant for name in names} == {variant}


def test_making_the_weights_runs_what_they_stand_on_and_no_ablation() -> None:
    needed = needed_runs()

    assert {name for names in SHIPPED.values() for name in names} <= set(needed)
    assert {before for name in needed for before in RUNS[name].start} <= set(needed)
    assert not [name for name in needed if name.startswith("ablation") or "fold" in name]


def test_folds_begin_with_a_network_that_saw_no_photo_of_their_set() -> None:
    sample = photo("ethnic_extra", product="train", brand="train", fold=0)
    waiting = list(RUNS["lite0-fold0"].start)
    assert waiting
    while waiting:
        run = RUNS[waiting.pop()]
        assert not run.chosen(sample)
        waiting += run.start


def test_the_mean_of_runs_weighs_each_alike(tmp_path: Path) -> None:
    networks = [VisionNetwork(LITE0, 2) for _ in range(3)]
    paths = []
    for number, network in enumerate(networks):
        torch.nn.init.constant_(network.concept.bias, float(number))
        paths.append(tmp_path / f"{number}.pt")
        torch.save(network.state_dict(), paths[-1])

    mean = mean_network(LITE0, paths, 2)

    assert mean.concept.bias.tolist() == pytest.approx([1.0, 1.0])
