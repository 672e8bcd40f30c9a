"""Hostile files sent to a running souk: what they are answered, what they cost, what stays in memory.

    SOUK_HOME=DIR python -m benchmarks.hostile_uploads

sends the corpus of tests/vision/hostile_files.py (over 500 generated files) to one worker and prints one
JSON object. Growth is the largest resident size during the corpus above the size after sound photos;
processor time is that of reading and refusing a file, in this process.
"""

from __future__ import annotations

import json
import time

from benchmarks.load.photos import drawn_photos
from benchmarks.serving import megabytes, peak_megabytes, served
from service.problems import Problem
from service.uploads import decode_upload
from tests.vision.heif_files import hostile_heifs
from tests.vision.hostile_files import bombs, hostile_files, wrong_magic

SEARCH = "/v1/in/search?limit=1&accessories=false"


def main() -> None:
    statuses: dict[int, int] = {}
    with served(workers=1) as service:
        (worker,) = service.workers()
        for photo in drawn_photos(30):
            service.ask(SEARCH, photo)
        before = megabytes(worker, "Rss")
        peak_megabytes(worker, begin=True)
        for _, data in hostile_files():
            status, _ = service.ask(SEARCH, data)
            statuses[status] = statuses.get(status, 0) + 1
        document = {
            "files": sum(statuses.values()),
            "statuses": {str(k): v for k, v in sorted(statuses.items())},
            "worker_survived": service.workers() == [worker],
            "rss_before_mb": round(before, 1),
            "peak_growth_mb": round(peak_megabytes(worker) - before, 1),
            "growth_afterwards_mb": round(megabytes(worker, "Rss") - before, 1),
        }
    document["refused_by_header"], document["slowest_ms_of_processor"] = header_refusals()
    print(json.dumps(document))


def header_refusals() -> tuple[int, float]:
    """Of bombs and wrong beginnings: how many are refused, and the longest that one took."""
    refused, slowest = 0, 0.0
    for _, data in (*bombs(), *wrong_magic(), *hostile_heifs()):
        begun = time.process_time()
        try:
            decode_upload(data)
        except Problem:
            refused += 1
            slowest = max(slowest, time.process_time() - begun)
    return refused, round(slowest * 1000, 2)


if __name__ == "__main__":
    main()
