"""What decoding a photo costs by its format: `python -m benchmarks.photo_formats FILE...`, files of any kind.

Processor time and time of one photo for the networks (the median of `--rounds`), the same for its sharper
pixels where the format has them, and that of reading its header alone. JPEG, PNG, WebP and AVIF can be
made by Pillow; HEIC cannot (see tests/cases/heic).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from vision.photo_headers import read_header
from vision.photos import decode_photo


def measured(call: Callable[[], object], rounds: int) -> dict[str, float]:
    """Milliseconds: of the clock and of the processor, all threads and child processes together."""
    call()
    clock, processor = [], []
    for _ in range(rounds):
        begun, worked = time.perf_counter(), _processor_s()
        call()
        processor.append((_processor_s() - worked) * 1000)
        clock.append((time.perf_counter() - begun) * 1000)
    return {
        "ms": round(statistics.median(clock), 1),
        "processor_ms": round(statistics.median(processor), 1),
    }


def _processor_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    for path in asked.files:
        data = path.read_bytes()
        header = read_header(data)
        document = {
            "file": path.name,
            "format": header.format,
            "bytes": len(data),
            "megapixels": round(header.width * header.height / 1e6, 1),
            "decoded": measured(lambda: decode_photo(data), asked.rounds),  # noqa: B023  called at once
            "header": measured(lambda: read_header(data), asked.rounds),  # noqa: B023
            "cores": os.cpu_count(),
        }
        print(json.dumps(document))


if __name__ == "__main__":
    main()
