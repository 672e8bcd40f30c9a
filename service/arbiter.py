"""gunicorn's master, made orderly: neither a stop nor a reload drops a request.

gunicorn's own master closes its listeners and tells the workers to go. The kernel then resets every
connection that was made and not yet accepted, and whoever connects until the last worker has closed
its copy. This one stops in four steps: readiness says 503 while requests are still taken, new
connections are no longer begun, the workers accept all that had begun, and only then do they go.

At a reload gunicorn's own master sends the old workers away before the new ones can answer. This one
waits for the new ones, and keeps the old ones when the new ones are not ready.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

SETTLE_S = 0.3
"""A handshake that had begun when the doors closed has ended after this long."""
_STEP_S = 0.05
_SO_ATTACH_FILTER = 26
"""Of Linux; Python's `socket` does not name it."""
_REPORT = struct.Struct("=i?")


class Signboard:
    """What the master and its workers tell each other; made before the first fork."""

    def __init__(self) -> None:
        self._stopping = mmap.mmap(-1, 1)
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)

    def announce_stop(self) -> None:
        """From now on every worker's `stopping` is true."""
        self._stopping[0] = 1

    def stopping(self) -> bool:
        return self._stopping[0] == 1

    def report(self, pid: int, *, ready: bool) -> None:
        """A worker has started, and whether all its parts answer."""
        os.write(self._write, _REPORT.pack(pid, ready))

    def reports(self) -> Iterator[tuple[int, bool]]:
        """What was reported since the last call."""
        while True:
            try:
                packed = os.read(self._read, _REPORT.size)
            except BlockingIOError:
                return
            pid, ready = _REPORT.unpack(packed)
            yield pid, ready


class OrderlyArbiter(Arbiter):  # type: ignore[misc]  # gunicorn ships no types
    """`drain_s`: how long requests are still taken after readiness has said 503."""

    def __init__(self, app: Any, board: Signboard, drain_s: float) -> None:
        self._board = board
        self._drain_s = drain_s
        self._ready: dict[int, bool] = {}
        super().__init__(app)

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002  gunicorn's signature
        """Let in what has begun, then go; SIGINT and SIGQUIT cut it short."""
        if graceful and self.LISTENERS:
            self._close_doors()
        super().stop(graceful)

    def manage_workers(self) -> None:
        """Of too many workers those go first that are not ready, then the oldest."""
        if len(self.WORKERS) > self.num_workers:
            self._await_start()
            self._send_away()
        else:
            super().manage_workers()

    def _close_doors(self) -> None:
        self._board.announce_stop()
        self._pass(self._drain_s, lambda: False)
        for listener in self.LISTENERS:
            if not refuse_new_connections(listener.sock):
                self.log.warning("%s: new connections cannot be held off while stopping", listener)
        self._pass(SETTLE_S, lambda: False)
        self._pass(
            self.cfg.graceful_timeout, lambda: all(x.get_backlog() <= 0 for x in self.LISTENERS)
        )

    def _await_start(self) -> None:
        self._pass(self.cfg.timeout, lambda: all(pid in self._ready for pid in self.WORKERS))

    def _send_away(self) -> None:
        workers = sorted(
            self.WORKERS.items(), key=lambda item: (self._ready.get(item[0], False), item[1].age)
        )
        surplus = max(0, len(workers) - self.num_workers)
        for pid, _ in workers[:surplus]:
            if not self._ready.get(pid, False):
                self.log.error("worker %s is not ready and ends; see its messages above", pid)
            self.kill_worker(pid, signal.SIGTERM)
        for _, worker in workers[surplus:]:
            # gunicorn's reload waits until all workers are younger than it: those that stay are.
            self.worker_age += 1
            worker.age = self.worker_age

    def _pass(self, most_s: float, over: Callable[[], bool]) -> None:
        """Wait until it is over, no worker is left, or somebody asks for more haste."""
        end = time.monotonic() + most_s
        while time.monotonic() < end and self.WORKERS and not self._hurried():
            self._ready.update(self._board.reports())
            if over():
                return
            try:
                self.reap_workers()
            except HaltServer as halt:
                self.log.exception("a worker could not start: %s", halt.reason)
            time.sleep(_STEP_S)

    def _hurried(self) -> bool:
        waiting = []
        while not self.SIG_QUEUE.empty():
            waiting.append(self.SIG_QUEUE.get())
        for one in waiting:
            self.SIG_QUEUE.put(one)
        return any(one in (signal.SIGINT, signal.SIGQUIT) for one in waiting)


def refuse_new_connections(listener: socket.socket) -> bool:
    """Drop what begins a connection and nothing else; False where the system cannot.

    Whoever connects is neither accepted nor reset: its system tries again after a second, and is
    refused by the closed port or taken by the next service on it. Handshakes that have begun go on.
    """
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    program = (
        (0x30, 0, 0, 13),  # load the flags of the TCP header
        (0x54, 0, 0, 0x12),  # keep SYN and ACK of them
        (0x15, 0, 1, 0x02),  # SYN alone?
        (0x06, 0, 0, 0),  # then drop
        (0x06, 0, 0, 0xFFFF),  # else take
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    try:
        listener.setsockopt(
            socket.SOL_SOCKET,
            _SO_ATTACH_FILTER,
            struct.pack("HL", len(program), ctypes.addressof(code)),
        )
    except OSError:
        return False
    return True
