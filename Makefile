# make demo: everything, embedded, on port 8000.   make test: every check and test.
# EXTRAS=train adds torch (about 5 GB) for the tests of training, and Ray for those of a cluster.

PYTHON ?= python3
PORT ?= 8000
EXTRAS ?= dev
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/$(EXTRAS).txt
STAMP := $(VENV)/.installed-$(EXTRAS)
PYTEST_ARGS ?=
PIN := uv pip compile -q --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml

.PHONY: demo test check lock clean

demo: $(STAMP)
	$(BIN)/souk demo --port $(PORT)

test: $(STAMP) check
	$(BIN)/pytest $(PYTEST_ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/souk rules check locales

$(STAMP): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "souk needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' 2>/dev/null || \
	  { echo "LightGBM needs the system library libgomp1: apt-get install libgomp1"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Renew the locks after a change of the dependencies in pyproject.toml (needs uv).
lock:
	$(PIN) -o requirements/serve.txt
	$(PIN) --extra heif --extra otel -c requirements/serve.txt -o requirements/serve-extras.txt
	$(PIN) --extra heif --extra otel --extra dev -c requirements/serve-extras.txt -o requirements/dev.txt
	$(PIN) --extra heif --extra otel --extra dev --extra train --extra cluster -c requirements/dev.txt -o requirements/train.txt

clean:
	rm -rf $(VENV) .souk
