#!/bin/bash
# install.sh NAME PACKAGE...: installs Debian's packages, or says in NAME's voice why not and what to do.
set -euo pipefail
name=$1; shift
say() { printf '%s: %s\n' "$name" "$*" >&2; }
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  say "missing: $*"
  say "what to do: install them, or run the command as root on Debian"
  exit 3
fi
say "installing Debian's packages $*"
log=$(mktemp); trap 'rm -f "$log"' EXIT
apt-get update -qq >"$log" 2>&1 &&
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1 ||
  { cat "$log" >&2; exit 3; }
