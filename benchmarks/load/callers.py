"""Callers of one service for some seconds, by locust; one JSON object on standard output.

    LOCUST_PYTHON benchmarks/load/callers.py --url http://127.0.0.1:8000 --photos FOLDER --callers 8
    LOCUST_PYTHON benchmarks/load/callers.py --url http://127.0.0.1:8000 --photos FOLDER --rate 20

`--callers`: a closed loop, each caller asks again as soon as it has its answer. `--rate`: an open loop,
requests begin at random (Poisson) moments whether or not earlier ones have ended; their time runs from
the moment they were due. Runs in an environment of its own that has locust; souk is not needed in it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import gevent
from gevent.pool import Pool
from locust.contrib.fasthttp import FastHttpUser
from locust.env import Environment

SEARCH = "/v1/{marketplace}/search?limit=24"
TIMEOUT_S = 30.0


class Caller(FastHttpUser):  # type: ignore[misc]  # an environment of its own has its types
    """Asks on a new connection each time, as shoppers behind no common proxy do."""

    abstract = True
    connection_timeout = TIMEOUT_S
    network_timeout = TIMEOUT_S


class Told:
    """What was answered: milliseconds and status of each request after the warm-up."""

    def __init__(self, counted_from: float) -> None:
        self.counted_from = counted_from
        self.ms: list[float] = []
        self.refused_ms: list[float] = []
        self.statuses: dict[int, int] = {}
        self.without_retry_after = 0

    def ask(self, caller: Caller, path: str, photo: bytes, due: float) -> None:
        headers = {"Content-Type": "image/jpeg", "Connection": "close"}
        with caller.client.post(path, data=photo, headers=headers, catch_response=True) as answer:
            answer.success()
            spent = (time.perf_counter() - due) * 1000
            status, wait = answer.status_code, (answer.headers or {}).get("Retry-After")
        if due < self.counted_from:
            return
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == 200:
            self.ms.append(spent)
        else:
            self.refused_ms.append(spent)
            self.without_retry_after += status in (429, 503) and wait is None

    def document(self, seconds: float) -> dict[str, object]:
        return {
            "answered_per_s": round(len(self.ms) / seconds, 2),
            "p50_ms": percentile(self.ms, 50),
            "p95_ms": percentile(self.ms, 95),
            "p99_ms": percentile(self.ms, 99),
            "refused_per_s": round(len(self.refused_ms) / seconds, 2),
            "refused_p95_ms": percentile(self.refused_ms, 95),
            "refused_without_retry_after": self.without_retry_after,
            "statuses": {str(k): v for k, v in sorted(self.statuses.items())},
        }


def percentile(values: list[float], p: int) -> float | None:
    """The value below which `p` of a hundred lie; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * p // 100)], 1)


def closed(
    environment: Environment,
    told: Told,
    path: str,
    photos: Iterator[bytes],
    callers: int,
    end: float,
) -> None:
    """Each of `callers` waits for its answer before it asks again."""

    def call() -> None:
        caller = Caller(environment)
        while time.perf_counter() < end:
            told.ask(caller, path, next(photos), time.perf_counter())

    gevent.joinall([gevent.spawn(call) for _ in range(callers)])


def opened(
    environment: Environment,
    told: Told,
    path: str,
    photos: Iterator[bytes],
    rate: float,
    end: float,
) -> None:
    """Requests begin at moments drawn beforehand; none waits for another."""
    moments, pool = random.Random(1), Pool()
    due = time.perf_counter()
    while due < end:
        gevent.sleep(max(0.0, due - time.perf_counter()))
        pool.spawn(told.ask, Caller(environment), path, next(photos), due)
        due += moments.expovariate(rate)
    pool.join(timeout=TIMEOUT_S)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--marketplace", default="in")
    parser.add_argument("--callers", type=int, default=0)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--warm-up-s", type=float, default=2.0)
    options = parser.parse_args()
    photos = cycle([path.read_bytes() for path in sorted(options.photos.glob("*.jpg"))])
    Caller.host = options.url
    environment = Environment(user_classes=[Caller])
    begun = time.perf_counter()
    told = Told(begun + options.warm_up_s)
    end = begun + options.warm_up_s + options.seconds
    path = SEARCH.format(marketplace=options.marketplace)
    if options.callers:
        closed(environment, told, path, photos, options.callers, end)
    else:
        opened(environment, told, path, photos, options.rate, end)
    print(json.dumps(told.document(options.seconds)))


if __name__ == "__main__":
    main()
