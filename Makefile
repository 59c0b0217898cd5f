# wuyilou (无遗漏). `make demo` to look at it, `make test` to check it; both install what is missing first.
.DEFAULT_GOAL := help
.PHONY: help demo serve test nightly bench lint format lock setup setup-test clean clean-data

PORT ?= 8000
HOST ?= 127.0.0.1
ARGS ?=
# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: setup ## Install what is missing, build the demo, serve it on http://127.0.0.1:8000 (PORT=, HOST=)
	@$(BIN)/wuyilou demo --host $(HOST) --port $(PORT)

serve: setup ## Serve what is in the database
	@$(BIN)/wuyilou serve --host $(HOST) --port $(PORT)

test: setup-test check ## Style, types, real PostGIS, real browser (ARGS= for pytest)
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder tests geo app $(ARGS)

nightly: setup-test check ## The same and what takes longer: other ways to the same end, other sizes, other devices
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "" tests geo app $(ARGS)

bench: setup ## Figures beside their peers', as JSON lines (ARGS= for the bench)
	@$(BIN)/python -m bench $(ARGS)

lint: setup check ## Style and types

.PHONY: check
check:
	@echo "[check] ruff, mypy, tsc"
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@node_modules/.bin/tsc --project tsconfig.json & types=$$!; \
		$(BIN)/mypy --no-error-summary && $(BIN)/mypy --no-error-summary scripts tests/support tests/conftest.py; \
		python=$$?; wait $$types && exit $$python

format: setup ## Let ruff format and sort
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: ## Resolve the Python packages anew (UPGRADE=1: to their newest)
	@test -x .tools/uv/bin/uv || { $(PYTHON) -m venv .tools/uv && .tools/uv/bin/python -m pip install --quiet uv; }
	@.tools/uv/bin/uv pip compile --quiet pyproject.toml --group dev --universal --generate-hashes \
		--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) --output-file requirements.lock
	@npm install --package-lock-only --ignore-scripts

setup setup-test:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: Debian 12, Ubuntu 24.04 and later have it" >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py $(if $(filter setup-test,$@),test,run)

clean: ## Remove what can be made again; the data stay
	rm -rf .venv .tools node_modules static/vendor build *.egg-info .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

clean-data: setup ## Remove the private database with everything in it
	@$(BIN)/wuyilou db remove
