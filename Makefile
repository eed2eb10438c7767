# Fair Hearing. `make run` serves it, `make test` tests it, `make check` reads it over.
# A machine needs python3 (3.11 or newer, with venv) and make; everything else is fetched.

PY ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
DATA_DIR ?= var
DEMO ?= 1
BENCH_SCALE ?= small

BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --no-input
# In each recipe the last command replaces the shell, so that a signal reaches it and nothing is left behind.
START := umask 022; exec
UI_SOURCES := $(shell find assets -type f -not -path '*/__pycache__/*' 2>/dev/null)
SOURCES := manage.py config workflow notifications grievances assets tests bench

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := run
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: build run test check bench up lock format clean

run: export FAIRHEARING_MODE := demonstration
run: export DATA_DIR := $(abspath $(DATA_DIR))
run: export DEMO := $(DEMO)
run: export PORT := $(PORT)
# An embedded run keeps to its own folder: a database or broker named in the environment is left alone.
run: .venv/.run build/.ui
	@echo "4 of 4  Starting Fair Hearing ..."
	@$(START) env -u DATABASE_URL -u REDIS_URL CELERY_BROKER_URL=memory://localhost/ \
		$(BIN)/python manage.py serve --bind $(HOST):$(PORT)

# For a machine without containers: the parts and the user interface, and nothing else (docs/how-to/install.md).
build: .venv/.run build/.ui

test: .venv/.dev build/.ui
	@$(START) $(BIN)/python -m tests.services

# The secrets below open nothing: they let the production settings be read over.
DEPLOY := FAIRHEARING_MODE=production DEBUG=off ALLOWED_HOSTS=concerns.example \
	CSRF_TRUSTED_ORIGINS=https://concerns.example DATABASE_URL=postgresql://check@localhost/check \
	REDIS_URL=redis://localhost:6379/0 EMAIL_URL=smtp://localhost:25 CLAMD_URL=tcp://localhost:3310 \
	SITE_URL=https://concerns.example \
	SECRET_KEY=only-for-reading-the-settings-over-0123456789-abcdefghijklmnopqrstuvwxyz \
	SERVER_KEYS=1:00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210 TRUSTED_PROXIES=1 \
	DATA_DIR=$(CURDIR)/build/check

check: export FAIRHEARING_MODE := test
check: export DATA_DIR := $(CURDIR)/build/check
check: .venv/.dev build/.ui
	@mkdir -p build/check
	@# mypy takes a minute of one processor: the rest is read beside it.
	@$(BIN)/mypy >build/check/mypy.log 2>&1 & types=$$!; \
	( set -ex; \
	$(BIN)/ruff format --check $(SOURCES); \
	$(BIN)/ruff check $(SOURCES); \
	$(BIN)/lint-imports --cache-dir build/import-linter; \
	$(BIN)/python manage.py makemigrations --check --dry-run; \
	env $(DEPLOY) $(BIN)/python manage.py check --deploy --fail-level WARNING; \
	$(BIN)/djlint templates --check --quiet; \
	$(BIN)/djlint templates --lint --quiet; \
	$(BIN)/python manage.py describe --check ); found=$$?; \
	wait $$types || found=1; cat build/check/mypy.log; exit $$found

format: .venv/.dev
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/djlint templates --reformat --quiet

bench: .venv/.run
	@BENCH_SCALE=$(BENCH_SCALE) $(BIN)/python -m bench

# The first `make up` makes secrets for this machine, in a file that only its owner can read.
up: .env
	docker compose up --build

.env:
	@umask 077; $(PY) -c 'import secrets as s; print(f"SECRET_KEY={s.token_urlsafe(48)}\n\
	SERVER_KEYS=1:{s.token_hex(32)}\nPOSTGRES_PASSWORD={s.token_urlsafe(24)}\n\
	ALLOWED_HOSTS=localhost\nSITE_URL=http://localhost:8000\nSECURE_SSL_REDIRECT=off\nTRUSTED_PROXIES=0")' >$@

# uv is only ever used here. It writes hashes and no addresses.
LOCK := UV_PYTHON_DOWNLOADS=never build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links
lock: build/uv/bin/uv
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-node.in -o requirements-node.txt

build/uv/bin/uv:
	@$(PY) -m venv build/uv
	@build/uv/bin/pip install --quiet uv==0.13.9

clean:
	rm -rf .venv build node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@echo "The data in $(DATA_DIR) was left alone."

.venv/bin/pip:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Fair Hearing needs Python 3.11 or newer, and '$(PY)' is not. Name one: make PY=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@umask 022; $(PY) -m venv .venv >build.log 2>&1 || { cat build.log; rm -rf .venv build.log; \
		echo "Python could not make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	@rm -f build.log

.venv/.run: requirements.txt | .venv/bin/pip
	@echo "1 of 4  Installing Python parts (a minute or two, the first time only) ..."
	@$(START) $(PIP) install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/pip
	@echo "        Installing Python parts and the tools that test them ..."
	@$(START) $(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

# Without an npm on the machine, one is installed from the lock into the virtual environment.
build/.npm: package.json package-lock.json requirements-node.txt | .venv/bin/pip
	@echo "2 of 4  Fetching the parts of the user interface ..."
	@command -v npm >/dev/null 2>&1 || { $(START) $(PIP) install --quiet --require-hashes -r requirements-node.txt; }
	@umask 022; PATH="$$PATH:$(CURDIR)/$(BIN)"; export PATH; \
		exec npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@mkdir -p build && touch $@

build/.ui: build/.npm $(UI_SOURCES)
	@echo "3 of 4  Building the user interface ..."
	@$(START) $(BIN)/python assets/build.py node_modules build/static
	@touch $@
