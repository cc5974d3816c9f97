# One word a task. `make` alone prints them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
HTML := book/_build/html
PDF := book/_build/pdf
ARCHIVE := book/_build/deep-learning-line-by-line.zip
PORT ?= 8000
FILE ?= exercises/06_automatic_differentiation.ipynb
export DLCORE_PROGRESS ?= 1

.DEFAULT_GOAL := help
.PHONY: help book runtime pdf tex slides archive serve lab test weekly cover check style grade bench outputs exercises data seeds lock clean

help:  ## print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: Python 3.11 or newer is needed; '$(PYTHON)' is older. Try: make PYTHON=python3.11"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
		{ rm -rf $(VENV); echo "make: no virtual environment could be made; on Debian install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock; it takes some minutes, in silence"
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

data: $(READY)  ## fetch and verify the data sets (kept in a cache folder)
	$(BIN)/dlcore data

runtime: $(READY)
	@$(BIN)/python book/live/fetch_runtime.py

book: $(READY) data runtime  ## build the site into book/_build/html
	@rm -rf $(HTML)
	$(BIN)/jupyter-book build . --path-output book --config _config.yml --toc book/_toc.yml -n -W --keep-going --all
	@echo "The book is built. Read it with 'make serve', then open http://localhost:$(PORT)"

tex:
	@for tool in xelatex latexmk makeindex; do command -v $$tool >/dev/null || { \
		echo "make: the PDF is set with TeX, and '$$tool' is not here. On Debian:"; \
		echo "  apt-get install latexmk texlive-xetex texlive-latex-extra texlive-fonts-recommended" \
			"texlive-plain-generic fonts-freefont-otf"; exit 1; }; done

pdf: tex $(READY) data  ## set the whole book as a PDF, where TeX is installed
	@rm -rf $(PDF)
	$(BIN)/jupyter-book build . --path-output $(PDF) --config _config.yml --toc book/_toc.yml --builder latex -n -W --keep-going --all
	@$(MAKE) --no-print-directory -C $(PDF)/_build/latex all-pdf LATEXMKOPTS="-interaction=nonstopmode -quiet" >$(PDF)/tex.log 2>&1 || \
		{ tail -n 20 $(PDF)/tex.log; echo "make: TeX failed; its log is $(PDF)/_build/latex/deep-learning-line-by-line.log"; exit 1; }
	@mv $(PDF)/_build/latex/deep-learning-line-by-line.pdf $(PDF)/
	@echo "The book is set: $(PDF)/deep-learning-line-by-line.pdf"

slides: book  ## the book, and with it a deck of slides for each chapter
	@echo "The slides: $(HTML)/slides. Show them with 'make serve', at http://localhost:$(PORT)/slides/01_what_is_deep_learning.html"

archive: book  ## the book as one file, for any server of plain files
	@rm -f $(ARCHIVE)
	@cd $(HTML) && $(abspath $(BIN))/python -m zipfile -c $(abspath $(ARCHIVE)) *
	@echo "The site in one file: $(ARCHIVE)"

serve: $(READY)  ## serve the built site on http://localhost:8000 (elsewhere: make serve PORT=8001)
	$(BIN)/dlcore serve $(HTML) --port $(PORT)

lab: $(READY)  ## open JupyterLab in chapters/ (as root: make lab ARGS=--allow-root)
	@$(BIN)/dlcore data || echo "make: JupyterLab opens all the same; a cell that reads a missing file says how to get it"
	$(BIN)/dlcore lab -- $(ARGS)

# Two workers on two cores: with a thread each they do not wait for one another.
test weekly check: export OPENBLAS_NUM_THREADS ?= 1
test weekly check: export OMP_NUM_THREADS ?= 1
MEASURED := $(if $(COVER),$(BIN)/coverage run -m,$(BIN)/python -m)
# Longest files first, as tests/conftest.py orders them.
TWO := -n 2 --dist loadfile --no-loadscope-reorder
QUICK := tests -m "not slow and not browser" $(addprefix --ignore tests/,bench grade notebooks site)

test: $(READY) style book  ## pass every test: style, types, library, notebooks, grader, site
	$(if $(COVER),$(BIN)/coverage erase)
	$(MEASURED) pytest $(TWO)

cover:  ## say what the tests never reach in dlcore, once 'make test COVER=1' has passed
	@if ls .coverage.* >/dev/null 2>&1; then $(BIN)/coverage combine --quiet; fi
	@test -f .coverage || { echo "make: nothing is measured yet; run 'make test COVER=1' first"; exit 1; }
	$(BIN)/coverage report

weekly: $(READY) book  ## pass the tests that repeat at full length what 'make test' runs in brief
	$(BIN)/python -m pytest --weekly -m weekly $(TWO)

check: $(READY) style  ## in under three minutes: style, types, the library's quick tests, lint of the notebooks
	$(BIN)/dlcore lint
	$(BIN)/python -m pytest -q $(TWO) $(QUICK)

style: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

grade: $(READY)  ## grade an exercise notebook: make grade FILE=path/to/notebook.ipynb
	$(BIN)/dlcore grade "$(FILE)"

outputs: $(READY) data  ## run chapters and solutions again and store their outputs
	$(BIN)/dlcore outputs

seeds: $(READY) data  ## make the tables of further seeds again and store them (compare: make seeds ARGS=--check)
	$(BIN)/python -m tests.seeds $(ARGS)

exercises: $(READY)  ## write exercises/ from solutions/
	$(BIN)/dlcore exercises

bench: $(READY)  ## time dlcore beside PyTorch and others; writes tests/bench/RESULTS.md
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(VENV)/peers \
		-r tests/bench/peers.txt || echo "make: the peers could not be fetched; the table will say so"
	$(BIN)/python -m tests.bench

lock: $(READY)  ## write requirements.lock from this environment
	{ grep '^#' requirements.lock; $(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//'; } > $@.new
	mv $@.new requirements.lock

clean:  ## remove the environment and everything built
	rm -rf $(VENV) book/_build build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
