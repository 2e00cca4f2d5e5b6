# sxsim: the two commands are `make run` and `make test`. Everything else is for contributors.
#
# All rules share one virtual environment, .venv. What is installed into it is remembered by stamp
# files inside it, each one waiting for the one before, so `make -j` never runs two installs at once
# and a second `make` installs nothing. `make PYTHON=python3.12 run` chooses another interpreter.

PYTHON ?= python3
PLAN ?= shanxi-2014
PYTEST_ARGS ?= -n auto --maxprocesses=8

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
CHECKED := $(wildcard src tests benchmarks examples scripts) docs/conf.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check docs examples clean

help:
	@echo 'make run       install into .venv, run the plan $(PLAN), print its table, write results/'
	@echo 'make test      the whole test suite (more with PYTEST_ARGS="-k name")'
	@echo 'make check     lint, formatting, types'
	@echo 'make docs      the manual, as docs/_build/html/index.html'
	@echo 'make examples  run every script of examples/'
	@echo 'make clean     remove everything the rules above made'

run: $(VENV)/.run
	@mkdir -p results
	@rm -f 'results/$(PLAN).nc'
	$(BIN)/sxsim run '$(PLAN)' --out 'results/$(PLAN).nc'

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy

docs: $(VENV)/.docs
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo 'The manual is docs/_build/html/index.html'

examples: $(VENV)/.run
	@mkdir -p results
	@for script in examples/*.py; do \
		if [ -e "$$script" ]; then \
			echo "$$script"; \
			MPLBACKEND=Agg $(BIN)/python "$$script" || exit 1; \
		else \
			echo 'There is no script in examples/ yet.'; \
		fi; \
	done

clean:
	rm -rf $(VENV) results docs/_build build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find $(CHECKED) docs -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, one layer on the other: interpreter, run, dev, docs.

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "sxsim needs Python 3.11 or newer, but '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo 'Name a newer one, for example: make PYTHON=python3.12 run' >&2; \
		exit 1; }
	@echo 'making the virtual environment $(VENV)'
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { \
		$(PYTHON) -m venv --without-pip $(VENV) \
		&& $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install -qq pip; }
	@touch $@

$(VENV)/.run: $(VENV)/.python pyproject.toml
	@echo 'installing sxsim and what it needs'
	@$(PIP_INSTALL) --editable '.[plot]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo 'installing what the tests and checks need'
	@$(PIP_INSTALL) --editable '.[plot,report,io,fast,dask,progress,sensitivity,dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.dev
	@echo 'installing what the manual needs'
	@$(PIP_INSTALL) --editable '.[docs]'
	@touch $@
