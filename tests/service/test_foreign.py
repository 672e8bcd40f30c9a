"""What is told of pictures of nothing to buy."""

from __future__ import annotations

from catalog.search import Prediction
from service.evaluation.foreign import ForeignSeen, foreign_document


def seen(name: str, confidence: float, *, abstained: bool = False) -> ForeignSeen:
    prediction = Prediction(
        category="home.textiles.rugs",
        confidence=confidence,
        concept="rug",
        concepts={"rug": confidence},
        categories={"home.textiles.rugs": confidence},
        abstained=abstained,
    )
    return ForeignSeen(name=name, prediction=prediction)


def test_a_picture_counts_as_sure_from_a_half_on_unless_the_parent_answered() -> None:
    document = foreign_document(
        [seen("a", 0.5), seen("b", 0.49), seen("c", 0.9, abstained=True), seen("d", 0.8)]
    )
    assert (document["n"], document["sure"], document["given_a_leaf"]) == (4, 0.5, 0.75)
    surest = document["surest"]
    assert isinstance(surest, list)
    assert [row["picture"] for row in surest] == ["d", "a", "b"]


def test_nothing_given_a_leaf_has_no_median() -> None:
    document = foreign_document([seen("a", 0.2, abstained=True)])
    assert (document["sure"], document["median_confidence_of_those"]) == (0.0, None)
