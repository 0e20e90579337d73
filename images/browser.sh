#!/bin/bash
# Finds a Chromium with its driver and Korean letters, or installs Debian's.
set -euo pipefail
say() { printf 'browser: %s\n' "$*" >&2; }
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
[ -n "$(fc-list :lang=ko 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
if [ ${#missing[@]} != 0 ]; then
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    say "missing: ${missing[*]}"
    say "what to do: install them, or run the command as root on Debian"
    exit 3
  fi
  say "installing Debian's packages ${missing[*]}"
  log=$(mktemp); trap 'rm -f "$log"' EXIT
  apt-get update -qq >"$log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" fontconfig >>"$log" 2>&1 ||
    { cat "$log" >&2; exit 3; }
fi
say "$(chromium --version 2>/dev/null)"
