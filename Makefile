# What a newcomer needs: make analysis, make test, make lab. Everything happens in .venv.
# PYTHON names the interpreter to build on (3.11 to 3.13); found by itself when left out.

SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3.12 python3.13 python3.11 python3 python; do \
	$$p -c '$(SUITABLE)' >/dev/null 2>&1 && echo $$p && break; done)
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
CORPUS ?= corpora/itu-pp-res-182
export UV_PYTHON_DOWNLOADS := never

.PHONY: analysis test test-browser test-latex lint lab docs bench lock clean

analysis: .venv/.ready  ## the whole chain on Resolution 182: results/
	$(BIN)/python -m resanalysis run $(CORPUS) --robustness --out results
	$(BIN)/python -m tools.run_notebooks results/notebooks notebooks/research/*.ipynb
	@echo "Done: open results/report.html; tables, figures and notebooks lie beside it."

test: .venv/.ready  ## every test but those in a browser and with LaTeX
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

test-browser: .venv/.ready  ## JupyterLab and the report in Chromium
	$(BIN)/python -m pytest tests/browser

test-latex: .venv/.ready  ## the tables for a paper, compiled with XeLaTeX
	$(BIN)/python -m pytest tests/latex

lint: .venv/.ready  ## style, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: .venv/.ready  ## JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=.

docs: .venv/.ready  ## what is made from code: the data dictionary and the README's figure
	$(BIN)/python -m tools.make_docs

bench: .venv/.ready  ## speed and memory, as ratios of one run; takes about half an hour
	$(BIN)/python -m benchmarks.scale --write docs/scale.md

lock: $(UV)  ## new pins, after pyproject.toml changed
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --quiet \
		--output-file requirements.lock

.venv/.ready: requirements.lock pyproject.toml | $(UV)
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found: install one, or" \
		"name it: make PYTHON=/path/to/python3.12 analysis"; exit 1; }
	@echo "Making the environment in .venv (once)"
	$(UV) venv --quiet --clear --python "$(PYTHON)" .venv
	$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

.tools/bin/uv:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found: install one, or" \
		"name it: make PYTHON=/path/to/python3.12 analysis"; exit 1; }
	@"$(PYTHON)" -m venv .tools || { echo "This Python has no venv module:" \
		"install it (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

clean:  ## forget environment and results
	rm -rf .venv .tools results
