#!/usr/bin/env bash
# All tests, with a throw-away PostgreSQL server for as long as they run. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/test-postgres.sh start
trap 'scripts/test-postgres.sh stop' EXIT
GEVINST_TEST_POSTGRES=$(scripts/test-postgres.sh url)
export GEVINST_TEST_POSTGRES
# Spark is one process of two cores by itself, so its tests run after the others.
.venv/bin/python -m pytest -n 2 --dist worksteal -m "not spark" "$@"
.venv/bin/python -m pytest -m spark "$@"
