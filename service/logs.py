"""Structured logs: one JSON object a line on standard error, or plain text for people."""

from __future__ import annotations

import json
import logging
import sys
from typing import Literal

FIELDS = ("request_id", "trace_id", "method", "path", "status", "ms", "marketplace", "degraded")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, the request's fields, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        document: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        document.update({f: getattr(record, f) for f in FIELDS if hasattr(record, f)})
        if record.exc_info:
            document["traceback"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)


def configure_logging(form: Literal["json", "text"]) -> None:
    """Replace the root handlers; safe to call more than once."""
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("elastic_transport").setLevel(
        logging.WARNING
    )  # or each search has lines of its own
