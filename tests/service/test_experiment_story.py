"""The whole story: defined, checked, started, 20,000 sessions over HTTP, a worker killed, the verdict."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from experiments.event_log import EventLog, log_url
from service.commands.experiments import experiments
from tests.service.served import Served, serving

SHOPPERS = 10_000
SESSIONS = 2
"""Of each shopper: one search each, by a product, which needs no photo to be read."""
THREADS = 6
AT_ONCE = 50
"""Clicks that an app sends together."""
SEARCH = "/v1/in/search?limit=1&accessories=false&facets=false"
PRODUCT = b'{"product_id": "saree-1"}'
BASE, LIFT = 0.2, 0.25
"""Of a search to be clicked; variant `plain` is clicked so much more often, relatively."""
DEFINITION = """\
key: plain-order
hypothesis: Order by similarity alone is clicked more.
owner: search
state: draft
marketplaces: [in]
salt: plain-order-1
variants:
  - {key: shipped, weight: 0.5}
  - {key: plain, weight: 0.5, ranking: {reranker: similarity}}
primary_metric: click_through
stop: {rule: sequential, units: 10000}
"""


@dataclass
class Shoppers:
    """A thread's shoppers, what they were answered, and what was acknowledged of what they did."""

    port: int
    numbers: range
    searches: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    failed: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)
    connection: http.client.HTTPConnection | None = None

    def live(self, done: threading.Semaphore) -> None:
        for number in self.numbers:
            draw = random.Random(number)
            for _ in range(SESSIONS):
                self._session(f"shopper-{number}", draw)
                done.release()
            if len(self.waiting) >= AT_ONCE:
                self._tell()
        self._tell()
        if self.connection is not None:
            self.connection.close()

    def _session(self, unit: str, draw: random.Random) -> None:
        """A shopper whose request breaks off searches again."""
        answer = self._ask(SEARCH, PRODUCT, "application/json", unit)
        self.searches.add(answer["query_id"])
        variant = {e["key"]: e["variant"] for e in answer["experiments"]}["plain-order"]
        if draw.random() < BASE * (1 + LIFT * (variant == "plain")):
            self.waiting.append(
                {
                    "event_id": f"{answer['query_id']}.click",
                    "type": "click",
                    "query_id": answer["query_id"],
                    "product_id": answer["results"][0]["product_id"],
                    "position": 1,
                    "at": "2026-06-15T12:01:00Z",
                }
            )

    def _tell(self) -> None:
        """Sent again, with the same ids, until it is acknowledged; every tenth time once more."""
        if not self.waiting:
            return
        body = json.dumps(self.waiting).encode()
        for _ in range(1 + (len(self.acknowledged) % 10 == 0)):
            self._ask("/v1/in/events", body, "application/json", "app")
        self.acknowledged |= {event["event_id"] for event in self.waiting}
        self.waiting = []

    def _ask(self, path: str, body: bytes, kind: str, unit: str) -> Any:
        for _ in range(50):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            try:
                self.connection.request(
                    "POST", path, body, {"Content-Type": kind, "X-Souk-Unit": unit}
                )
                answer = self.connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                self.failed += 1
                continue
            if answer.status in (200, 202):
                return json.loads(text)
            assert answer.status == 503, text
        pytest.fail(f"{path} never answered")


def run(folder: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(experiments, [*arguments, "--folder", str(folder)])
    assert done.exit_code == 0, done.output
    return done


def processor_ticks(pid: int) -> int:
    """How long a process has worked: one of two workers may hold every connection."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def shop(served: Served, kill_after: int) -> list[Shoppers]:
    """All sessions; after so many the busier worker is killed in the middle of its work."""
    done = threading.Semaphore(0)
    everyone = [Shoppers(served.port, range(n, SHOPPERS, THREADS)) for n in range(THREADS)]
    threads = [threading.Thread(target=one.live, args=(done,)) for one in everyone]
    for thread in threads:
        thread.start()
    for _ in range(kill_after):
        assert done.acquire(timeout=300)
    os.kill(max(served.workers(), key=processor_ticks), signal.SIGKILL)
    for thread in threads:
        thread.join()
    return everyone


@pytest.mark.slow
def test_twenty_thousand_sessions_and_a_killed_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing acknowledged is lost, nothing counts twice, and the verdict is right."""
    folder = tmp_path / "experiments"
    folder.mkdir()
    (folder / "plain-order.yaml").write_text(DEFINITION, encoding="utf-8")
    monkeypatch.setenv("SOUK_HOME", str(tmp_path))
    checked = CliRunner().invoke(experiments, ["check", str(folder)])
    assert checked.output == "1 experiments, 0 findings.\n"
    run(folder, "start", "plain-order")
    with serving(tmp_path) as served:
        everyone = shop(served, kill_after=SHOPPERS * SESSIONS // 2)
    answered = set().union(*(one.searches for one in everyone))
    clicks = set().union(*(one.acknowledged for one in everyone))
    broken = sum(one.failed for one in everyone)
    log = EventLog(log_url(None, tmp_path))
    logged = [shown.query_id for shown in log.searches(["in"])]
    events = [event.event_id for event in log.events(["in"])]
    assert len(answered) == SHOPPERS * SESSIONS
    assert broken > 0
    assert answered <= set(logged)
    assert len(logged) == len(set(logged)) <= len(answered) + broken
    assert sorted(events) == sorted(clicks)
    report = json.loads(run(folder, "report", "plain-order", "--json").output)
    assert sum(report["counts"].values()) == SHOPPERS
    assert (report["twice"], report["unjoined"]) == (0, 0)
    assert report["mismatch_p"] > 0.001
    assert report["verdict"].startswith("'plain' raises click_through by")
    (estimate,) = report["estimates"]
    assert estimate["low"] < LIFT < estimate["high"]
