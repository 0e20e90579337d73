#!/bin/bash
# Puts asciinema's player into the theme, from npm; without it a recording is only a link.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$here/../haechi/static/player
modules=$("$here/npm.sh" "$here") || { echo "theme: built without the player; a recording is a link" >&2; exit 0; }
from=$modules/asciinema-player
if [ "$(cat "$to/VERSION" 2>/dev/null)" != "$(sed -n 's/^ *"version": "\(.*\)",*$/\1/p' "$from/package.json")" ]; then
  mkdir -p "$to"
  cp "$from/dist/bundle/asciinema-player.css" "$from/dist/bundle/asciinema-player.min.js" "$from/LICENSE" "$to/"
  sed -n 's/^ *"version": "\(.*\)",*$/\1/p' "$from/package.json" >"$to/VERSION"
fi
