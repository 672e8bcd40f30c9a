"""What is freed goes back to the system; each program runs in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from tests.service.fakes import ROOT

RESIDENT = """
from pathlib import Path
def resident_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(l for l in lines if l.startswith("VmRSS:")).split()[1]) / 1024
"""
FREED_PICTURES = (
    RESIDENT
    + """
from service.memory import give_back_large_blocks
give_back_large_blocks()
bytes(24 * 2**20)          # after the first picture glibc would cut all others from its heap
before = resident_mb()
kept = []
pictures = []
for _ in range(12):
    pictures.append(bytearray(9 * 2**20))
    kept.append(bytearray(2**12))
del pictures
print(resident_mb() - before)
"""
)
FROZEN_BEFORE_THE_FORK = """
import gc
from documents.source import parse_document
gc.freeze()
kept = gc.get_freeze_count()
parse_document("names: {en: India}", "marketplace.yaml")
print(gc.get_freeze_count() / kept)
"""


def told(program: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def test_memory_of_pictures_that_were_freed_is_given_back() -> None:
    assert told(FREED_PICTURES) < 20


def test_reading_a_document_leaves_what_was_set_aside_for_the_fork() -> None:
    assert told(FROZEN_BEFORE_THE_FORK) > 0.99
