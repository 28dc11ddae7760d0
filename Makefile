# Needs python3 (3.11 or later), make, and a package registry the first time.
#   make demo    decide, explain and check, on rosters that ship          DEMO_LANG=zh|en
#   make test    lint, types, tests
#   make browser the pages of reports, in a Chromium that is installed here
#   make spark   the same statement in Spark: installs it (some 500 MB) and needs Java 17 or later
#   make lock    pin every package again, from pyproject.toml
#   make docs    the pages of documentation, in build/site
#   make rosters write the rosters' workbooks again, from their JSON

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install -qq --disable-pip-version-check --no-input
POLICY := $(BIN)/policy
SAY := $(if $(DEMO_LANG),--lang $(DEMO_LANG))
DONGTOU := dongtou policies/dongtou/rosters/cadres.xlsx --as-of 2019-12-31
# Every extra but Spark, which is five times all the others together.
LOCKED := columnar docs highlight parquet symbolic test watch xlsx
COUNTIES := fenggang dongtou daye wuzhong moxian

.PHONY: demo test browser spark docs lock rosters

demo: $(VENV)/installed
	@printf '\n—— 洞头名单，其中三人 · three of the Dongtou roster\n\n'
	@$(POLICY) decide $(DONGTOU) $(SAY) | awk -v RS= -v ORS='\n\n' '/ DT05 | DT14 | DT18 /'
	@printf '—— 为何 · why\n\n'
	@$(POLICY) explain $(DONGTOU) --id DT15 --effect demotion $(SAY)
	@printf '\n—— 适用说明 · an opinion\n\n'
	@$(POLICY) explain $(DONGTOU) --id DT08 --format opinion $(SAY)
	@printf '\n—— 检查与案例 · checks and worked examples\n\n'
	@$(POLICY) check $(COUNTIES) $(SAY) | grep -E '^[a-z]+: '
	@$(POLICY) test $(COUNTIES) $(SAY)

test: $(VENV)/installed
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/pytest --numprocesses auto --dist loadfile

browser: $(VENV)/installed
	@$(BIN)/pytest tests/browser

spark: $(VENV)/installed
	@$(PIP) --no-build-isolation -e '.[spark]'
	@$(BIN)/pytest tests/spark

docs: $(VENV)/installed
	@$(BIN)/python tools/make_docs.py

lock:
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/pip install -qq --disable-pip-version-check --no-input 'pip-tools>=7.6'
	@$(VENV)/lock/bin/pip-compile --quiet --upgrade --generate-hashes $(LOCKED:%=--extra=%) --build-deps-for editable \
		--strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file $(VENV)/lock/requirements pyproject.toml
	@printf '# Written by `make lock`.\n' | cat - $(VENV)/lock/requirements > requirements.lock

rosters: $(VENV)/installed
	@$(BIN)/python tools/make_workbooks.py

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'python3 is older than 3.11: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
