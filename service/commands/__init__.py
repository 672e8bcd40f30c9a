"""One module per command group; each is imported only when it is called (see `service/cli.py`)."""
