"""`souk rules explain | schema | reference | diff`: what the files say, and what differs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from documents.findings import DocumentError
from documents.suggestions import suggestion
from rules.editor_schema import FILES, editor_schema
from rules.loading import load_locales, locale_contents, read_locales
from rules.provenance import explain_category
from rules.reference import reference as rule_reference
from rules.versions import difference
from service.cli import CommandError
from service.commands.rules_publish import mended, open_store

_FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path), default="locales", show_default=True
)


@click.command()
@click.argument("marketplace")
@click.argument("category")
@_FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(marketplace: str, category: str, folder: Path, *, as_json: bool) -> None:
    """Say which file and line states each value that decides about CATEGORY."""
    locales = read_locales(folder)
    known = {one.id: one for one in locales.marketplaces}
    if marketplace not in known:
        raise CommandError(
            f"{folder} has no marketplace '{marketplace}'. {suggestion(marketplace, known, 'marketplace')}"
        )
    try:
        stated = explain_category(locales, known[marketplace], category)
    except KeyError:
        tree = known[marketplace].loaded.tree
        choices = tree.categories if tree is not None else ()
        hint = suggestion(category, choices, "category")
        raise CommandError(
            f"marketplace '{marketplace}' has no category '{category}'. {hint}"
        ) from None
    if as_json:
        values = [{"what": s.what, "value": s.value, "file": s.place.file, "line": s.place.line,
                   "column": s.place.column} for s in stated]  # fmt: skip
        click.echo(json.dumps({"marketplace": marketplace, "category": category, "stated": values},
                              ensure_ascii=False))  # fmt: skip
        return
    for one in stated:
        click.echo(str(one))


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


@click.command()
@click.argument("before")
@click.argument("after")
def diff(before: str, after: str) -> None:
    """Show what differs between two folders or published versions, line by line."""
    contents = [
        locale_contents(Path(name)) if Path(name).is_dir() else _published(name)
        for name in (before, after)
    ]
    changes = difference(contents[0], contents[1], before, after)
    click.echo(changes or "The two are the same.\n", nl=False)


def _published(version: str) -> dict[str, bytes]:
    store = open_store()
    return dict(mended(lambda: store.contents(version)))
