#!/bin/bash
# npm.sh FOLDER [OPTION...]: fetches what the package-lock.json of a folder names, once, and says where it is.
# The options are for `npm ci`, as in --include=dev.
set -euo pipefail
folder=$1; shift
key=$( (cat "$folder/package.json" "$folder/package-lock.json"; echo "$*") | sha256sum | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/haechi/npm/$key
if [ ! -d "$cache/node_modules" ]; then
  command -v npm >/dev/null || "$(dirname "$0")/../../images/install.sh" npm nodejs npm
  mkdir -p "$(dirname "$cache")"
  new=$(mktemp -d "$(dirname "$cache")/new-XXXXXX"); trap 'rm -rf "$new"' EXIT
  cp "$folder/package.json" "$folder/package-lock.json" "$new/"
  (cd "$new" && npm ci --omit=dev "$@" --no-fund --no-audit --ignore-scripts --loglevel=error >&2)
  mv -T "$new" "$cache" 2>/dev/null || [ -d "$cache" ]
fi
echo "$cache/node_modules"
