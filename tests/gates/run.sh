#!/bin/bash
# run.sh HAECHI [GATE]: measures the site in Chromium. Needs what images/browser.sh installs, and npm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
modules=$("$here/../../themes/build/npm.sh" "$here")
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
node "$here/gates.mjs" "$modules" "$1" "$here/../.." "$scratch" ${2:+"$2"}
