"""`python -m tests.service.fake_app PORT`: souk's own gunicorn over fakes, in SOUK_HOME."""

from __future__ import annotations

import sys

from service.settings import prepare_metrics_folder


def main(port: int) -> None:
    """Until SIGTERM; the parts differ from souk's alone, and are made after the fork too."""
    prepare_metrics_folder()
    from service.app import build_app
    from service.server import Server, options
    from service.settings import load_settings
    from tests.service.fakes import fake_services

    class FakeServer(Server):
        def load(self) -> object:
            return build_app(fake_services(load_settings().home, each=2))

    FakeServer(options(host="127.0.0.1", port=port, workers=2, threads=2)).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
