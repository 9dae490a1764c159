# `make run` sets everything up and serves; `make test` sets everything up and runs every test; `make quick` leaves out
# those that need a browser or a served site, and the walks (mark `walk`): over every page by everybody, every lesson of
# the bundled courses and the demonstration, and what is tried with hundreds of people, with hostile texts, with whole
# print files or with texts drawn at random. `make test-long` looks at many more examples of what can be drawn so.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
APT := sudo apt-get install -y

.PHONY: run demo quick test test-long check style bench screenshots test-postgres lock chromium libreoffice compiled frozen frozen-anew

run: $(VENV)/.ready compiled
	@exec $(BIN)/lms serve

# A separate database with an office, two cohorts and people who do not exist, at all stages.
demo: $(VENV)/.ready compiled
	@LMS_DEMO=1 LMS_DATA=$${LMS_DATA:-data-demo} $(BIN)/lms demo && LMS_DEMO=1 LMS_DATA=$${LMS_DATA:-data-demo} exec $(BIN)/lms serve

PYTEST = $(BIN)/pytest -n auto --dist worksteal

# What Python compiled is kept: else each process of each run would compile everything again.
quick test test-long: export PYTHONDONTWRITEBYTECODE =

# What `make test` makes of `quick` leaves nothing out.
WALKS = and not walk
test test-long: WALKS =

# Types are checked beside the tests: mypy takes long where it remembers nothing.
quick: style
	@$(BIN)/mypy --no-error-summary & types=$$!; $(PYTEST) -m "not browser and not served $(WALKS)"; told=$$?; wait $$types && exit $$told

test: quick chromium libreoffice
	@$(PYTEST) -n $$(($$(nproc) * 3 / 2)) -m "browser or served"  # They wait as often as they work.

test-long: PYTEST += --hypothesis-profile=long
test-long: test

check: style
	@$(BIN)/mypy --no-error-summary

style: $(VENV)/.ready-test
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff --quiet .; exit 1; }
	@$(BIN)/ruff check --quiet .

bench: $(VENV)/.ready-test compiled
	@$(BIN)/python docs/bench/all.py

# The pictures of courses/panduan-pelatih anew, from a demonstration of its own.
screenshots: $(VENV)/.ready-test chromium
	@$(BIN)/python docs/gambar.py

# The learner's journey on a private PostgreSQL cluster, which is made and removed.
test-postgres: $(VENV)/.ready-test
	@sh tests/postgres.sh

# What the site says now against what it said before its rooms were rearranged; see tests/frozen/__init__.py.
frozen: $(VENV)/.ready-test
	@$(BIN)/pytest tests/frozen -n auto -p no:randomly

# The same texts written anew, by who means a change.
frozen-anew: $(VENV)/.ready-test
	@FROZEN=anew $(BIN)/pytest tests/frozen -n auto -p no:randomly --ignore=tests/frozen/test_store.py

# Both lock files anew, after a change of pyproject.toml.
lock: $(VENV)/.ready
	@set -e; compile="$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml"; \
	 $$compile -o requirements.lock; $$compile --extra test -c requirements.lock -o requirements-test.lock

$(VENV)/.ready: requirements.lock uv.boot.lock pyproject.toml Makefile
	@command -v $(PYTHON) >/dev/null || { echo "Python tidak ditemukan. Debian/Ubuntu: $(APT) python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Perlu Python 3.11 atau lebih baru; ini $$($(PYTHON) --version). Contoh: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Modul venv belum ada. Jalankan: $(APT) python3-venv   lalu ulangi."; exit 1; }
	@echo "Menyiapkan lingkungan Python (sekali saja, kira-kira setengah menit) …"
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r uv.boot.lock 2>/dev/null || true
	@$(call sync,requirements.lock)
	@printf '#!%s\nfrom lms.boot.cli import main\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/lms && chmod +x $(BIN)/lms
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/sinau.pth"
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready requirements-test.lock
	@echo "Menyiapkan alat uji …"
	@$(call sync,requirements-test.lock)
	@touch $@

# uv is quick; where it has no build for the machine, pip reads the same lock.
define sync
if [ -x $(BIN)/uv ]; then $(BIN)/uv pip sync -q --compile-bytecode --python $(BIN)/python --require-hashes $(1); \
 else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
endef

# Where Python may not write what it compiled, as in many containers, each start would compile everything again.
compiled: $(VENV)/.ready
	@$(BIN)/python -m compileall -q lms

chromium:
	@sh tests/chromium.sh

libreoffice:
	@sh tests/libreoffice.sh
