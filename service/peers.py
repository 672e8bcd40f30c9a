"""A peer library in an environment and a process of its own, asked line by line.

Peers do not install side by side, so each has its pinned `benchmarks/peers/<peer>.txt` and a virtual
environment made from it once. The process reads one JSON object a line and answers with one.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from service.settings import ROOT

FOLDER = ROOT / "benchmarks" / "peers"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class PeerError(Exception):
    """A peer that cannot be installed, or that died; a benchmark without it must not pass."""


def peer_python(peer: str, cache: Path) -> Path:
    """The interpreter of the peer's environment, made when it is not there yet."""
    pins = FOLDER / f"{peer}.txt"
    if not pins.is_file():
        raise PeerError(f"There is no {pins.name} in benchmarks/peers; run from a checkout.")
    pinned = hashlib.sha256(pins.read_bytes()).hexdigest()[:12]
    home = cache / f"{peer}-{sys.version_info.major}.{sys.version_info.minor}-{pinned}"
    python = home / "bin" / "python"
    if (home / ".ready").exists():
        return python
    venv.create(home, with_pip=True, clear=True)
    installed = subprocess.run(  # noqa: S603 - our own interpreter and pins
        [python, "-m", "pip", "install", "-q", "-r", pins],
        capture_output=True,
        text=True,
        check=False,
    )
    if installed.returncode != 0:
        raise PeerError(f"{peer} cannot be installed: {installed.stderr.strip()[-500:]}")
    (home / ".ready").touch()
    return python


class Peer:
    """A running peer; `ask` waits for its one answer to one question."""

    def __init__(self, name: str, python: Path, script: Path, *arguments: str) -> None:
        self.name = name
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [python, script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **_ONE_THREAD},
        )

    def ask(self, question: Mapping[str, object]) -> dict[str, object]:
        """PeerError when the process died or its answer is an error."""
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        if pipe_in is None or pipe_out is None:
            raise PeerError(f"{self.name} has no pipes")
        try:
            pipe_in.write(json.dumps(question) + "\n")
            pipe_in.flush()
        except BrokenPipeError as error:
            raise PeerError(f"{self.name} died before it was asked; see its output.") from error
        line = pipe_out.readline()
        if not line:
            raise PeerError(f"{self.name} died when it was asked; see its output.")
        answer: dict[str, object] = json.loads(line)
        if "error" in answer:
            raise PeerError(f"{self.name}: {answer['error']}")
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
