#!/bin/bash
# npm.sh FOLDER [OPTION...]: fetches what the package-lock.json of a folder names, once, and says where it is.
# The options are for `npm ci`, as in --include=dev.
set -euo pipefail
say() { printf 'npm: %s\n' "$*" >&2; }
folder=$1; shift
key=$( (cat "$folder/package.json" "$folder/package-lock.json"; echo "$*") | sha256sum | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/haechi/npm/$key
if [ ! -d "$cache/node_modules" ]; then
  if ! command -v npm >/dev/null; then
    if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
      say "there is no npm, so $folder is left out"
      say "what to do: install Node.js with npm, or run the command as root on Debian"
      exit 3
    fi
    say "installing Debian's packages nodejs and npm"
    log=$(mktemp); trap 'rm -f "$log"' EXIT
    apt-get update -qq >"$log" 2>&1 &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >>"$log" 2>&1 ||
      { cat "$log" >&2; exit 3; }
  fi
  mkdir -p "$(dirname "$cache")"
  new=$(mktemp -d "$(dirname "$cache")/new-XXXXXX"); trap 'rm -rf "$new"' EXIT
  cp "$folder/package.json" "$folder/package-lock.json" "$new/"
  (cd "$new" && npm ci --omit=dev "$@" --no-fund --no-audit --ignore-scripts --loglevel=error >&2)
  mv -T "$new" "$cache" 2>/dev/null || [ -d "$cache" ]
fi
echo "$cache/node_modules"
