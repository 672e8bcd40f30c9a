"""`python -m tests.service.live_app PORT`: two workers over fakes that serve what is published."""

from __future__ import annotations

import sys

from flask import Flask

from service.settings import prepare_metrics_folder


def main(port: int) -> None:
    """Until SIGTERM, with the locale files of SOUK_LOCALES until a version is published."""
    prepare_metrics_folder()
    from service.app import build_app
    from service.server import Server, options
    from service.settings import load_settings
    from tests.service.fakes import fake_services

    def make_app() -> Flask:
        settings = load_settings()
        return build_app(fake_services(settings.home, each=2, locales=settings.locales, live=True))

    told = options(host="127.0.0.1", port=port, workers=2, max_busy=16)
    Server(told, make_app, drain_s=0.5).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
