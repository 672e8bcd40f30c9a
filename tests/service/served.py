"""A real gunicorn over fakes as a process, and callers that keep it busy."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.service.fakes import ROOT, photo_bytes

START_S = 300
"""A busy machine takes long to import; nothing waits for all of it on an idle one."""
SEARCH = "/v1/in/search?limit=2&accessories=false"


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

    def errors(self) -> str:
        return (self.home / "errors.txt").read_text()

    def await_ready(self) -> None:
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            try:
                if self.ask("GET", "/readyz", None, "text/plain") == 200:
                    return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        pytest.fail(f"the service did not start: {self.errors()[-2000:]}")


@contextmanager
def serving(
    home: Path, *arguments: str, module: str = "tests.service.fake_app", **environ: str
) -> Iterator[Served]:
    """Started and ready; killed at the end if it still runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SOUK_")}
    environment |= {"SOUK_HOME": str(home), "PROMETHEUS_MULTIPROC_DIR": str(home / "metrics")}
    with (home / "errors.txt").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(port), *arguments],
            cwd=ROOT,
            env=environment | environ,
            stderr=errors,
        )
    made = Served(process, port, home)
    try:
        made.await_ready()
        yield made
    finally:
        process.kill() if process.poll() is None else None
        process.wait(30)


@dataclass
class Callers:
    """Threads that search, each request on a connection of its own, until they are told to end.

    `refused` connections never came to be: whoever called knows that nothing was asked. What fails
    after the connection was made is a request that the service dropped: `broken`.
    """

    served: Served
    told: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    refused: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, count: int) -> None:
        photo = photo_bytes("saree")
        for _ in range(count):
            caller = threading.Thread(target=self._search, args=(photo,))
            self._threads.append(caller)
            caller.start()

    def await_answers(self, more: int, within_s: float = 60) -> None:
        wanted, end = len(self.told) + more, time.monotonic() + within_s
        while len(self.told) < wanted and time.monotonic() < end:
            time.sleep(0.02)

    def end(self) -> None:
        self._over.set()
        for caller in self._threads:
            caller.join(90)

    def _search(self, photo: bytes) -> None:
        while not self._over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
            try:
                connection.connect()
            except OSError:
                self.refused += 1
                return
            try:
                connection.request("POST", SEARCH, photo, {"Content-Type": "image/jpeg"})
                answer = connection.getresponse()
                answer.read()
                self.told.append(answer.status)
            except (OSError, http.client.HTTPException) as error:
                self.broken.append(repr(error))
            finally:
                connection.close()
