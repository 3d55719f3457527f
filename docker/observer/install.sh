#!/bin/sh
# Puts the observer and what it needs into a folder that Python finds by PYTHONPATH, without Pulumi and the rest:
#   install.sh FOLDER PYTHON_VERSION        run in the project's folder, with uv on PATH
set -eu
folder=$1
python=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

uv build --quiet --wheel --out-dir "$work" .
# What the lock file has, by its hashes.
uv export --quiet --frozen --no-config --only-group observer-image --format requirements-txt >"$work/requirements.txt"
uv pip install --quiet --no-deps --only-binary :all: --python-version "$python" --target "$folder" \
  --require-hashes -r "$work/requirements.txt"
uv pip install --quiet --no-deps --python-version "$python" --target "$folder" "$work"/*.whl
