"""`souk experiments report KEY | export | forget`: what was found, and the log itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from catalog.row_files import write_rows
from experiments.event_log import TABLES, EventLog, LogFailure, log_url
from experiments.reading import read_report
from experiments.report import Report
from service.cli import CommandError
from service.commands.catalog_workspace import print_json
from service.commands.experiments_definitions import FOLDER, find_experiment
from service.commands.experiments_page import as_page
from service.settings import load_settings


def open_log() -> EventLog:
    """The log that the settings name."""
    settings = load_settings()
    return EventLog(log_url(settings.database_url, settings.home))


@click.command()
@click.argument("key")
@FOLDER
@click.option(
    "--html", "page", type=click.Path(path_type=Path), default=None, help="Also write a page."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def report(key: str, folder: Path | None, page: Path | None, *, as_json: bool) -> None:
    """Checks, lifts with intervals and a verdict of experiment KEY."""
    experiment = find_experiment(key, folder)
    try:
        found = read_report(experiment, open_log())
    except LogFailure as error:
        raise CommandError(
            f"the event log does not answer ({type(error).__name__}). "
            "Check SOUK_DATABASE_URL or SOUK_HOME."
        ) from None
    if page is not None:
        page.write_text(as_page(found), encoding="utf-8")
    if as_json:
        print_json(asdict(found))
    else:
        click.echo(as_text(found))


def as_text(found: Report) -> str:
    lines = [
        found.verdict,
        f"What would change it: {found.would_change}",
        "Units: "
        + ", ".join(f"{k} {n}" for k, n in found.counts.items())
        + f" (sample ratio p = {found.mismatch_p:.3g})",
    ]
    lines += found.warnings
    if found.interleaving is not None:
        merged = found.interleaving
        wins = ", ".join(f"{name} {count}" for name, count in merged.wins.items())
        lines.append(
            f"Interleaved searches with a {merged.credit}: won by {wins}, ties {merged.ties}; "
            f"p {merged.p_value:.3g}, {merged.units} units"
        )
    lines += [
        f"{e.metric} ({e.role}) {e.variant} in {e.marketplace}: {e.lift:+.2%} "
        f"[{e.low:+.2%}, {e.high:+.2%}], adjusted p {e.adjusted_p:.3g}, {e.units} units"
        for e in found.estimates
    ]
    return "\n".join(lines)


@click.command()
@click.option("--older-than", "days", required=True, type=click.IntRange(1), help="Days.")
def forget(days: int) -> None:
    """Delete searches, exposures and events that are older."""
    gone = open_log().forget(datetime.now(UTC) - timedelta(days=days))
    click.echo(", ".join(f"{count} {table}" for table, count in gone.items()) + " deleted.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write the log to FOLDER: searches.parquet, exposures.parquet, events.parquet."""
    log = open_log()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for table in TABLES:
            count = write_rows(folder / f"{table}.parquet", log.columns(table), log.rows(table))
            click.echo(f"{count} {table}")
    except LogFailure as error:
        raise CommandError(
            f"the event log does not answer ({type(error).__name__}). "
            "Check SOUK_DATABASE_URL or SOUK_HOME."
        ) from None
