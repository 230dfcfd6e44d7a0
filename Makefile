# Two commands do everything on a fresh Debian-like machine with Python 3.11: make demo, make test.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
# Modules are compiled once, not by each of the hundreds of processes that tests start.
export PYTHONDONTWRITEBYTECODE =

.PHONY: setup demo test nightly check bench lint messages mutate bundle wheel pictures clean

setup: .venv/.ready

.venv/.ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kalata needs Python 3.11 or newer: $$($(PYTHON) --version) found."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Could not make .venv: on Debian, apt-get install python3-venv."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/.ready

demo: setup
	$(BIN)/kalata demo --port $(PORT)

# PostgreSQL first (services and pages), then everything on SQLite with the browser; the last lines are the runner's own.
# What passed on PostgreSQL is not repeated on SQLite unless the two may differ there (tests/elsewhere.py).
# Four workers on two cores: houses and browsers wait, and another test runs meanwhile.
PASSED := .test-databases/passed-on-postgres
test: setup
	@bash bin/browser
	@mkdir -p .test-databases && rm -f $(PASSED)
	KALATA_PASSED=$(PASSED) $(BIN)/python tests/on_postgres.py
	KALATA_ELSEWHERE=$(PASSED) $(BIN)/python -m pytest -n 4 --dist loadgroup

# What takes too long for every change: every hostile value in every parameter, 10,000 malformed logs under three
# verifiers, the longest real files through the pages, the walk of rights on PostgreSQL too.
nightly: setup
	@bash bin/browser
	KALATA_NIGHTLY=1 KALATA_FUZZ=full $(BIN)/python tests/on_postgres.py -o faulthandler_timeout=14400
	KALATA_NIGHTLY=1 KALATA_FUZZ=full KALATA_MALFORMED=10000 $(BIN)/python -m pytest -n 2 --dist loadgroup -o faulthandler_timeout=14400

check: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=kalata.settings.test $(BIN)/python -m django makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=kalata.settings.test $(BIN)/python -m django check --deploy --fail-level WARNING
	for pack in src/kalata/packs/*/; do $(BIN)/kalata pack check $$pack >/dev/null || exit 1; done

bench: setup
	$(BIN)/python -m bench $(ARGS)

# Nightly: every small change of a rule must be seen by a test (tests/mutation.py; ARGS="--minutes 60 --files …").
mutate: setup
	nice -n 15 $(BIN)/python tests/mutation.py $(ARGS)

# What a machine without network installs from: make bundle KEY=release.key (openssl genpkey -algorithm ed25519 -out release.key).
bundle: setup
	$(BIN)/python tools/bundle.py --key $(or $(KEY),release.key) $(ARGS)

# One small picture of every screen in docs/pictures, wide and narrow; ARGS=--check: axe, 320 pixels and weight instead.
pictures: setup
	@bash bin/browser
	$(BIN)/python tools/pictures.py $(ARGS)

wheel: setup
	$(BIN)/python -m hatchling build -t wheel

clean:
	rm -rf var dist .test-databases .pytest_cache .mypy_cache .ruff_cache .hypothesis
