"""What one and two workers hold after serving: the second must not double it.

    SOUK_HOME=DIR python -m benchmarks.memory [--searches 100]

prints one JSON object. Pss divides each shared page among the processes that share it, so that the sum
over master and workers is what the host really gives.
"""

from __future__ import annotations

import argparse
import json

from benchmarks.load.photos import drawn_photos
from benchmarks.serving import megabytes, served

MARKETPLACES = ("in", "us", "de", "fr")


def held(workers: int, searches: int) -> dict[str, object]:
    """Megabytes of a service after so many searches of each worker, on average."""
    with served(workers=workers) as service:
        for number, photo in enumerate(drawn_photos(searches * workers)):
            marketplace = MARKETPLACES[number % len(MARKETPLACES)]
            service.ask(f"/v1/{marketplace}/search", photo)
        processes = [service.process.pid, *service.workers()]
        return {
            "workers": workers,
            "pss_mb": round(sum(megabytes(pid, "Pss") for pid in processes), 1),
            "rss_of_each_mb": [round(megabytes(pid, "Rss"), 1) for pid in processes],
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=60, help="Of each worker.")
    options = parser.parse_args()
    one, two = held(1, options.searches), held(2, options.searches)
    ratio = float(str(two["pss_mb"])) / float(str(one["pss_mb"]))
    print(json.dumps({"one": one, "two": two, "ratio": round(ratio, 2)}))


if __name__ == "__main__":
    main()
