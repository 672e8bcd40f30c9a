"""`python -m documents FILE…`: whether each file can be read at all, with the place when it cannot."""

from __future__ import annotations

import sys
from pathlib import Path

from documents.findings import DocumentError
from documents.source import read_document


def main(names: list[str]) -> int:
    """Exit 0 when every file can be read, 1 otherwise."""
    problems: list[str] = []
    for name in names:
        path = Path(name)
        try:
            problems += [str(finding) for finding in read_document(path, path.parent).findings]
        except DocumentError as error:
            problems.append(str(error))
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
