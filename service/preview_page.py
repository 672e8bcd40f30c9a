"""One search under two versions of the rules as a page that can be sent: pictures are inside it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from html import escape
from mimetypes import guess_type
from pathlib import Path

from service.wire import ItemAnswer, SearchAnswer

Picture = Callable[[str], Path | None]
"""The picture of a product by its id; None when it has none."""

_STYLE = """\
body{font:15px/1.4 system-ui,sans-serif;margin:1.5rem;color:#1b1b1b;background:#fff}
main{display:grid;grid-template-columns:1fr 1fr;gap:2rem}
ol,ul{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.75rem}
li{border:1px solid #ddd;border-radius:6px;padding:.5rem}
img{width:100%;aspect-ratio:3/4;object-fit:contain;background:#f4f4f4}
small{display:block;color:#555}
.changed{border-color:#b35900;box-shadow:0 0 0 1px #b35900}
.move{font-weight:600;color:#8a4500}
"""


def preview_page(title: str, before: SearchAnswer, after: SearchAnswer, picture: Picture) -> str:
    """Both answers side by side; what stands elsewhere, is new or is gone is marked."""
    sides = (("Now", before, after), ("Draft", after, before))
    columns = "".join(_column(name, own, other, picture) for name, own, other in sides)
    return (
        f'<!doctype html><html lang="{escape(after.language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1><p>{escape(difference(before, after))}</p>"
        f"<main>{columns}</main></html>\n"
    )


def difference(before: SearchAnswer, after: SearchAnswer) -> str:
    """In a sentence: how many products and accessory rows differ."""
    old, new = _ids(before.results), _ids(after.results)
    moved = sum(new.index(one) != old.index(one) for one in new if one in old)
    come, gone = len(set(new) - set(old)), len(set(old) - set(new))
    rows = [
        {row.slot: _ids(row.results) for row in answer.accessories} for answer in (before, after)
    ]
    changed = sum(rows[0].get(slot) != rows[1].get(slot) for slot in {*rows[0], *rows[1]})
    return (
        f"{moved} products stand elsewhere, {come} are new, {gone} are gone; "
        f"{changed} accessory rows differ."
    )


def _column(name: str, own: SearchAnswer, other: SearchAnswer, picture: Picture) -> str:
    places = _ids(other.results)
    items = "".join(
        _item(item, picture, _move(place, item.product_id, places, name))
        for place, item in enumerate(own.results)
    )
    rows = {row.slot: _ids(row.results) for row in other.accessories}
    slots = "".join(
        f"<section><h3{_changed(rows.get(row.slot) != _ids(row.results))}>{escape(row.title)}</h3><ul>"
        + "".join(_item(item, picture, "") for item in row.results)
        + "</ul></section>"
        for row in own.accessories
    )
    version = escape(own.versions.rules)
    return (
        f"<section><h2>{name} <small>rules {version}</small></h2><ol>{items}</ol>{slots}"
        f"{_outcomes(own)}</section>"
    )


def _outcomes(own: SearchAnswer) -> str:
    """What each campaign did, and what it could not do and why."""
    if own.rules is None or not (own.rules.applied or own.rules.lost):
        return ""
    lines = [f"{rule.id}: {rule.action} ({rule.reason})" for rule in own.rules.applied]
    lines += [f"{rule.id}: no {rule.action}, {rule.reason}" for rule in own.rules.lost]
    return "<h3>Campaigns</h3><ul>" + "".join(f"<li>{escape(x)}</li>" for x in lines) + "</ul>"


def _move(place: int, product_id: str, others: Sequence[str], side: str) -> str:
    if product_id not in others:
        return "new" if side == "Draft" else "gone in the draft"
    if side != "Draft" or others.index(product_id) == place:
        return ""
    return f"{others.index(product_id) + 1} → {place + 1}"


def _item(item: ItemAnswer, picture: Picture, move: str) -> str:
    path = picture(item.product_id)
    image = f'<img alt="" src="{_inside(path)}">' if path is not None else ""
    rules = "; ".join(f"{rule.id}: {rule.action} ({rule.reason})" for rule in item.rules)
    notes = "".join(
        f"<small>{escape(text)}</small>" for text in (item.price.display, rules) if text
    )
    moved = f'<small class="move">{escape(move)}</small>' if move else ""
    return f"<li{_changed(bool(move))}>{image}{escape(item.title)}{notes}{moved}</li>"


def _changed(is_changed: bool) -> str:  # noqa: FBT001  one fact, one attribute
    return ' class="changed"' if is_changed else ""


def _inside(path: Path) -> str:
    kind = guess_type(path.name)[0] or "image/jpeg"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _ids(items: Sequence[ItemAnswer]) -> list[str]:
    return [item.product_id for item in items]
