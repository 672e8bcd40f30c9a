"""The rules that serve right now in this process: the last good version of the store.

A thread asks the store four times a second; a new version is loaded beside the old one and then put in
its place in one step, so that a request, which takes the value once, never sees a mixture. What
cannot be loaded changes nothing, and `problem` says why.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from rules.loaded_versions import UNANSWERED, LoadedVersions, VersionUnavailableError
from rules.loading import Locales, load_locales
from rules.versions import RuleStore


class LiveRules:
    """The current Locales of one process. Make it after the fork; `start` begins to watch."""

    def __init__(
        self,
        store: RuleStore,
        folder: Path,
        *,
        versions: LoadedVersions | None = None,
        poll_s: float = 0.25,
    ) -> None:
        """`folder` serves until the first version is published; `versions` may be shared."""
        self._store = store
        self._versions = versions or LoadedVersions(store)
        self._folder = folder
        self._poll_s = poll_s
        self._value: Locales | None = None
        self._served: str | None = None
        self._refused: str | None = None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.problem: str | None = None
        """Why the newest version, or the store, does not serve; None when all is well."""

    def get(self) -> Locales:
        """The last good version. Raises DocumentError when there never was one."""
        value = self._value
        if value is not None:
            return value
        self.refresh()
        if self._value is None:
            with self._lock:
                self._value = self._value or load_locales(self._folder)
        return self._value

    def refresh(self) -> bool:
        """Ask the store once; whether another version serves now."""
        with self._lock:
            fresh = self._newer()
            if fresh is None:
                return False
            self._value = fresh
        return True

    def _newer(self) -> Locales | None:
        try:
            version = self._store.current()
        except SQLAlchemyError:
            self.problem = UNANSWERED
            return None
        if version is None or version in (self._served, self._refused):
            if version != self._refused:
                self.problem = None
            return None
        try:
            fresh = self._versions.get(version)
        except VersionUnavailableError as error:
            self._refused = version if error.lasting else None
            self.problem = str(error)
            return None
        self._served, self._refused, self.problem = version, None, None
        return fresh

    def start(self) -> None:
        """Watch the store from a thread that ends with the process."""
        threading.Thread(target=self._watch, name="souk-live-rules", daemon=True).start()

    def stop(self) -> None:
        """End the watching thread."""
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(self._poll_s):
            self.refresh()
