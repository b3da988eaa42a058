# make help. Everything runs from .venv; .ci/run is what must pass on a clean clone.
.DEFAULT_GOAL := help
.PHONY: help install try test lint pages pins pictures wheel ci
PYTHON := .venv/bin/python

help:  ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

install:  ## .venv with the pinned packages and the test tools
	python3 -m venv .venv && .venv/bin/pip install -q -r tests/requirements.txt -e .

try:  ## ingest the sample manual and ask in the terminal
	export POLICYBOT_DATA=data/demo; .venv/bin/policybot ingest bot/demo/manual && .venv/bin/policybot chat

test:  ## the whole suite, on all cores; T=path for a part of it
	$(PYTHON) -m pytest $(T)

lint:  ## ruff and mypy, as in .ci/run
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

pages:  ## docs and .env.example that are made from the code
	$(PYTHON) -m tests.generated

pins:  ## requirements.lock from requirements.txt, with hashes (needs pip-tools)
	$(PYTHON) -m tests.pins

pictures:  ## README's picture and the gallery's, from the running demo (needs chromium)
	$(PYTHON) -m tests.gallery

wheel:  ## build the wheel and look into it
	.venv/bin/pip wheel -q --no-deps -w dist . && $(PYTHON) -m tests.check_wheel dist/*.whl

ci:  ## what must pass on a clean clone
	bash .ci/run
