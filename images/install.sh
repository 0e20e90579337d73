#!/bin/bash
# install.sh NAME PACKAGE...: installs Debian's packages that are missing, or says in NAME's voice why not and
# what to do. Who else installs is waited for: another one of these, and Debian's own updates for a while.
set -euo pipefail
name=$1; shift
say() { printf '%s: %s\n' "$name" "$*" >&2; }
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  say "missing: $*"
  say "what to do: install them, or run the command as root on Debian"
  exit 3
fi
log=$(mktemp); trap 'rm -f "$log"' EXIT
exec 9>"${TMPDIR:-/tmp}/haechi-install.lock"
flock --nonblock 9 || { say "waiting for another installation"; flock 9; }

are_installed() { [ "$(dpkg-query --show --showformat '${db:Status-Abbrev}\n' "$@" 2>/dev/null | grep -c '^ii')" = $# ]; }

# There are locks for which apt-get does not wait itself. Services that packages start must not keep ours.
apt() {
  local left
  for ((left = 60; left > 0; left--)); do
    if LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >"$log" 2>&1 </dev/null 9>&-; then return; fi
    grep -q 'Could not get lock' "$log" || return 1
    [ $left != 60 ] || say "waiting for another apt-get"
    sleep 5
  done
  return 1
}

! are_installed "$@" || exit 0
say "installing Debian's packages $*"
apt update && apt install -y --no-install-recommends "$@" || {
  cat "$log" >&2
  say "apt-get could not install $*"
  say "what to do: fix what apt-get says above, and run the command again"
  exit 3
}
