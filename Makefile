# The commands of 网店客服 (kefu). `make help` lists them; README.md says when to use which.
PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.14 python3.11 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
PY = .venv/bin/python
SITE = _build/html/.built
SOURCES := _config.yml _toc.yml pyproject.toml requirements.in $(shell find book notebooks datasets tools widgets web -type f \
	-not -path '*/node_modules/*' -not -path '*/__pycache__/*' -not -path '*/.ipynb_checkpoints/*' \
	-not -path '*/vendor/*' 2>/dev/null)

# The book and its tests are of the book's own shop; only `make lab` reads another one.
unexport KEFU_DATA
lab: export KEFU_DATA := $(KEFU_DATA)

# A hundred processes import the same modules: each compiling them anew costs minutes of `make test`.
unexport PYTHONDONTWRITEBYTECODE

# Programs that run beside each other have a thread each for their matrices: with more they wait in
# circles, at four times the cost; and the sums are the same whatever the machine.
test check notebooks data lists: export OPENBLAS_NUM_THREADS := 1

# Lint runs beside the building of the site, both once all is set up.
ifneq ($(filter test,$(MAKECMDGOALS)),)
MAKEFLAGS += --jobs=2
lint $(SITE): | setup-tests
endif

.DEFAULT_GOAL := help
.PHONY: help book site pdf epub lab test lint notebooks chapter check lists data marks nbgrader questions bank scorm key release hub hub-load hub-isolation house fonts licences bench bench-data bench-pages bench-tests scale looks pictures lock setup setup-tests clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book: site ## build the Chinese book and serve it at a local address (PORT=8000)
	@$(PY) -m web.paper.pdf --if-possible
	@$(PY) -m tools.serve --port $(PORT)

site: $(SITE) ## build the Chinese book into _build/html, the EPUB with it

pdf: setup-tests site ## print the whole book as one PDF (needs a Chromium) and link it on the cover
	@$(PY) -m web.paper.pdf

epub: site ## make the EPUB again and link it on the cover
	@$(PY) -m web.paper.epub

lab: setup ## open JupyterLab in Chinese on the first chapter, or CHAPTER=02 (this machine only; KEFU_DATA=folder: a class's shop)
	@$(PY) -m tools.lab

test: setup-tests site pdf lint ## run every check: lint, models, demos, notebooks, pages in a real browser (ALL=1: unchanged ones too)
	@MAKEFLAGS= PYTHONHASHSEED=0 $(PY) -m pytest -n 2 --dist loadgroup --no-loadscope-reorder
	@MAKEFLAGS= $(PY) -m pytest -n 2 --dist loadfile --nbval notebooks book

lint: setup ## code style, types, layers, spelling, Chinese copy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-cache | tail -n 2
	@$(PY) -m codespell_lib .
	@$(PY) -m tools.copy_lint

notebooks: setup ## run every notebook, or CHAPTER=02, and store its outputs (two runs give identical files)
	@$(PY) -m tools.notebooks --chapter "$(CHAPTER)"

data: setup ## make the datasets from their seed, train the bots on them, write the pages of reference
	@$(PY) -m datasets.generate
	@$(PY) -m datasets.pinyin
	@$(PY) -m datasets.train_bot
	@$(PY) -m datasets.watch
	@$(PY) -m datasets.spenders
	@$(PY) -m datasets.regulars
	@$(PY) -m tools.dictionary
	@$(PY) -m tools.reference
	@$(PY) -m tools.explore

chapter: setup ## make the skeleton of one chapter more, whose plan is written: N=18 NAME=desk (WING= and TITLE= are checked)
	@$(PY) -m tools.chapter "$(N)" "$(NAME)" --wing "$(WING)" --title "$(TITLE)"

check: setup-tests ## check one chapter, CHAPTER=03: lint, models, demos, form, claims, outputs, its page in Chromium
	@$(PY) -m tools.check "$(CHAPTER)"

lists: setup ## write what the chapters' NN_chapter.yml tell: glossary, formulas, rules, syllabus, tables; explorers' sums
	@$(PY) -m tools.reference
	@$(PY) -m tools.explore

key: setup ## write the answer key of a class, one page to print: SEED=2027 (CHAPTER=02, TO=folder); into _build/keys
	@$(PY) -m tools.key --seed "$(SEED)" --chapter "$(CHAPTER)" $(if $(TO),--to "$(TO)")

marks: setup ## mark what a class handed in: FOLDER=handed-in CHAPTER=02 (SEED=your own secret number, TO=folder, QUIZ=only); without CHAPTER its nights of the practice
	@test -n "$(FOLDER)" || { echo "kefu: run: make marks FOLDER=handed-in CHAPTER=02" >&2; exit 1; }
	@$(if $(CHAPTER),$(PYTHON) -m tools.setup --marks)
	@$(PY) -m tools.marks "$(FOLDER)" $(if $(CHAPTER),--chapter "$(CHAPTER)") $(if $(SEED),--seed "$(SEED)") $(if $(TO),--to "$(TO)") \
		$(if $(filter only,$(QUIZ)),--quiz-only)

