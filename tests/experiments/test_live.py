"""The running experiments of a process: read once by the first, whoever else comes waits for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from experiments.live import LiveExperiments

DEFINITION = """\
key: order
hypothesis: Similarity alone is clicked more.
owner: search
state: running
marketplaces: [in]
salt: order-1
variants:
  - {key: shipped, weight: 0.5}
  - {key: plain, weight: 0.5, ranking: {reranker: similarity}}
primary_metric: click_through
"""


def test_searches_that_come_during_the_first_reading_see_the_experiments_too(
    tmp_path: Path,
) -> None:
    (tmp_path / "order.yaml").write_text(DEFINITION, encoding="utf-8")
    reading, second = threading.Event(), threading.Event()

    def slow_marketplaces() -> tuple[str, ...]:
        reading.set()
        assert second.wait(5)
        return ("in",)

    live = LiveExperiments(tmp_path, slow_marketplaces)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(live)
        assert reading.wait(5)
        other = pool.submit(live)
        threading.Timer(0.2, second.set).start()
        found = [[e.key for e in answer.result()] for answer in (first, other)]

    assert found == [["order"], ["order"]]
