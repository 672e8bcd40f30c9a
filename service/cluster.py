"""Work on a Ray cluster: embedding and the comparison of pictures. Ray's one home.

Tasks are few and large (a batch of pictures, a portion of pairs), are given back in order and are started
only so far ahead of the reader, so that the driver's memory does not grow with the catalogue. A worker that
dies is replaced and its tasks are done again. The catalogue's file stays with the driver; pictures and
networks are read by every worker under the driver's paths.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import cycle
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from catalog.pictures import PictureStore
from catalog.processes import AHEAD, started_ahead
from service.embedding import Images, SeeAll, Seen, see
from vision.models import ModelError, load_models

TRIES_AGAIN = 3
"""A task, or a worker, whose process dies."""
OBJECT_STORE_BYTES = 256 * 2**20
"""Of a Ray that is started here: tasks in flight, not the catalogue."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class ClusterError(RuntimeError):
    """The cluster cannot do the work; the message says why."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Ray to which this process is connected, and how many of its cores work."""

    ray: ModuleType
    workers: int

    def crew(self, work: Callable[[Task], Result], tasks: Iterable[Task], /) -> Iterator[Result]:
        """A `catalog.processes.Crew`."""
        shared = self.ray.put(work)
        remote = self.ray.remote(max_retries=TRIES_AGAIN)(_done)
        yield from self._read(partial(remote.remote, shared), tasks)

    @contextmanager
    def eyes(self, models: Path, pictures: Path, version: str) -> Iterator[SeeAll]:
        """Workers that look at pictures; each loads the networks once.

        Their networks must be this version's, and both folders be there on every machine of the cluster.
        """
        options = {"num_cpus": 1, "max_restarts": TRIES_AGAIN, "max_task_retries": TRIES_AGAIN}
        remote = self.ray.remote(**options)(_Eyes)
        store = PictureStore(pictures.resolve())
        workers = [remote.remote(models.resolve(), store, version) for _ in range(self.workers)]
        turns = cycle(workers)

        def ask(images: Images) -> Any:
            return next(turns).see.remote(images)

        try:
            yield partial(self._read, ask)
        finally:
            for worker in workers:
                self.ray.kill(worker)

    def _read(self, start: Callable[[Task], Any], tasks: Iterable[Task]) -> Iterator[Any]:
        try:
            for done in started_ahead(start, tasks, AHEAD * self.workers):
                yield self.ray.get(done)
        except self.ray.exceptions.RayError as error:
            raise ClusterError(_reason(error)) from error


@contextmanager
def cluster(address: str | None, workers: int | None) -> Iterator[Cluster]:
    """The Ray at the address, or one that lives here meanwhile; `workers`: default all of its cores.

    `ClusterError` when Ray is not installed or does not answer.
    """
    ray = _ray()
    try:
        _connect(ray, address, workers)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise ClusterError(f"No Ray answers at {address or 'this machine'}: {error}") from error
    try:
        cores = int(ray.cluster_resources().get("CPU", 0))
        if cores < (workers or 1):
            raise ClusterError(
                f"{workers or 1} workers are asked for, and the cluster has {cores} cores. "
                f"Give --workers {cores} or fewer, or add machines."
            )
        yield Cluster(ray, workers or cores)
    finally:
        ray.shutdown()


class _Eyes:
    """A worker with the networks in its memory."""

    def __init__(self, models: Path, pictures: PictureStore, version: str) -> None:
        self._models = load_models(models, threads=1)
        self._pictures = pictures
        if self._models.version != version:
            raise ModelError(
                f"{models} holds {self._models.version} on a worker, {version} where the work was "
                "given. Put the same networks on every machine."
            )

    def see(self, images: Images) -> list[Seen]:
        return see(self._models, self._pictures, images)


def _done(work: Callable[[Task], Result], task: Task) -> Result:
    return work(task)


def _ray() -> ModuleType:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report home when it starts
    try:
        return import_module("ray")
    except ModuleNotFoundError as error:
        raise ClusterError(
            "Ray is not installed. Install it in souk's folder: pip install '.[cluster]', or ray==2.60.0."
        ) from error


def _connect(ray: ModuleType, address: str | None, workers: int | None) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address:
        ray.init(address=address, **quiet)
        return
    ray.init(
        address="local",
        num_cpus=workers,
        include_dashboard=False,
        object_store_memory=OBJECT_STORE_BYTES,
        **quiet,
    )


def _reason(error: Exception) -> str:
    """What a worker met, or what Ray says about the worker: its last line, behind every stack trace."""
    lines = str(getattr(error, "cause", None) or error).split("\n")
    return (
        f"A worker failed: {next((line for line in reversed(lines) if line.strip()), repr(error))}"
    )
