# One word per need; each sets up what it needs by itself. What the words do is in tools/.
PYTHON ?= python3
# Looked up where it is used, so that a wrong name is one sentence.
TOOLS = $(if $(shell command -v $(PYTHON) 2>/dev/null),$(PYTHON) -m tools,$(error There is no program $(PYTHON). Install Python 3.11 or newer, or name it: make $(or $(MAKECMDGOALS),help) PYTHON=python3.12))
BIN := $(or $(UV_PROJECT_ENVIRONMENT),.venv)/bin
ARGS ?=
IMAGE ?=

.DEFAULT_GOAL := help
.DEFAULT:
	@{ echo "There is no word '$@'. The words are:"; $(MAKE) --no-print-directory help; } >&2; exit 2

.PHONY: help setup up preview policies down demo image docs sbom audit test test-real lint format clean clean-cache

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  ARGS=... is handed on to pulumi or pytest, e.g. make preview ARGS=--diff"

setup: ## Python environment, Pulumi and its plugins
	@$(TOOLS) setup

up: ## provision the local stack: no account, no cluster, no prompt
	@$(TOOLS) up $(ARGS)

preview: ## show what `make up` would do
	@$(TOOLS) preview $(ARGS)

policies: ## the same, held to the policy pack
	@$(TOOLS) policies $(ARGS)

down: ## remove what the local stack made
	@$(TOOLS) down $(ARGS)

demo: ## ask real Cube about the sample shop, on this machine; Ctrl-C ends
	@$(TOOLS) demo $(ARGS)

image: ## build the observer's image: make image IMAGE=registry.example.com/floe-cube-observer:0.1.0
	@$(TOOLS) image $(IMAGE) $(ARGS)

docs: ## build the site of docs/ into site/
	@$(TOOLS) docs $(ARGS)

sbom: ## write what the package is made of (CycloneDX) into dist/
	@$(TOOLS) sbom $(ARGS)

audit: ## look up known vulnerabilities of what uv.lock pins; needs the network
	@$(TOOLS) audit $(ARGS)

test: lint ## lint, then the tests with coverage
	@$(TOOLS) setup --quiet
	$(BIN)/python -m pytest -m "not real" -n 2 --dist loadgroup --cov $(ARGS)

test-real: ## the tests that start servers built from source, or provision for a minute
	@$(TOOLS) setup --quiet
	$(BIN)/python -m pytest -m real -n 2 --dist loadgroup $(ARGS)

lint: ## ruff, mypy and bandit
	@$(TOOLS) python
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit -q -r floe_cube_infra policies tools

format: ## let ruff format and fix
	@$(TOOLS) python
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove .floe, .venv and caches from this clone; the shared cache stays
	@$(TOOLS) clean

clean-cache: ## remove the tools that all clones of this user share
	@$(TOOLS) clean-cache
