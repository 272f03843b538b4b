# One command each; `make` alone lists them. Settings such as YIWANG_API_PORT come from .env.

PYTHON ?= python3
STACK ?= local
VENV := .venv/bin
PINNED := --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --quiet
NODE = PATH="$(CURDIR)/$(VENV):$$PATH"
-include .env
export

.DEFAULT_GOAL := help
.PHONY: help up down status scenario listen sql setup setup-dev check console check-console test pictures \
  bench lock clean purge python

help:  ## List these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

ifeq ($(STACK),docker)
up: python  ## Run the whole system until Ctrl-C (STACK=docker: in containers)
	@$(PYTHON) -m stack.containers up
down: python  ## Stop it from elsewhere
	@$(PYTHON) -m stack.containers down
else
up: setup
	@$(VENV)/python -m stack up
down: setup
	@$(VENV)/python -m stack down
endif

status: setup  ## Show what runs, where, and how to sign in
	@$(VENV)/python -m stack status

scenario: setup  ## Let something happen in the simulated city (NAME=night-fire)
	@$(VENV)/python -m simulators city --scenario $(or $(NAME),night-fire)

listen: setup  ## Print every message on the broker as it passes
	@$(VENV)/python -m stack listen

sql: setup  ## Open a prompt on the database, reading only
	@$(VENV)/python -m stack sql

check: setup-dev check-console  ## Format, lint, types, import contracts, spelling; the console's too
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/codespell
	$(VENV)/python -m grafana check

console: console/src/api/schema.d.ts  ## Build the console again, into console/built
	cd console && $(NODE) npm run --silent build

check-console: console/src/api/schema.d.ts
	cd console && $(NODE) npm run --silent check && $(NODE) npm run --silent test
	cd console && $(NODE) npm run --silent build -- --outDir fresh --logLevel error
	@diff -rq console/built console/fresh && rm -r console/fresh || { \
	  echo "console/built is not what its sources make: run \`make console\` and commit it."; exit 1; }

console/src/api/schema.d.ts: console/node_modules $(wildcard api/*.py api/*/*.py)
	$(VENV)/python -m api openapi > console/openapi.json
	cd console && $(NODE) npm run --silent types

console/node_modules: console/package-lock.json | setup-dev
	cd console && $(NODE) npm ci --no-audit --no-fund --silent && touch node_modules

test: setup-dev  ## Run every test against a real broker and a real TimescaleDB
	@$(VENV)/python -m pytest $(if $(ARGS),$(ARGS),-n 3 --dist loadfile)

pictures: setup-dev  ## Take the pictures of the documents from the running demo
	@PYTHONPATH=. $(VENV)/python docs/images/take.py

bench: setup-dev  ## Measure the promises: quick figures of every benchmark
	@$(VENV)/python -m bench all --quick

setup: python  ## Prepare .venv with what the programs need
	@$(PYTHON) -m stack.setup

setup-dev: python  ## ... and with what the tests and checks need
	@$(PYTHON) -m stack.setup --dev

lock:  ## Pin every Python package again, with hashes (needs uv)
	uv pip compile pyproject.toml --group stack $(PINNED) -o requirements.lock
	uv pip compile pyproject.toml --group stack --group dev -c requirements.lock $(PINNED) \
	  -o requirements-dev.lock

clean:  ## Stop the demo; remove its data, .venv and every cache of this checkout
	@$(PYTHON) -m stack.cleaning

purge: clean  ## ... and the downloaded broker and database, shared by all checkouts
	@$(PYTHON) -m stack.cleaning --parts

python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	  "yiwang needs Python 3.11 or newer; this one is " + sys.version.split()[0] + ".")'
