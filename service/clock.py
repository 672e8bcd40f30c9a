"""The one place that reads the wall clock; everything below takes the time as data."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
