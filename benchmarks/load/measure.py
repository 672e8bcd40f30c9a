"""How many searches two workers answer, where the knee is, and what happens past it.

    python3 -m venv /tmp/load && /tmp/load/bin/pip install locust==2.47.0
    SOUK_HOME=DIR python -m benchmarks.load.measure --locust /tmp/load/bin/python [--photos DIR] [--json FILE]

starts `souk serve --workers 2` over the workspace, sends distinct photos of 0.8 megapixels (drawn ones, or
those of `--photos`), first in a closed loop, then in an open one, and prints a table. Callers and service
share the machine. The knee is the highest open rate of the list up to which p95 stays within 150 ms and
nothing is refused.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.load.photos import drawn_photos, photos_of, write_photos
from benchmarks.serving import served

ROOT = Path(__file__).resolve().parents[2]
AIM_MS = 150.0
COLUMNS = ("answered_per_s", "p50_ms", "p95_ms", "p99_ms", "refused_per_s", "refused_p95_ms")


def called(options: argparse.Namespace, url: str, photos: Path, *load: str) -> dict[str, object]:
    """One point of a loop, by locust in its own environment."""
    command = [options.locust, ROOT / "benchmarks" / "load" / "callers.py", "--url", url]
    command += ["--photos", photos, "--marketplace", options.marketplace]
    command += ["--seconds", str(options.seconds), *load]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    if not isinstance(found, dict):
        raise TypeError("callers.py prints one JSON object")
    return found


def knee(points: Sequence[Mapping[str, object]]) -> float | None:
    """The last open rate before the first that misses the aim; None when the first does."""
    best = None
    for point in points:
        p95, refused = float(str(point["p95_ms"])), float(str(point["refused_per_s"]))
        if p95 > AIM_MS or refused > 0:
            return best
        best = float(str(point["rate"]))
    return best


def table(name: str, points: Sequence[Mapping[str, object]]) -> str:
    lines = ["| " + " | ".join((name, *COLUMNS)) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for point in points:
        cells = (str(point[c]) if point[c] is not None else "—" for c in (name, *COLUMNS))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--locust", required=True, help="Python of an environment with locust.")
    parser.add_argument("--photos", type=Path, help="Pictures to ask with; drawn ones otherwise.")
    parser.add_argument("--count", type=int, default=200, help="Distinct photos.")
    parser.add_argument("--callers", default="1,2,4,8,16", help="Of the closed loop.")
    parser.add_argument(
        "--rates", default="4,8,12,16,20,24,32,48", help="Of the open loop, a second."
    )
    parser.add_argument("--seconds", type=float, default=12.0, help="Of each point.")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--marketplace", default="in")
    parser.add_argument("--json", type=Path, help="Write everything here too.")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(workers=options.workers, threads=options.threads) as service,
    ):
        url = service.url
        photos = Path(folder)
        chosen = photos_of(options.photos, options.count) if options.photos else None
        count = write_photos(chosen or drawn_photos(options.count), photos)
        closed = [
            {"callers": int(n), **called(options, url, photos, "--callers", n)}
            for n in options.callers.split(",")
        ]
        opened = [
            {"rate": float(r), **called(options, url, photos, "--rate", r)}
            for r in options.rates.split(",")
        ]
    document = {
        "photos": count, "seconds": options.seconds, "workers": options.workers,
        "threads": options.threads, "closed": closed, "open": opened, "knee_per_s": knee(opened),
    }  # fmt: skip
    print(table("callers", closed), table("rate", opened), sep="\n\n")
    print(f"\nknee: {document['knee_per_s']} searches a second at p95 <= {AIM_MS:.0f} ms")
    if options.json:
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
