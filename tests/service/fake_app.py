"""`python -m tests.service.fake_app PORT [preload]`: souk's own gunicorn over fakes, in SOUK_HOME.

Where the workspace has a file `no-models` when a worker starts, that worker has no models. Experiments
are those of the workspace's folder `experiments`, read again when they change.
"""

from __future__ import annotations

import sys

from flask import Flask

from service.settings import prepare_metrics_folder

BUSY = 64
"""Of one worker: whoever stops or reloads it wants to see requests wait, not refused."""


def main(port: int, *, preload: bool) -> None:
    """Until SIGTERM; the parts differ from souk's alone, and are made after the fork too."""
    prepare_metrics_folder()
    from experiments.live import LiveExperiments
    from service.app import build_app
    from service.server import Server, options
    from service.settings import load_settings
    from service.shedding import Door
    from service.wiring import make_tracing
    from tests.service.fakes import fake_services

    def make_app() -> Flask:
        home = load_settings().home
        models = None if (home / "no-models").exists() else "fake"
        services = fake_services(home, each=3, models=models)
        services.experiments = LiveExperiments(
            home / "experiments", lambda: services.locales().marketplaces
        )
        services.door = Door(BUSY, 2, patience_s=60)
        services.tracing = make_tracing(load_settings())
        return build_app(services)

    told = options(host="127.0.0.1", port=port, workers=2, max_busy=BUSY)
    Server(told | {"preload_app": preload}, make_app, drain_s=0.5).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), preload="preload" in sys.argv)
