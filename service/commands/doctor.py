"""`souk doctor`: what is configured, what answers, what is missing, and how to mend it."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
from pathlib import Path

import click

from service.cli import CommandError
from service.parts import PartState
from service.settings import Settings, SettingsError, given, load_settings
from service.wiring import build_services

ENOUGH_BYTES = 64 * 2**20
"""SQLite's log of writes grows by megabytes before it is folded in."""


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
        "workspace": workspace_state(settings.home, _free_bytes(settings.home)),
    }


def _libgomp() -> PartState:
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return PartState(
            ok=False, detail="LightGBM needs the system library libgomp1: apt-get install libgomp1."
        )
    return PartState(ok=True, detail="found")


def workspace_state(home: Path, free_bytes: int) -> PartState:
    """Whether the workspace can be written, and will be for a while."""
    if not os.access(home, os.W_OK):
        return PartState(ok=False, detail=f"{home} cannot be written: set SOUK_HOME")
    left = f"{free_bytes // 2**20} MB of its disk are free"
    if free_bytes < ENOUGH_BYTES:
        fix = "events, rules and products cannot be kept: free space (souk index status names versions)"
        return PartState(ok=False, detail=f"{home}: {left}; {fix}")
    return PartState(ok=True, detail=f"{home} is writable; {left}")


def _free_bytes(home: Path) -> int:
    return shutil.disk_usage(home).free if home.exists() else 0
