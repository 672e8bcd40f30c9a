"""The runtime comes with the first session: a forked process must be able to end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vision.test_models import SHIPPED

FORK = """
import os, sys
import service.wiring
pid = os.fork()
if pid == 0:
    from pathlib import Path
    from vision.models import load_models
    load_models(Path(sys.argv[1]))
    sys.exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0)
"""


def test_a_forked_process_that_opened_the_networks_ends_in_order() -> None:
    if not (SHIPPED / "manifest.json").exists():
        pytest.skip("models/ holds no weights; `git checkout -- models` restores them")
    done = subprocess.run(
        [sys.executable, "-c", FORK, str(SHIPPED)], capture_output=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_onnx_runtime_reports_to_nobody(tmp_path: Path) -> None:
    """What it would send waits in a database below the home folder: there is none."""
    asked = "import pathlib, sys, vision.models as m; m.load_models(pathlib.Path(sys.argv[1]))"
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", asked, str(SHIPPED)], env=environ, check=True)
    assert list(tmp_path.rglob("*")) == []
