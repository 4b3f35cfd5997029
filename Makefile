# Two commands for people: `make app` and `make test`. Both make the environment first, from Python 3.11+ alone.
# CONTRIBUTING.md says what the others are for.
VENV := .venv
PYTHON := $(VENV)/bin/python
FIND := for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && exit; done; exit 1

.PHONY: app test check verify accept bench prove mutate lock

app: $(VENV)/.app
	$(PYTHON) -m streamlit run app.py --server.address localhost --server.maxUploadSize 1000

test: check
	$(PYTHON) -m pytest -n auto --dist loadgroup -m "not verify and not browser and not prove" --doctest-modules src tests

# What `make test` leaves out: journeys through the app and in a browser (a Chromium is needed), statistical coverage,
# the large random runs.
verify: $(VENV)/.dev
	$(PYTHON) -m pytest -n auto --dist loadgroup -m "verify or browser" tests

check: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy

accept: $(VENV)/.dev
	$(PYTHON) -m pytest tests/story --accept -q
	git --no-pager diff --stat tests/story/words

bench: $(VENV)/.dev
	$(PYTHON) -m benchmarks.bench
	$(PYTHON) -m benchmarks.forecast
	$(PYTHON) -m benchmarks.holdouts
	$(PYTHON) -m benchmarks.worlds
	$(PYTHON) -m benchmarks.reruns

prove: $(VENV)/.dev
	$(PYTHON) -m pytest -n auto --dist loadgroup -m prove tests

mutate: $(VENV)/.dev
	$(PYTHON) -m mutation

lock: $(VENV)/.dev
	$(VENV)/bin/uv pip compile --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links -q pyproject.toml -o requirements.lock
	printf '%s\n' '# The lock: exact versions of what the app needs, made by `make lock` from pyproject.toml.' | cat - requirements.lock > requirements.txt
	printf '%s\n' '-e .' >> requirements.txt
	$(VENV)/bin/uv pip compile --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links -q --extra dev -c requirements.lock pyproject.toml -o requirements.lock
	printf '%s\n' '# The same with the tools that test and check it, made by `make lock`.' | cat - requirements.lock > requirements-dev.txt
	printf '%s\n' '-e .' >> requirements-dev.txt
	rm requirements.lock

$(VENV)/bin/pip:
	@python="$$($(FIND))" || { echo "clvapp needs Python 3.11 or newer, with its venv module."; exit 1; }; \
		"$$python" -m venv $(VENV)

$(VENV)/.app: requirements.txt pyproject.toml | $(VENV)/bin/pip
	$(PYTHON) -m pip install -q --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/pip
	$(PYTHON) -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/.app
