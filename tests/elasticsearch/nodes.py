"""Real Elasticsearch nodes as child processes: start, pause, kill; every wait is bounded."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
START_S = 300
"""Half a minute is enough, unless a dozen other jobs share the machine."""


@dataclass(slots=True)
class Node:
    """A running node; `home` keeps its data when it is started again."""

    home: Path
    http: int
    transport: int
    settings: tuple[str, ...]
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def kill(self) -> None:
        """As the kernel would: no goodbye."""
        self.process.kill()
        self.process.wait(20)
        self._close_leash()

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def start_again(self) -> None:
        self.process = _launch(self.home, self.http, self.transport, self.settings)
        wait_until_ready(self)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.resume()
            self._close_leash()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(20)
        self._close_leash()

    def _close_leash(self) -> None:
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextlib.contextmanager
def running_node(home: Path, *settings: str) -> Iterator[Node]:
    """A single node, ready; skips the test when Maven or the JDK is missing."""
    node = launch(home, "-Ediscovery.type=single-node", *settings)
    try:
        wait_until_ready(node)
        yield node
    finally:
        node.stop()


@contextlib.contextmanager
def running_cluster(home: Path, names: Sequence[str]) -> Iterator[dict[str, Node]]:
    """Nodes on the loopback that found each other, by name."""
    transports = {name: free_port() for name in names}
    seeds = ",".join(f"127.0.0.1:{port}" for port in transports.values())
    shared = (
        f"-Ediscovery.seed_hosts={seeds}",
        f"-Ecluster.initial_master_nodes={','.join(names)}",
    )
    nodes: dict[str, Node] = {}
    try:
        for name, port in transports.items():
            nodes[name] = launch(home / name, f"-Enode.name={name}", *shared, transport=port)
        for node in nodes.values():
            wait_until_ready(node)
        yield nodes
    finally:
        for node in nodes.values():
            node.stop()


def launch(home: Path, *settings: str, http: int = 0, transport: int = 0) -> Node:
    """A starting node on free ports of the loopback; the caller waits and stops it."""
    provision()
    home.mkdir(parents=True, exist_ok=True)
    http, transport = http or free_port(), transport or free_port()
    return Node(home, http, transport, settings, _launch(home, http, transport, settings))


def provision() -> None:
    """Fetch the jars once; skips when the tools for it are missing."""
    missing = [tool for tool in ("mvn", "unzip", "flock") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}, or a server in SOUK_ELASTICSEARCH_URL")
    java = subprocess.run(["bash", HERE / "java-home.sh"], capture_output=True, check=False)
    if java.returncode != 0:
        pytest.skip("needs a JDK of 21 or newer (ES_JAVA_HOME), or SOUK_ELASTICSEARCH_URL")
    made = subprocess.run(
        ["bash", HERE / "provision.sh", cache()],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    if made.returncode != 0:
        pytest.fail(f"Elasticsearch could not be provisioned:\n{made.stdout}{made.stderr}"[-4000:])


def cache() -> Path:
    default = Path.home() / ".cache" / "souk" / "elasticsearch"
    return Path(os.environ.get("ES_TEST_CACHE", default))


def wait_until_ready(node: Node, wanted: str = "yellow") -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and node.process.poll() is None:
        if healthy(node.url, wanted):
            return
        time.sleep(0.1)
    node.stop()
    log = (node.home / "out.log").read_text(encoding="utf-8", errors="replace")
    pytest.fail(f"Elasticsearch did not start:\n{log[-4000:]}")


def healthy(url: str, wanted: str) -> bool:
    ask = f"{url}/_cluster/health?wait_for_status={wanted}&timeout=1s"
    try:
        with urllib.request.urlopen(ask, timeout=3) as answer:  # noqa: S310 - the loopback
            return bool(answer.status == 200)
    except OSError:
        return False


def _launch(
    home: Path, http: int, transport: int, settings: tuple[str, ...]
) -> subprocess.Popen[bytes]:
    # the pipe on standard input is the leash: the node stops when this process goes away
    with (home / "out.log").open("ab") as log:
        return subprocess.Popen(
            ["bash", HERE / "start.sh", cache(), home, str(http), str(transport), *settings],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "ES_HEAP": os.environ.get("ES_HEAP", "512m")},
        )
