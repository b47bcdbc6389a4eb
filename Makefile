# Two commands on a machine with Python >= 3.11 and make only: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test bench learn lint lock sample clean

run: .venv/.run        ## crawl, read and load the shipped sample, then show what was found
	@$(BIN)/awards run --replay sample

test: .venv/.test lint ## everything CI checks
	$(BIN)/python -m pytest

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.test     ## the figures of tests/bench, as ratios measured in one run
	$(BIN)/python -m tests.bench

learn: .venv/.learn    ## the weights of the reader, from labelled articles (needs ../shared); prints cross-validated scores
	$(BIN)/python -m tests.bench.learn

sample: .venv/.test    ## build scraper/sample.warc.gz from tests/sample
	$(BIN)/python -m tests.sample.build

.venv/.learn: tests/bench/requirements.lock .venv/.test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/bench/requirements.lock
	@touch $@

# The lock needs `uv` on the PATH; it holds hashes and no index addresses.
lock:
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 \
	    --group build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 \
	    --group build --group test pyproject.toml -c requirements.lock -o tests/requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 \
	    --group learn pyproject.toml -c requirements.lock -c tests/requirements.lock -o tests/bench/requirements.lock
	cd tests/bench/competitors && uv pip compile -q --universal --generate-hashes --no-header --no-annotate \
	    --python-version 3.11 requirements.in -o requirements.lock

.venv/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=python3.12")'
	@echo "Setting up .venv (once, about a minute) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: tests/requirements.lock .venv/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

clean:
	rm -rf .venv data
