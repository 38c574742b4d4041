# Everything is done through these targets; `make` alone explains them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run demo test check bench evaluate fmt docs snapshots lock clean

# A distribution's own Python is built with every optimization, one that a version manager compiled often is not.
SYSTEM_PYTHON := $(shell /usr/bin/python3 -c 'import sys, venv, ensurepip; sys.version_info < (3, 11) or print(sys.executable)' 2>/dev/null)
PYTHON ?= $(or $(SYSTEM_PYTHON),python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WITH_UV := $(shell command -v uv 2>/dev/null)

help: ## Say what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## Start MongoDB, RabbitMQ and the five services, post sample complaints, show what becomes of them
	$(BIN)/redress run

demo: $(READY) ## Follow one complaint from registration to archive in a few seconds, breach and escalation included
	$(BIN)/redress demo

test: $(READY) ## Run all tests on real, private MongoDB and RabbitMQ
	@test -n "$${REDRESS_AMQP_URL:-}" || $(BIN)/python -m deploy.local
	$(BIN)/python -m pytest $(TESTS)

check: $(READY) ## Lint, format, types, import rules, manifests, schema snapshots: exactly what CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m deploy.k8s.check
	$(BIN)/python -m pytest -q tests/platform tests/contracts tests/shape

bench: $(READY) ## Measure against the plain baseline on private servers
	$(BIN)/python -m bench

evaluate: $(READY) ## Score the classifier on labelled complaints (DATA=folder)
	$(BIN)/python -m bench.evaluate $(if $(DATA),--data $(DATA))

fmt: $(READY) ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY) ## Write what is documented from the code: contracts, life cycles, settings, AsyncAPI
	$(BIN)/python -m docs.generate

snapshots: $(READY) ## Promise new contracts and new optional fields; refuses any other change of a contract
	$(BIN)/python -m tests.contracts.schemas

lock: ## Renew the hash-locked requirements from pyproject.toml (needs uv)
	@test -n "$(WITH_UV)" || { echo "make lock needs uv: $(PYTHON) -m pip install uv"; exit 1; }
	$(call locked,requirements.txt,)
	$(call locked,requirements-dev.txt,--extra dev)

clean: ## Remove the virtual environment, the private servers' data and what tools left behind
	rm -rf $(VENV) .local build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

locked = uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(2) --output-file $(1) pyproject.toml

# The virtual environment is made once and filled again only when the locked requirements change.
$(READY): requirements-dev.txt pyproject.toml | $(BIN)/python
ifneq ($(WITH_UV),)
	uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-dev.txt
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
endif
	touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Redress needs Python 3.11 or later: make PYTHON=python3.12 …"; exit 1; }
ifneq ($(WITH_UV),)
	uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)
else
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
			apt-get -qq update && apt-get -qq install --yes --no-install-recommends python3-venv; \
		else \
			echo "Python cannot make virtual environments here. Ways out:"; \
			echo "  - Debian or Ubuntu: sudo apt-get install python3-venv"; \
			echo "  - anywhere: install uv, which make uses when it finds it"; exit 1; \
		fi; }
	$(PYTHON) -m venv $(VENV)
endif
