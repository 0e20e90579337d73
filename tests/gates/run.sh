#!/bin/bash
# run.sh HAECHI [GATE]: measures the site in Chromium. Needs what images/browser.sh installs, and npm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
modules=$("$here/../../themes/build/npm.sh" "$here")
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
status=0
# They take 3 minutes, and more beside other tests. A browser that hangs must not hang who waits for them.
timeout --foreground --kill-after=30s 20m node "$here/gates.mjs" "$modules" "$1" "$here/../.." "$scratch" ${2:+"$2"} || status=$?
[ "$status" != 124 ] || echo "tests/gates/run.sh: the gates were not measured within 20 minutes; the line above is the last one that was" >&2
exit "$status"
