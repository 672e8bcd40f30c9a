"""Photos with the first answers of several marketplaces side by side: an HTML file for a person's eye."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from catalog.pictures import PictureStore
from catalog.products import Product
from service.evaluation.inline_pictures import STYLE, captioned, inline_picture
from service.evaluation.labelled import LabelledPhoto

FIRST = 5
"""Answers of each marketplace."""


class ContactSheet:
    """Collects rows while a report is made. Products that are not accepted are framed in red."""

    def __init__(self, pictures: PictureStore) -> None:
        self._pictures = pictures
        self._rows: dict[tuple[str, str], list[str]] = {}

    def add(
        self,
        labelled: LabelledPhoto,
        marketplace: str,
        shown: Sequence[Product],
        accepted: Sequence[str],
    ) -> None:
        """One marketplace's first answers to one photo."""
        key = (labelled.dataset, labelled.id)
        if key not in self._rows:
            label = f"{labelled.dataset} {labelled.id}: {labelled.label}"
            self._rows[key] = [captioned(inline_picture(labelled.photo, label), label)]
        answers = "".join(
            captioned(
                inline_picture(
                    self._picture(product), product.concept,
                    "" if product.concept in accepted else "wrong",
                ),
                product.concept,
            )
            for product in shown[:FIRST]
        )  # fmt: skip
        self._rows[key].append(f"<b>{escape(marketplace)}</b> {answers or 'nothing'}")

    def write(self, path: Path) -> None:
        """All rows, in the order in which the photos came."""
        lines = [
            "<!doctype html><meta charset=utf-8><title>First answers</title>",
            STYLE,
            f"<h1>{len(self._rows)} photos and their first answers</h1>",
            *(f"<div>{' '.join(row)}</div><hr>" for row in self._rows.values()),
        ]
        path.write_text("\n".join(lines), encoding="utf-8")

    def _picture(self, product: Product) -> bytes | None:
        if product.image is None:
            return None
        path = self._pictures.path(product.image)
        return path.read_bytes() if path.is_file() else None
