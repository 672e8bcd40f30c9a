"""`souk rules …`: check, explain, compare, publish and roll back the merchandisers' files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import click

from catalog.locale_files import marketplace_folders
from catalog.store import StoreError
from documents.findings import errors
from rules.checking import check_folder
from rules.checks.check import Stock
from rules.printing import FORMATS, printed
from service.cli import CommandError
from service.commands.rules_diff import diff
from service.commands.rules_publish import history, publish, rollback
from service.commands.rules_reading import explain, reference, schema
from service.settings import CATALOG_FILE
from service.stock import count_stock


class CalendarDay(click.ParamType[date]):
    """A day on the command line, year-month-day."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date. Write it like 2026-11-08.", param, ctx)


class UnusableFolderError(CommandError):
    """There is nothing to check: exit code 2, so that a script can tell it from problems."""

    exit_code: ClassVar[int] = 2


def today() -> date:
    """The day of this machine's clock in UTC; every function below the command line is told it."""
    return datetime.now(UTC).date()


class RulesGroup(click.Group):
    """`preview` needs every engine of a search; the other commands start without them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), "preview"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "preview":
            return super().get_command(ctx, cmd_name)
        found: click.Command = import_module("service.commands.rules_preview").preview
        return found


@click.group(cls=RulesGroup)
def rules() -> None:
    """Check, explain, compare, publish and roll back locale rules."""


@rules.command()
@click.argument("folder", type=click.Path(path_type=Path), default="locales")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--on", "day", type=CalendarDay(), default=None, help="The day that counts as today.")
@click.option("--strict", is_flag=True, help="Warnings count as problems.")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="Count this workspace's catalogue too: which slots does nothing on sale fill?",
)
@click.option("--yardstick", type=click.Path(path_type=Path), default=None, hidden=True)
@click.pass_context
def check(
    ctx: click.Context,
    folder: Path,
    form: str,
    day: date | None,
    *,
    strict: bool,
    workspace: Path | None,
    yardstick: Path | None,
) -> None:
    """Print every problem of every file in FOLDER with its place and its fix.

    Exit code: 0 clean (warnings may be printed), 1 problems, 2 FOLDER cannot be used.
    """
    if not (folder / "concepts.yaml").is_file():
        raise UnusableFolderError(
            f"{folder} holds no concepts.yaml. Name the folder of the locale files."
        )
    stock = None if workspace is None else _stock(workspace, folder)
    report = check_folder(folder, day or today(), yardstick=yardstick, stock=stock)
    click.echo(printed(report, form), nl=False)
    ctx.exit(1 if errors(report.findings) or (strict and report.findings) else 0)


def _stock(workspace: Path, folder: Path) -> Mapping[str, Stock]:
    marketplaces = [place.name for place in marketplace_folders(folder)]
    try:
        stock = count_stock(workspace / CATALOG_FILE, marketplaces)
    except StoreError as error:
        raise UnusableFolderError(str(error)) from None
    if stock is None:
        raise UnusableFolderError(
            f"{workspace} holds no {CATALOG_FILE}. Name a workspace (SOUK_HOME) with a catalogue."
        )
    return stock


for _member in (publish, history, rollback, explain, schema, reference, diff):
    rules.add_command(_member)
