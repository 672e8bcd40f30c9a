"""Experiments made in tests, without files."""

from __future__ import annotations

from dataclasses import replace

from documents.nodes import UNWRITTEN
from experiments.definitions import Experiment, LayerShare, Ranking, Variant


def experiment(
    *weights: float, layer: tuple[float, float] | None = None, **changes: object
) -> Experiment:
    """Running in `in` and `us`; the variants are named a, b, c…, and all but the first rank otherwise."""
    made = Experiment(
        key="order",
        hypothesis="Another order sells more.",
        owner="search",
        state="running",
        marketplaces=("in", "us"),
        unit="shopper",
        salt="order-1",
        layer=LayerShare(name="page", start=layer[0], end=layer[1], source=UNWRITTEN)
        if layer
        else None,
        coverage=1.0,
        variants=tuple(
            Variant(
                key="abcdefgh"[n],
                weight=weight,
                ranking=Ranking(diversity=n / 10) if n else Ranking(),
                source=UNWRITTEN,
            )
            for n, weight in enumerate(weights or (0.5, 0.5))
        ),
        primary_metric="click_through",
        source=UNWRITTEN,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name, in tests only
