"""A bounded soak: mixed requests for some minutes, and whether memory grows.

    SOUK_HOME=DIR python -m benchmarks.soak --minutes 10 --warm-up 6 [--json FILE]

Photos of four marketplaces, further pages, products and what goes with them, categories, events and hostile
uploads, by a few callers at once. After a warm-up (a quarter of the time unless told) each worker's resident
size is read every second; its slope is Theil and Sen's, over means of ten seconds, with a 95 % interval.
souk recycles a worker after some 20,000 requests: the measurement ends with the first that goes.
"""

from __future__ import annotations

import argparse
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from scipy.stats import theilslopes

from benchmarks.load.photos import drawn_photos
from benchmarks.serving import Service, megabytes, served
from tests.vision.hostile_files import hostile_files

MARKETPLACES = ("in", "us", "de", "fr")
BLOCK_S = 10


class Shopper:
    """One caller's mixture of requests; what was answered is counted by kind and status."""

    def __init__(self, service: Service, photos: Sequence[bytes], seed: int) -> None:
        self._service = service
        self._photos = photos
        self._rng = random.Random(seed)
        self._hostile = [data for _, data in islice(hostile_files(seed), 120)]
        self.told: Counter[str] = Counter()

    def shop(self) -> None:
        """A photo and what follows from its answer, then now and then something else."""
        base = f"/v1/{self._rng.choice(MARKETPLACES)}"
        answer = self._ask("search", f"{base}/search?limit=12&facets=true", self._photo())
        if answer is None:
            return
        if answer["next"]:
            body = json.dumps({"cursor": answer["next"], "limit": 12}).encode()
            self._ask("page", f"{base}/search", body, "application/json")
        for item in answer["results"][:1]:
            product = f"{base}/products/{item['product_id']}"
            for kind, path in (("product", ""), ("similar", "/similar"), ("goes", "/accessories")):
                self._ask(kind, product + path)
            event = {
                "event_id": f"soak-{self._rng.randrange(10**12)}", "type": "click",
                "query_id": answer["query_id"], "product_id": item["product_id"],
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            }  # fmt: skip
            self._ask("events", f"{base}/events", json.dumps([event]).encode(), "application/json")
        self._ask("categories", f"{base}/categories")
        self._ask("hostile", f"{base}/search?limit=1", self._rng.choice(self._hostile))

    def _photo(self) -> bytes:
        return self._rng.choice(self._photos)

    def _ask(
        self, name: str, path: str, body: bytes | None = None, kind: str = "image/jpeg"
    ) -> dict[str, list[dict[str, str]]] | None:
        status, data = self._service.ask(path, body, kind)
        self.told[f"{name} {status}"] += 1
        return json.loads(data) if name == "search" and status == 200 else None


def slope(values: Sequence[float]) -> dict[str, float]:
    """Megabytes an hour of values that were read once a second."""
    means = [
        sum(values[i : i + BLOCK_S]) / BLOCK_S for i in range(0, len(values) - BLOCK_S + 1, BLOCK_S)
    ]
    found = theilslopes(means, [i * BLOCK_S / 3600 for i in range(len(means))], 0.95)
    return {
        "mb_per_hour": round(float(found.slope), 1),
        "low": round(float(found.low_slope), 1),
        "high": round(float(found.high_slope), 1),
        "first_mb": round(means[0], 1),
        "last_mb": round(means[-1], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--warm-up", type=float, help="Minutes before the sizes are read.")
    parser.add_argument("--callers", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    photos = list(drawn_photos(60))
    seconds = options.minutes * 60
    warm_up_s = seconds / 4 if options.warm_up is None else options.warm_up * 60
    with served(workers=options.workers) as service:
        end = time.monotonic() + seconds
        shoppers = [Shopper(service, photos, seed) for seed in range(options.callers)]

        def call(shopper: Shopper) -> None:
            while time.monotonic() < end:
                shopper.shop()

        callers = [threading.Thread(target=call, args=(shopper,)) for shopper in shoppers]
        for caller in callers:
            caller.start()
        time.sleep(warm_up_s)
        workers = service.workers()
        rows = sampled_each(workers, end)
        for caller in callers:
            caller.join()
        survived = service.workers() == workers
    told = sum((shopper.told for shopper in shoppers), Counter[str]())
    document = {
        "minutes": options.minutes,
        "warm_up_minutes": round(warm_up_s / 60, 2),
        "measured_minutes": round(len(rows[0]) / 60, 2),
        "requests": sum(told.values()),
        "told": dict(sorted(told.items())),
        "workers_survived": survived,
        "rss": [slope(values) for values in rows],
    }
    print(json.dumps(document, indent=2))
    if options.json:
        options.json.write_text(json.dumps(document), encoding="utf-8")


def sampled_each(workers: Sequence[int], until: float) -> list[list[float]]:
    """The resident size of each worker, once a second, until one of them was recycled."""
    rows = [[megabytes(pid, "Rss")] for pid in workers]
    while time.monotonic() < until:
        time.sleep(1)
        try:
            sizes = [megabytes(pid, "Rss") for pid in workers]
        except OSError:
            break
        for row, size in zip(rows, sizes, strict=True):
            row.append(size)
    return rows


if __name__ == "__main__":
    main()
