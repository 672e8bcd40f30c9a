"""Work spread over processes, in order, where there is enough of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

WORTH = 4
"""So few tasks are done sooner than other processes have started."""

Task = TypeVar("Task")
Result = TypeVar("Result")


def spread(
    work: Callable[[Task], Result], tasks: Sequence[Task], processes: int
) -> Iterator[Result]:
    """The results in the order of the tasks. `work`, tasks and results must be picklable.

    Processes are started afresh, never forked: threads and connections of this one stay here.
    """
    if processes < 2 or len(tasks) < WORTH:
        yield from map(work, tasks)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, tasks)


def portions(items: Sequence[Task], size: int) -> list[Sequence[Task]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
