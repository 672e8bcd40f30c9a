"""A souk of its own over SOUK_HOME for the measurements of this folder, and what its processes hold."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

START_S = 180.0


@dataclass(frozen=True, slots=True)
class Service:
    """`souk serve` as a process: a master and its workers."""

    url: str
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def ask(
        self, path: str, body: bytes | None = None, kind: str = "image/jpeg"
    ) -> tuple[int, bytes]:
        """Status and body; a POST where there is a body."""
        headers = {"Content-Type": kind} if body is not None else {}
        asked = urllib.request.Request(self.url + path, data=body, headers=headers)  # noqa: S310  loopback
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()


@contextmanager
def served(*, workers: int, threads: int = 4) -> Iterator[Service]:
    """Started and ready; ended by SIGTERM."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = ["--port", str(port), "--workers", str(workers), "--threads", str(threads)]
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "souk"), "serve", *told, "--drain-s", "0"],
        env=os.environ | {"SOUK_LOG": "text"},
        stderr=subprocess.DEVNULL,
    )
    service = Service(f"http://127.0.0.1:{port}", process)
    try:
        await_ready(service)
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(90)


def await_ready(service: Service) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and service.process.poll() is None:
        with suppress(OSError):
            if service.ask("/readyz")[0] == 200:
                return
        time.sleep(0.2)
    sys.exit("souk does not serve this workspace; run souk doctor with the same SOUK_HOME.")


def megabytes(pid: int, what: str) -> float:
    """`Rss`, or `Pss`: shared pages divided among those who share them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"/proc/{pid}/smaps_rollup has no {what}")


def peak_megabytes(pid: int, *, begin: bool = False) -> float:
    """The largest resident size since `begin`, or since the process began."""
    if begin:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"/proc/{pid}/status has no VmHWM")
