#!/bin/bash
# tests/vm/run.sh [STEP]...: haechi's static program on a machine like a reader's, a Debian 13 in qemu with
# control groups 2, systemd, AppArmor, Docker from packages, and a user who is not root. docs/en/vm.md has what
# a run showed.
#
# Steps: doctor, first (from the program to a green and a red check), again (without haechi's images),
# guide, hostile, remap and rootless; without any, all in this order. With another processor than this
# machine's: doctor, up (haechi's images from Debian's packages, as root) and first.
#
# HAECHI_VM=container      a clean Debian 12 in a container instead, for root, with an engine of its own; without
#                          remap and rootless
# HAECHI_VM_ARCHITECTURE=arm64 or amd64: the processor (default: this machine's)
# HAECHI_VM_MEMORY=SIZE    of the machine in qemu (default: 14G, for two pages at a time)
# HAECHI_VM_PROGRAM=FILE   the program (default: the one that `make dist` made)
# HAECHI_VM_FOREIGN=DIR    other people's repositories, each NAME with a README.md, and NAME.sed that makes it false
# HAECHI_VM_LOAD=IMAGES    what `docker load` gives the machine's engine first (default: Debian as the base of
#                          haechi's images, for a machine with no way to Docker Hub; in a container none, since
#                          root makes it from packages there)
set -euo pipefail
cd "$(dirname "$0")/../.."
say() { printf 'vm: %s\n' "$*" >&2; }
die() { say "$1"; say "what to do: $2"; exit 3; }

architecture=${HAECHI_VM_ARCHITECTURE:-$(dpkg --print-architecture)}
case $architecture in
  amd64) processor=x86_64 ;;
  arm64) processor=aarch64 ;;
  *) die "no such architecture: $architecture" "HAECHI_VM_ARCHITECTURE=amd64 or arm64" ;;
esac
program=${HAECHI_VM_PROGRAM:-$(echo dist/haechi-*-$processor-unknown-linux-musl/haechi)}
[ -x "$program" ] || die "no program: $program" "make dist"
[ "$processor" != "$(uname -m)" ] || ldd "$program" 2>&1 | grep -q -e 'not a dynamic' -e 'statically linked' || say "$program is not static"
# What the machine is given: the program, the guide, the hostile pages and other people's repositories.
work=$(mktemp -d)
machine=
trap '[ -z "$machine" ] || stop; rm -rf "$work"' EXIT
mkdir -p "$work/files/foreign" "$work/files/bin"
cp "$program" "$work/files/bin/haechi"
git archive --prefix=haechi/ HEAD book.toml content tests/pages/hostile tests/vm | tar -x -C "$work/files"
[ -z "${HAECHI_VM_FOREIGN:-}" ] || cp -R "$HAECHI_VM_FOREIGN"/. "$work/files/foreign"
DOCKER_HOST=$(images/engine.sh host) || die "no Docker Engine here, to take images from" "make images"
export DOCKER_HOST

# A kind of machine is the functions `start`, `inside LINE`, which gives a line to its shell, and `stop`, its
# `steps`, and the `hub` that it gets images from.
kind=${HAECHI_VM:-qemu}
case $kind in qemu | container) ;; *) die "no such machine: $kind" "HAECHI_VM=qemu or container" ;; esac
# shellcheck source=/dev/null
source "tests/vm/$kind.sh"
began=$SECONDS
start
say "it answers after $((SECONDS - began)) s"
# shellcheck disable=SC2154 # of the kind of machine
inside "HAECHI_HUB=$hub bash haechi/tests/vm/inside.sh ${*:-$steps}"
