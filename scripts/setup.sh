#!/usr/bin/env bash
# Makes .venv and installs gevinst in it: `scripts/setup.sh` for running, `scripts/setup.sh dev` for the tests too.
# Needs Python 3.11 or newer; on Debian the venv module is a package of its own, which this installs.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}
python=${PYTHON:-python3}
stamp=.venv/.installed-$purpose

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

if [ ! -x .venv/bin/python ]; then
  if ! "$python" -m venv .venv 2>/dev/null; then
    rm -rf .venv
    as_root apt-get update -qq
    as_root apt-get install -y -qq "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    "$python" -m venv .venv
  fi
fi
if [ "$purpose" = dev ]; then
  .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[postgres,spark,dev]'
else
  .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt .
fi
touch "$stamp"
