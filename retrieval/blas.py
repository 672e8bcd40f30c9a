"""How many threads numpy's BLAS uses: stated, never left to the number of cores it finds."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def limit_blas_threads(threads: int) -> None:
    """Hold BLAS to `threads` in this process, from now on.

    One is right for a service with a worker a core: workers that each start a thread a core wait for
    one another. Call it after the fork.
    """
    threadpool_limits(limits=threads, user_api="blas")
