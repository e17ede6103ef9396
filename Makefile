# Each target sets itself up: the virtual environment, a database, a browser.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; \
	done)
VENV := .venv/bin/python
WITH_DATABASE := $(VENV) -m config.setup.with_database

.PHONY: help setup run test check bench bench-growth mutants fuzz faults pictures looks reset requirements messages release
.DEFAULT_GOAL := help

help: ## What each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

setup: ## The virtual environment, when missing or changed
	@$(or $(PYTHON),python3) config/setup/venv.py

run: setup ## Footing with the demo clinic on http://localhost:8000 (PORT= changes it)
	@$(VENV) -m config.setup.run

test: setup ## All tests; ARGS="-k plans" for some
	@$(VENV) -m config.setup.browser
	@$(WITH_DATABASE) --test -- $(VENV) -m pytest -n 2 --dist worksteal $(ARGS)

check: setup ## Formatting, lint, types, arrows, templates, migrations, production settings, documentation
	@$(VENV) -m config.setup.check

bench: setup ## Requests a second of the main pages, against a bare view; BASE=v1 against a revision
	@$(WITH_DATABASE) --test -- $(VENV) -m tests.bench $(if $(BASE),--base $(BASE)) $(ARGS)

bench-growth: setup ## The same at 5,000 patients and 300,000 sessions, and the hourly look at them
	@$(WITH_DATABASE) --test -- $(VENV) -m tests.bench.growth $(ARGS)

mutants: setup ## Rules changed a little, one by one: does a test notice? ARGS="programs/safety" for some
	@$(WITH_DATABASE) --test -- $(VENV) -m tests.mutants $(ARGS)

fuzz: setup ## Odd requests to every address for some minutes; ARGS="--minutes 30 --only portal/"
	@$(WITH_DATABASE) --test -- $(VENV) -m tests.fuzz $(ARGS)

faults: setup ## Kill, stop and refuse everything while patients send, and count; ARGS="--only postgres --write"
	@$(VENV) -m tests.faults $(ARGS)

pictures: setup ## The pictures of README and guides, taken anew from the demo clinic; ARGS="--only today"
	@$(VENV) -m config.setup.browser
	@$(WITH_DATABASE) --test -- $(VENV) -m tests.pictures $(ARGS)

looks: setup ## 20 key pages against approved pictures; ARGS="--only home", ARGS="--approve"
	@$(VENV) -m config.setup.browser
	@$(WITH_DATABASE) --test -- $(VENV) -m tests.looks $(ARGS)

reset: setup ## Throw the local demo database away
	@$(VENV) -m config.setup.reset

messages: setup ## The texts for translation, read anew and compiled (needs gettext)
	@$(WITH_DATABASE) -- $(VENV) -m config.setup.messages

requirements: setup ## Resolve the pins anew
	@$(VENV) -m uv pip compile -q --universal --python-version 3.11 --upgrade --no-header --no-emit-index-url requirements.in -o requirements.txt
	@$(VENV) -m uv pip compile -q --universal --python-version 3.11 --upgrade --no-header --no-emit-index-url requirements-dev.in -o requirements-dev.txt

release: setup ## What goes with a release, in dist/: the pins with hashes, and the list of parts (SBOM)
	@mkdir -p dist
	@$(VENV) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -c requirements.txt requirements.in -o dist/requirements.lock
	@$(VENV) -m cyclonedx_py requirements --output-reproducible requirements.txt -o dist/sbom.json
	@echo "dist/requirements.lock and dist/sbom.json. Look up advisories with: pip-audit -r dist/requirements.lock"
