"""`souk experiments report KEY | export | forget`: what was found, and the log itself."""

from __future__ import annotations

import html
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from catalog.row_files import write_rows
from experiments.event_log import TABLES, EventLog, LogFailure, log_url
from experiments.lifts import Estimate
from experiments.reading import read_report
from experiments.report import Report
from service.cli import CommandError
from service.commands.catalog_workspace import print_json, read_settings
from service.commands.experiments_definitions import FOLDER, find_experiment


def open_log() -> EventLog:
    """The log that the settings name."""
    settings = read_settings()
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


def as_page(found: Report) -> str:
    """One file, without scripts: the verdict and every interval drawn against no change."""
    rows = "".join(_bar(e, _reach(found)) for e in found.estimates)
    notes = "".join(f"<p>{html.escape(line)}</p>" for line in as_text(found).split("\n")[1:3])
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{html.escape(found.key)}</title><style>body{{font:16px sans-serif;margin:2rem}}"
        "td{padding:.2rem .8rem}</style>"
        f"<h1>{html.escape(found.key)}</h1><p><strong>{html.escape(found.verdict)}</strong></p>"
        f"{notes}<table><tr><th>Metric<th>Variant<th>Where<th>Lift<th>Interval</tr>{rows}</table></html>\n"
    )


def _reach(found: Report) -> float:
    return max((max(abs(e.low), abs(e.high)) for e in found.estimates), default=1.0) or 1.0


def _bar(e: Estimate, reach: float) -> str:
    low, mid, high = (150 + 140 * value / reach for value in (e.low, e.lift, e.high))
    drawn = (
        f'<svg width="300" height="20" role="img" aria-label="{e.low:+.2%} to {e.high:+.2%}">'
        '<line x1="150" x2="150" y1="0" y2="20" stroke="#999"/>'
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="10" y2="10" stroke="#125" stroke-width="3"/>'
        f'<circle cx="{mid:.1f}" cy="10" r="4" fill="#125"/></svg>'
    )
    cells = (e.metric, e.variant, e.marketplace, f"{e.lift:+.2%}")
    return "<tr>" + "".join(f"<td>{html.escape(c)}" for c in cells) + f"<td>{drawn}</tr>"


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
