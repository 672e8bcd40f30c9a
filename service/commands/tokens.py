"""`souk tokens`: make, list and revoke the tokens of admins, merchandisers and analysts."""

from __future__ import annotations

import json

import click

from catalog.locale_files import load_marketplaces
from service.cli import CommandError
from service.clock import utc_now
from service.settings import load_settings
from service.tokens import EVERYWHERE, Role, TokenStore


def _store() -> TokenStore:
    return TokenStore(load_settings().home / "tokens.sqlite")


@click.group()
def tokens() -> None:
    """Make, list and revoke tokens."""


@tokens.command()
@click.option("--name", required=True, help="Whose it is; stands in the audit log.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--marketplace", "marketplaces", multiple=True, help="Repeat; default: all.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650))
def create(name: str, role: str, marketplaces: tuple[str, ...], days: int) -> None:
    """Make a token and print it: it cannot be read again."""
    known = load_marketplaces(load_settings().locales).marketplaces
    for marketplace in marketplaces:
        if marketplace not in known:
            raise CommandError(
                f"there is no marketplace {marketplace!r}. The known are {', '.join(sorted(known))}."
            )
    token = _store().create(
        name=name,
        role=Role(role),
        marketplaces=marketplaces or (EVERYWHERE,),
        now=utc_now(),
        days=days,
    )
    click.echo(token)


@tokens.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def list_(as_json: bool) -> None:
    """Every token without its secret."""
    names = ("id", "name", "role", "marketplaces", "expires_at", "revoked_at")
    rows = [dict(zip(names, row, strict=True)) for row in _store().listed()]
    if as_json:
        click.echo(json.dumps({"tokens": rows}))
        return
    for row in rows:
        state = (
            f"revoked {row['revoked_at']}" if row["revoked_at"] else f"until {row['expires_at']}"
        )
        click.echo(f"{row['id']}  {row['role']:13} {row['marketplaces']:12} {row['name']}  {state}")


@tokens.command()
@click.argument("identity")
def revoke(identity: str) -> None:
    """Revoke the token with this id at once."""
    if not _store().revoke(identity, utc_now()):
        raise CommandError(f"no token {identity!r} is in force. See souk tokens list.")
    click.echo(f"{identity} is revoked.")


@tokens.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
def audit(limit: int) -> None:
    """What was done with tokens, newest first."""
    for row in _store().audited(limit):
        click.echo("  ".join(row))
