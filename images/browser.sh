#!/bin/bash
# Finds a Chromium with its driver and Korean letters, or installs Debian's.
set -euo pipefail
say() { printf 'browser: %s\n' "$*" >&2; }
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
[ -n "$(fc-list :lang=ko 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
[ ${#missing[@]} = 0 ] || "$(dirname "$0")/install.sh" browser "${missing[@]}" fontconfig
say "$(chromium --version 2>/dev/null)"
