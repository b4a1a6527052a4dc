# Two commands for everyone: make book, make test. Both make their own environment first.
.DEFAULT_GOAL := help
.PHONY: help book test lint format clean serve lock bench bench-build bench-references bench-evidence bench-synthesis bench-living bench-explore coverage mutants dependencies

# The first Python found that is new enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help: ## show this help
	@echo "The QOF Evidence Book"
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.book: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found. Install it, or say which: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up $(VENV) (once; about two minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The venv module is missing from $(PYTHON): on Debian or Ubuntu install python3-venv."; exit 1; }
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.book requirements-test.lock
	@echo "Adding what the tests need ..."
	@$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

book: $(VENV)/.book ## build the book into _build/html (only what changed)
	@$(BIN)/qof build

# A file's tests stay together: those that build or open the book share one build. They come first,
# not last as the files with the fewest tests would, for they take longest.
test: $(VENV)/.test ## run every test
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.test ## check the style and the types of the code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: $(VENV)/.test ## mend what the linter can mend
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

serve: book ## build the book and read it at http://localhost:8000
	@$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

bench: $(VENV)/.test ## run every benchmark and write BENCHMARKS.md (half an hour)
	@$(BIN)/python tests/bench/all.py

bench-build: $(VENV)/.test ## time the build against plain jupyter-book
	@$(BIN)/python tests/bench/build.py

bench-references: $(VENV)/.test ## time reading and deduplicating against rispy and bib-dedupe
	@$(BIN)/python tests/bench/references.py

bench-evidence: $(VENV)/.test ## time the official statistics against plain pandas
	@$(BIN)/python tests/bench/evidence.py

bench-synthesis: $(VENV)/.test ## time the statistics against statsmodels and metafor
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/bench/synthesis.py

bench-living: $(VENV)/.test ## time a book of thousands of studies
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/bench/living.py

bench-explore: $(VENV)/.test ## time the page for exploring in a browser
	@$(BIN)/python tests/bench/explore.py

coverage: $(VENV)/.test ## run every test and list the branches that none takes
	@rm -rf _build/coverage
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report --skip-covered --show-missing --fail-under=95

mutants: $(VENV)/.test ## put small faults into the statistics and tell which no test notices
	@$(BIN)/python tests/mutation/run.py analysis/synthesis --sample 600

lock: ## renew both lock files and DEPENDENCIES.md from pyproject.toml (needs uv)
	@uv pip compile pyproject.toml --extra build -q $(LOCK) -o requirements.lock
	@uv pip compile pyproject.toml --extra build --extra dask --extra test -c requirements.lock -q $(LOCK) -o requirements-test.lock
	@$(MAKE) --no-print-directory dependencies
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

dependencies: $(VENV)/.test ## write DEPENDENCIES.md: why each, its licence, its age (needs uv)
	@$(BIN)/python tests/dependencies.py

clean: ## remove the environment and everything built
	rm -rf $(VENV) _build *.egg-info .pytest_cache .ruff_cache .hypothesis
