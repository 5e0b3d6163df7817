# make setup · demo · demo-reset · setup-test · check · test · test-dates · bench · pictures · torture · clean

PYTHON ?= python3
PORT ?= 8000
# An address of this machine under which others in its network reach the demonstration, over https.
HOST =
PROCESSES ?= 3
# Applications in the large database of `make bench`; make bench ROWS=1000000 takes some minutes more.
ROWS ?= 100000
# Where its filled databases are kept for later runs; a million applications take some 8 GB.
BENCH_FOLDER ?= /var/tmp/diia-videoreception-bench
CHROMIUM ?= /usr/bin/chromium-headless-shell
CHROMIUM_WITH_PROMPTS ?= /usr/bin/chromium

BIN := .venv/bin
PY := $(BIN)/python
PYTEST := $(PY) -m pytest -q -n $(PROCESSES) --dist worksteal

# What the tests need from Debian: a browser with fonts, gettext for the catalogue test,
# libatomic for the driver of the browser, BouncyCastle and npm for signatures of other makers,
# Dovecot for official mailboxes, clamd for viruses, faketime for other days, coturn and Janus for calls, Firefox and a silent output for its sound for the device check,
# Redis for what several machines share.
DEBIAN_PACKAGES := chromium chromium-headless-shell clamav-daemon coturn dovecot-core dovecot-imapd dovecot-lmtpd faketime firefox-esr \
	fonts-dejavu-core gettext janus libatomic1 libbcprov-java libbcpkix-java pulseaudio redis-server \
	$(if $(shell command -v javac),,default-jdk-headless) $(if $(shell command -v npm),,npm)

export PYTHONUTF8 = 1
# Where the environment forbids it, each of some hundred processes would compile everything anew.
export PYTHONDONTWRITEBYTECODE =
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset setup-test debian check test test-dates lint types quick databases sqlite alone postgres \
	browser wheel bench pictures torture clean

help:
	@sed -n 's/^# make/make/p' Makefile

setup: .venv/.setup

.venv/.python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Run: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed, $(PYTHON) is older. Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing. Run: apt-get install python3-venv"; exit 1; }
	@echo "Creating .venv"
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install -qq --upgrade pip 'setuptools>=77' wheel
	@touch $@

.venv/.setup: setup.cfg pyproject.toml | .venv/.python
	@echo "Installing the packages into .venv; the first time this takes a few minutes"
	@$(PY) -m pip install -qq --no-build-isolation -e '.[otp,postgres]'
	@touch $@

demo: setup
	@exec $(PY) sandbox/run_demo.py --port $(PORT) --host "$(HOST)"

demo-reset: setup
	@exec $(PY) sandbox/run_demo.py --port $(PORT) --host "$(HOST)" --reset

setup-test: debian .venv/.setup-test