nbgrader: setup ## make a chapter an assignment for nbgrader, CHAPTER=02 (SEED=your own secret number); read its README first
	@$(PY) -m tools.marks.nbgrader --chapter "$(CHAPTER)" $(if $(SEED),--seed "$(SEED)")

questions: setup ## write the quizzes for a learning platform (FORMAT=moodle, qti or sheet; CHAPTER=02; COLUMNS="题干=试题内容 编号=" renames)
	@$(PY) -m tools.questions $(if $(CHAPTER),--chapter "$(CHAPTER)") $(if $(FORMAT),--format "$(FORMAT)") \
		$(if $(COLUMNS),--columns "$(COLUMNS)") $(if $(TO),--to "$(TO)")

bank: setup ## draw a closed bank of questions for teachers: SEED=your own secret (CHAPTER, FORMAT, COLUMNS, TO as above)
	@$(PY) -m tools.questions.bank --seed "$(SEED)" $(if $(CHAPTER),--chapter "$(CHAPTER)") $(if $(FORMAT),--format "$(FORMAT)") \
		$(if $(COLUMNS),--columns "$(COLUMNS)") $(if $(TO),--to "$(TO)")

scorm: setup ## pack a chapter's quiz as SCORM 1.2, CHAPTER=02 (or all)
	@test -n "$(CHAPTER)" || { echo "kefu: run: make scorm CHAPTER=02" >&2; exit 1; }
	@$(PY) -m tools.questions.scorm --chapter "$(CHAPTER)" $(if $(TO),--to "$(TO)")

release: setup-tests site pdf ## collect what a release carries into _build/release: PDF, EPUB, site, wheel, notes (TAG=v1.0.0)
	@$(PY) -m tools.release $(if $(TAG),--tag "$(TAG)")

hub: setup ## set up JupyterHub for a class on this machine, or bring it up to date (as root; read hub/README.md first)
	@$(PYTHON) -m tools.setup --hub
	@$(PY) -m hub.install

hub-load: setup ## a class on such a hub: STUDENTS=40 sign in and run chapter 02's cells, and print the table (as root; 5 minutes)
	@$(PYTHON) -m tools.setup --hub
	@$(PY) -m hub.load --students $(or $(STUDENTS),40)

hub-isolation: setup ## let one student of such a hub try to get at another's things, and print what came (as root)
	@$(PYTHON) -m tools.setup --hub
	@$(PY) -m hub.isolation

house: setup ## draw the map of the house from the imports
	@$(PY) -m tools.house

fonts: setup ## make the Chinese chart fonts again (subset of Noto Sans SC)
	@$(PY) -m tools.fonts

licences: setup ## list the licence of every dependency in THIRD_PARTY.md
	@$(PY) -m tools.licences

bench: setup-tests site ## measure the models, and the live pages beside JupyterLite and print the table (15 minutes)
	@$(PY) -m tools.bench_models
	@$(PY) -m tools.bench

bench-tests: setup-tests ## measure make test in a clean copy, or CHAPTERS="02 06" alone; JUNIT=FILE or "OLD NEW": where the seconds went, by file
	@$(PY) -m tools.bench_tests $(if $(CHAPTERS),--chapters $(CHAPTERS)) $(if $(JUNIT),--junit $(JUNIT))

bench-data: setup ## measure the generator of the data at growing sizes and print the table
	@$(PY) -m datasets.bench

scale: setup ## count 100,000 and 1,000,000 customers by pandas, DuckDB and Spark, and print the table (needs Java; 15 minutes)
	@$(PYTHON) -m tools.setup --scale
	@$(PY) -m pytest -q tests/scale_engines.py
	@$(PY) -m tools.scale $(if $(CUSTOMERS),--customers $(CUSTOMERS)) $(if $(ENGINES),--engines $(ENGINES))

bench-pages: setup-tests site ## measure the pages by Lighthouse as a phone sees them and print the table
	@$(PY) -m tools.bench_pages

looks: setup-tests site ## photograph PAGE=book/daily, or all pages, on phone and desktop, light and dark (into _build/looks)
	@$(PY) -m tools.looks $(PAGE)

pictures: setup-tests site ## make README's pictures again
	@$(PY) -m tools.pictures

lock: setup ## resolve requirements.in and web/package.json into their lock files
	@$(PY) -m tools.lock

clean: ## delete what the commands made (environment, site, front-end files)
	rm -rf .venv _build web/node_modules web/assets/vendor hub/node_modules

$(SITE): $(SOURCES) | setup
	@$(PY) -m tools.site

setup:
	@test -n "$(PYTHON)" || { echo "kefu: needs Python 3.11 to 3.14; install one (python.org or your package manager) or run: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || \
	{ echo "kefu: $(PYTHON) is not Python 3.11 to 3.14; run: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m tools.setup

setup-tests: setup
	@$(PYTHON) -m tools.setup --tests
