# What CI runs is what you run. `make help` lists the commands.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PORT ?= 8000
DATA_DIR ?= $(CURDIR)/data
export PORT DATA_DIR
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONUNBUFFERED = 1

.PHONY: help run test campaign check format vendor icons screenshots bench bench-scale lighthouse chromium webkit
.DEFAULT_GOAL := help

help:
	@echo "make run        serve Milieu with demo data on http://127.0.0.1:8000 (PORT and DATA_DIR change where)"
	@echo "make test       run all tests; sets up what they need"
	@echo "make campaign   look for trouble by chance for longer (CAMPAIGN=500 says how long)"
	@echo "make check      style, mistakes and types"
	@echo "make format     put Python code into the common style"
	@echo "make bench      measure; prints figures side by side"
	@echo "make bench-scale measure a dashboard of 1,000 settings; takes half an hour (SCALE_SITES says how many)"
	@echo "make lighthouse measure pages with Lighthouse"
	@echo "make vendor     fetch third-party browser code and fonts anew, at the versions in tools/package.json"
	@echo "make icons      draw the icons anew from the mark in tools/icons.mjs"
	@echo "make screenshots take the manifest's two pictures anew from the demo's data"

run: export DEMO = yes
run: .venv/run.installed
	@.venv/bin/flask --app wsgi db upgrade
	@.venv/bin/flask --app wsgi demo
	@exec .venv/bin/gunicorn

# Three at a time on two cores too: who drives a browser waits for it now and then.
test: .venv/test.installed chromium webkit
	@tools/need node nodejs npm && $(MAKE) --no-print-directory .tools/installed || true
	.venv/bin/pytest -n 3 --dist worksteal $(TESTS)

# The tests that look for trouble by chance, with bigger numbers: CAMPAIGN is how many histories the machine makes up.
campaign: export CAMPAIGN ?= 500
campaign: .venv/test.installed
	.venv/bin/pytest -n 2 tests/test_machine.py tests/test_mutants.py tests/test_power.py tests/test_processes.py \
		tests/test_photos.py tests/test_award_stages.py tests/test_award_credential.py

check: .venv/test.installed .tools/installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.tools/node_modules/.bin/tsc --project tsconfig.json
	.tools/node_modules/.bin/tsc --project tsconfig.screens.json

format: .venv/test.installed
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

vendor: .tools/installed .venv/test.installed
	node tools/vendor.mjs
	.venv/bin/python -m tools.fonts

icons: chromium
	node tools/icons.mjs

screenshots: .venv/test.installed chromium
	.venv/bin/python -m tools.screenshots

bench: .venv/test.installed .tools/installed chromium
	.venv/bin/python -m bench

bench-scale: .venv/test.installed
	.venv/bin/python -m bench scale

lighthouse: .venv/test.installed .tools/lighthouse/installed chromium
	.venv/bin/python -m bench.lighthouse

chromium:
	@tools/need chromium chromium || true

webkit:
	@tools/need WebKitWebDriver webkit2gtk-driver || true
	@tools/need Xvfb xvfb || true

# The pinned requirements, installed once; a second start finds them there.
.venv/run.installed: requirements.txt | .venv/bin/pip
	@echo "Installing what runs Milieu (once, about a minute) …"
	@.venv/bin/pip install --quiet --requirement requirements.txt
	@touch $@

.venv/test.installed: requirements-test.txt .venv/run.installed
	@echo "Installing what tests Milieu …"
	@.venv/bin/pip install --quiet --requirement requirements-test.txt
	@touch $@

.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "Milieu needs Python 3.11 or newer. Type: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python cannot make its own folder for packages yet. Type: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

# Front-end tools: never needed to run Milieu. Versions and hashes are in the lock file; no browser is fetched.
.tools/installed: tools/package.json tools/package-lock.json tools/.npmrc
	@tools/need node nodejs npm
	@tools/need npm nodejs npm
	@echo "Installing the front-end tools …"
	@mkdir -p .tools && cp $^ .tools/ && cd .tools && npm ci --silent && touch installed

.tools/lighthouse/installed: tools/lighthouse/package.json tools/lighthouse/package-lock.json tools/.npmrc
	@tools/need node nodejs npm
	@tools/need npm nodejs npm
	@echo "Installing Lighthouse …"
	@mkdir -p .tools/lighthouse && cp $^ .tools/lighthouse/ && cd .tools/lighthouse && npm ci --silent && touch installed
