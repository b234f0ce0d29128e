# The front door. `make setup` once; every other target does it by itself where needed.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
PACKAGES := hanoiwatch crawler indexer scheduler
UV := 0.13.9

.PHONY: setup demo run test eval eval-linking lint bench bench-alerts bench-browser bench-cluster bench-copies bench-crash bench-elastic bench-extract bench-fuzz bench-linking bench-rebuild bench-search lock docs clean

setup: .venv/.done

.venv/.done: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer with venv was found: install it (Debian: apt install python3 python3-venv)." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "make: $(PYTHON) cannot make a virtual environment: install its venv package (Debian: apt install python3-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m compileall -q $(PACKAGES)
	@touch $@

demo: setup
	@$(BIN)/hanoiwatch demo

run: setup
	@$(BIN)/hanoiwatch run

# With CI set: every test, and one that is skipped is a failure (tests/conftest.py). Else those that
# take long are left out, and of many alike questions a share is asked (tests/thorough.py).
test: setup
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(if $(CI),2,3) --dist worksteal $(if $(CI),,-m "not slow and not browser and not elastic") $(ARGS)

# How well pages are read, by kind of page and field, beside other extractors.
eval: setup
	@$(BIN)/python -m tests.eval.report $(ARGS)

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/codespell $(PACKAGES) docs README.md CHANGELOG.md && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/cog --check -I . README.md docs/reference/*.md

bench: setup
	@$(BIN)/python -m bench $(ARGS) && $(BIN)/python -m bench.search && $(BIN)/python -m bench.copies

bench-browser: setup
	@$(BIN)/python -m bench.browser $(ARGS)

bench-alerts: setup
	@$(BIN)/python -m bench.alerts $(ARGS)

# Three nodes of Elasticsearch, one killed in the middle.
bench-cluster: setup
	@$(BIN)/python -m bench.cluster $(ARGS)

bench-copies: setup
	@$(BIN)/python -m bench.copies $(ARGS)

bench-crash: setup
	@$(BIN)/python -m bench.crash $(ARGS)

# The index in Elasticsearch beside the bare client.
bench-elastic: setup
	@$(BIN)/python -m bench.elastic $(ARGS)

bench-extract: setup
	@$(BIN)/python -m bench.extract $(ARGS)

bench-fuzz: setup
	@$(BIN)/python -m bench.fuzz $(ARGS)

# How well and how fast articles are linked; eval-linking also beside underthesea's people.
bench-linking: setup
	@$(BIN)/python -m bench.linking --no-peer $(ARGS)

eval-linking: setup
	@$(BIN)/python -m bench.linking --errors $(ARGS)

bench-rebuild: setup
	@$(BIN)/python -m bench.rebuild $(ARGS)

bench-search: setup
	@$(BIN)/python -m bench.search $(ARGS)

# Anew from pyproject.toml: names no package index, holds a hash for every file. The image's lock
# (deploy/Dockerfile) is what the program needs to run, of the same versions.
lock:
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --group dev --no-annotate --custom-compile-command "make lock" pyproject.toml --output-file requirements.lock $(ARGS)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --group image --no-annotate --custom-compile-command "make lock" --constraint requirements.lock pyproject.toml --output-file deploy/requirements.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

docs:
	@$(BIN)/cog -r -I . README.md docs/reference/*.md
