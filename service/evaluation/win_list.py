"""The queries where the re-ranker gains and loses most, as one HTML file with the pictures inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from catalog.pictures import PictureStore
from ranking.evaluation import QueryMeasures
from ranking.summaries import WinsLosses
from service.evaluation.inline_pictures import STYLE, inline_picture
from service.evaluation.labelled import labelled_photos
from service.gallery import Gallery

SHOWN = 20
"""Wins and losses, each."""
FIRST = 8


def write_win_list(
    path: Path,
    balance: WinsLosses,
    measures: Mapping[str, Sequence[QueryMeasures]],
    gallery: Gallery,
    data: Path,
) -> None:
    """Each query with its photo, and the first products under similarity and under the model."""
    wanted = (*balance.wins[:SHOWN], *balance.losses[:SHOWN])
    by_system = {name: {m.query_id: m for m in measures[name]} for name in ("similarity", "model")}
    photos = _query_pictures(wanted, gallery, data)
    parts = [
        "<!doctype html><meta charset=utf-8><title>Wins and losses of the re-ranker</title>",
        STYLE,
        f"<h1>{len(balance.wins)} wins, {len(balance.losses)} losses, {balance.ties} ties</h1>",
    ]
    for title, ids in (("Wins", balance.wins[:SHOWN]), ("Losses", balance.losses[:SHOWN])):
        parts.append(f"<h2>{title}</h2>")
        parts += [_query(query_id, by_system, photos, gallery) for query_id in ids]
    path.write_text("\n".join(parts), encoding="utf-8")


def _query(
    query_id: str,
    by_system: Mapping[str, Mapping[str, QueryMeasures]],
    photos: Mapping[str, bytes],
    gallery: Gallery,
) -> str:
    lines = [f"<h3>{escape(query_id)}</h3>{inline_picture(photos.get(query_id), 'the photo')}"]
    for name, found in by_system.items():
        one = found[query_id]
        pictures = "".join(_product(product_id, gallery) for product_id in one.order[:FIRST])
        lines.append(f"<p>{name}: nDCG@10 {one.ndcg[10]:.3f}<br>{pictures}</p>")
    return "\n".join(lines)


def _product(product_id: str, gallery: Gallery) -> str:
    product = gallery.store.product(product_id)
    if product is None or product.image is None:
        return escape(product_id)
    path = PictureStore(gallery.services.settings.pictures).path(product.image)
    return inline_picture(
        path.read_bytes(), f"{product.concept} {product.colour or ''} {product_id}"
    )


def _query_pictures(wanted: Sequence[str], gallery: Gallery, data: Path) -> Mapping[str, bytes]:
    """By query id; a query id is marketplace:dataset:id."""
    queries: dict[tuple[str, str], list[str]] = {}
    for query_id in wanted:
        _, dataset, item_id = query_id.split(":", 2)
        queries.setdefault((dataset, item_id), []).append(query_id)
    tree = gallery.services.locales().concepts
    found = {}
    for photo in labelled_photos(data, tree, sorted({d for d, _ in queries}), queries):
        for query_id in queries[photo.dataset, photo.id]:
            found[query_id] = photo.photo
    return found
