# make demo      the main job: the Norddjurs workspace from business case to memo
# make test      all tests
# make check     lint, types, import contract, documentation
# make verify ORACLE=DIR   the checks on reference data that are not ours to ship
# make bench     speed and memory beside the peers, into benchmarks/RESULTS.md
PYTHON ?= python3
OUT ?= demo-output

.PHONY: demo test check verify bench clean
demo: .venv/.installed-run
	.venv/bin/gevinst demo norddjurs --out $(OUT)

test: .venv/.installed-dev
	scripts/test-packages.sh
	scripts/test.sh

check: .venv/.installed-dev
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python scripts/write_docs.py --check

verify: .venv/.installed-dev
	.venv/bin/gevinst verify $(ORACLE)

bench: .venv/.installed-dev
	.venv/bin/python benchmarks/run.py

.venv/.installed-run: pyproject.toml constraints.txt scripts/setup.sh
	PYTHON=$(PYTHON) scripts/setup.sh run

.venv/.installed-dev: pyproject.toml constraints.txt scripts/setup.sh
	PYTHON=$(PYTHON) scripts/setup.sh dev

clean:
	rm -rf .venv $(OUT)
