"""The sole reader of the environment: `SOUK_*` variables become one frozen value."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from limits import parse_many

ROOT = Path(__file__).resolve().parent.parent
"""The checkout, or the directory of the installed packages: `locales/` and `models/` lie in both."""

KNOWN = {
    "SOUK_HOME": "workspace: database, pictures, index versions (default ./.souk)",
    "SOUK_ELASTICSEARCH_URL": "set: Elasticsearch; unset: the embedded index",
    "SOUK_DATABASE_URL": "PostgreSQL for events and rule versions; unset: SQLite in the workspace",
    "SOUK_LOCALES": "folder of the locale files (default: the project's own)",
    "SOUK_MODELS": "folder of the weights (default: the project's own)",
    "SOUK_SNAPSHOT_PRODUCTS": "listings a marketplace kept locally for when Elasticsearch fails (200000)",
    "SOUK_ELASTICSEARCH_TIMEOUT_MS": "deadline of one retrieval (default 1000)",
    "SOUK_INDEX_TYPE": "Elasticsearch's vector index: int8_hnsw (default) or flat",
    "SOUK_THREADS": "threads of one network's forward pass (default 2)",
    "SOUK_SECRET": "signs cursors and the unit cookie; shared by all hosts (default: made in the workspace)",
    "SOUK_LOG": "log format: json (default) or text",
    "SOUK_RATE_LIMIT": "requests of one caller, such as '120/minute'; unset: none",
    "SOUK_TRACES": "otlp: OpenTelemetry traces by the OTEL_ variables (extra `otel`); unset: none",
    "SOUK_DATA": "folder of labelled pictures for the tests marked realdata",
    "SOUK_MAX_BUSY": "searches one worker runs or queues before it answers 503 (default 8)",
}
"""Every variable with what it means; the documentation and `souk doctor` print this table."""

CATALOG_FILE = "catalog.sqlite"
"""The catalogue of a workspace, in its folder."""


class SettingsError(ValueError):
    """A variable whose value cannot be used; the message names it and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    home: Path
    locales: Path
    models: Path
    elasticsearch_url: str | None = None
    database_url: str | None = None
    snapshot_products: int = 200_000
    elasticsearch_timeout_ms: int = 1000
    index_type: Literal["int8_hnsw", "flat"] = "int8_hnsw"
    threads: int = 2
    secret: str | None = None
    log_format: Literal["json", "text"] = "json"
    rate_limit: str | None = None
    max_busy: int = 8
    traces: bool = False

    @property
    def catalog_path(self) -> Path:
        return self.home / CATALOG_FILE

    @property
    def pictures(self) -> Path:
        return self.home / "pictures"

    @property
    def samples(self) -> Path:
        """Photos to try on the page; empty but for the demo."""
        return self.home / "samples"

    @property
    def index_folder(self) -> Path:
        return self.home / "index"

    @property
    def engine(self) -> str:
        return "elasticsearch" if self.elasticsearch_url else "embedded"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; SettingsError names the variable, its value and what would do.

    None: the process's own environment.
    """
    environ = os.environ if environ is None else environ
    unknown = sorted(k for k in environ if k.startswith("SOUK_") and k not in KNOWN)
    if unknown:
        raise SettingsError(
            f"{unknown[0]} is no setting of souk. Known: {', '.join(sorted(KNOWN))}."
        )
    index_type = environ.get("SOUK_INDEX_TYPE", "int8_hnsw")
    log_format = environ.get("SOUK_LOG", "json")
    if index_type not in ("int8_hnsw", "flat"):
        raise SettingsError(f"SOUK_INDEX_TYPE is {index_type!r}. Use int8_hnsw or flat.")
    if log_format not in ("json", "text"):
        raise SettingsError(f"SOUK_LOG is {log_format!r}. Use json or text.")
    return Settings(
        home=_folder(environ, "SOUK_HOME", Path(".souk"), made_when_missing=True),
        locales=_folder(environ, "SOUK_LOCALES", ROOT / "locales"),
        models=Path(environ.get("SOUK_MODELS", ROOT / "models")).resolve(),
        elasticsearch_url=_url(environ, "SOUK_ELASTICSEARCH_URL", ("http://", "https://")),
        database_url=_url(environ, "SOUK_DATABASE_URL", ("postgresql", "sqlite")),
        snapshot_products=_number(environ, "SOUK_SNAPSHOT_PRODUCTS", 200_000),
        elasticsearch_timeout_ms=_number(environ, "SOUK_ELASTICSEARCH_TIMEOUT_MS", 1000),
        index_type="flat" if index_type == "flat" else "int8_hnsw",
        threads=_number(environ, "SOUK_THREADS", 2),
        secret=environ.get("SOUK_SECRET") or None,
        log_format="text" if log_format == "text" else "json",
        rate_limit=_rate(environ),
        max_busy=_number(environ, "SOUK_MAX_BUSY", 8),
        traces=_traces(environ),
    )


def given(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The known variables that are set, for `souk doctor`: no secret, no password in an address."""
    environ = os.environ if environ is None else environ
    shown = {name: environ[name] for name in sorted(KNOWN) if name in environ}
    hidden = {name: "…" for name in ("SOUK_SECRET", "SOUK_DATABASE_URL") if name in shown}
    return {name: re.sub("//[^/]*@", "//…@", value) for name, value in shown.items()} | hidden


def shared_metrics() -> bool:
    """Whether several workers write their metrics into one folder."""
    return "PROMETHEUS_MULTIPROC_DIR" in os.environ


def prepare_metrics_folder() -> Path:
    """Where the workers' Prometheus files lie: emptied at each start, as the library asks."""
    asked = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    folder = Path(asked) if asked else Path(tempfile.mkdtemp(prefix="souk-metrics-"))
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.db"):
        stale.unlink()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return folder


def _folder(
    environ: Mapping[str, str], name: str, default: Path, *, made_when_missing: bool = False
) -> Path:
    folder = Path(environ.get(name, default)).resolve()
    if not folder.is_dir() and (folder.exists() or not made_when_missing):
        raise SettingsError(f"{name} is {folder}, which is no folder. Point it at one.")
    return folder


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = environ.get(name, "").strip()
    if value and not value.startswith(schemes):
        raise SettingsError(f"{name} is {value!r}. It must start with {' or '.join(schemes)}.")
    return value or None


def _rate(environ: Mapping[str, str]) -> str | None:
    value = environ.get("SOUK_RATE_LIMIT", "").strip()
    try:
        if value:
            parse_many(value)
    except ValueError:
        raise SettingsError(
            f"SOUK_RATE_LIMIT is {value!r}. Write a number and a unit, such as 120/minute."
        ) from None
    return value or None


def _traces(environ: Mapping[str, str]) -> bool:
    value = environ.get("SOUK_TRACES", "").strip()
    if value not in ("", "otlp"):
        raise SettingsError(f"SOUK_TRACES is {value!r}. Use otlp, or leave it unset.")
    if value and not _installed("opentelemetry.exporter.otlp.proto.http"):
        raise SettingsError(
            "SOUK_TRACES asks for traces, and OpenTelemetry is not installed. "
            "Install the extra in souk's folder: pip install '.[otel]'."
        )
    return bool(value)


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal() or int(text) == 0:
        raise SettingsError(f"{name} is {text!r}. It must be a whole number above 0.")
    return int(text)
