"""Rate limits: shared by workers, apart for each caller and marketplace, never in a search's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from service.limiting import SqliteStorage
from service.settings import SettingsError, load_settings
from service.tokens import Role
from tests.service.fakes import NOW, JsonClient, fake_services

Worker = Callable[[], JsonClient]


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    """Another worker of one service that takes five requests an hour of each caller."""

    def make() -> JsonClient:
        services = fake_services(tmp_path)
        services.settings = replace(services.settings, rate_limit="5/hour")
        return JsonClient(services)

    return make


def test_workers_count_together(worker: Worker) -> None:
    workers = [worker(), worker()]
    statuses = [workers[i % 2].get("/v1/in").status_code for i in range(8)]
    assert statuses == [200] * 5 + [429] * 3


def test_a_refusal_is_a_problem_that_says_when_to_come_back(worker: Worker) -> None:
    client = worker()
    for _ in range(5):
        client.get("/v1/in")
    refused = client.get("/v1/in")
    assert refused.content_type == "application/problem+json"
    assert refused.json["type"] == "/problems/too-many-requests"
    assert refused.json["request_id"] == refused.headers["X-Request-Id"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600


def test_callers_and_marketplaces_have_counts_of_their_own(worker: Worker) -> None:
    client = worker()
    for _ in range(6):
        client.get("/v1/gb")
    assert client.get("/v1/uk").status_code == 429
    assert client.get("/v1/in").status_code == 200
    token = client.services.tokens.create(
        name="app", role=Role.VIEWER, marketplaces=("*",), now=NOW, days=1
    )
    assert client.get("/v1/gb", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert client.get("/v1/gb", headers={"Authorization": "Bearer made-up"}).status_code == 429
    assert client.get("/v1/gb", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 200


def test_inventing_marketplaces_gains_nothing(worker: Worker) -> None:
    client = worker()
    statuses = [client.get(f"/v1/nowhere{i}").status_code for i in range(7)]
    assert statuses == [404] * 5 + [429] * 2


def test_what_lies_outside_the_interface_is_free(worker: Worker) -> None:
    client = worker()
    for _ in range(8):
        assert client.get("/healthz").status_code == 200
        assert client.get("/problems").status_code == 200


def test_a_count_that_cannot_be_kept_breaks_no_request(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "limits.sqlite").mkdir()
    client = worker()
    assert [client.get("/v1/in").status_code for _ in range(7)] == [200] * 5 + [429] * 2


def test_a_window_ends(tmp_path: Path) -> None:
    storage = SqliteStorage(f"sqlite://{tmp_path / 'limits.sqlite'}")
    assert [storage.incr("a", 60), storage.incr("a", 60), storage.incr("b", -1)] == [1, 2, 1]
    assert storage.incr("b", 60) == 1
    assert (storage.get("a"), storage.get("none")) == (2, 0)


def test_a_limit_that_cannot_be_read_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SOUK_RATE_LIMIT is 'often'"):
        load_settings({"SOUK_HOME": str(tmp_path), "SOUK_RATE_LIMIT": "often"})
