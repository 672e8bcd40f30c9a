"""`souk serve`."""

from __future__ import annotations

import click

from service.cli import CommandError
from service.settings import load_settings
from service.workspace import workspace_secret


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--drain-s",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0, 300),
    help="Seconds for which requests are still taken after SIGTERM, while /readyz says 503.",
)
def serve(host: str, port: int, workers: int, threads: int, drain_s: float) -> None:
    """Serve the API and the pages by gunicorn until SIGTERM."""
    from service import server  # noqa: PLC0415  gunicorn is not needed by other commands

    settings = load_settings()
    try:
        if settings.secret is None:
            workspace_secret(settings.home)
    except OSError as error:
        raise CommandError(
            f"The workspace {settings.home} cannot be written: {error.strerror}. "
            "Free its disk, let this user write there, or set SOUK_HOME."
        ) from None
    click.echo(f"souk serves http://{host}:{port}", err=True)
    server.serve(host=host, port=port, workers=workers, threads=threads, drain_s=drain_s)
