# Family Journal Warehouse. `make help` lists what there is to run.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .boot/bin/uv
BIN := .venv/bin
LINT := .venv-lint/bin
SOURCES := alerts benchmarks dags dashboards ingestion pages reports sandbox warehouse tests

# The installer knows the public certificates; behind a proxy that signs anew, the
# system's own are asked as well, and what went wrong is told by the second try.
SYNC = $(UV) pip sync --quiet --require-hashes --compile-bytecode --python $(1) $(2) 2>/dev/null \
	|| { echo "Trying again with this system's own certificates ..."; \
	$(UV) pip sync --quiet --system-certs --require-hashes --compile-bytecode --python $(1) $(2); }

# Not a prerequisite: whoever asks for a warehouse does not ask for 900 MB of packages.
NEEDS_DEMO := [ -e .venv/installed ] || { echo "No warehouse is running: start one with 'make demo'." >&2; exit 1; }

NEEDS_PACKAGES := [ -e .venv/installed ] || { echo "Nothing is installed yet: run 'make install' first." >&2; exit 1; }

# A warehouse of one's own, or that of the demo and a folder beside it.
WITH_WAREHOUSE = export WAREHOUSE_URL="$${WAREHOUSE_URL:-$$($(BIN)/python -m sandbox warehouse-url)}" WAREHOUSE_BACKUPS="$${WAREHOUSE_BACKUPS:-.local/backups}" && [ -n "$$WAREHOUSE_URL" ] &&

# Two processes: the tests wait for databases and servers half of their time.
# How they share them: tests/conftest.py.
AT_ONCE := --numprocesses 2 --dist loadscope --no-loadscope-reorder

# A telemetry switch the tools honour, and compiled bytecode: Airflow starts in half the time.
export DO_NOT_TRACK := 1
unexport PYTHONDONTWRITEBYTECODE

.PHONY: backup restore help demo stop status environment warehouse-url psql test test-long check-semantic bench-ingest bench-warehouse bench-dashboards check check-python check-sql format lock docs release clean install install-semantic

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/installed ## Run the whole way once on the synthetic pilot: forms, Airflow, dbt, dashboard (SERVERS=both: from ODK Central too)
	@$(BIN)/python -m sandbox demo

stop: ## End whatever `make demo` left running
	@if [ -e .venv/installed ]; then $(BIN)/python -m sandbox stop; else echo "Nothing is installed, so nothing runs."; fi

status: ## Show what of the demo is running, and how its warehouse stands
	@$(NEEDS_DEMO)
	@$(BIN)/python -m sandbox status
	@if settings=$$($(BIN)/python -m sandbox environment 2>/dev/null); then eval "$$settings"; echo; $(BIN)/python -m warehouse status; fi

environment: ## Print what the command line needs to work on the running demo
	@$(NEEDS_DEMO)
	@$(BIN)/python -m sandbox environment

warehouse-url: ## Print the URL of the running warehouse, for psql or SQLAlchemy
	@$(NEEDS_DEMO)
	@$(BIN)/python -m sandbox warehouse-url

psql: ## Open a SQL prompt on the running warehouse
	@$(NEEDS_DEMO)
	@$(BIN)/python -m sandbox psql

test: .venv/installed ## Run the tests (some minutes; starts and stops its own services)
	@$(BIN)/python -m pytest $(AT_ONCE) -m "not long"

test-long: .venv/installed .venv-semantic/installed ## Run every test, also those that take many minutes
	@$(BIN)/python -m pytest $(AT_ONCE)

check-semantic: .venv/installed .venv-semantic/installed ## Ask the semantic models what the marts say and compare (some minutes; own services)
	@$(BIN)/python -m pytest tests/warehouse/semantic

bench-ingest: .venv/installed .venv-bench/installed ## Measure ingestion against what a user would pick instead (a quarter of an hour)
	@$(BIN)/python -m benchmarks ingest $(if $(JOURNALS),$(addprefix --journals ,$(JOURNALS))) $(if $(JSON),--json $(JSON))

bench-warehouse: .venv/installed ## Measure how fast the warehouse is built and asked (SIZE=small, medium or large; JSON=file)
	@$(BIN)/python -m benchmarks warehouse $(if $(SIZE),--size $(SIZE)) $(if $(JSON),--json $(JSON))

bench-dashboards: .venv/installed ## Measure how fast cards answer and pages are drawn (FAMILIES=15000; KEEP=1 keeps the panel; JSON=file)
	@$(BIN)/python -m benchmarks dashboards $(if $(FAMILIES),--families $(FAMILIES)) $(if $(KEEP),--keep) $(if $(JSON),--json $(JSON))

check: .venv/installed .venv-lint/installed ## Check style, types, imports, SQL and dbt rules (no services)
	@$(MAKE) --no-print-directory --jobs 2 check-sql check-python
	@echo "check: all clean"

