"""`souk rules explain | schema | reference`: what the files say, and where."""

from __future__ import annotations

import json
from pathlib import Path

import click

from documents.findings import DocumentError
from documents.nodes import Place
from documents.suggestions import suggestion
from rules.editor_schema import FILES, editor_schema
from rules.level_files import ReadMarketplace
from rules.loading import ReadLocales, load_locales, read_locales
from rules.provenance import explain_category
from rules.reference import reference as rule_reference
from service.cli import CommandError

_FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path), default="locales", show_default=True
)


@click.command()
@click.argument("marketplace")
@click.argument("category")
@click.option("--region", default=None, help="As this region of the marketplace sees it.")
@_FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(
    marketplace: str, category: str, region: str | None, folder: Path, *, as_json: bool
) -> None:
    """Say which file and line states each value that decides about CATEGORY, and what it replaces."""
    locales = read_locales(folder)
    one = _view(locales, marketplace, region, folder)
    try:
        stated = explain_category(locales, one, category)
    except KeyError:
        choices = one.loaded.tree.categories if one.loaded.tree is not None else ()
        hint = suggestion(category, choices, "category")
        raise CommandError(
            f"marketplace '{marketplace}' has no category '{category}'. {hint}"
        ) from None
    if as_json:
        values = [{"what": s.what, "value": s.value, **_place(s.place),
                   "over": [_place(place) for place in s.over]} for s in stated]  # fmt: skip
        click.echo(json.dumps({"marketplace": marketplace, "region": region, "category": category,
                               "stated": values}, ensure_ascii=False))  # fmt: skip
        return
    for each in stated:
        click.echo(str(each))


def _view(
    locales: ReadLocales, marketplace: str, region: str | None, folder: Path
) -> ReadMarketplace:
    known = {one.id: one for one in locales.marketplaces}
    if marketplace not in known:
        raise CommandError(
            f"{folder} has no marketplace '{marketplace}'. {suggestion(marketplace, known, 'marketplace')}"
        )
    if region is None:
        return known[marketplace]
    regions = {one.region or "": one for one in locales.regions if one.id == marketplace}
    if region not in regions:
        raise CommandError(
            f"marketplace '{marketplace}' has no region '{region}'. {suggestion(region, regions, 'region')}"
        )
    return regions[region]


def _place(place: Place) -> dict[str, str | int]:
    return {"file": place.file, "line": place.line, "column": place.column}


@click.command()
@click.argument("file", type=click.Choice(sorted(FILES)))
@_FOLDER
def schema(file: str, folder: Path) -> None:
    """Print the JSON Schema of FILE, for completion and hover in editors."""
    try:
        locales = load_locales(folder)
    except DocumentError as error:
        raise CommandError(f"{error.findings[0]} Run souk rules check {folder} first.") from None
    click.echo(json.dumps(editor_schema(file, locales), ensure_ascii=False, indent=1))


@click.command()
def reference() -> None:
    """Print docs/rule-reference.md."""
    click.echo(rule_reference(), nl=False)
