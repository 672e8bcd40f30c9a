"""Neither a stop nor a reload drops a request, and a killed worker takes nothing acknowledged along."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator

import pytest

from service.arbiter import Signboard, refuse_new_connections
from tests.service.served import Callers, Served, serving

CALLERS = 24
"""Far more than the four threads of the two workers: connections wait to be accepted."""


@pytest.fixture(scope="module", params=["", "preload"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """One service for all tests, with and without preload: the last one stops it."""
    with serving(tmp_path_factory.mktemp("stopping"), request.param) as made:
        yield made


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


def _await_other_workers(served: Served, than: set[int]) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        workers = set(served.workers())
        if len(workers) == 2 and not workers & than:
            return
        time.sleep(0.05)
    pytest.fail(f"the workers stay {than}: {served.errors()[-2000:]}")


def test_a_rolling_reload_replaces_every_worker_and_drops_no_request(served: Served) -> None:
    before, callers = set(served.workers()), Callers(served)
    callers.begin(CALLERS)
    callers.await_answers(CALLERS)
    served.process.send_signal(signal.SIGHUP)
    _await_other_workers(served, before)
    callers.await_answers(CALLERS)
    callers.end()
    assert (callers.broken, callers.refused) == ([], 0)
    assert set(callers.told) == {200}


def test_a_reload_with_models_that_fail_keeps_the_old_workers(served: Served) -> None:
    """With preload the application is made once, in the master: a reload does not look again."""
    before = set(served.workers())
    (served.home / "no-models").touch()
    served.process.send_signal(signal.SIGHUP)
    if "preload" in str(served.process.args):
        _await_other_workers(served, before)
    else:
        end = time.monotonic() + 120
        while "is not ready and ends" not in served.errors() and time.monotonic() < end:
            time.sleep(0.05)
        assert "models/trunk.onnx is missing" in served.errors()
        assert set(served.workers()) >= before
    (served.home / "no-models").unlink()
    assert served.ask("GET", "/readyz", None, "text/plain") == 200


def test_sigterm_drops_no_request_and_readiness_says_so_first(served: Served) -> None:
    callers = Callers(served)
    callers.begin(CALLERS)
    callers.await_answers(CALLERS)
    served.process.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    readiness = served.ask("GET", "/readyz", None, "text/plain")
    assert served.process.wait(60) == 0
    callers.end()
    assert readiness == 503
    assert callers.broken == []
    assert set(callers.told) == {200}
    assert callers.refused == CALLERS


def test_what_has_begun_is_taken_and_what_begins_is_not() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        begun = socket.create_connection(listener.getsockname(), timeout=5)
        assert refuse_new_connections(listener)
        with pytest.raises(TimeoutError):
            socket.create_connection(listener.getsockname(), timeout=0.5)
        begun.sendall(b"asked")
        taken, _ = listener.accept()
        assert taken.recv(5) == b"asked"
        taken.close()
        begun.close()


def test_a_socket_that_is_no_tcp_listener_is_left_alone() -> None:
    here, there = socket.socketpair()
    assert not refuse_new_connections(here)
    here.close()
    there.close()


def test_the_board_tells_each_report_once() -> None:
    board = Signboard()
    assert not board.stopping()
    board.report(12, ready=True)
    board.report(13, ready=False)
    assert dict(board.reports()) == {12: True, 13: False}
    assert dict(board.reports()) == {}
    board.announce_stop()
    assert board.stopping()
