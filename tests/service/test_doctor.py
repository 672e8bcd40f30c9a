"""`souk doctor` looks at the servers themselves: a service with a snapshot is ready without them."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from catalog.store import CatalogStore
from service.commands import doctor
from service.commands.doctor import catalog_state, database_state, elasticsearch_state, examine
from service.settings import load_settings


@contextmanager
def answering(status: int, document: object) -> Iterator[str]:
    """A server that answers everything so, as Elasticsearch signs its answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(20)
    server.server_close()


def test_a_server_that_refuses_is_named_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        state = elasticsearch_state(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert not state.ok
    assert "Connection refused" in state.detail
    assert "SOUK_ELASTICSEARCH_URL" in state.detail


def test_a_server_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PATIENCE_MS", 200)
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen(8)
        state = elasticsearch_state(f"http://127.0.0.1:{hanging.getsockname()[1]}")
    assert (state.ok, "does not answer within 0.2 s" in state.detail) == (False, True)


def test_a_server_without_an_index_says_what_to_run() -> None:
    with answering(200, {}) as url:
        state = elasticsearch_state(url)
    assert (state.ok, "souk index build" in state.detail) == (False, True)


def test_a_server_that_wants_a_password_is_named_so() -> None:
    refusal = {"error": {"type": "security_exception"}, "status": 401}
    with answering(401, refusal) as url:
        state = elasticsearch_state(url)
    assert (state.ok, "401" in state.detail) == (False, True)


def test_a_database_that_is_gone_is_named_so(tmp_path: Path) -> None:
    assert database_state(f"sqlite:///{tmp_path / 'events.sqlite'}").ok
    state = database_state("postgresql+psycopg://souk:hidden@127.0.0.1:1/souk")
    assert not state.ok
    assert "refused" in state.detail
    assert "hidden" not in state.detail


def test_the_doctor_fails_for_a_dead_server_however_ready_the_service_is(tmp_path: Path) -> None:
    settings = {"SOUK_HOME": str(tmp_path), "SOUK_ELASTICSEARCH_URL": "http://127.0.0.1:1"}
    parts = examine(load_settings(settings))
    assert not parts["elasticsearch"].ok
    assert "database" not in parts


def test_a_catalogue_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    assert catalog_state(path).ok
    with closing(CatalogStore(path)) as store:
        assert store.count() == 0
    assert catalog_state(path).detail == "0 products"
    for file in tmp_path.iterdir():
        file.unlink()
    path.write_bytes(b"no database" * 500)
    state = catalog_state(path)
    assert not state.ok
    assert f"{path} cannot be opened as a catalogue" in state.detail
