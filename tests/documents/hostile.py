"""Files that no merchandiser wrote: each must be refused with a sentence, quickly, in little memory."""

from __future__ import annotations

BILLION_LAUGHS = "a: &a [lol, lol]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "billion laughs": BILLION_LAUGHS.encode(),
    "a line of 10 MB": b"a: " + b"x" * 10_000_000,
    "a quoted line of 10 MB": b'a: "' + b"x" * 10_000_000 + b'"',
    "recursive anchors": b"a: &a {b: *a}\n",
    "a tag that constructs": b"a: !!python/object/new:subprocess.Popen [[true]]\n",
    "invalid UTF-8": b"a: \xc3\x28\n",
    "deep brackets": b"[" * 19_000,
    "deep lists": b"- " * 9_000 + b"x\n",
    "many anchors": b"".join(b"a%d: &x%d 1\n" % (n, n) for n in range(200_000)),
    "too large": b"a: 1\n" * 4_000_000,
}
