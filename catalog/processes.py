"""Work spread over processes, in order, where there is enough of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import Protocol, TypeVar

WORTH = 4
"""So few tasks are done sooner than other processes have started."""
AHEAD = 3
"""Tasks of each worker that are started before the first of them is read."""

Task = TypeVar("Task")
Result = TypeVar("Result")
Started = TypeVar("Started")


class Crew(Protocol):
    """Whoever does the work: processes of this machine, or a cluster."""

    def __call__(
        self, work: Callable[[Task], Result], tasks: Iterable[Task], /
    ) -> Iterator[Result]:
        """The results in the order of the tasks. `work`, tasks and results must be picklable."""
        ...


def spread(
    work: Callable[[Task], Result], tasks: Iterable[Task], processes: int
) -> Iterator[Result]:
    """A `Crew` of processes here; tasks are taken as the results are read.

    Processes are started afresh, never forked: threads and connections of this one stay here.
    """
    left = iter(tasks)
    first = list(islice(left, WORTH))
    if processes < 2 or len(first) < WORTH:
        yield from map(work, chain(first, left))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:

        def start(task: Task) -> Future[Result]:
            return pool.submit(work, task)

        for done in started_ahead(start, chain(first, left), AHEAD * processes):
            yield done.result()


def started_ahead(
    start: Callable[[Task], Started], tasks: Iterable[Task], ahead: int
) -> Iterator[Started]:
    """What `start` gives for each task, in order; so many are started before the first is given."""
    waiting: deque[Started] = deque()
    for task in tasks:
        waiting.append(start(task))
        if len(waiting) > ahead:
            yield waiting.popleft()
    yield from waiting


def portions(items: Sequence[Task], size: int) -> list[Sequence[Task]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
