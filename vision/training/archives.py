"""The zips of pictures that training reads, and what is said when data cannot be used."""

from __future__ import annotations

import zipfile
from pathlib import Path


class DataError(Exception):
    """Data cannot be learned from; the message names the place and the fix."""


def open_zip(path: Path) -> zipfile.ZipFile:
    """The zip, to be closed by the caller. Raises DataError."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise DataError(
            f"{path} cannot be read as a zip ({error}). Put the whole file there again."
        ) from error
