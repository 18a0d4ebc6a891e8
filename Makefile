# `make demo` runs the main job and opens the way to its page, `make test` runs the tests and `make lint`, as CI does;
# `make lint` checks format, style, types and layers alone; `make season` runs a challenge with five teams to its end.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# A GPU user installs another torch: make demo CONSTRAINTS=
CONSTRAINTS ?= -c constraints.txt

.PHONY: demo season test lint install clean

demo: install
	$(BIN)/mebench run --method spot3dcnn --dataset synth_lv --out runs/demo

season: install
	MEBENCH=$(abspath $(BIN))/mebench PYTHON=$(abspath $(BIN))/python submissions/challenge_season.sh

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mebench needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(CONSTRAINTS) --editable .
	touch $@

$(VENV)/.tox: constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -c constraints.txt tox
	touch $@

test: $(VENV)/.tox
	$(BIN)/tox run -e py,lint

lint: $(VENV)/.tox
	$(BIN)/tox run -e lint

clean:
	rm -rf $(VENV) .tox build *.egg-info
