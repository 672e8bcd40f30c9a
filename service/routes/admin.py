"""`/v1/admin/…`: rules, products and the index, behind tokens whose role covers the marketplace."""

from __future__ import annotations

import logging
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Response, request
from flask_openapi3 import OpenAPI, Tag
from pydantic import BaseModel, ConfigDict, Field

from catalog.marketplaces import ALIASES
from documents.findings import DocumentError, Finding
from rules.checking import check_folder
from rules.level_files import LOCALE_FILES, is_marketplace_file
from rules.loading import locale_contents
from rules.versions import (
    Published,
    RuleStore,
    StaleBaseError,
    UnknownVersionError,
    write_contents,
)
from service.problems import Problem
from service.routes.reading import MarketplacePath, answered, documented, services
from service.services import Services
from service.stock import count_stock
from service.tokens import Holder

LOG = logging.getLogger("souk.audit")
TAG = Tag(name="admin", description="Rules, products and the index; needs a token.")
MAX_FILE = 2 * 2**20
MAX_FILES = 100
"""A marketplace's own and those of its regions."""


class Files(BaseModel):
    """Files of one marketplace by name; those left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    files: dict[str, str] = Field(max_length=MAX_FILES)


class Publication(Files):
    base: str = Field(description="The version that was read; another one in force is a conflict.")
    reason: str = Field(min_length=3, max_length=500)


class Rollback(BaseModel):
    model_config = ConfigDict(extra="forbid")

    to: str | None = Field(default=None, description="Default: the version before this one.")
    reason: str = Field(min_length=3, max_length=500)


class RulesAnswer(BaseModel):
    marketplace: str
    version: str
    files: dict[str, str]


class FindingAnswer(BaseModel):
    file: str
    line: int
    column: int
    code: str
    rule: str
    found: str
    fix: str
    severity: str
    arises_in: list[str] = Field(
        description="Of a file that others inherit: the marketplaces in which this shows."
    )


class CheckAnswer(BaseModel):
    ok: bool
    findings: list[FindingAnswer]


class VersionAnswer(BaseModel):
    number: int
    version: str
    at: str
    by: str
    reason: str
    kind: str


class HistoryAnswer(BaseModel):
    current: str
    versions: list[VersionAnswer]


class IndexAnswer(BaseModel):
    engine: str
    id: str
    model: str
    taxonomy: str
    products: int


def register(app: OpenAPI) -> None:
    guarded: dict[str, Any] = {"tags": [TAG], "security": [{"token": []}]}
    refusals = (
        "unauthorized",
        "forbidden",
        "unknown-marketplace",
        "invalid-body",
        "photo-too-large",
    )
    app.before_request(hold_the_door)
    root = "/v1/admin/<string:marketplace>"
    app.get(f"{root}/rules", responses=documented(RulesAnswer, *refusals), **guarded)(read_rules)
    app.post(f"{root}/rules:check", responses=documented(CheckAnswer, *refusals), **guarded)(
        check_rules
    )
    app.post(
        f"{root}/rules:publish",
        responses=documented(VersionAnswer, *refusals, "conflict", "rules-refused"),
        **guarded,
    )(publish_rules)
    app.get(f"{root}/rules/history", responses=documented(HistoryAnswer, *refusals), **guarded)(
        history
    )
    app.post(
        f"{root}/rules:rollback",
        responses=documented(VersionAnswer, *refusals, "conflict"),
        **guarded,
    )(rollback)
    app.get("/v1/admin/index", responses=documented(IndexAnswer, *refusals), **guarded)(index)


def hold_the_door() -> None:
    """Before a body is read: no token in force, or one of another marketplace, goes no further.

    Each route still asks for what it does; this alone lets nobody change anything.
    """
    if request.url_rule is None or not request.url_rule.rule.startswith("/v1/admin"):
        return
    asked = (request.view_args or {}).get("marketplace")
    authorize("read", None if asked is None else ALIASES.get(asked, asked))


def authorize(what: str, marketplace: str | None) -> Holder:
    """The token's holder. Problem `unauthorized` without a good token, `forbidden` beyond its role."""
    found = services()
    header = request.headers.get("Authorization", "")
    kind, _, token = header.partition(" ")
    holder = found.tokens.holder(token.strip(), found.clock()) if kind.lower() == "bearer" else None
    if holder is None:
        raise Problem(
            "unauthorized",
            "The request has no token that is in force.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if not holder.may(what, marketplace):
        where = f" in marketplace {marketplace!r}" if marketplace else ""
        raise Problem("forbidden", f"A token of role {holder.role} may not do this{where}.")
    return holder


def audit(holder: Holder, action: str, marketplace: str, detail: str) -> None:
    """One line of the audit log for a change that was made; in the service's log where the file fails."""
    found = services()
    try:
        found.tokens.record(holder, action, marketplace, detail, found.clock())
    except sqlite3.OperationalError:
        LOG.exception(
            "audit: token %s of %s: %s in %s: %s",
            holder.id, holder.name, action, marketplace, detail[:500],
        )  # fmt: skip


def read_rules(path: MarketplacePath) -> Response:
    """The files of the marketplace in the version that serves, and that version."""
    found = services()
    market = found.market(path.marketplace).marketplace.id
    authorize("read", market)
    version, contents = current_contents(found)
    return answered(
        RulesAnswer(marketplace=market, version=version, files=of_marketplace(contents, market))
    )


def check_rules(path: MarketplacePath, body: Files) -> Response:
    """Every problem of the draft, in the places of the given files; nothing is changed."""
    found = services()
    market = found.market(path.marketplace).marketplace.id
    authorize("rules", market)
    _, contents = current_contents(found)
    findings = _check(drafted_contents(contents, market, body.files), found)
    own = [f for f in findings if f.file.startswith(f"{market}/")]
    return answered(
        CheckAnswer(
            ok=not any(f.severity == "error" for f in findings),
            findings=[_finding(f) for f in (own or findings)],
        )
    )


def publish_rules(path: MarketplacePath, body: Publication) -> Response:
    """Check the draft and make it serve everywhere; a draft with an error changes nothing."""
    found = services()
    market = found.market(path.marketplace).marketplace.id
    holder = authorize("rules", market)
    version, contents = current_contents(found)
    if body.base != version:
        raise _conflict(body.base, version)
    with tempfile.TemporaryDirectory(prefix="souk-draft-") as place:
        folder = write_contents(drafted_contents(contents, market, body.files), Path(place))
        try:
            published = found.rules.publish(
                folder, by=holder.name, reason=body.reason, at=found.clock(), base=version
            )
        except StaleBaseError as error:
            raise _conflict(error.base, error.current) from None
        except DocumentError as error:
            raise refused(error, folder) from None
    audit(holder, "rules:publish", market, body.reason)
    return answered(_version(published))


def history(path: MarketplacePath) -> Response:
    """Who published what, when and why, newest first."""
    found = services()
    authorize("read", found.market(path.marketplace).marketplace.id)
    rows = [_version(row) for row in found.rules.history()]
    return answered(HistoryAnswer(current=found.locales().version, versions=rows))


def rollback(path: MarketplacePath, body: Rollback) -> Response:
    """Make an older version serve again."""
    found = services()
    market = found.market(path.marketplace).marketplace.id
    holder = authorize("rules", market)
    try:
        if not holder.may("rules", None):
            _only_own_files_differ(found.rules, body.to, market)
        made = found.rules.rollback(
            by=holder.name, reason=body.reason, at=found.clock(), to=body.to
        )
    except UnknownVersionError as error:
        raise Problem("conflict", str(error)) from None
    audit(holder, "rules:rollback", market, body.reason)
    return answered(_version(made))


def index() -> Response:
    """Which index version answers."""
    authorize("read", None)
    version = services().index.get().version
    return answered(
        IndexAnswer(
            engine=version.engine,
            id=version.id,
            model=version.model,
            taxonomy=version.taxonomy,
            products=version.products,
        )
    )


def _conflict(base: str, current: str) -> Problem:
    return Problem(
        "conflict",
        f"You began with version {base}; version {current} serves now. "
        "Your draft was not lost: merge it with the current files and publish again.",
    )


def current_contents(found: Services) -> tuple[str, dict[str, bytes]]:
    """The version that serves and its files: of the store, else of the folder."""
    published = found.rules.current()
    if published is not None:
        return published, dict(found.rules.contents(published))
    return found.locales().version, dict(locale_contents(found.settings.locales))


def of_marketplace(contents: dict[str, bytes], market: str) -> dict[str, str]:
    """The marketplace's own files by name."""
    prefix = f"{market}/"
    return {
        name.removeprefix(prefix): data.decode("utf-8", "replace")
        for name, data in contents.items()
        if name.startswith(prefix)
    }


def drafted_contents(
    contents: dict[str, bytes], market: str, files: dict[str, str]
) -> dict[str, bytes]:
    """The contents with the draft's files in place. Problem `invalid-body` for a strange name."""
    for name, text in files.items():
        if not is_marketplace_file(name):
            known = ", ".join(LOCALE_FILES)
            raise Problem(
                "invalid-body", f"{name!r} is no locale file. Use {known}, or regions/<name>/…."
            )
        if len(text) > MAX_FILE:
            raise Problem("invalid-body", f"{name} is larger than {MAX_FILE // 2**20} MiB.")
    return contents | {f"{market}/{name}": text.encode() for name, text in files.items()}


def _check(contents: dict[str, bytes], found: Services) -> tuple[Finding, ...]:
    with tempfile.TemporaryDirectory(prefix="souk-draft-") as place:
        folder = write_contents(contents, Path(place))
        stock = count_stock(found.settings.catalog_path, found.locales().marketplaces)
        report = check_folder(folder, found.clock().date(), stock=stock)
        return tuple(_within(finding, folder) for finding in report.findings)


def _within(finding: Finding, folder: Path) -> Finding:
    return replace(finding, file=finding.file.removeprefix(f"{folder}/"))


def _shortened(finding: Finding) -> Finding:
    """Marketplace and file name alone."""
    return replace(finding, file="/".join(Path(finding.file).parts[-2:]))


def refused(error: DocumentError, folder: Path | None = None) -> Problem:
    """The findings as a problem, their places without the folder that the draft lay in."""
    errors = [f for f in error.findings if f.severity == "error"]
    findings = [_within(f, folder) if folder else _shortened(f) for f in errors]
    return Problem(
        "rules-refused",
        f"{len(findings)} problems. First: {findings[0]}",
        errors=tuple(
            {"file": f.file, "line": f.line, "column": f.column, "code": f.code, "found": f.found,
             "fix": f.fix}
            for f in findings[:50]
        ),
    )  # fmt: skip


def _only_own_files_differ(store: RuleStore, to: str | None, market: str) -> None:
    """A merchandiser of one marketplace may not take another one's rules back."""
    rows = store.history()
    current = rows[0].version if rows else None
    target = to or next((r.version for r in rows if r.version != current), None)
    if current is None or target is None:
        return
    now, then = store.contents(current), store.contents(target)
    others = [
        n for n in {*now, *then} if now.get(n) != then.get(n) and not n.startswith(f"{market}/")
    ]
    if others:
        raise Problem(
            "forbidden", f"Version {target} also differs in {others[0]}, not yours to change."
        )


def _finding(finding: Finding) -> FindingAnswer:
    return FindingAnswer(
        file=finding.file,
        line=finding.line,
        column=finding.column,
        code=finding.code,
        rule=finding.rule,
        found=finding.found,
        fix=finding.fix,
        severity=finding.severity,
        arises_in=list(finding.arises_in),
    )


def _version(row: Published) -> VersionAnswer:
    return VersionAnswer(
        number=row.number,
        version=row.version,
        at=row.at.isoformat(),
        by=row.by,
        reason=row.reason,
        kind=row.kind,
    )
