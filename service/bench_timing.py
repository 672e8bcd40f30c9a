"""Figures that all measuring commands share: percentiles and the machine they were taken on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """p50_ms, p95_ms and p99_ms, rounded to microseconds."""
    return {f"p{p}_ms": round(float(np.percentile(milliseconds, p)), 3) for p in (50, 95, 99)}


def machine() -> str:
    """Processor, cores, memory and system, in one line."""
    return f"{_processor()}, {os.cpu_count()} cores, {_memory_gib()} GiB, {platform.system()}"


def load() -> float:
    """Other work on the machine: the load average of the last minute; figures under load are worse."""
    return round(os.getloadavg()[0], 1)


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> int:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return round(int(line.split()[1]) / 2**20)
    return 0


def _lines(path: str) -> list[str]:
    found = Path(path)
    return found.read_text(encoding="utf-8").splitlines() if found.exists() else []
