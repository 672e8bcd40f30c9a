"""How long a shopper waits: from the drop of a photo to the first product painted, in a real browser.

    SOUK_HOME=… python benchmarks/first_page.py --drops 60

serves the workspace of SOUK_HOME (the demo's) with `souk serve`, opens the shopper's page in Chromium
and drops one photo on each fresh page. No photo comes twice: the demo's sample photos are cropped and
lit by chance (`--seed`). A product counts as painted when its picture is on the screen: the browser's own
render time of that element. `asked` is when the search left, `answered` when its answer was whole, `shown`
when the first products stood in the document.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.request import urlopen

import numpy as np
from PIL import Image, ImageEnhance
from playwright.sync_api import Page, sync_playwright

from service.settings import load_settings

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
READY_S = 90
DROP = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], 'photo.jpg', {type: 'image/jpeg'}));
  const grid = document.getElementById('grid');
  const filled = new Promise((done) => {
    const watch = new MutationObserver(() => {
      const picture = grid.querySelector('[data-product] img');
      if (!picture) return;
      watch.disconnect();
      picture.setAttribute('elementtiming', 'first');
      done(performance.now());
    });
    watch.observe(grid, {childList: true});
  });
  const drawn = new Promise((done) => new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.identifier === 'first') done(one.renderTime);
  }).observe({type: 'element'}));
  await new Promise((done) => requestAnimationFrame(done));
  const dropped = performance.now();
  const told = {dataTransfer: carried, bubbles: true, cancelable: true};
  document.body.dispatchEvent(new DragEvent('drop', told));
  const shown = await filled;
  const painted = await drawn;
  const search = performance.getEntriesByType('resource').find((one) => one.name.includes('/search?'));
  return {asked: search.requestStart - dropped, answered: search.responseEnd - dropped,
          shown: shown - dropped, painted: painted - dropped};
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drops", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--marketplace", default="in")
    parser.add_argument("--url", help="A server that runs; default: one of its own.")
    options = parser.parse_args()
    with serving(options.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        address = f"{url}/?marketplace={options.marketplace}"
        warm, *photos = distinct_photos(options.drops + 1, options.seed)
        timed(page, address, warm)
        rows = [timed(page, address, photo) for photo in photos]
        browser.close()
    steps = {name: spread([row[name] for row in rows]) for name in rows[0]}
    sys.stdout.write(json.dumps({"drops": len(rows), "ms": steps}, indent=2) + "\n")


def timed(page: Page, address: str, photo: bytes) -> dict[str, float]:
    """Milliseconds after the drop by which each step was done."""
    page.goto(address)
    page.wait_for_selector("#samples img")
    page.wait_for_load_state("networkidle")
    found: dict[str, float] = page.evaluate(DROP, base64.b64encode(photo).decode())
    return found


def distinct_photos(count: int, seed: int) -> list[bytes]:
    """Sample photos of the workspace, each cut and lit differently."""
    samples = sorted(load_settings().samples.glob("*.jpg"))
    if not samples:
        raise SystemExit("No sample photos: run `souk demo --no-serve` with this SOUK_HOME first.")
    rng = Random(seed)
    return [_varied(samples[number % len(samples)], rng) for number in range(count)]


def _varied(path: Path, rng: Random) -> bytes:
    with Image.open(path) as photo:
        width, height = photo.size
        margins = [rng.uniform(0, 0.06) for _ in range(4)]
        cut = photo.convert("RGB").crop(
            (
                round(width * margins[0]),
                round(height * margins[1]),
                round(width * (1 - margins[2])),
                round(height * (1 - margins[3])),
            )
        )
    stream = io.BytesIO()
    ImageEnhance.Brightness(cut).enhance(rng.uniform(0.85, 1.15)).save(stream, "JPEG", quality=85)
    return stream.getvalue()


@contextmanager
def serving(url: str | None) -> Iterator[str]:
    """The given server, or one of its own until the block ends."""
    if url is not None:
        yield url
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    souk = Path(sys.executable).parent / "souk"
    process = subprocess.Popen(
        [souk, "serve", "--port", str(port), "--drain-s", "0"], stderr=subprocess.DEVNULL
    )
    try:
        _await_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _await_ready(url: str) -> None:
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        try:
            with urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310  http, ourselves
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"The server was not ready within {READY_S} s.")


def spread(values: list[float]) -> dict[str, float]:
    p50, p90, p95 = np.percentile(values, (50, 90, 95))
    return {"p50": round(float(p50), 1), "p90": round(float(p90), 1), "p95": round(float(p95), 1)}


if __name__ == "__main__":
    main()
