# Two commands do all the set-up: `make site` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tools for long runs and for audits only; the report needs none of them, so the lock does not hold them.
TOOLS := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Where this is set, as in many containers, each process compiles the package anew: half a second of every command.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help site publish test serve pdf lighthouse accept check bench soak reproduce recipes mutation coverage audit lint lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Round Trip needs Python 3.11 or newer: set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

site: $(READY)  ## build the report into _build/html
	$(BIN)/roundtrip build

publish: $(READY)  ## the same with every key day in it, so that readers can change the day on each page: what to put on a host
	$(BIN)/roundtrip build --vintages --explain

test: $(READY)  ## lint, then the whole suite, in a browser where one can be had
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo
	$(BIN)/python -m analysis.book.publishing.chromium
	$(BIN)/pytest

serve: $(READY)  ## serve _build/html on loopback; build again and refresh the page at each change
	$(BIN)/roundtrip serve

pdf: site  ## print the whole report into _build/round-trip.pdf
	$(BIN)/python -m analysis.book.publishing.chromium
	$(BIN)/roundtrip pdf

lighthouse: $(READY)  ## Lighthouse on each kind of page (needs Node; downloads Lighthouse)
	$(BIN)/python -m analysis.book.publishing.chromium
	$(BIN)/python -m tests.benchmarks.lighthouse

accept: $(READY)  ## re-run the chapters in place and keep their outputs as the new reference
	$(BIN)/roundtrip accept

check: $(READY)  ## every problem in data/
	$(BIN)/roundtrip check

bench: $(READY)  ## measure against peers, in one run
	$(BIN)/python -m tests.benchmarks

soak: $(READY)  ## ten thousand spoiled ledgers, a hundred kills, full disks, each page in each theme: what was tried and what was lost
	$(BIN)/python -m tests.soak

reproduce: $(READY)  ## build two clones of the commit as on two machines and compare every byte
	$(BIN)/python -m analysis.book.publishing.chromium
	$(BIN)/python -m tests.soak.reproduce

recipes: $(READY)  ## follow CONTRIBUTING on a copy of the project and run all tests there
	WHOLE_SUITE=1 $(BIN)/pytest -n 0 tests/test_contributing.py

mutation: $(READY)  ## how many changes of the ledger and the models the tests notice (takes an hour or more)
	$(TOOLS) mutmut==3.8.1
	$(BIN)/python -m tests.soak.mutation

coverage: $(READY)  ## lines and branches of the ledger and the models that their tests reach
	$(TOOLS) coverage==7.17.3
	$(BIN)/coverage run --branch --data-file=_build/coverage --source=analysis.ledger,analysis.models -m pytest -o addopts="-q -p no:cacheprovider" $$($(BIN)/python -c "from tests.soak.mutation import TESTS; print(*(f'tests/{t}.py' for t in TESTS if t.startswith('test_')))")
	$(BIN)/coverage report --data-file=_build/coverage

audit: $(READY)  ## known weaknesses of the locked packages; fails where one cannot be looked up (needs a network)
	$(TOOLS) pip-audit==2.10.1
	$(BIN)/pip-audit --strict --requirement requirements.lock --require-hashes --disable-pip

lint: $(READY)  ## format and lint in place
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: $(READY)  ## resolve the dependencies anew, with hashes and no registry address
	$(BIN)/uv pip compile pyproject.toml --extra cluster --extra pdf --extra test --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet -o requirements.lock

clean:  ## remove what was built
	rm -rf _build