debian:
	@missing=; \
	for package in $(DEBIAN_PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	if ! command -v apt-get >/dev/null; then \
		echo "Not a Debian system: please install what corresponds to$$missing"; exit 1; \
	fi; \
	echo "Installing Debian packages:$$missing"; \
	if [ "$$(id -u)" = 0 ]; then as_root=; \
	elif command -v sudo >/dev/null; then as_root=sudo; \
	else echo "Please run as root: apt-get install$$missing"; exit 1; fi; \
	$$as_root apt-get update -qq && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null

.venv/.setup-test: setup.cfg pyproject.toml | .venv/.python
	@echo "Installing the packages for the tests into .venv; the first time this takes a few minutes"
	@$(PY) -m pip install -qq --no-build-isolation -e '.[otp,postgres,test,quality]'
	@touch .venv/.setup $@

# For the inner loop: answers within three minutes.
check: setup-test
	@$(MAKE) --no-print-directory -j 2 lint types quick
	@echo "make check: everything passed"

quick:
	@echo "== rules and services on SQLite"
	@TEST_DATABASE=sqlite $(PYTEST) -m 'not browser' tests/rules tests/services

# The days and what runs on them: tests/harness/dates.py.
test-dates: setup-test
	@PROCESSES=$(PROCESSES) CHROMIUM=$(CHROMIUM) CHROMIUM_WITH_PROMPTS=$(CHROMIUM_WITH_PROMPTS) \
		$(PY) -m tests.harness.dates $(DATES)

test: setup-test
	@rm -f .test-summary
	@$(MAKE) --no-print-directory -j 2 lint types databases
	@$(MAKE) --no-print-directory -j 2 sqlite wheel
	@$(MAKE) --no-print-directory alone postgres browser
	@echo "make test: everything passed; tests: $$(paste -s -d ',' .test-summary | sed "s/,/, /g")"

lint:
	@echo "== lint, formatting, import contracts, migrations"
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check . || { echo "Run: $(BIN)/ruff format ."; exit 1; }
	@said=$$($(BIN)/lint-imports --config setup.cfg) || { echo "$$said"; exit 1; }
	@$(PY) -W ignore -m django makemigrations --check --dry-run --skip-checks --settings tests.settings \
		|| { echo "A migration is missing: python -m django makemigrations"; exit 1; }

types:
	@echo "== types"
	@$(BIN)/mypy --no-error-summary

databases:
	@for database in sqlite postgres; do TEST_DATABASE=$$database $(PY) -m tests.harness.migrated || exit 1; done

sqlite:
	@echo "== tests on SQLite"
	@TEST_NAME=SQLite TEST_DATABASE=sqlite $(PYTEST) -m 'not browser and not packaging and not alone'

# What measures how others fare needs the machine to itself.
alone:
	@echo "== tests that need the machine to themselves"
	@TEST_NAME=alone TEST_DATABASE=sqlite $(PY) -m pytest -q -m alone tests/browser tests/examination

postgres:
	@echo "== tests on PostgreSQL"
	@TEST_NAME=PostgreSQL TEST_DATABASE=postgres $(PYTEST) -m 'database and not browser and not any_database and not alone'

# Real calls in real time: what fails once is tried once more and named at the end. Tracebacks are
# Python's own, as pytest's cannot be written under the greenlets of Playwright (CPython 3.11).
browser:
	@echo "== tests in a browser"
	@TEST_NAME=browser TEST_DATABASE=postgres CHROMIUM=$(CHROMIUM) CHROMIUM_WITH_PROMPTS=$(CHROMIUM_WITH_PROMPTS) \
		$(PYTEST) -m 'browser and not alone' tests/browser tests/device_check/browser --reruns 1 -rR --tb=native

# Says everything at its end, as it runs beside other tests.
wheel:
	@said=$$(TEST_NAME=wheel $(PY) -m pytest -q -m packaging 2>&1); status=$$?; \
		printf '\n== wheel\n%s\n' "$$said"; exit $$status

# The first part may be over a limit: the second one is measured all the same.
bench: setup-test
	@failed=0; \
	$(PY) -m tests.bench || failed=1; \
	TEST_DATABASE=postgres TEST_POSTGRES_KEPT=$(BENCH_FOLDER) BENCH_ROWS=$(ROWS) $(PY) -m tests.bench acts growth || failed=1; \
	exit $$failed

# The pictures of the guides, anew: by the walks through the screens that they show.
pictures: setup-test
	@rm -rf build/shots; mkdir -p build/shots
	@SHOTS=$(CURDIR)/build/shots CHROMIUM=$(CHROMIUM) CHROMIUM_WITH_PROMPTS=$(CHROMIUM_WITH_PROMPTS) \
		$(PY) -m pytest -q tests/browser/test_official.py tests/browser/room/test_signing.py \
		tests/browser/test_desk.py tests/browser/test_refusal_reasons.py tests/browser/test_moving.py \
		tests/browser/test_registration.py tests/browser/test_letter_texts.py tests/browser/test_terms.py
	@$(PY) -m tests.pictures build/shots

torture: setup-test
	@TORTURE=1 TEST_NAME=torture TEST_DATABASE=postgres $(PYTEST) -m 'torture or hypothesis'
	@$(PY) -m tests.kep.torture --count 20000

clean:
	@rm -rf build dist ./*.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
