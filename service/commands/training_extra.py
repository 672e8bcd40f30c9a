"""What only the extra `train` brings, asked for where a command needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.cli import CommandError


@contextmanager
def training_extra() -> Iterator[None]:
    """Around imports of `vision.training`'s torch modules: what is missing is said with the fix."""
    try:
        yield
    except ImportError as error:
        raise CommandError(
            f"{error.name} is missing; install the extra in souk's folder: pip install '.[train]'"
        ) from error