check-python: # As long on one core as check-sql on the other
	@$(LINT)/ruff format --check --quiet $(SOURCES)
	@$(LINT)/ruff check --quiet $(SOURCES)
	@$(LINT)/mypy --python-executable $(BIN)/python --no-error-summary $(SOURCES)
	@PYTHONPATH=. $(LINT)/lint-imports --no-logo
	@WAREHOUSE_HOST=none WAREHOUSE_PORT=5432 WAREHOUSE_USER=none WAREHOUSE_PASSWORD=none WAREHOUSE_NAME=none \
		$(BIN)/dbt --quiet --warn-error parse --project-dir dbt_project --profiles-dir dbt_project
	@$(LINT)/dbt-bouncer --config-file dbt-bouncer.yml > dbt_project/target/bouncer.log 2>&1 || { cat dbt_project/target/bouncer.log; exit 1; }
	@$(LINT)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml
	@$(LINT)/hadolint --no-color Dockerfile

check-sql:
	@PYTHONWARNINGS=ignore $(LINT)/sqlfluff lint --nocolor -p 2 dbt_project/models dbt_project/tests dashboards/specs warehouse_docs/cookbook

format: .venv-lint/installed ## Format Python and SQL
	@$(LINT)/ruff format $(SOURCES)
	@$(LINT)/ruff check --fix $(SOURCES)
	@$(LINT)/sqlfluff fix dbt_project/models dbt_project/tests dashboards/specs warehouse_docs/cookbook

lock: $(UV) ## Resolve the requirements anew into the lock files
	$(UV) pip compile --quiet --universal --no-emit-index-url --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	$(UV) pip compile --quiet --universal --no-emit-index-url --generate-hashes --python-version 3.11 requirements-lint.in -o requirements-lint.txt
	$(UV) pip compile --quiet --universal --no-emit-index-url --generate-hashes --python-version 3.11 requirements-bench.in -o requirements-bench.txt
	$(UV) pip compile --quiet --universal --no-emit-index-url --generate-hashes --python-version 3.11 requirements-semantic.in -o requirements-semantic.txt

docs: ## Write dictionary, diagram, metrics and cookbook of the running warehouse
	@$(NEEDS_DEMO)
	@url=$$($(BIN)/python -m sandbox warehouse-url) && WAREHOUSE_URL=$$url $(BIN)/python -m warehouse docs

release: ## Freeze a release of the running warehouse: CODE=2021-07 AS_OF=2021-09-30
	@$(NEEDS_DEMO)
	@[ -n "$(CODE)" ] && [ -n "$(AS_OF)" ] || { echo "Say which release and what it counts: make release CODE=2021-07 AS_OF=2021-09-30" >&2; exit 1; }
	@url=$$($(BIN)/python -m sandbox warehouse-url) && WAREHOUSE_URL=$$url $(BIN)/python -m warehouse release "$(CODE)" --as-of "$(AS_OF)"

backup: ## Write the warehouse into one file (of WAREHOUSE_URL, or of the demo)
	@$(NEEDS_PACKAGES)
	@$(WITH_WAREHOUSE) $(BIN)/python -m warehouse backup

restore: ## Read a backup into an empty database: FILE=backup.dump (DATABASE=another one)
	@$(NEEDS_PACKAGES)
	@[ -n "$(FILE)" ] || { echo "Say which backup: make restore FILE=.local/backups/warehouse_....dump DATABASE=restored" >&2; exit 1; }
	@$(WITH_WAREHOUSE) $(BIN)/python -m warehouse restore "$(FILE)" $(if $(DATABASE),--database "$(DATABASE)")

clean: stop ## Remove everything that these commands made, the sandbox's data too
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +
	rm -rf .local .venv .venv-lint .venv-bench .venv-semantic .boot .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dbt_project/target dbt_project/logs

install: .venv/installed ## Install what the project needs into .venv

install-semantic: .venv-semantic/installed ## Install what answers `python -m warehouse mf query`

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0] + ": point PYTHON at one, for example make demo PYTHON=python3.12")'
	@echo "Preparing the installer ..."
	@$(PYTHON) -m venv .boot
	@.boot/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/installed: requirements.txt | $(UV)
	@echo "Installing the project's environment (about 900 MB) ..."
	@[ -x $(BIN)/python ] || $(UV) venv --quiet --python $$($(PYTHON) -c 'import sys; print(sys.executable)') .venv
	@$(call SYNC,$(BIN)/python,requirements.txt)
	@touch $@

.venv-lint/installed: requirements-lint.txt | $(UV)
	@echo "Installing the linters ..."
	@[ -x $(LINT)/python ] || $(UV) venv --quiet --python $$($(PYTHON) -c 'import sys; print(sys.executable)') .venv-lint
	@$(call SYNC,$(LINT)/python,requirements-lint.txt)
	@touch $@

.venv-bench/installed: requirements-bench.txt | $(UV)
	@echo "Installing what we are measured against ..."
	@[ -x .venv-bench/bin/python ] || $(UV) venv --quiet --python $$($(PYTHON) -c 'import sys; print(sys.executable)') .venv-bench
	@$(call SYNC,.venv-bench/bin/python,requirements-bench.txt)
	@touch $@

.venv-semantic/installed: requirements-semantic.txt | $(UV)
	@echo "Installing what reads the semantic models (about 150 MB) ..."
	@[ -x .venv-semantic/bin/python ] || $(UV) venv --quiet --python $$($(PYTHON) -c 'import sys; print(sys.executable)') .venv-semantic
	@$(call SYNC,.venv-semantic/bin/python,requirements-semantic.txt)
	@touch $@
