"""The sheet of confusions shows what was wrong and which labels are contradicted with confidence."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from catalog.search import Prediction
from service.evaluation.confusions import disagreements, write_confusions
from service.evaluation.vision import Judged


def judged(name: str, label: str, shares: dict[str, float], *, hit: bool) -> Judged:
    answer = next(iter(shares))
    prediction = Prediction(
        category="c",
        confidence=shares[answer],
        concept=answer,
        concepts=shares,
        categories={"c": shares[answer]},
        abstained=False,
    )
    return Judged(
        dataset="catalog",
        id=name,
        label=label,
        kind="",
        concepts=(label,),
        group="brand",
        prediction=prediction,
        hit=hit,
        hit3=True,
        group_hit=hit,
        leaf_hit=hit,
    )


RIGHT = judged("1", "saree", {"saree": 0.9}, hit=True)
UNSURE = judged("2", "tunic", {"kurti": 0.5, "tunic": 0.4}, hit=False)
SURE = judged("3", "tunic", {"kurti": 0.8, "tunic": 0.1}, hit=False)
SUREST = judged("4", "kurti", {"tunic": 0.95}, hit=False)


def test_disagreements_are_the_sure_wrong_answers_surest_first() -> None:
    assert disagreements([RIGHT, UNSURE, SURE, SUREST]) == (SUREST, SURE)


def test_the_sheet_shows_each_confusion_with_its_pictures_and_no_right_answer(
    tmp_path: Path,
) -> None:
    packed = BytesIO()
    Image.new("RGB", (30, 40), "red").save(packed, "JPEG")
    path = tmp_path / "confusions.html"

    write_confusions(path, [RIGHT, UNSURE, SURE], {("catalog", "3"): packed.getvalue()})

    text = path.read_text(encoding="utf-8")
    assert "2 of 3 photos" in text
    assert "tunic → kurti · 2" in text
    assert "data:image/jpeg;base64," in text
    assert "saree" not in text
