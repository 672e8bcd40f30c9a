"""`souk doctor`: what is configured, what answers, what is missing, and how to mend it."""

from __future__ import annotations

import ctypes
import json
import os

import click

from service.cli import CommandError
from service.parts import PartState
from service.settings import Settings, SettingsError, given, load_settings
from service.wiring import build_services


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Check every part; exit code 1 when one is not well."""
    try:
        settings = load_settings()
    except SettingsError as error:
        raise CommandError(str(error)) from None
    parts = examine(settings)
    ok = all(part.ok for part in parts.values())
    if as_json:
        document = {name: {"ok": p.ok, "detail": p.detail} for name, p in parts.items()}
        click.echo(json.dumps({"ok": ok, "parts": document}, ensure_ascii=False))
    else:
        for name, part in parts.items():
            click.echo(f"{'ok  ' if part.ok else 'FAIL'}  {name:14} {part.detail}")
        for name, value in given().items():
            click.echo(f"      {name}={value}")
    context.exit(0 if ok else 1)


def examine(settings: Settings) -> dict[str, PartState]:
    """Every part by name, those of `/readyz` first."""
    services = build_services(settings)
    return {
        **services.readiness().parts,
        "libgomp": _libgomp(),
        "workspace": _workspace(settings),
    }


def _libgomp() -> PartState:
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return PartState(
            ok=False, detail="LightGBM needs the system library libgomp1: apt-get install libgomp1."
        )
    return PartState(ok=True, detail="found")


def _workspace(settings: Settings) -> PartState:
    home = settings.home
    writable = os.access(home, os.W_OK)
    detail = f"{home} {'is writable' if writable else 'cannot be written: set SOUK_HOME'}"
    return PartState(ok=writable, detail=detail)
