"""A small TCP proxy that misbehaves on demand: late, silent, cut off, corrupted or refusing answers."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from dataclasses import dataclass, field
from typing import Literal, Self

Mood = Literal["honest", "late", "silent", "cut", "corrupt", "busy"]
DELAY_S = 3.0
BUSY = (
    b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
    b"x-elastic-product: Elasticsearch\r\nconnection: close\r\n\r\n{}"
)


@dataclass
class Proxy:
    """Forwards a free port of the loopback to `target`; `mood` holds for all connections at once."""

    target: int
    seed: int = 0
    mood: Mood = "honest"
    _listener: socket.socket = field(init=False)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _open: set[socket.socket] = field(default_factory=set)

    def __enter__(self) -> Self:
        self._random = random.Random(self.seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stopped.set()
        self._listener.close()
        for each in tuple(self._open):
            _close(each)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                continue
            far.settimeout(None)
            self._open |= {near, far}
            for source, sink, answers in ((near, far, False), (far, near, True)):
                threading.Thread(
                    target=self._pump, args=(source, sink), kwargs={"answers": answers}, daemon=True
                ).start()

    def _pump(self, source: socket.socket, sink: socket.socket, *, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                changed = self._spoil(data) if answers else data
                if changed is None:
                    break
                sink.sendall(changed)
                if changed is BUSY:
                    break
        for each in (source, sink):
            _close(each)
            self._open.discard(each)

    def _spoil(self, data: bytes) -> bytes | None:
        """What to send on; None ends the connection."""
        if self.mood == "late":
            self._stopped.wait(DELAY_S)
        elif self.mood == "silent":
            self._stopped.wait(3600)
        elif self.mood == "cut":
            return None
        elif self.mood == "busy":
            return BUSY
        elif self.mood == "corrupt":
            spoilt = bytearray(data)
            for _ in range(max(1, len(data) // 200)):
                spoilt[self._random.randrange(len(data))] = self._random.randrange(256)
            return bytes(spoilt)
        return data


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
