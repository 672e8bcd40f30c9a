"""One of the workers on a host does what is done once: whoever holds the lock of a folder."""

from __future__ import annotations

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def alone(folder: Path, name: str, stopped: threading.Event, poll_s: float = 1.0) -> Iterator[bool]:
    """True once no other process does `name` here; one that dies is followed by another.

    False when `stopped` was set before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8") as lock:
        while not stopped.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stopped.wait(poll_s)
            else:
                yield True
                return
        yield False
