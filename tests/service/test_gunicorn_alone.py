"""The same service by gunicorn's own command, without `souk serve`."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from retrieval.versions import build_embedded
from rules.loading import load_locales
from tests.service.fakes import ROOT, photo_bytes, records
from tests.service.served import Served
from vision.manifest import read_manifest


def indexed(home: Path) -> None:
    """A small embedded index of the shipped networks' version."""
    found = load_locales(ROOT / "locales").marketplaces["in"]
    made = records("in", found.tree, found.marketplace.currency, 2)
    model = read_manifest(ROOT / "models").version
    build_embedded({"in": made}, home / "index", id="v1", model=model, taxonomy="t")


def searched(port: int, photo: bytes) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/v1/in/search?limit=3", photo, {"Content-Type": "image/jpeg"})
    answer = connection.getresponse()
    page = json.load(answer)
    connection.close()
    return answer.status, page


def test_gunicorn_alone_serves_the_same_and_ends_at_sigterm(tmp_path: Path) -> None:
    indexed(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("SOUK_", "PROMETHEUS"))}
    with (tmp_path / "errors.txt").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "service.wiring:create_app()",
             "--bind", f"127.0.0.1:{port}", "--threads", "12"],
            cwd=ROOT, env=environ | {"SOUK_HOME": str(tmp_path)}, stderr=errors,
        )  # fmt: skip
    try:
        Served(process, port, tmp_path).await_ready()
        status, page = searched(port, photo_bytes("saree", (600, 800)))
        assert status == 200
        assert len(page["results"]) == 3
        assert page["degraded"] == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(30)
