"""The workspace's own secret, which signs cursors and cookies on a host that was given none."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def workspace_secret(home: Path) -> str:
    """Made once a workspace, readable by its owner alone, shared by all workers on this host.

    It is there whole or not at all, also when the disk is full meanwhile. Raises OSError where the
    workspace cannot be written.
    """
    path = home / "secret"
    home.mkdir(parents=True, exist_ok=True)
    if not path.exists() or not path.read_text().strip():
        _write_once(path)
    return path.read_text().strip()


def _write_once(path: Path) -> None:
    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        if path.exists():  # empty: it was begun on a full disk
            Path(made).replace(path)
        else:
            os.link(made, path)
    except FileExistsError:
        return  # another worker was faster
    finally:
        Path(made).unlink(missing_ok=True)
