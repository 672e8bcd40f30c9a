"""gunicorn stops in order, and a killed worker takes no acknowledged event along.

A connection that no worker has read from when SIGTERM comes is reset: see docs/operations.md.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.service.fakes import ROOT, photo_bytes

START_S = 300
"""A busy machine takes long to import; nothing waits for all of it on an idle one."""


@dataclass
class Served:
    process: subprocess.Popen[bytes]
    port: int
    home: Path

    def ask(self, method: str, path: str, body: bytes | None, kind: str) -> int:
        """The status; ConnectionRefusedError when nobody listens any more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@dataclass
class Load:
    """What callers were told: by number, and the requests that broke."""

    told: list[int] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service for both tests: the second one stops it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SOUK_")}
    home = tmp_path_factory.mktemp("stopping")
    environment |= {"SOUK_HOME": str(home), "PROMETHEUS_MULTIPROC_DIR": str(home / "metrics")}
    with (home / "errors.txt").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.service.fake_app", str(port)],
            cwd=ROOT,
            env=environment,
            stderr=errors,
        )
    made = Served(process, port, home)
    try:
        _await_start(made)
        yield made
    finally:
        process.kill() if process.poll() is None else None
        process.wait(30)


def _await_start(served: Served) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            if served.ask("GET", "/readyz", None, "text/plain") == 200:
                return
        except OSError:
            if served.process.poll() is not None:
                break
            time.sleep(0.1)
    errors = (served.home / "errors.txt").read_text()[-2000:]
    pytest.fail(f"the service did not start: {errors}")


def _search_until_refused(served: Served, load: Load, photo: bytes) -> None:
    while True:
        try:
            load.told.append(
                served.ask("POST", "/v1/in/search?limit=2&accessories=false", photo, "image/jpeg")
            )
        except ConnectionRefusedError:
            return
        except OSError as error:
            load.broken.append(repr(error))
            return


def test_metrics_add_up_over_the_workers(served: Served) -> None:
    for _ in range(12):
        served.ask("GET", "/v1/marketplaces", None, "text/plain")
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    assert 'souk_requests_total{route="/v1/marketplaces",status="200"} 12.0' in text


def _event(number: int) -> dict[str, object]:
    return {
        "event_id": f"e-{number}", "type": "click", "query_id": "q-1", "product_id": "saree-1",
        "position": 1, "at": "2026-06-15T11:59:00Z",
    }  # fmt: skip


def test_a_killed_worker_loses_no_acknowledged_event(served: Served) -> None:
    acknowledged: list[str] = []
    for number in range(40):
        if number == 20:
            os.kill(served.workers()[0], signal.SIGKILL)
        body = json.dumps([_event(number)]).encode()
        try:
            status = served.ask("POST", "/v1/in/events", body, "application/json")
        except OSError:
            continue  # the killed worker's own request: it was not acknowledged
        if status == 202:
            acknowledged.append(f"e-{number}")
    assert len(acknowledged) >= 35
    with sqlite3.connect(served.home / "events.sqlite") as log:
        kept = {row[0] for row in log.execute("SELECT event_id FROM events")}
    log.close()
    assert set(acknowledged) <= kept


def test_sigterm_ends_in_order_and_every_answer_is_whole(served: Served) -> None:
    load, photo = Load(), photo_bytes("saree")
    callers = [
        threading.Thread(target=_search_until_refused, args=(served, load, photo)) for _ in range(3)
    ]
    for caller in callers:
        caller.start()
    end = time.monotonic() + 30
    while len(load.told) < 6 and time.monotonic() < end:
        time.sleep(0.05)
    served.process.send_signal(signal.SIGTERM)
    for caller in callers:
        caller.join(40)
    assert served.process.wait(40) == 0
    assert len(load.told) >= 6
    assert set(load.told) == {200}
