# demo   load, check, show and change an example; needs Python 3.10 or newer, nothing else
# test   all tests; installs Pacemaker's tools where it can (Debian or Ubuntu, as root)
# check  style, types, import layers, conventions
# man    the man page, from the declarations
# bench  the speed of this `crm` against Debian's
# clean  remove what these made

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := build/bench
TABLE := crmsh_py/language/table.json
PIP := -m pip --disable-pip-version-check --quiet install

# Debian keeps cluster tools where only root looks for programs.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin

.PHONY: demo test check man bench clean

demo: $(VENV)/.installed
	@examples/demo $(BIN)/crm

# much of the time a cluster is waited for
test: $(VENV)/.installed-dev $(TABLE)
	@.ci/pacemaker-tools
	@$(BIN)/python -m pytest -n $$((2 * $$(nproc))) --dist worksteal $(PYTEST)

check: $(VENV)/.installed-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/test_conventions.py

man: $(VENV)/.installed-dev
	@$(BIN)/python man/make.py

bench: $(BENCH)/.installed
	@$(BENCH)/bin/python bench $(BENCH)/bin/crm

clean:
	@rm -rf $(VENV) $(TABLE) build dist crmsh_py.egg-info

$(VENV)/.installed: setup.cfg setup.py pyproject.toml | $(BIN)/python
	@echo "installing crm into $(VENV)"
	@$(BIN)/python $(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: setup.cfg setup.py pyproject.toml | $(BIN)/python
	@echo "installing crm and the tools of its tests into $(VENV)"
	@$(BIN)/python $(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# Thousands of programs are started by the tests: each would make it in memory, which takes half a second.
$(TABLE): $(wildcard grammar/*.lark) crmsh_py/language/table.py | $(VENV)/.installed-dev
	@$(BIN)/python -m crmsh_py.language.build_table $@

# The real thing: not editable, byte-compiled, with its parser table.
$(BENCH)/.installed: setup.cfg setup.py pyproject.toml $(shell find crmsh_py grammar -name '*.py' -o -name '*.lark') \
		| $(BENCH)/bin/python
	@echo "installing crm into $(BENCH)"
	@$(BENCH)/bin/python $(PIP) --force-reinstall --no-deps .
	@$(BENCH)/bin/python $(PIP) .
	@touch $@

%/bin/python:
	@.ci/make-venv $(PYTHON) $*
