"""What traces cost a search: `python benchmarks/traces.py`, over faked networks and an exact index.

Without SOUK_TRACES, with a collector that takes what it is sent, and with none at its address; each
asked in turn, so that a busy machine is as busy for all. Processor time of a search, that of what sends
its spans (and of the collector, which lives here) included: median of the rounds.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from service.telemetry import OpenTelemetryTracing
from tests.service.fakes import JsonClient, fake_services

ROUNDS, SEARCHES = 15, 40


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
        del format, args


def client(home: Path, endpoint: str | None) -> JsonClient:
    """A service that sends its spans there; None: it has none."""
    home.mkdir()
    services = fake_services(home)
    if endpoint:
        services.tracing = OpenTelemetryTracing(
            lambda: BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces"))
        )
    return JsonClient(services)


def measure(clients: dict[str, JsonClient]) -> dict[str, float]:
    """Milliseconds of processor time a search by the client's name."""
    spent: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(ROUNDS + 1):
        for name, asking in clients.items():
            begun = time.process_time()
            for _ in range(SEARCHES):
                asking.search("in", "saree")
            spent[name].append((time.process_time() - begun) * 1000 / SEARCHES)
    return {name: round(statistics.median(each[1:]), 3) for name, each in spent.items()}


def main() -> None:
    taking = ThreadingHTTPServer(("127.0.0.1", 0), _Taking)
    threading.Thread(target=taking.serve_forever, daemon=True).start()
    addresses = {
        "off": None,
        "on": f"http://127.0.0.1:{taking.server_port}",
        "collector lost": "http://127.0.0.1:9",
    }
    with tempfile.TemporaryDirectory() as folder:
        clients = {
            name: client(Path(folder) / name, address) for name, address in addresses.items()
        }
        print(json.dumps({"cores": os.cpu_count(), "processor_ms": measure(clients)}))
    os._exit(0)  # what cannot be sent need not be waited for


if __name__ == "__main__":
    main()
