#!/bin/bash
# Makes the image haechi/debian:SUITE from the packages of this machine's Debian archive.
set -euo pipefail
suite=$1

say() { printf 'images: %s\n' "$*" >&2; }
die() { say "$1"; say "what to do: $2"; exit 3; }
log=$(mktemp); trap 'rm -f "$log"' EXIT

debian_address() {
  cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
    sed -n 's/^URIs: *\([^ ]*debian\)\/*$/\1/p; s/^deb \(\[[^]]*\] \)*\([^ ]*debian\)\/* .*/\2/p' | sed -n 1p || :
}

recipe="haechi $(sha256sum "$0" | cut -c1-12)"
image=haechi/debian:$suite
# Who else makes this very image is waited for.
exec 9>"${TMPDIR:-/tmp}/haechi-debian-$suite.lock"; flock 9
[ "$(docker inspect --format '{{.Comment}}' "$image" 2>/dev/null)" = "$recipe" ] && exit
command -v mmdebstrap >/dev/null || bash "$(dirname "$0")/install.sh" images mmdebstrap
address=$(debian_address)
[ -n "$address" ] || die "no Debian archive in the apt sources of this machine" "add one, as in Debian's own debian.sources"
say "making $image from Debian's packages"
# The release file of unstable may have expired on a mirror that lags behind. Images are made without the
# descriptions of packages in other languages, and from indexes that are quick to unpack.
mmdebstrap --variant=minbase --include=ca-certificates --dpkgopt=force-unsafe-io \
  --aptopt='Acquire::Check-Valid-Until "false"' \
  --aptopt='Acquire::Languages "none"' \
  --aptopt='Acquire::CompressionTypes::Order:: "gz"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  "$suite" - "$address" 2>"$log" | docker import --message "$recipe" - "$image" >/dev/null || { tail -n 20 "$log" >&2; exit 3; }
