"""What breaks under the service has a defined end: searches go on, writes are refused as problems."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from experiments.event_log import EventLog, log_url
from service.commands.doctor import workspace_state
from service.limiting import SqliteStorage
from service.settings import load_settings
from service.tokens import Role
from service.wiring import build_services
from tests.service.fakes import NOW, ROOT, JsonClient, fake_services


def admin(client: JsonClient) -> dict[str, str]:
    made = client.services.tokens.create(
        name="Asha", role=Role.ADMIN, marketplaces=("*",), now=NOW, days=1
    )
    return {"Authorization": f"Bearer {made}"}


# --- SQLite locked ---


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process writes and does not end; readers may."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_locked_databases_delay_a_search_shortly_and_refuse_writes_as_problems(
    tmp_path: Path,
) -> None:
    services = fake_services(tmp_path, each=2)
    log = EventLog(log_url(None, tmp_path), patience_s=0.05)
    services.events = lambda: log
    client = JsonClient(services)
    headers = admin(client)
    read = client.get("/v1/admin/in/rules", headers=headers).json
    event = {
        "event_id": "e-1", "type": "click", "query_id": "q-1", "product_id": "saree-1",
        "at": "2026-06-15T11:59:00Z",
    }  # fmt: skip
    draft = {
        "files": {"merchandising.yaml": "# one\n" + read["files"]["merchandising.yaml"]},
        "base": read["version"],
        "reason": "a comment",
    }
    assert client.post("/v1/in/events", json=[event]).status_code == 202
    services.rules.history()  # the tables are there
    answers: dict[str, Any] = {}

    def ask(url: str, body: Any) -> None:
        answers[url] = JsonClient(services).post(url, json=body, headers=headers)

    with locked(tmp_path / "events.sqlite"), locked(tmp_path / "rules.sqlite"):
        writes = (
            ("/v1/in/events", [{**event, "event_id": "e-2"}]),
            ("/v1/admin/in/rules:publish", draft),
        )
        callers = [threading.Thread(target=ask, args=write) for write in writes]
        for caller in callers:
            caller.start()
        assert client.search("in", "saree").status_code == 200
        assert client.get("/readyz").status_code == 200
        for caller in callers:
            caller.join(60)
    assert len(answers) == 2
    for refused in answers.values():
        assert (refused.status_code, refused.json["type"]) == (503, "/problems/busy")
        assert refused.headers["Retry-After"] == "5"
    assert client.post("/v1/in/events", json=[{**event, "event_id": "e-2"}]).json["new"] == 1
    assert client.post("/v1/admin/in/rules:publish", json=draft, headers=headers).status_code == 200


def test_a_change_whose_audit_line_cannot_be_kept_stands_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = JsonClient(fake_services(tmp_path, each=2))
    headers = admin(client)
    line = b'{"product_id": "N2", "delete": true}'
    with locked(tmp_path / "tokens.sqlite"):
        answer = client.post("/v1/admin/in/products:bulk", data=line, headers=headers)
    assert answer.status_code == 200
    kept = [record.getMessage() for record in caplog.records if record.name == "souk.audit"]
    assert len(kept) == 1
    assert "Asha: products:bulk in in: 1 absent" in kept[0]
    assert client.services.tokens.audited() == ()


# --- disk full ---


def full_disk(folder: Path) -> list[str]:
    """The command that runs the service on a file system of three megabytes, or under a limit."""
    module = [sys.executable, "-m", "tests.service.full_disk", str(folder)]
    script = f'mount -t tmpfs -o size=3m tmpfs {folder} && exec "$@"'
    inside = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    if shutil.which("unshare") and not subprocess.run([*inside, "true"], check=False).returncode:
        return [*inside, *module]
    return [*module, "limited"]


def test_a_full_disk_stops_writes_and_no_search_and_nothing_is_to_be_mended_afterwards(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        full_disk(tmp_path),
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    well = {"search": 200, "events": 202, "publish": 200, "bulk": "created", "ready": 200}
    assert told["before"]["statuses"] == well
    assert told["full"]["statuses"] == well | {"events": 503, "publish": 503, "bulk": "refused"}
    assert told["full"]["problems"] == ["/problems/busy"]
    assert told["after"]["statuses"] == well
    assert told["logged"] == {"searches": True, "full": True}


def test_the_doctor_sees_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    assert workspace_state(tmp_path, 5 * 2**30).ok
    nearly = workspace_state(tmp_path, 3 * 2**20)
    assert not nearly.ok
    assert "3 MB of its disk are free" in nearly.detail
    assert "free space" in nearly.detail


def test_a_workspace_that_cannot_be_written_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SOUK_")}
    done = subprocess.run(
        [str(Path(sys.executable).parent / "souk"), "serve", "--port", "1"],
        cwd=ROOT, env=environ | {"SOUK_HOME": str(tmp_path / "file" / "home")},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "SOUK_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_secret_that_was_begun_on_a_full_disk_is_made_anew(tmp_path: Path) -> None:
    from service.workspace import workspace_secret

    (tmp_path / "secret").touch()
    made = workspace_secret(tmp_path)
    assert len(made) == 64
    assert workspace_secret(tmp_path) == made
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


# --- clock jumps ---


def at(client: JsonClient, hours: float) -> JsonClient:
    client.services.clock = lambda: NOW + timedelta(hours=hours)
    return client


def test_cursors_live_an_hour_and_survive_a_clock_that_is_put_back(client: JsonClient) -> None:
    cursor = client.search("in", "saree", "limit=2").json["next"]
    statuses = {
        hours: at(client, hours).post("/v1/in/search", json={"cursor": cursor}).status_code
        for hours in (0.9, 1.1, -0.9, -1.1, 24, 0)
    }
    assert statuses == {0.9: 200, 1.1: 400, -0.9: 200, -1.1: 400, 24: 400, 0: 200}


def test_every_page_of_a_search_keeps_the_first_pages_time(client: JsonClient) -> None:
    """So that a schedule neither begins nor ends between two pages."""
    from service.cursors import open_cursor

    cursor = client.search("in", "saree", "limit=2").json["next"]
    later = at(client, 0.5).post("/v1/in/search", json={"cursor": cursor, "limit": 2}).json["next"]
    index = client.services.index.get().version.id
    opened = open_cursor(later, client.services.secret, "in", index, client.services.clock())
    assert opened.asked_at == NOW


def test_tokens_follow_the_clock_and_are_good_again_when_it_is_mended(client: JsonClient) -> None:
    headers = admin(client)
    statuses = [
        at(client, hours).get("/v1/admin/in/rules", headers=headers).status_code
        for hours in (0, 48, -48, 0)
    ]
    assert statuses == [200, 401, 200, 200]


def test_a_clock_that_is_put_back_locks_no_caller_out(tmp_path: Path) -> None:
    now = [1_000_000.0]
    storage = SqliteStorage(f"sqlite://{tmp_path / 'limits.sqlite'}", clock=lambda: now[0])
    assert [storage.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    now[0] -= 86_400
    assert [storage.incr("a", 60), storage.incr("a", 60)] == [1, 2]
    now[0] += 86_400
    assert storage.incr("a", 60) == 1


def wall_clocks(path: Path) -> list[str]:
    """Calls of `time.time` and `datetime.now` and its kin in a module."""
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in ("time.time", "datetime.now", "datetime.utcnow", "date.today")
    ]


def test_breakers_retries_and_schedules_read_no_wall_clock_of_their_own() -> None:
    """They count by the monotonic clock, or take the time as data from service/clock.py."""
    rooms = ("catalog", "documents", "experiments", "ranking", "retrieval", "rules", "service")
    found = [
        line
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if "commands" not in path.parts
        for line in wall_clocks(path)
    ]
    assert {line.split(":")[0] for line in found} == {"service/clock.py", "service/limiting.py"}


# --- model files ---


def damaged(folder: Path, name: str, how: str) -> None:
    path = folder / name
    if how == "missing":
        path.unlink()
        return
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize("how", ["missing", "corrupt"])
@pytest.mark.parametrize(
    ("file", "part"),
    [("embedder.onnx", "models"), ("detector.onnx", "models"), ("heads.npz", "models"),
     ("ranker/ranker.txt", "ranker")],
)  # fmt: skip
def test_a_model_file_that_is_missing_or_corrupt_is_named_and_searches_say_503(
    tmp_path: Path, file: str, part: str, how: str
) -> None:
    models = tmp_path / "models"
    shutil.copytree(ROOT / "models", models)
    damaged(models, file, how)
    settings = load_settings({"SOUK_HOME": str(tmp_path / "home"), "SOUK_MODELS": str(models)})
    services = build_services(settings, clock=lambda: NOW)
    fakes = fake_services(tmp_path, each=2)
    services.index = fakes.index
    if part == "ranker":
        services.models = fakes.models
    client = JsonClient(services)
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert {n for n, p in ready.json["parts"].items() if not p["ok"]} == {part}
    assert Path(file).name in ready.json["parts"][part]["detail"]
    assert client.get("/healthz").status_code == 200
    answer = client.search("in", "saree")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/not-ready")
    assert answer.json["detail"].startswith(f"{part}: ")
    assert answer.headers["Retry-After"]
