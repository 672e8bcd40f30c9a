"""gunicorn with souk's settings: nothing that a fork would break is made before it.

The modules and the application, which are a third of a process, come before the fork, so that workers
share them; the application's parts (sessions, maps, connections, threads) are made in each worker.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from service.arbiter import OrderlyArbiter, Signboard
from service.memory import give_back_free_pages
from service.settings import load_settings, prepare_metrics_folder


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """`make_app()` in pre-forked workers, or once before them where `preload_app` is among the options."""

    def __init__(
        self, options: dict[str, Any], make_app: Callable[[], Flask], *, drain_s: float = 2.0
    ) -> None:
        self._options = options
        self._make_app = make_app
        self._drain_s = drain_s
        self._board = Signboard()
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", lambda worker: warm_up(worker, self._board))
        self.cfg.set("worker_exit", say_goodbye)

    def load(self) -> Flask:
        from service.app import current_services  # noqa: PLC0415  see `serve`

        app = self._make_app()
        current_services(app).stopping = self._board.stopping
        return app

    def run(self) -> None:
        if self.cfg.preload_app:
            self.wsgi()
        gc.collect()
        gc.freeze()  # or each worker's first collection would write to, and copy, all shared pages
        give_back_free_pages()  # or each worker would write to what the imports left free
        OrderlyArbiter(self, self._board, self._drain_s).run()


SPARE_THREADS = 4
"""For health, metrics and refusals, while every place of the door is taken."""


def options(*, host: str, port: int, workers: int, max_busy: int) -> dict[str, Any]:
    """What gunicorn is told; the same for every application that is served so.

    There is a thread for each search that runs or waits: what waits in gunicorn's own queue is neither
    counted nor refused.
    """
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": max_busy + SPARE_THREADS,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "limit_request_line": 16_384,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "control_socket_disable": True,
        "child_exit": forget_worker,
    }


def serve(*, host: str, port: int, workers: int, threads: int, drain_s: float) -> None:
    """Run until SIGTERM; see `service.arbiter` for how it ends.

    The metrics choose how they are shared when they are imported, so their folder comes before them;
    all modules and the application come before the fork, so that workers share their memory.
    """
    prepare_metrics_folder()
    wiring = importlib.import_module("service.wiring")
    told = options(host=host, port=port, workers=workers, max_busy=load_settings().max_busy)
    told["preload_app"] = True
    Server(told, lambda: wiring.create_app(at_once=threads), drain_s=drain_s).run()


def warm_up(worker: Any, board: Signboard) -> None:
    """Make the parts before the first request; a part that fails says so in /readyz instead."""
    from service.app import current_services  # noqa: PLC0415  see `serve`

    app = worker.wsgi
    with app.app_context():
        readiness = current_services(app).readiness()
    for name, part in readiness.parts.items():
        if not part.ok:
            worker.log.error("%s: %s", name, part.detail)
    gc.collect()
    gc.freeze()
    give_back_free_pages()
    board.report(worker.pid, ready=readiness.ok)


def say_goodbye(server: Any, worker: Any) -> None:
    """In the worker, when it has answered everything."""
    del server
    from service.app import current_services  # noqa: PLC0415  see `serve`

    if worker.booted:
        current_services(worker.wsgi).tracing.close()


def forget_worker(server: Any, worker: Any) -> None:
    """A dead worker's gauges leave the metrics."""
    del server
    from prometheus_client import multiprocess  # noqa: PLC0415  reads its folder when imported

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # untyped there
