# Two commands: `make` reads the sample articles into build/, `make test` checks the whole.
# Your own folder: make run ARTICLES=~/my-articles OUT=out

PYTHON   ?= python3
ARTICLES ?= corpus/articles
OUT      ?= build
GOLD     ?= corpus/gold
FORMATS  ?= all
MODEL    ?= build/model
UV_VERSION := 0.9
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
export UV_COMPILE_BYTECODE := 1
# One thread per worker for linear algebra: the same bytes everywhere, and no fight over cores.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

BIN := .venv/bin
UV  := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN_READY := .venv/.ready-run
DEV_READY := .venv/.ready-dev

.DEFAULT_GOAL := build
.PHONY: build run setup dev help test test-fast lint format gate train maps notebooks bench system clean distclean

build: $(RUN_READY) ## read the sample articles into build/ (the default)
	$(BIN)/lunheng run $(ARTICLES) --out $(OUT)

run: build ## the same for your own: make run ARTICLES=~/my-articles OUT=out

help: ## list the goals
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(RUN_READY) ## install what reading needs into .venv/
dev: $(DEV_READY) ## install what working on the code needs as well

.uv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Lunheng needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv .uv || { echo "The module venv is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	.uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=$(UV_VERSION)'

$(RUN_READY): pyproject.toml uv.lock | $(UV)
	$(UV) sync --quiet --frozen --inexact --no-dev --extra ingest --extra topics --extra vectors
	@touch $@

$(DEV_READY): pyproject.toml uv.lock | $(UV)
	$(UV) sync --quiet --frozen --all-extras
	@touch $(RUN_READY) $@

test: $(DEV_READY) ## all tests (about 10 minutes on two cores)
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile

test-fast: $(DEV_READY) ## the tests that take less than a minute together
	$(BIN)/pytest -m "not slow"

lint: $(DEV_READY) ## style and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV_READY) ## put the code in shape
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

gate: $(DEV_READY) ## compare today's quality with the pinned floors
	$(BIN)/python -m tests.gate

train: $(DEV_READY) ## train on annotated articles: make train GOLD="corpus/gold my-gold.jsonl"
	$(BIN)/lunheng train $(GOLD) --out $(MODEL)

maps: $(RUN_READY) ## export the argument maps of OUT in every format
	@test -d $(OUT)/tables || $(MAKE) --no-print-directory build
	$(BIN)/lunheng map $(OUT) --format $(FORMATS)

notebooks: $(DEV_READY) ## open the notebooks on OUT
	@test -d $(OUT)/tables || $(MAKE) --no-print-directory build
	$(BIN)/jupyter lab notebooks

bench: $(DEV_READY) ## measure speed, as ratios within one run
	$(BIN)/python -m bench

system: ## install the optional Debian packages: graphviz, Chinese fonts, chromium
	bash scripts/setup-system.sh

clean: ## remove build/ and caches
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

distclean: clean ## remove the environment as well
	rm -rf .venv .uv
