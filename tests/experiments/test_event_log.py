"""The event log: durable, once each, never in the way, alike in SQLite and PostgreSQL."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from experiments.event_log import EventLog, LogFailure, Logged, log_url
from tests.experiments.logs import NOON, event, exposed, postgresql, server_programs, shown

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    programs = server_programs()
    if programs is None:
        pytest.skip("no initdb: apt-get install postgresql")
    with postgresql(tmp_path_factory.mktemp("postgresql"), programs) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    if request.param == "sqlite":
        made = EventLog(log_url(None, tmp_path), patience_s=5.0)
    else:
        made = EventLog(log_url(request.getfixturevalue("server"), tmp_path), patience_s=5.0)
        made.forget(NOON + timedelta(days=99_999))
    yield made
    made.close()


def test_an_event_is_kept_once_whatever_is_sent_again(log: EventLog) -> None:
    assert log.record_events([event("e1", "q1"), event("e2", "q1"), event("e1", "q1")]) == 2
    assert log.record_events([event("e1", "q1"), event("e3", "q2")]) == 1
    assert sorted(e.event_id for e in log.events(["in"])) == ["e1", "e2", "e3"]
    assert log.record_events([]) == 0


def test_every_page_of_a_search_is_kept_and_a_page_once(log: EventLog) -> None:
    for first in (1, 25, 25, 49):
        assert log.record_search(shown("q1", first=first), []) is Logged.WRITTEN
    assert sorted(s.first_position for s in log.searches(["in"])) == [1, 25, 49]


def test_a_units_exposure_is_kept_once_a_marketplace_and_variant(log: EventLog) -> None:
    log.record_search(shown("q1"), [exposed("q1")])
    log.record_search(shown("q2"), [exposed("q2", minutes=5)])
    log.record_search(shown("q3"), [exposed("q3", marketplace="us")])
    log.record_search(shown("q4"), [exposed("q4", variant="b")])
    kept = {(e.query_id, e.variant) for e in log.exposures("order")}
    assert kept == {("q1", "a"), ("q3", "a"), ("q4", "b")}


def test_what_was_logged_comes_back_equal(log: EventLog) -> None:
    page = shown("q1", variants={"order": "a"}, propensities=(0.5, 0.5), teams={"a": ("p1",)})
    done = event("e1", "q1", kind="purchase", position=3, value_minor=129_900)
    log.record_search(page, [exposed("q1")])
    log.record_events([done])
    assert list(log.searches(["in"])) == [page]
    assert list(log.events(["in"])) == [done]
    assert list(log.exposures("order")) == [exposed("q1")]
    assert log.marketplaces_of(["q1", "q2"]) == {"q1": "in"}


def test_forgets_what_is_older(log: EventLog) -> None:
    log.record_search(shown("old", minutes=-100), [exposed("old", minutes=-100)])
    log.record_search(shown("new"), [])
    log.record_events([event("e-old", "old", minutes=-99), event("e-new", "new")])
    assert log.forget(NOON) == {"exposures": 1, "searches": 1, "events": 1}
    assert log.counts() == {"exposures": 0, "searches": 1, "events": 1}


def test_many_writers_at_once_lose_and_double_nothing(log: EventLog) -> None:
    def write(worker: int) -> None:
        for n in range(20):
            log.record_search(shown(f"q{worker}-{n}"), [exposed(f"q{worker}-{n}", f"u{n}")])
            log.record_events([event(f"e{n}", f"q{n}"), event(f"e{worker}-{n}", f"q{n}")])

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.counts() == {"exposures": 20, "searches": 80, "events": 100}


def test_a_locked_database_delays_no_search_and_loses_none(tmp_path: Path) -> None:
    log = EventLog(log_url(None, tmp_path), patience_s=0.02)
    assert log.record_events([event("e", "q")]) == 1
    lock = sqlite3.connect(tmp_path / "events.sqlite", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    outcomes = {log.record_search(shown(f"q{n}"), []) for n in range(5)}
    waited_s = time.monotonic() - begun
    lock.execute("ROLLBACK")
    lock.close()
    log.close()
    assert outcomes == {Logged.DELAYED}
    assert waited_s < 2.0
    assert EventLog(log_url(None, tmp_path)).counts()["searches"] == 5


def test_more_than_the_queue_holds_is_refused() -> None:
    gone = EventLog("postgresql+psycopg://nobody@127.0.0.1:1/none", patience_s=0.0, capacity=3)
    outcomes = [gone.record_search(shown(f"q{n}"), []) for n in range(300)]
    assert outcomes[-1] is Logged.REFUSED
    with pytest.raises(LogFailure):
        gone.record_events([event("e", "q")])
    gone.close()


WRITER = """
import sys
from pathlib import Path
from experiments.event_log import EventLog, log_url
from tests.experiments.logs import event, exposed, shown
log = EventLog(log_url(None, Path(sys.argv[1])), patience_s=5.0)
for n in range(100_000):
    log.record_search(shown(f"q{n}"), [exposed(f"q{n}", f"u{n}")])
    log.record_events([event(f"e{n}-{k}", f"q{n}") for k in range(3)])
    print(n, flush=True)
"""


def test_nothing_that_was_acknowledged_is_lost_on_kill_9(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    for _ in range(40):
        last = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().split("\n")[:-1]
    writer.stdout.close()
    writer.wait()
    acknowledged = [last, *map(int, filter(None, rest))]
    log = EventLog(log_url(None, tmp_path))
    kept = {e.event_id for e in log.events(["in"])}
    assert {f"e{n}-{k}" for n in range(acknowledged[-1] + 1) for k in range(3)} <= kept
    assert len(kept) % 3 == 0
    assert {f"q{n}" for n in range(acknowledged[-1] + 1)} <= {
        s.query_id for s in log.searches(["in"])
    }
    log.close()
