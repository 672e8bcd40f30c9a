"""Who does a catalogue's long work: this machine, or a Ray cluster. The options, and what they open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import click

from catalog.pictures import PictureStore
from catalog.processes import Crew, spread
from service.cli import CommandError
from service.settings import Settings

if TYPE_CHECKING:
    from service.cluster import Cluster
    from service.embedding import SeeAll

Engine = Literal["local", "ray"]


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--engine, --workers and --ray-address."""
    options = (
        click.option(
            "--engine",
            type=click.Choice(["local", "ray"]),
            default="local",
            show_default=True,
            help="This machine, or a Ray cluster (docs/importing.md).",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1),
            help="With --engine ray: how many cores work (default: all of the cluster's).",
        ),
        click.option(
            "--ray-address",
            envvar="RAY_ADDRESS",
            help="The cluster's, as HOST:PORT or auto (default: a Ray of its own on this machine).",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def eyes_of(
    asked: Engine, settings: Settings, version: str, address: str | None, workers: int | None
) -> Iterator[SeeAll]:
    """Who looks at pictures, by networks of this version. `ModelError` when those here cannot be read."""
    # The networks take a second to load, which the other commands need not pay.
    from service.embedding import seeing  # noqa: PLC0415
    from vision.models import load_models  # noqa: PLC0415

    if asked == "local":
        models = load_models(settings.models, threads=settings.threads)
        with seeing(models, PictureStore(settings.pictures)) as see_all:
            yield see_all
        return
    with (
        ray_cluster(address, workers) as cluster,
        cluster.eyes(settings.models, settings.pictures, version) as see_all,
    ):
        yield see_all


@contextmanager
def crew_of(
    asked: Engine, address: str | None, workers: int | None, processes: int
) -> Iterator[Crew]:
    """Who compares pictures: so many processes of this machine, or the cluster."""
    if asked == "local":
        yield partial(spread, processes=processes)
        return
    with ray_cluster(address, workers) as cluster:
        yield cluster.crew


@contextmanager
def ray_cluster(address: str | None, workers: int | None) -> Iterator[Cluster]:
    """CommandError when the cluster cannot be had, or fails."""
    from service.cluster import ClusterError, cluster  # noqa: PLC0415

    try:
        with cluster(address, workers) as found:
            yield found
    except ClusterError as error:
        raise CommandError(str(error)) from None
