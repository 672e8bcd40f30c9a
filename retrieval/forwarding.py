"""Changes of the catalogue on their way to Elasticsearch: at least once, in order, resumed after a kill.

The catalogue counts its changes, and a build of the index remembers the count that it began at. Up to
where this host has forwarded them stands in a file that is replaced only when Elasticsearch has acknowledged:
a process that dies in between leaves changes to be written again, which changes nothing.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
from pathlib import Path

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from retrieval.alone import alone
from retrieval.changes import ChangeSource
from retrieval.elastic_versions import PREFIX, ElasticVersion, find_version, write_changes
from retrieval.index import IndexBuildError, IndexUnavailable
from retrieval.keeping import LoneThread

log = logging.getLogger(__name__)

PLACE = "forwarded.json"


class Forwarder:
    """Brings the current version in Elasticsearch up to what the catalogue of this host says."""

    def __init__(
        self, client: Elasticsearch, changes: ChangeSource, folder: Path, *, prefix: str = PREFIX
    ) -> None:
        self._client = client
        self._changes = changes
        self._folder = folder
        self._prefix = prefix
        self._done: tuple[str, int] | None = None

    def forward(self, *, refresh: bool = False) -> int:
        """Write what changed since the last time; returns how many documents, 0 without an index.

        `refresh` waits until they are visible. Raises `IndexUnavailable` when Elasticsearch or the
        catalogue does not answer, `IndexBuildError` naming what was refused; nothing is forgotten then.
        """
        with alone(self._folder, ".forwarding", threading.Event(), poll_s=0.05):
            version = self._current()
            if version is None:
                return 0
            since = self._since(version)
            if self._changes.change_counter() <= since:
                return 0
            changed = self._changes.changed(since, version.version.model)
            kept = {m: c for m, c in changed.records.items() if m in version.indices}
            written = write_changes(self._client, kept, prefix=self._prefix, refresh=refresh)
            self._remember(version, changed.counter)
        return written

    def waiting(self) -> bool:
        """Whether the catalogue changed since this process last forwarded; asks no server."""
        return self._done is None or self._changes.change_counter() > self._done[1]

    def close(self) -> None:
        self._client.close()

    def _current(self) -> ElasticVersion | None:
        try:
            return find_version(self._client, prefix=self._prefix)
        except (ApiError, TransportError) as error:
            raise IndexUnavailable(f"Elasticsearch did not take the changes: {error}.") from error

    def _since(self, version: ElasticVersion) -> int:
        """What the version was built from, or what was forwarded to it later."""
        with contextlib.suppress(OSError, ValueError):
            stored = json.loads((self._folder / PLACE).read_text(encoding="utf-8"))
            if stored["version"] == version.version.id:
                return int(stored["counter"])
        return version.counter

    def _remember(self, version: ElasticVersion, counter: int) -> None:
        fresh = self._folder / f".{PLACE}-{os.getpid()}"
        with fresh.open("w", encoding="utf-8") as file:
            json.dump({"version": version.version.id, "counter": counter}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / PLACE)
        self._done = (version.version.id, counter)


class ForwardingKeeper(LoneThread):
    """A thread that forwards soon after every change; of many workers one does the work.

    Start it after the fork. A failure is logged and tried again at the next turn. Every `look_s` it also
    asks the server, because another version may have been put in use.
    """

    def __init__(
        self, forwarder: Forwarder, folder: Path, *, every_s: float = 0.3, look_s: float = 10.0
    ) -> None:
        self._forwarder = forwarder
        self._turns = max(1, round(look_s / every_s))
        super().__init__("souk-forwarding", folder, ".forwarder", self._forward, every_s=every_s)

    def _forward(self, number: int) -> None:
        look = number % self._turns == 0
        try:
            if look or self._forwarder.waiting():
                written = self._forwarder.forward()
                if written:
                    log.info("%d documents forwarded to Elasticsearch", written)
        except (IndexUnavailable, IndexBuildError, OSError) as error:
            log.warning("changes of the catalogue wait for Elasticsearch: %s", error)
