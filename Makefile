# Everything that is done with a checkout. `make run` needs Python 3.11 or newer
# with its venv module, and nothing else.

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
REQUIRED := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
VENDOR := static/vendor/manifest.json
STYLES := $(wildcard static/css/*.css)

.DEFAULT_GOAL := help
.PHONY: help run setup test browser static check bench fmt lock
.NOTPARALLEL:

help:
	@echo "make run      start the portal (PORT=8000; DEMO=0 for an empty one)"
	@echo "make test     all tests but those in a browser"
	@echo "make browser  tests in Chromium"
	@echo "make static   format, lint, types, contracts, migrations, templates, deployment"
	@echo "make check    the three above"
	@echo "make bench    measure the figures of docs/"
	@echo "make fmt      format Python and templates"
	@echo "make lock     compile requirements*.in with every hash"
	@echo "make setup    install what make run needs, and no more"

# The supervisor takes the place of the shell and ends with this make, however it ends.
run: setup
	@exec $(BIN)/python -m inm_portal.supervisor --parent $$PPID

test: setup
	@$(BIN)/python -m pytest tests --ignore=tests/browser -n 2 --dist loadgroup $(ARGS)

browser: setup .venv/.dev
	@$(BIN)/python .ci/chromium.py
	@$(BIN)/python -m pytest tests/browser -n 2 --dist loadgroup $(ARGS)

static: setup .venv/.dev
	@$(BIN)/python .ci/static.py

check:
	@$(MAKE) --no-print-directory --keep-going test browser static

bench: setup
	@$(BIN)/python -m bench $(ARGS)

fmt: setup .venv/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/djangofmt --quiet templates

lock: setup .venv/.dev
	@for name in requirements requirements-dev requirements-node; do \
	  echo "Compiling $$name.txt"; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-header $$name.in --output-file $$name.txt || exit 1; \
	done

setup: .venv/.run $(VENDOR)
	@:

.venv/.python: Makefile
	@python="$(PYTHON)"; \
	for name in $(if $(PYTHON),,python3.11 python3.12 python3.13 python3.14 python3); do \
	  if $$name -c '$(REQUIRED)' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if ! "$${python:-none}" -c '$(REQUIRED)' 2>/dev/null; then \
	  if "$${python:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then echo "This Python has no venv module; install it, as in: apt-get install python3-venv"; \
	  else echo "The portal needs Python 3.11 or newer; name one, as in: make run PYTHON=/usr/bin/python3.11"; \
	  fi >&2; exit 1; \
	fi; \
	if ! $(BIN)/python -c '$(REQUIRED)' 2>/dev/null; then \
	  echo "Making the virtual environment with $$($$python --version)"; \
	  $$python -m venv --clear .venv || exit 1; \
	fi; \
	touch $@

.venv/.run: requirements.txt .venv/.python
	@echo "Installing the packages of requirements.txt (about a minute at first)"
	@$(PIP) install --quiet --require-hashes --requirement requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@echo "Installing the tools of requirements-dev.txt"
	@$(PIP) install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

node_modules/.made: package.json package-lock.json .venv/.python
	@if node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null \
	  && npm --version >/dev/null 2>&1; then npm=npm; \
	else \
	  echo "Installing Node.js from requirements-node.txt"; \
	  $(PIP) install --quiet --require-hashes --requirement requirements-node.txt || exit 1; \
	  npm=$(BIN)/npm; \
	fi; \
	echo "Installing the front-end packages of package-lock.json"; \
	PATH="$(CURDIR)/$(BIN):$$PATH" $$npm ci --ignore-scripts --no-audit --no-fund --silent \
	  || { echo "npm could not install; see the lines above" >&2; exit 1; }
	@touch $@

$(VENDOR): node_modules/.made .venv/.run inm_portal/vendoring.py $(STYLES)
	@echo "Copying style sheets, fonts, icons and scripts to static/vendor"
	@$(BIN)/python -m inm_portal.vendoring
