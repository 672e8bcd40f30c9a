"""Versions of the store as values: each is read once, and only so many stay.

The version that serves, the one before it, and those that variants of experiments ask for all come
from here, so that a version is never compiled twice in a process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from sqlalchemy.exc import SQLAlchemyError

from documents.findings import DocumentError
from rules.loading import Locales
from rules.versions import RuleStore, UnknownVersionError

KEPT = 8
"""So many versions stay loaded: a rollback then costs no reading, and few experiments run at once."""

UNANSWERED = "the database of rule versions does not answer. Check SOUK_DATABASE_URL."


class VersionUnavailableError(Exception):
    """A version that cannot serve; the message is a sentence that names the fix."""

    def __init__(self, message: str, *, lasting: bool) -> None:
        super().__init__(message)
        self.lasting = lasting
        """Whether asking again is useless: the version is unknown or no longer loads."""


class LoadedVersions:
    """The least recently used version goes first. Safe among threads; make it after the fork."""

    def __init__(self, store: RuleStore, *, kept: int = KEPT) -> None:
        self._store = store
        self._kept = kept
        self._loaded: OrderedDict[str, Locales] = OrderedDict()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    def get(self, version: str) -> Locales:
        """The values of a version. Raises VersionUnavailableError.

        One that is not loaded takes a few hundred milliseconds; others are answered meanwhile.
        """
        found = self._known(version)
        if found is not None:
            return found
        with self._loading:
            found = self._known(version) or _loaded(self._store, version)
        with self._lock:
            self._loaded[version] = found
            self._loaded.move_to_end(version)
            while len(self._loaded) > self._kept:
                self._loaded.popitem(last=False)
        return found

    def _known(self, version: str) -> Locales | None:
        with self._lock:
            if version in self._loaded:
                self._loaded.move_to_end(version)
            return self._loaded.get(version)


def _loaded(store: RuleStore, version: str) -> Locales:
    try:
        return store.load(version)
    except DocumentError as error:
        more = len(error.findings) - 1
        sentence = f"{error.findings[0]}" + (f" (and {more} more)" if more else "")
        raise VersionUnavailableError(sentence, lasting=True) from None
    except UnknownVersionError as error:
        raise VersionUnavailableError(str(error), lasting=True) from None
    except SQLAlchemyError:
        raise VersionUnavailableError(UNANSWERED, lasting=False) from None
