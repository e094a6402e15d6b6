#!/usr/bin/env bash
# Makes .venv with the Python clients that tests run against (test/python/requirements.txt) and prints the path of its interpreter.
# The product never needs Python; these are other people's clients.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=.venv/$(sha256sum test/python/requirements.txt | cut -c1-16)
if [ ! -f "$stamp" ]; then
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check -r test/python/requirements.txt >&2
  touch "$stamp"
fi
echo "$PWD/.venv/bin/python"
