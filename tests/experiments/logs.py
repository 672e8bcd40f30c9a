"""Searches and events made in tests, and a PostgreSQL server from Debian's packages."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from experiments.events import Event, Exposure, SearchShown

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def shown(
    query_id: str, unit: str = "u", *, first: int = 1, minutes: float = 0, **changes: object
) -> SearchShown:
    values: dict[str, object] = {
        "query_id": query_id,
        "marketplace": "in",
        "unit": unit,
        "at": NOON + timedelta(minutes=minutes),
        "product_ids": ("p1", "p2"),
        "features": "f1",
        "rules": "r1",
        "first_position": first,
    }
    return SearchShown(**{**values, **changes})  # type: ignore[arg-type]  # fields by name, in tests only


def exposed(
    query_id: str,
    unit: str = "u",
    variant: str = "a",
    *,
    minutes: float = 0,
    marketplace: str = "in",
) -> Exposure:
    return Exposure(
        experiment="order",
        variant=variant,
        unit=unit,
        marketplace=marketplace,
        query_id=query_id,
        at=NOON + timedelta(minutes=minutes),
    )


def event(
    event_id: str, query_id: str, *, kind: str = "click", minutes: float = 1, **changes: object
) -> Event:
    values: dict[str, object] = {
        "event_id": event_id,
        "type": kind,
        "marketplace": "in",
        "query_id": query_id,
        "product_id": "p1",
        "unit": "u",
        "at": NOON + timedelta(minutes=minutes),
        "received_at": NOON + timedelta(minutes=minutes),
    }
    return Event(**{**values, **changes})  # type: ignore[arg-type]  # fields by name, in tests only


def server_programs() -> Path | None:
    """The folder of initdb and postgres: Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = [folder for folder in folders if (folder / "initdb").exists()]
    return found[-1] if found else None


@contextmanager
def postgresql(folder: Path, programs: Path) -> Iterator[str]:
    """A server of its own on a free port, as the user `postgres` when this is root."""
    data = folder / "data"
    port = _free_port()
    as_user = (
        ["runuser", "-u", "postgres", "--"] if shutil.which("runuser") and os.getuid() == 0 else []
    )
    if as_user:
        folder.chmod(0o777)
        for parent in folder.parents[:3]:
            parent.chmod(parent.stat().st_mode | 0o011)
    subprocess.run(
        [*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "app", "-E", "UTF8", "-N"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    server = subprocess.Popen(
        [*as_user, programs / "postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1",
         "-c", f"unix_socket_directories={data}", "-c", "fsync=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        _await_port(port)
        yield f"postgresql://app@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_port(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(0.3)
                return
        time.sleep(0.1)
    raise TimeoutError(f"no server on port {port}")
