"""A part of the service that is made on first use, after the fork, and may fail without the rest.

A failed part is tried again after a pause, so that a repaired Elasticsearch or a copied model file
is found without a restart. What failed stands in `/readyz` and in the answer's problem, as a sentence.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.problems import Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """How a part stands: `detail` is a version, or the sentence that names the fix."""

    ok: bool
    detail: str


class Part(Generic[T]):
    """One lazily made value.

    `failures` are the exceptions whose text is meant for people; `well` tells whether a made part
    is in order, or serves with a problem that `describe` names.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[], T],
        *,
        failures: tuple[type[Exception], ...],
        describe: Callable[[T], str],
        well: Callable[[T], bool] = lambda _: True,
        retry_after_s: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._make = make
        self._failures = failures
        self._describe = describe
        self._well = well
        self._retry_after_s = retry_after_s
        self._clock = clock
        self._lock = threading.Lock()
        self._value: T | None = None
        self._failure: str | None = None
        self._tried_at = 0.0

    def get(self) -> T:
        """The value; Problem `not-ready` with the part's sentence when it cannot be made."""
        value = self._value
        if value is not None:
            return value
        with self._lock:
            if self._value is None:
                self._try()
            if self._value is None:
                raise Problem(
                    "not-ready",
                    f"{self.name}: {self._failure}",
                    headers={"Retry-After": str(max(1, round(self._retry_after_s)))},
                )
            return self._value

    def state(self) -> PartState:
        """Tries to make the part when it is not there."""
        try:
            value = self.get()
            return PartState(ok=self._well(value), detail=self._describe(value))
        except Problem as problem:
            return PartState(ok=False, detail=problem.detail.removeprefix(f"{self.name}: "))
        except self._failures as error:
            return PartState(ok=False, detail=str(error))

    def _try(self) -> None:
        if self._failure is not None and self._clock() - self._tried_at < self._retry_after_s:
            return
        self._tried_at = self._clock()
        try:
            self._value, self._failure = self._make(), None
        except self._failures as error:
            self._failure = str(error)
