"""The detector's targets, losses, stream and export, on drawn pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.vision.training.drawn_pictures import drawn_backgrounds, drawn_sprites
from vision.coarse import COARSE
from vision.detector import input_size, network_input, open_detector
from vision.photos import Photo
from vision.training.composites import Studio

torch = pytest.importorskip("torch", reason="needs the extra `train`")

from vision.training.detector_network import (  # noqa: E402
    Detector,
    Exported,
    losses,
    overlaps,
    targets,
    to_boxes,
)
from vision.training.detector_plans import Plan, Stage, read_stages  # noqa: E402
from vision.training.detector_training import (  # noqa: E402
    SceneBatches,
    export_detector,
    train_detector,
)
from vision.training.efficientnet_lite import LITE0, EfficientNetLite  # noqa: E402

pytestmark = pytest.mark.train
BAG = COARSE.index("bag")


@pytest.fixture(scope="module")
def network() -> Detector:
    torch.manual_seed(0)
    return Detector(EfficientNetLite(LITE0, drop=0.0))


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(sprites=drawn_sprites(), backgrounds=drawn_backgrounds())


def test_the_middle_of_a_box_answers_for_it() -> None:
    weights, wanted = targets([torch.tensor([[0.0, 0.0, 0.5, 0.5]])], [torch.tensor([BAG])], 8, 8)
    answering = weights[0, BAG].nonzero().tolist()
    assert [1, 1] in answering
    assert [2, 2] in answering
    assert all(row < 4 and column < 4 for row, column in answering)
    assert wanted[0, BAG, :, 1, 1].tolist() == [0.0, 0.0, 0.5, 0.5]
    assert int((weights > 0).sum()) == len(answering)


def test_a_tiny_thing_has_a_cell_of_its_own() -> None:
    weights, _ = targets([torch.tensor([[0.51, 0.51, 0.53, 0.53]])], [torch.tensor([BAG])], 8, 8)
    assert weights[0, BAG, 4, 4] > 0


def test_of_two_of_a_kind_on_one_cell_the_smaller_wins() -> None:
    boxes = torch.tensor([[0.4, 0.4, 0.6, 0.6], [0.0, 0.0, 1.0, 1.0]])
    _, wanted = targets([boxes], [torch.tensor([BAG, BAG])], 8, 8)
    assert wanted[0, BAG, :, 4, 4].tolist() == pytest.approx([0.4, 0.4, 0.6, 0.6])


def test_an_empty_scene_wants_nothing() -> None:
    weights, _ = targets([torch.zeros(0, 4)], [torch.zeros(0, dtype=torch.long)], 4, 4)
    assert float(weights.sum()) == 0.0


def test_overlap_of_a_box_with_itself_is_one_and_apart_is_negative() -> None:
    box = torch.tensor([[0.1, 0.1, 0.4, 0.5]])
    far = torch.tensor([[0.6, 0.6, 0.9, 0.9]])
    assert [float(v) for v in overlaps(box, box)] == pytest.approx([1.0, 1.0])
    iou, giou = overlaps(box, far)
    assert float(iou) == 0.0
    assert float(giou) < 0.0


def test_distances_are_measured_from_the_middle_of_a_cell() -> None:
    distances = torch.full((1, 1, 4, 2, 4), 0.1)
    boxes = to_boxes(distances)
    assert boxes[0, 0, :, 1, 2].tolist() == pytest.approx([0.525, 0.65, 0.725, 0.85])


def test_right_answers_lose_less_than_wrong_ones() -> None:
    weights, wanted = targets([torch.tensor([[0.2, 0.2, 0.8, 0.8]])], [torch.tensor([BAG])], 8, 8)
    kinds = len(COARSE)
    positions = to_boxes(torch.zeros(1, kinds, 4, 8, 8))
    right = ((wanted - positions) * torch.tensor([-1.0, -1.0, 1.0, 1.0]).view(1, 1, 4, 1, 1)).clamp(
        min=0.01
    )
    sure = torch.where(weights > 0, 4.0, -6.0)
    good = losses(sure, right.reshape(1, -1, 8, 8), weights, wanted)
    bad_scores = losses(-sure, right.reshape(1, -1, 8, 8), weights, wanted)
    bad_boxes = losses(sure, right.reshape(1, -1, 8, 8) * 3, weights, wanted)
    assert float(good[1]) < 0.01
    assert float(bad_scores[0]) > 5 * float(good[0])
    assert float(bad_boxes[1]) > 0.3


def test_only_the_later_blocks_and_the_head_are_trained(network: Detector) -> None:
    network.train()
    assert not any(p.requires_grad for p in network.trunk.stem.parameters())
    assert not any(p.requires_grad for p in network.trunk.blocks[4].parameters())
    assert all(p.requires_grad for p in network.trunk.blocks[5].parameters())
    assert all(p.requires_grad for p in network.head.parameters())
    norms = [m for m in network.trunk.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert not any(m.training for m in norms)


def test_batches_are_the_same_for_the_same_seed(studio: Studio) -> None:
    plan = Plan(stages=(Stage(steps=3, pixels=96 * 96),), batch=4)
    first, again = SceneBatches(studio, (), plan)[2], SceneBatches(studio, (), plan)[2]
    assert torch.equal(first.pixels, again.pixels)
    assert all(torch.equal(a, b) for a, b in zip(first.boxes, again.boxes, strict=True))
    assert not torch.equal(first.pixels[0], first.pixels[1])


def test_stages_follow_each_other() -> None:
    plan = Plan(stages=(Stage(steps=2, pixels=100), Stage(steps=3, pixels=400)))
    assert [plan.pixels(step) for step in range(5)] == [100, 100, 400, 400, 400]
    assert plan.steps == 5


@pytest.mark.parametrize("text", ["", "700", "700:x", "a:144", "700:8", "700:144,"])
def test_unreadable_stages_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no stage"):
        read_stages(text)


def test_stages_are_read_as_steps_and_side() -> None:
    assert read_stages("7:64,2:224") == (Stage(steps=7, pixels=64 * 64), Stage(steps=2))


def test_a_guessed_box_teaches_the_score_and_not_the_edges() -> None:
    box, kind = [torch.tensor([[0.2, 0.2, 0.8, 0.8]])], [torch.tensor([BAG])]
    weights, wanted = targets(box, kind, 8, 8, [torch.tensor([False])])
    scores = torch.zeros(1, len(COARSE), 8, 8)
    distances = torch.full((1, 4 * len(COARSE), 8, 8), 0.05)
    score_loss, box_loss = losses(scores, distances, weights, wanted)
    assert float(box_loss) == 0.0
    assert float(score_loss) > 0.0
    exact, _ = targets(box, kind, 8, 8)
    assert float(losses(scores, distances, exact, wanted)[1]) > 0.1


def test_a_few_steps_lower_the_loss(studio: Studio, network: Detector) -> None:
    plan = Plan(stages=(Stage(steps=14, pixels=96 * 96),), batch=4, average=0.5)
    totals: list[float] = []
    train_detector(
        network, SceneBatches(studio, (), plan), plan,
        report=lambda _step, score, box: totals.append(score + box),
    )  # fmt: skip
    assert np.mean(totals[-4:]) < np.mean(totals[:4])


def test_the_exported_file_says_what_the_network_says(network: Detector, tmp_path: Path) -> None:
    path = tmp_path / "detector.onnx"
    export_detector(network, path)
    detector = open_detector(path, threads=1)
    pixels = np.random.default_rng(0).integers(0, 255, (120, 90, 3), dtype=np.uint8)
    inputs = network_input(pixels)
    scores, distances = detector.forward(inputs)
    with torch.no_grad():
        expected = Exported(network).eval()(torch.from_numpy(inputs))
    assert np.abs(scores - expected[0].numpy()).max() < 0.01
    assert np.abs(distances - expected[1].numpy()).max() < 0.02
    photo = Photo(pixels=pixels, width=90, height=120)
    assert detector.detect(photo).degraded == ()
    assert input_size(90, 120) == (192, 256)
