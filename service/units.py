"""Who an experiment's unit is: the header that an app sends, else a signed cookie of the browser."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer
from werkzeug.wrappers import Request, Response

from service.problems import Problem

HEADER = "X-Souk-Unit"
COOKIE = "souk_unit"
YEAR_S = 31_536_000
UNIT = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A pseudonymous id; `fresh` when it must be set as a cookie."""

    id: str
    fresh: bool = False


def read_unit(request: Request, secret: str) -> Unit:
    """Problem `invalid-parameter` for a header that is no id; an altered cookie is replaced."""
    header = request.headers.get(HEADER)
    if header is not None:
        if not UNIT.fullmatch(header):
            raise Problem(
                "invalid-parameter",
                f"{HEADER} must be 1 to 64 letters, digits, dots, colons, hyphens or underscores.",
                errors=({"field": HEADER, "found": header[:64], "fix": "send a pseudonymous id"},),
            )
        return Unit(id=header)
    try:
        return Unit(id=_signer(secret).unsign(request.cookies.get(COOKIE, "")).decode())
    except BadSignature:
        return Unit(id=secrets.token_hex(12), fresh=True)


def keep_unit(response: Response, unit: Unit, secret: str, *, secure: bool) -> None:
    """Set the cookie of a fresh unit: signed, unreadable to scripts, for a year."""
    if unit.fresh:
        signed = _signer(secret).sign(unit.id).decode()
        response.set_cookie(
            COOKIE, signed, max_age=YEAR_S, httponly=True, samesite="Lax", secure=secure
        )


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="souk.unit.1")
